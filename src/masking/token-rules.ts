import type { LineIndex } from './line-index.ts';
import { type PatternRule, pieces, type Rule, type ScanRule, type Span } from './rule.ts';

const LETTERS = 'Zx9Kq2Lm7Rt4Wv8Yb3Nc6Pd1Hf5Jg0SaTeUi';
const LOWER = 'zx9kq2lm7rt4wv8yb3nc6pd1hf5jg0sateui';
const LONG = LETTERS + LETTERS + LETTERS;

function pattern(rule: PatternRule): PatternRule {
  return rule;
}

const JWT_HEADER_MINIMUM = 10;
const JWT_PAYLOAD_MINIMUM = 4;

// A JWT is looked for by its dots inside one run of token characters, because a pattern with two bounded parts would
// read the same run again from every `eyJ` in it.
function findJwt(line: LineIndex, start: number): Span[] {
  if (!line.text.startsWith('eyJ', start)) return [];
  const runEnd = line.tokenEnd(start);
  const dot = line.next('.', start);
  if (dot >= runEnd || dot - start < JWT_HEADER_MINIMUM) return [];
  return runEnd - dot > JWT_PAYLOAD_MINIMUM ? [{ start, end: runEnd }] : [];
}

function findTokenRun(minimum: number): ScanRule['find'] {
  return (line, start) => {
    const before = line.text[start - 1] ?? ' ';
    if (/[A-Za-z0-9+/]/.test(before)) return [];
    const end = line.tokenEnd(start);
    return end - start >= minimum ? [{ start, end }] : [];
  };
}

