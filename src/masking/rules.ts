import { ACCOUNT_RULES, AWS_RULES } from './aws-rules.ts';
import { CLOUD_TOKEN_RULES } from './cloud-token-rules.ts';
import { COMMAND_RULES } from './command-rules.ts';
import { DOCUMENT_RULES } from './document-rules.ts';
import { HEADER_RULES } from './header-rules.ts';
import { KEY_VALUE_RULES } from './key-value-rules.ts';
import { PRIVATE_KEY_RULES } from './private-key-rules.ts';
import type { Rule } from './rule.ts';
import { SERVICE_TOKEN_RULES } from './service-token-rules.ts';
import { TOKEN_RULES } from './token-rules.ts';
import { TOOL_RULES } from './tool-rules.ts';
import { WEB_RULES } from './web-rules.ts';
import { WORD_RULES } from './word-rules.ts';

/** Everything that is always masked. */
export const RULES: readonly Rule[] = [
  ...TOKEN_RULES,
  ...CLOUD_TOKEN_RULES,
  ...SERVICE_TOKEN_RULES,
  ...AWS_RULES,
  ...HEADER_RULES,
  ...WEB_RULES,
  ...COMMAND_RULES,
  ...TOOL_RULES,
  ...DOCUMENT_RULES,
  ...WORD_RULES,
  ...PRIVATE_KEY_RULES,
  ...KEY_VALUE_RULES,
];

/** The same and AWS account ids. */
export const RULES_WITH_ACCOUNTS: readonly Rule[] = [...RULES, ...ACCOUNT_RULES];
