import { AWS } from './aws.ts';
import { DATABASES } from './databases.ts';
import type { Family } from './family.ts';
import { GITLAB } from './gitlab.ts';
import { KEYS } from './keys.ts';
import { KNOWN } from './known.ts';
import { KUBERNETES } from './kubernetes.ts';
import { SHELL } from './shell.ts';
import { TERRAFORM } from './terraform.ts';
import { TRACES } from './traces.ts';
import { UNTOUCHED_AWS } from './untouched-aws.ts';
import { UNTOUCHED_KUBERNETES } from './untouched-kubernetes.ts';
import { UNTOUCHED_SENTENCES } from './untouched-sentences.ts';
import { UNTOUCHED_TERRAFORM } from './untouched-terraform.ts';
import { UNTOUCHED_TOOLS } from './untouched-tools.ts';
import { UNTOUCHED_WORDS } from './untouched-words.ts';
import { VENDORS_CLOUDS } from './vendors-clouds.ts';
import { VENDORS_SERVICES } from './vendors-services.ts';
import { WEB } from './web.ts';
import { WORDS } from './words.ts';

/** All the ways in which a secret may appear. */
export const FAMILIES: readonly Family[] = [
  ...AWS,
  ...GITLAB,
  ...KUBERNETES,
  ...TERRAFORM,
  ...KEYS,
  ...DATABASES,
  ...SHELL,
  ...WEB,
  ...WORDS,
  ...TRACES,
  ...KNOWN,
  ...VENDORS_CLOUDS,
  ...VENDORS_SERVICES,
];

/** Templates of lines that nothing in may be masked, by topic. */
export const UNTOUCHED: Readonly<Record<string, readonly string[]>> = {
  words: UNTOUCHED_WORDS,
  sentences: UNTOUCHED_SENTENCES,
  terraform: UNTOUCHED_TERRAFORM,
  aws: UNTOUCHED_AWS,
  kubernetes: UNTOUCHED_KUBERNETES,
  tools: UNTOUCHED_TOOLS,
};