/** Tokens that vendors mark with a prefix. Lengths are the published ones, with some slack upwards. */
export const TOKEN_RULES: readonly Rule[] = [
  pattern({
    // docs.gitlab.com/security/tokens: prefixes; the routable form carries two dots. An instance may put its own
    // prefix in front of `glpat-`, so only letters and digits may not precede it.
    name: 'gitlab-token',
    literals: [
      'glpat-',
      'gldt-',
      'glrt-',
      'glrtr-',
      'glptt-',
      'glft-',
      'glimt-',
      'glagent-',
      'gloas-',
      'glsoat-',
      'glffct-',
      'glwt-',
    ],
    pattern:
      /(?<![A-Za-z0-9])gl(?:pat|dt|rtr?|ptt|ft|imt|agent|oas|soat|ffct|wt)-[\w-]{16,512}(?:\.[\w-]{1,64}){0,3}/iy,
    matches: [
      pieces('token «gl', 'pat-', LETTERS.slice(0, 20), '» ok'),
      pieces('"«gl', 'pat-', LETTERS, '.01.0a1b2c3d4»"'),
      pieces('mycompany-«gl', 'pat-', LETTERS.slice(0, 20), '»'),
      pieces('«gl', 'rt-', LETTERS.slice(0, 20), '», «gl', 'soat-', LETTERS.slice(0, 20), '»'),
      pieces('«gl', 'ptt-', LOWER, 'abcd»'),
    ],
    leaves: ['create a glpat- token first', 'https://example.com/glrt-help'],
  }),
  pattern({
    name: 'gitlab-ci-build-token',
    literals: ['glcbt-'],
    pattern: /(?<![A-Za-z0-9])glcbt-[\w-]{8,512}(?:\.[\w-]{1,64}){0,3}/y,
    startsWord: true,
    matches: [pieces('CI: «gl', 'cbt-64_', LETTERS.slice(0, 20), '»')],
    leaves: ['the prefix glcbt- marks job tokens'],
  }),
  pattern({
    name: 'gitlab-runner-registration-token',
    literals: ['GR1348941'],
    pattern: /(?<![A-Za-z0-9])GR1348941[\w-]{20,64}/y,
    startsWord: true,
    matches: [pieces('--registration-token=«GR134', '8941', LETTERS.slice(0, 20), '»')],
    leaves: ['GR1348941 is the prefix'],
  }),
  pattern({
    // The form of job tokens before GitLab 16.8: partition, underscore, 20 characters.
    name: 'gitlab-job-token-assignment',
    literals: ['token=', 'token:'],
    pattern: /(token(?:=|: {0,4})["']?)(?=[0-9a-f]{0,3}\d_)[0-9a-f]{1,4}_[\w-]{4,64}(?![\w[-])/iy,
    matches: [
      pieces('responseStatus=201 Created token=«64', '_abcdef»'),
      pieces('JOB-TOKEN: «64_', LETTERS.slice(0, 20), '»'),
    ],
    leaves: ['responseStatus=201 Created token=64_[MASKED]'],
  }),
  pattern({
    // github.blog/changelog: ghp_, gho_, ghu_, ghs_, ghr_ with 36 and more characters; ghs_ may hold a JWT.
    name: 'github-token',
    literals: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'],
    pattern: /(?<![A-Za-z0-9])gh[pousr]_(?:[A-Za-z0-9]{30,255}|\d{1,12}_eyJ)(?:[A-Za-z0-9_.-]{1,2048})?/y,
    startsWord: true,
    matches: [pieces('git clone with «gh', 'p_', LETTERS, '»'), pieces('«gh', 's_', LETTERS, '»')],
    leaves: ['the high ghp_ prefix', 'dough_s_1'],
  }),
  pattern({
    name: 'github-fine-grained-token',
    literals: ['github_pat_'],
    pattern: /(?<![A-Za-z0-9])github_pat_[A-Za-z0-9_]{22,255}/y,
    startsWord: true,
    matches: [pieces('«github', '_pat_', LETTERS.slice(0, 22), '_', LONG.slice(0, 59), '»')],
    leaves: ['github_pat_ is the prefix'],
  }),
  pattern({
    name: 'slack-token',
    literals: ['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-', 'xoxe', 'xapp-'],
    pattern: /(?<![A-Za-z0-9])(?:xox[a-z]-|xoxe\.xox[bp]-\d-|xapp-\d-)[A-Za-z0-9-]{10,512}/y,
    startsWord: true,
    matches: [pieces('SLACK «xo', 'xb-123456789012-', LETTERS, '»'), pieces('«xa', 'pp-1-A0', LETTERS, '»')],
    leaves: ['xoxb- begins a bot token'],
  }),
  pattern({
    name: 'webhook-url',
    literals: [
      'hooks.slack.com/',
      'discord.com/api/webhooks/',
      'discordapp.com/api/webhooks/',
      '.webhook.office.com/',
      'hooks.zapier.com/',
    ],
    pattern:
      /((?:hooks\.slack\.com\/(?:services|workflows|triggers)|discord(?:app)?\.com\/api\/webhooks|\.webhook\.office\.com\/webhookb?2?|hooks\.zapier\.com\/hooks\/catch)\/)[\w/@-]{20,512}/iy,
    matches: [pieces('POST https://hooks.slack', '.com/services/«T0AAAAAAA/B0AAAAAAA/', LETTERS.slice(0, 24), '»')],
    leaves: ['see https://hooks.slack.com/ for more'],
  }),
  pattern({
    name: 'stripe-key',
    literals: ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'whsec_'],
    pattern: /(?<![A-Za-z0-9])(?:[sr]k_(?:live|test)_|whsec_)[A-Za-z0-9+/=]{16,255}/y,
    startsWord: true,
    matches: [pieces('«sk_', 'test_', LETTERS.slice(0, 24), '»'), pieces('«wh', 'sec_', LETTERS, '»')],
    leaves: ['pk_test_ keys are public', 'task_test_results'],
  }),
  pattern({
    name: 'npm-and-pypi-token',
    literals: ['npm_', 'pypi-Ag'],
    pattern: /(?<![A-Za-z0-9])(?:npm_[A-Za-z0-9]{36}(?![A-Za-z0-9_])|pypi-Ag[\w-]{60,512})/y,
    startsWord: true,
    matches: [pieces('authToken «np', 'm_', LETTERS, '»')],
    leaves: ['npm_config_registry=https://registry.example.com', 'npm_package_name'],
  }),
  pattern({
    name: 'google-key',
    literals: ['AIza', 'ya29.', 'GOCSPX-'],
    pattern: /(?<![A-Za-z0-9])(?:AIza[\w-]{35}|ya29\.(?:[a-z]\.)?[\w-]{20,2048}|GOCSPX-[\w-]{20,64})/y,
    startsWord: true,
    matches: [pieces('key=«AI', 'za', LETTERS.slice(0, 35), '»'), pieces('«ya', '29.', LONG, '»')],
    leaves: ['AIza is how it starts'],
  }),
  pattern({
    // Keys of several vendors; the guard keeps words such as `task-` and `disk-` out.
    name: 'sk-key',
    literals: ['sk-'],
    pattern: /(?<![A-Za-z0-9_])sk-(?=(?:proj|svcacct|admin|ant)-|[\w-]{0,40}\d)[A-Za-z0-9][\w-]{19,255}/y,
    startsWord: true,
    matches: [pieces('«s', 'k-proj-', LETTERS, '»'), pieces('«s', 'k-', LETTERS, '»')],
    leaves: ['module.disk-sk-size', 'task-0a1b2c3d4e5f60718293a4b5', 'sk-learn-is-a-library-for-science'],
  }),
  pattern({
    name: 'vault-token',
    literals: ['hvs.', 'hvb.', 'hvr.'],
    pattern: /(?<![A-Za-z0-9_.])hv[sbr]\.[\w-]{20,512}/y,
    startsWord: true,
    matches: [pieces('token «hv', 's.', LETTERS, LETTERS, '»')],
    leaves: ['hvs. is a prefix', 'archvs.example.com'],
  }),
  pattern({
    name: 'digitalocean-token',
    literals: ['dop_v1_', 'doo_v1_', 'dor_v1_'],
    pattern: /(?<![A-Za-z0-9])do[opr]_v1_[0-9a-f]{64}/y,
    startsWord: true,
    matches: [pieces('«do', 'p_v1_', '0a1b2c3d4e5f6071'.repeat(4), '»')],
    leaves: ['dop_v1_ is a prefix'],
  }),
  pattern({
    name: 'other-vendor-token',
    literals: [
      'dckr_pat_',
      'dckr_oat_',
      'dapi',
      'SG.',
      'lin_api_',
      'pul-',
      'shpat_',
      'glc_',
      'glsa_',
      'tskey-',
      'sntrys_',
      'rubygems_',
      'AGE-SECRET-KEY-1',
      'nvapi-',
      'sbp_',
      'PMAK-',
      'figd_',
      'ATATT3',
      'EAAA',
      'ABSK',
      'v1.0-',
    ],
    pattern:
      /(?<![A-Za-z0-9])(?:dckr_[po]at_[\w-]{20,64}|dapi[0-9a-f]{32}|SG\.[\w-]{20,24}\.[\w-]{39,50}|lin_api_[A-Za-z0-9]{40}|pul-[0-9a-f]{40}|shpat_[0-9a-fA-F]{32}|glc_[A-Za-z0-9+/=]{32,400}|glsa_[A-Za-z0-9]{32}_[0-9a-f]{8}|tskey-[a-z]{2,12}-[\w-]{12,96}|sntrys_[\w+/=-]{40,512}|rubygems_[0-9a-f]{48}|AGE-SECRET-KEY-1[0-9A-Z]{58}|nvapi-[\w-]{60,80}|sbp_[0-9a-f]{40}|PMAK-[0-9a-f]{24}-[0-9a-f]{34}|figd_[\w-]{40}|ATATT3[\w=-]{60,255}|EAAA[A-Za-z0-9_-]{60}|ABSK[A-Za-z0-9+/]{60,1024}={0,2}|v1\.0-[0-9a-f]{24}-[0-9a-f]{146})/y,
    matches: [
      pieces('login «dck', 'r_pat_', LETTERS.slice(0, 27), '»'),
      pieces('«S', 'G.', LETTERS.slice(0, 22), '.', LONG.slice(0, 43), '»'),
      pieces('«da', 'pi', '0a1b2c3d4e5f6071'.repeat(2), '»'),
    ],
    leaves: ['SG.example.com', 'pul-request', 'sg-0a1b2c3d4e5f60718'],
  }),
  {
    // RFC 7519: two or three base64url parts; the header begins with `{"`, in base64 `eyJ`.
    name: 'jwt',
    literals: ['eyJ'],
    find: findJwt,
    matches: [
      pieces('id «ey', 'JhbGciOiJIUzI1NiJ9.', 'ey', 'JzdWIiOiIxMjM0NTY3ODkwIn0.', LETTERS, '»'),
      pieces('cut: «ey', 'JhbGciOiJIUzI1NiJ9.', 'ey', 'JzdWIiOiIx»'),
    ],
    leaves: ['eyJ begins a JWT', 'eyJhbGciOiJIUzI1NiJ9'],
  },
  {
    // Base64 of JSON or of AWS material whose beginning is always the same: an ECR password, a docker configuration,
    // an ECR authorization token (`AWS:ey…`), and security tokens of STS.
    name: 'base64-of-known-start',
    literals: [
      'eyJwYXlsb2Fk',
      'eyJhdXRocyI6',
      'ewogICJhdXRocyI',
      'ewoJImF1dGhzI',
      'QVdTOmV5',
      'IQoJb3JpZ2luX2Vj',
      'FwoGZXIvYXdz',
      'FQoGZXIvYXdz',
    ],
    find: findTokenRun(40),
    matches: [
      pieces('docker login «ey', 'JwYXlsb2FkIjoi', LETTERS, '=»'),
      pieces('cfg: «ey', 'JhdXRocyI6', LETTERS, '»'),
      pieces('session «IQoJb3Jp', 'Z2luX2Vj', LONG, '==»'),
    ],
    leaves: ['IQoJb3JpZ2luX2Vj'],
  },
  {
    // Base64 of `-----BEGIN … PRIVATE KEY-----`; certificates and public keys begin differently after `BEGIN`.
    name: 'base64-of-private-key',
    literals: [
      'LS0tLS1CRUdJTiBQUklWQVRF',
      'LS0tLS1CRUdJTiBSU0Eg',
      'LS0tLS1CRUdJTiBFQyBQUklW',
      'LS0tLS1CRUdJTiBPUEVOU1NI',
      'LS0tLS1CRUdJTiBFTkNSWVBU',
      'LS0tLS1CRUdJTiBEU0Eg',
      'LS0tLS1CRUdJTiBQR1AgUFJJ',
    ],
    find: findTokenRun(24),
    matches: [pieces('client-key-data: «LS0tLS1CRUdJ', 'TiBSU0Eg', LONG, '=»')],
    leaves: [pieces('certificate-authority-data: LS0tLS1CRUdJ', 'TiBDRVJUSUZJQ0FURS0tLS0t', LETTERS)],
  },
  pattern({
    // kubernetes-sigs/aws-iam-authenticator: a presigned STS URL in base64url.
    name: 'eks-token',
    literals: ['k8s-aws-v1.'],
    pattern: /(?<![A-Za-z0-9])k8s-aws-v1\.[\w-]{20,8192}={0,2}/y,
    startsWord: true,
    matches: [pieces('"token": "«k8s-aws', '-v1.', LONG, '»"')],
    leaves: ['the k8s-aws-v1. prefix'],
  }),
];
