import type { LineIndex } from './line-index.ts';
import { pieces, type Rule, type Span } from './rule.ts';

const SAMPLE = 'Zx9Kq2Lm7Rt4Wv8Yb3Nc6Pd1Hf5Jg0Sa';
const PORT = /\d{1,5}(?=[/?#\s"'<>]|$)/y;
const USER_TOKEN_MINIMUM = 20;
const USER_LONGEST = 256;
const EMAIL_LOCAL_LONGEST = 64;
const EMAIL_DOMAIN = /@(?=[A-Za-z])((?:[A-Za-z0-9-]{1,63}\.){1,8})([A-Za-z]{2,24})(?![A-Za-z0-9_-]|\.[A-Za-z0-9])/y;
const EMAIL_LOCAL = /(?<![A-Za-z0-9._%+-])[A-Za-z0-9_][A-Za-z0-9._%+-]{0,63}$/;

// Names behind an `@` that are machines, services or files rather than mail domains.
const NOT_A_MAIL_DOMAIN = new Set(
  'internal local localdomain localhost lan svc cluster corp home service socket timer target mount slice png jpg jpeg gif svg webp js ts mjs cjs json yaml yml md lock tgz gz zip whl'.split(
    ' ',
  ),
);
const VERSION_LIKE = /^v?\d/;
const MACHINE = /\.compute(?:-\d)?\.amazonaws\.$/i;

const AUTHORITY = /[^/?#\s"'<>]{0,2048}/y;

// The password ends at the last `@` of the authority, or of the word if it holds an unescaped `/`, `?` or `#`.
function findUserinfo(line: LineIndex, _start: number, end: number): Span[] {
  const wordEnd = line.wordEnd(end);
  const firstAt = line.next('@', end);
  if (firstAt >= wordEnd || line.text[end] === '[') return [];
  AUTHORITY.lastIndex = end;
  AUTHORITY.test(line.text);
  const isStrict = firstAt < AUTHORITY.lastIndex;
  const at = line.text.lastIndexOf('@', isStrict ? AUTHORITY.lastIndex - 1 : wordEnd - 1);
  const colon = line.next(':', end);
  if (colon < at && colon - end <= USER_LONGEST && !/[/?#@]/.test(line.text.slice(end, colon))) {
    PORT.lastIndex = colon + 1;
    if (!isStrict && PORT.test(line.text)) return [];
    return at > colon + 1 ? unlessMasked(line, { start: colon + 1, end: at }) : [];
  }
  const user = line.text.slice(end, Math.min(at, end + USER_LONGEST));
  const isToken = isStrict && user.length >= USER_TOKEN_MINIMUM && /\d/.test(user);
  return isToken ? unlessMasked(line, { start: end, end: at }) : [];
}

function unlessMasked(line: LineIndex, span: Span): Span[] {
  const value = line.text.slice(span.start, Math.min(span.end, span.start + 256));
  return /^(?:\[MASKED\]|\*{3,}|x{3,}|\$\{?\w{1,64}\}?|<[^>]{1,64}>|\[REDACTED\])$/.test(value) ? [] : [span];
}

function findEmail(line: LineIndex, at: number): Span[] {
  EMAIL_DOMAIN.lastIndex = at;
  const domain = EMAIL_DOMAIN.exec(line.text);
  if (domain === null) return [];
  const before = line.text.slice(Math.max(0, at - EMAIL_LOCAL_LONGEST - 1), at);
  const local = EMAIL_LOCAL.exec(before)?.[0];
  if (local === undefined) return [];
  const isMail =
    !NOT_A_MAIL_DOMAIN.has((domain[2] ?? '').toLowerCase()) &&
    !VERSION_LIKE.test(domain[1] ?? '') &&
    !MACHINE.test(domain[1] ?? '');
  // Inside the authority of a URL stands a user, which the rule for URLs looks after.
  const isRemote =
    /^(?:git|hg|svn)$/.test(local) || /:\/\/[^\s/]{0,320}$/.test(line.text.slice(Math.max(0, at - 320), at));
  return isMail && !isRemote ? [{ start: at - local.length, end: at + domain[0].length }] : [];
}

/** Addresses of the web and of mail. */
export const WEB_RULES: readonly Rule[] = [
  {
    // Parameters of presigned addresses (SigV4 query authentication, Azure SAS, Google), of GitLab feeds and of logins.
    name: 'secret-url-parameter',
    literals: [
      'x-amz-signature',
      'x-amz-credential',
      'x-amz-security-token',
      'x-goog-signature',
      'x-goog-credential',
      '&sig=',
      '?sig=',
      'rss_token=',
      'feed_token=',
      'authenticity_token=',
      'code_verifier=',
      '&code=',
      '?code=',
      'samlresponse=',
    ],
    pattern:
      /((?:x-(?:amz|goog)-(?:signature|credential|security-token)(?:=|%3D)|[?&](?:sig|code)=|(?:rss_token|feed_token|authenticity_token|code_verifier|samlresponse)=))(?!\[MASKED\]|\$|<|\{|\*{3})[^\s&"'<>]{4,8192}/iy,
    matches: [
      pieces(
        'https://b.s3.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=«AKEXAMPLE%2F20260101%2Fus-east-1», ok',
      ).replace(', ok', '&X-Amz-Date=20260101T000000Z&X-Amz-Signature=«0a1b2c3d4e5f»'),
      'https://x.blob.example.com/c?sv=2024&sig=«abc%2Bdef%3D»&se=1',
    ],
    leaves: ['X-Amz-Signature=[MASKED]&X-Amz-Date=20260101T000000Z', 'X-Amz-SignedHeaders=host'],
  },
  {
    name: 'url-userinfo',
    literals: ['://'],
    find: findUserinfo,
    matches: [
      'postgres://demo:«hunter2»@db.internal:5432/demo',
      'https://gitlab-ci-token:«abcdef»@gitlab.com/demo.git',
      'amqp://u:«p/a@ss»@mq.internal',
      pieces('https://«', SAMPLE, '»@example.com/x.git'),
      'redis://:«hunter2»@cache.internal:6379/0',
    ],
    leaves: [
      'https://gitlab-ci-token:[MASKED]@gitlab.com/demo.git',
      'http://127.0.0.1:8080/users/@me',
      'ssh://git@example.com/demo.git',
      'https://cdn.example.com/npm/lit@3.1.0/index.js',
      pieces('postgres://demo:$', '{DB_PASSWORD}@db.internal/demo'),
    ],
  },
  {
    // RFC 5322 in the shape people use. The domain must look public; `git@host:` is an address of a repository.
    name: 'email-address',
    literals: ['@'],
    find: findEmail,
    matches: [
      'Author: Jane <«jane.doe+ci@example.com»>',
      'mail «ops@mail.example.co.uk».',
      '{"email":"«a@example.org»"}',
    ],
    leaves: [
      'git@gitlab.com:demo/infra.git',
      'npm install lit@3.1.0 @aws-sdk/client-dynamodb@3.1.0',
      'actions/checkout@v4',
      'image@sha256:0a1b',
      'ubuntu@ip-10-0-0-1.ec2.internal',
      'getty@tty1.service',
      'ec2-user@ec2-1-2-3-4.eu-central-1.compute.amazonaws.com',
      'icon@2x.png',
      'user@host',
    ],
  },
];
