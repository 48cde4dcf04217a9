import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import type { Policy } from '../lifecycle/deployment.ts';
import { createEncodedText } from './content-encodings.ts';
import { type PageFile, readPageFiles } from './page-files.ts';
import { PAGE_POLICY } from './security-headers.ts';
import { serveAsset } from './static-asset.ts';

/** What the page tells visitors before they press the button. */
export interface PageFacts {
  /** True in local mode: the page says that nothing real is built. */
  readonly simulated: boolean;
  readonly hourlyCostUsd: number;
  readonly policy: Pick<Policy, 'ttlMs' | 'maxLifetimeMs' | 'deployDeadlineMs'>;
}

/** Nothing that is served is a page but the page; a picture can be opened like one, and needs none of this either. */
const FILE_POLICY = "default-src 'none'; frame-ancestors 'none'";

const HEADERS = Object.freeze({
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  // A page and its scripts must be of one version, and asking whether they have changed costs a 304.
  'Cache-Control': 'no-cache',
});

const MS_PER_SECOND = 1000;

/** The figures as the texts that take the place of the placeholders. */
export const placeholdersOf = ({ simulated, hourlyCostUsd, policy }: PageFacts): Readonly<Record<string, string>> => ({
  simulated: String(simulated),
  hourlyCostUsd: String(hourlyCostUsd),
  lifetimeSeconds: String(policy.ttlMs / MS_PER_SECOND),
  maxLifetimeSeconds: String(policy.maxLifetimeMs / MS_PER_SECOND),
  deployDeadlineSeconds: String(policy.deployDeadlineMs / MS_PER_SECOND),
});

/**
 * A text with every `{{placeholder}}` filled. The values are numbers and booleans, so there is nothing to escape.
 *
 * @throws Error when nobody has a value for one
 */
export const filled = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/\{\{(\w+)\}\}/g, (_placeholder, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`There is a placeholder nobody fills: ${name}`);
    return value;
  });

/** Where a file is served: the page at the root and at every permalink, robots.txt where crawlers look for it. */
const addressesOf = (name: string): readonly string[] => {
  if (name === 'page.html') return ['/', '/d/:id'];
  return name === 'robots.txt' ? ['/robots.txt'] : [`/assets/${name}`];
};

const serve = (app: FastifyInstance, url: string, { name, type, text }: PageFile): void => {
  const policy = name === 'page.html' ? PAGE_POLICY : FILE_POLICY;
  const headers = { ...HEADERS, 'Content-Security-Policy': policy };
  serveAsset(app, { url, type, formFor: createEncodedText(text), headers });
};

/**
 * Makes the plugin that serves the page, `GET /` and `GET /d/:id`, and its files. Everything is read once, when the
 * plugin is registered; no path of a request ever reaches the file system.
 *
 * @throws Error on registration when the page cannot be read or has an unknown placeholder
 */
export const createPages =
  (facts: PageFacts): FastifyPluginAsync =>
  async (app) => {
    const values = placeholdersOf(facts);
    for (const file of readPageFiles()) {
      const text = file.name === 'page.html' ? filled(file.text, values) : file.text;
      for (const url of addressesOf(file.name)) serve(app, url, { ...file, text });
    }
  };
