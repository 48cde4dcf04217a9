import { NOT_A_SECRET } from './command-rules.ts';
import type { LineIndex } from './line-index.ts';
import type { Rule, Span } from './rule.ts';
import { isGenerated } from './sentence-values.ts';

const LOOKED_BACK = 400;

// Whatever key it gets: a secret of Kubernetes is made of nothing but secrets.
const LITERAL = new RegExp(`--from-literal[= ]["']?[\\w.-]{1,253}=["']?(${NOT_A_SECRET}[^\\s"'\`<>]{1,4096})`, 'y');

function findSecretLiteral(line: LineIndex, start: number): Span[] {
  if (!/ secret /.test(line.text.slice(Math.max(0, start - LOOKED_BACK), start))) return [];
  LITERAL.lastIndex = start;
  const value = LITERAL.exec(line.text)?.[1];
  return value === undefined ? [] : [{ start: LITERAL.lastIndex - value.length, end: LITERAL.lastIndex }];
}

const PIPED =
  /(?:echo|printf)(?: -[ne]{1,2})?(?: ["']%s(?:\\n)?["'])? (["']?)((?!\$|\[MASKED\]|<)[^"'|\s]{4,512})\1 {0,2}\| {0,2}[^|;&]{0,200}$/;

function findPiped(line: LineIndex, start: number): Span[] {
  const from = Math.max(0, start - LOOKED_BACK);
  const match = PIPED.exec(line.text.slice(from, start));
  if (match === null) return [];
  const value = match[2] ?? '';
  const at = from + match.index + match[0].indexOf(value);
  return [{ start: at, end: at + value.length }];
}

const ECHOED = /\+ echo (["']?)([^"'\s]{8,128})\1\s{0,4}$/y;

function findEchoed(line: LineIndex, start: number): Span[] {
  ECHOED.lastIndex = start;
  const match = ECHOED.exec(line.text);
  const value = match?.[2] ?? '';
  if (match === null || !isGenerated(value, true)) return [];
  const at = start + match[0].indexOf(value);
  return [{ start: at, end: at + value.length }];
}

const PROMPTED = /enter a value: {1,4}([^\s"']{6,512})\s{0,4}$/iy;

function findPrompted(line: LineIndex, start: number): Span[] {
  PROMPTED.lastIndex = start;
  const value = PROMPTED.exec(line.text)?.[1] ?? '';
  const at = line.text.indexOf(value, start + 'enter a value:'.length);
  return isGenerated(value, true) ? [{ start: at, end: at + value.length }] : [];
}

// The form of .pgpass, https://www.postgresql.org/docs/current/libpq-pgpass.html
const PGPASS_HEAD = /^[\w.*-]{1,253}$/;
const PGPASS_TAIL = /:(?:5432|6432|\*):[\w*.-]{1,64}:[\w*.-]{1,64}:/y;

function findPgpass(line: LineIndex, start: number): Span[] {
  if (start > 253 || !PGPASS_HEAD.test(line.text.slice(0, start))) return [];
  PGPASS_TAIL.lastIndex = start;
  if (!PGPASS_TAIL.test(line.text)) return [];
  const at = PGPASS_TAIL.lastIndex;
  const end = line.wordEnd(at);
  return end > at && !line.text.startsWith('[MASKED]', at) ? [{ start: at, end }] : [];
}

// Go's MySQL driver has its address in brackets: user:password@tcp(host:port)/database.
const PASSWORD_LONGEST = 128;

function findBeforeAddress(line: LineIndex, start: number): Span[] {
  let at = start;
  while (start - at < PASSWORD_LONGEST && at > 0 && !/[\s:@"']/.test(line.text[at - 1] ?? '')) at -= 1;
  const isValue = at < start && line.text[at - 1] === ':' && /[\w.-]/.test(line.text[at - 2] ?? '');
  return isValue && !line.text.startsWith('[MASKED]', at) ? [{ start: at, end: start }] : [];
}

const PIPED_USERS = /["'][\w.@-]{1,64}:((?!\$|\[MASKED\])[^"'\s]{1,256})["'] {0,2}\| {0,2}(?:sudo )?$/;
const GIVEN_USERS = /chpasswd {1,4}<<< {0,4}["']?[\w.@-]{1,64}:((?!\$|\[MASKED\])[^"'\s]{1,256})/y;
const HASHED_USER =
  /htpasswd (?:-[A-Za-z]{0,8}b[A-Za-z]{0,8})(?: [^\s-]\S{0,255})? [\w.@-]{1,64} ["']?((?!\$|\[MASKED\])[^"'\s]{1,256})["']?\s{0,4}$/y;

function findUserPassword(line: LineIndex, start: number): Span[] {
  const piped = PIPED_USERS.exec(line.text.slice(Math.max(0, start - LOOKED_BACK), start));
  if (piped !== null) {
    const at = start - piped[0].length + piped[0].indexOf(':') + 1;
    return [{ start: at, end: at + (piped[1]?.length ?? 0) }];
  }
  for (const pattern of [GIVEN_USERS, HASHED_USER]) {
    pattern.lastIndex = start;
    const match = pattern.exec(line.text);
    const value = match?.[1] ?? '';
    const at = match === null ? -1 : start + match[0].lastIndexOf(value);
    if (at >= 0) return [{ start: at, end: at + value.length }];
  }
  return [];
}

/** Tools that show a secret in a form of their own. */
export const TOOL_RULES: readonly Rule[] = [
  {
    // Java's keytool, Redis.
    name: 'password-word-of-a-tool',
    literals: ['-storepass ', '-keypass ', 'requirepass ', 'masterauth '],
    pattern: new RegExp(
      `((?:-storepass|-keypass|requirepass|masterauth) {1,4}["']?)${NOT_A_SECRET}[^\\s"'\`<>]{4,512}`,
      'y',
    ),
    matches: ['keytool -genkey -storepass «hunter2» -alias demo', 'requirepass «hunter2»'],
    leaves: ['keytool -storepass $STORE_PASSWORD'],
  },
  {
    name: 'pass-word',
    literals: ['pass:', 'pass='],
    pattern: new RegExp(
      `(?<![\\w-])(pass[:=] {0,2}["']?)${NOT_A_SECRET}(?=[^\\s"']{0,64}[\\d!#$%^&*+~])[^\\s"'\`<>]{5,512}`,
      'iy',
    ),
    matches: ['pass: «Binevede909»', 'openssl pkcs12 -passin pass:«hunter2»'],
    leaves: ['pass: ok', 'tests pass: 12', 'bypass=a1b2c3'],
  },
  {
    name: 'secret-literal-of-kubectl',
    literals: ['--from-literal'],
    find: findSecretLiteral,
    matches: [
      'kubectl create secret generic web --from-literal=key=«hunter2» --from-literal=other=«a b»'.replace(
        '«a b»',
        '«ab»',
      ),
    ],
    leaves: [
      'kubectl create configmap web --from-literal=region=eu-central-1',
      'kubectl create secret generic web --from-literal=key=$KEY',
    ],
  },
  {
    name: 'password-on-standard-input',
    literals: ['--password-stdin'],
    find: findPiped,
    matches: [
      'echo "«hunter2»" | docker login -u demo --password-stdin registry.example.com',
      "printf '%s' '«hunter2»' | docker login --username demo --password-stdin",
    ],
    leaves: ['echo "$PASSWORD" | docker login -u demo --password-stdin', 'docker login --password-stdin < file'],
  },
  {
    // What `set -x` shows of an echo into a pipe: the rest of the pipe is on another line.
    name: 'echoed-word',
    literals: ['+ echo '],
    find: findEchoed,
    matches: ["+ echo '«F1LZytAq&HU3Ik6»'"],
    leaves: ["+ echo 'Deploying demo v1.2.3'", '+ echo done', '+ echo https://example.com/?a=B1'],
  },
  {
    name: 'vault-login',
    literals: ['vault login '],
    pattern: new RegExp(`(vault login (?:-[\\w=-]{1,64} ){0,4})${NOT_A_SECRET}[\\w.-]{20,512}`, 'y'),
    matches: ['vault login «s.AuhlEsIwXrzHn5lv2B1LUd67»'],
    leaves: ['vault login -method=userpass username=demo'],
  },
  {
    name: 'answer-to-a-prompt',
    literals: ['enter a value: '],
    find: findPrompted,
    matches: ['  Enter a value: «OY4jrNWj.Lmj8X5A8»'],
    leaves: ['  Enter a value: yes', '  Enter a value: eu-central-1'],
  },
  {
    name: 'pgpass-line',
    literals: [':5432:', ':6432:', ':*:'],
    find: findPgpass,
    matches: ['db.internal:5432:demo:demo:«hunter2»'],
    leaves: ['listening on 10.0.0.1:5432: ready'],
  },
  {
    name: 'go-mysql-address',
    literals: ['@tcp(', '@unix('],
    find: findBeforeAddress,
    matches: ['opening demo:«hunter2»@tcp(10.0.0.1:3306)/demo'],
    leaves: ['demo@tcp(10.0.0.1:3306)/demo'],
  },
  {
    name: 'oracle-address',
    literals: ['jdbc:oracle:'],
    pattern: new RegExp(`(jdbc:oracle:\\w{1,8}:[\\w$#]{1,64}/)${NOT_A_SECRET}[^\\s"'@]{1,128}(?=@)`, 'iy'),
    matches: ['jdbc:oracle:thin:demo/«hunter2»@//db.internal:1521/ORCL'],
    leaves: ['jdbc:oracle:thin:@db.internal:1521:ORCL'],
  },
  {
    name: 'set-password-for',
    literals: ['set password for '],
    pattern: /(set password for [^=]{1,128}= ?(?:password\()?["'])(?!\[MASKED\])[^"'\r\n]{1,256}(?=["'])/iy,
    matches: ["SET PASSWORD FOR 'root'@'localhost' = '«hunter2»';"],
    leaves: ['SET PASSWORD FOR demo'],
  },
  {
    name: 'environment-variable-of-powershell',
    literals: ['setenvironmentvariable('],
    pattern:
      /(setenvironmentvariable\(["'][\w.-]{0,128}(?:password|passwd|secret|token|key|pat)["'], {0,2}["'])(?!\[MASKED\]|\$)[^"'\r\n]{1,4096}(?=["'])/iy,
    matches: ["[Environment]::SetEnvironmentVariable('API_KEY', '«hunter2»', 'User')"],
    leaves: ["[Environment]::SetEnvironmentVariable('REGION', 'eu', 'User')"],
  },
  {
    name: 'credentials-flag',
    literals: ['-creds ', '-creds='],
    pattern: new RegExp(`(-creds[ =]["']?[\\w.@-]{1,128}:)${NOT_A_SECRET}[^\\s"'\`<>]{1,512}`, 'y'),
    matches: ['skopeo copy --src-creds demo:«hunter2» docker://a docker://b'],
    leaves: ['skopeo copy --src-creds $CREDS docker://a docker://b'],
  },
  {
    name: 'password-of-a-user',
    literals: ['chpasswd', 'htpasswd '],
    find: findUserPassword,
    matches: [
      "echo 'demo:«hunter2»' | chpasswd",
      'chpasswd <<< "root:«hunter2»"',
      'htpasswd -nbB demo «hunter2»',
      'htpasswd -bc file demo «hunter2»',
    ],
    leaves: ['chpasswd < users.txt', 'htpasswd -c file demo'],
  },
  {
    name: 'login-of-a-scanner',
    literals: ['snyk auth ', '-dsonar.login=', '-dsonar.token='],
    pattern: new RegExp(`((?:snyk auth |-dsonar\\.(?:login|token)=)["']?)${NOT_A_SECRET}[\\w-]{16,512}`, 'iy'),
    matches: ['sonar-scanner -Dsonar.login=«0a1b2c3d4e5f60718293» -Dsonar.projectKey=demo'],
    leaves: ['snyk auth $SNYK_TOKEN'],
  },
];
