import type { LineIndex } from './line-index.ts';
import { pieces, type Rule, type Span } from './rule.ts';

const KEY_ID = /(?<![A-Za-z0-9])A[KS]IA[A-Z2-7]{16}(?![A-Za-z0-9])/y;
const SECRET_LIKE = /[A-Za-z0-9+/=]{40,}/g;
const SECRET_LENGTH = 40;
const SESSION_TOKEN_MINIMUM = 100;
const EXAMPLE_SECRET = pieces('wJalrXUtnFEMI/K7MDENG/', 'bPxRfiCYEXAMPLEKEY');

function isMixed(run: string): boolean {
  return /[a-z]/.test(run) && /[A-Z]/.test(run) && /[0-9+/]/.test(run);
}

// What stands on one line with a key id in text, table or tuple output of the AWS CLI has no key name of its own.
function secretsNear(line: LineIndex): Span[] {
  if (!line.once('aws-secrets-on-line')) return [];
  const spans: Span[] = [];
  for (const match of line.text.matchAll(SECRET_LIKE)) {
    const run = match[0];
    const isSecret = run.length === SECRET_LENGTH || run.length >= SESSION_TOKEN_MINIMUM;
    if (isSecret && isMixed(run.slice(0, SESSION_TOKEN_MINIMUM))) {
      spans.push({ start: match.index, end: match.index + run.length });
    }
  }
  return spans;
}

function findKeyId(line: LineIndex, start: number): Span[] {
  KEY_ID.lastIndex = start;
  if (!KEY_ID.test(line.text)) return [];
  return [...secretsNear(line), { start, end: KEY_ID.lastIndex }];
}

function findRegistryAccount(line: LineIndex, start: number): Span[] {
  const account = /(?<!\d)\d{12}$/.exec(line.text.slice(Math.max(0, start - 13), start));
  return account === null ? [] : [{ start: start - 12, end: start }];
}

/** What AWS gives out by itself; values behind key names are the business of the key-value rule. */
export const AWS_RULES: readonly Rule[] = [
  {
    // IAM user guide, "Understanding unique ID prefixes". AROA, AIDA and the like are names, not credentials.
    name: 'aws-access-key-id',
    literals: ['AKIA', 'ASIA'],
    find: findKeyId,
    matches: [
      pieces('[id=«AK', 'IAIOSFODNN7EXAMPLE»]'),
      pieces('CREDENTIALS\t«AS', 'IAIOSFODNN7EXAMPLE»\t2026-01-01T00:00:00Z\t«', EXAMPLE_SECRET, '»'),
    ],
    leaves: ['AROAIOSFODNN7EXAMPLE:session', 'ASIA-PACIFIC', 'region ASIA', 'AKIA1'],
  },
  {
    // SigV4: the scheme and the list of signed headers tell nothing, credential scope and signature go together.
    name: 'aws-signature',
    literals: ['Credential=', 'Signature='],
    pattern: /((?:Credential|Signature)=)[^\s,&"'<>[]{8,256}/iy,
    matches: [
      pieces(
        'AWS4-HMAC-SHA256 Credential=«AK',
        'IAIOSFODNN7EXAMPLE/20260101/us-east-1/s3/aws4_request», SignedHeaders=host, Signature=«',
        '0a1b2c3d'.repeat(8),
        '»',
      ),
    ],
    leaves: ['Signature=valid'],
  },
];

/** Account ids are no secrets; the rule is for those who would rather not show them, and off unless asked for. */
export const ACCOUNT_RULES: readonly Rule[] = [
  {
    name: 'aws-account-id',
    literals: ['arn:aws', 'account'],
    pattern:
      /(arn:aws[a-z-]{0,12}:[a-z0-9-]{1,40}:[a-z0-9-]{0,24}:|account(?:[_ -]?id)?(?:\\?["'])?\s{0,8}[:=]\s{0,8}(?:\\?["'])?)\d{12}(?!\d)/iy,
    matches: ['arn:aws:iam::«123456789012»:role/demo', '"Account": "«123456789012»"', 'account_id = «123456789012»'],
    leaves: ['arn:aws:s3:::demo-bucket', 'account: demo', '123456789012'],
  },
  {
    name: 'aws-account-id-of-caller',
    literals: ['aws_caller_identity'],
    pattern: /(aws_caller_identity\.[\w.[\]"-]{1,80}: [\w ]{1,60}\[id=)\d{12}(?!\d)/y,
    matches: ['data.aws_caller_identity.current: Read complete after 1s [id=«123456789012»]'],
    leaves: [
      'data.aws_caller_identity.current: Reading...',
      'data.aws_region.current: Read complete [id=eu-central-1]',
    ],
  },
  {
    name: 'aws-account-id-in-registry',
    literals: ['.dkr.ecr.'],
    find: findRegistryAccount,
    matches: ['pull «123456789012».dkr.ecr.eu-central-1.amazonaws.com/demo:1'],
    leaves: ['x.dkr.ecr.eu-central-1.amazonaws.com/demo:1'],
  },
];
