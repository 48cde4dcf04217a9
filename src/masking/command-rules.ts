import type { LineIndex } from './line-index.ts';
import { pieces, type Rule, type Span } from './rule.ts';
import { isGenerated } from './sentence-values.ts';

const LOOKED_BACK = 400;
const NOT_A_SECRET = '(?!\\[MASKED\\]|\\$|<|\\*{3})';

function shortFlag(command: string): RegExp {
  return new RegExp(`(${command})${NOT_A_SECRET}[^\\s"'\`<>]{1,512}`, 'iy');
}

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

/** Command lines that take a secret without naming it. */
export const COMMAND_RULES: readonly Rule[] = [
  {
    name: 'docker-login-short-flag',
    literals: ['docker login', 'podman login', 'helm registry login', 'crane auth login'],
    pattern: shortFlag('(?:docker|podman|helm registry|crane auth) login[^|;&]{0,200}? -p[ =]?["\']?'),
    matches: ['docker login -u demo -p «hunter2» registry.example.com'],
    leaves: ['docker login -u demo -p $PASSWORD', 'docker login -u demo --password-stdin'],
  },
  {
    name: 'database-short-flag',
    literals: ['mysql ', 'mysqldump ', 'mariadb ', 'mysqladmin '],
    pattern: shortFlag('(?:mysql|mysqldump|mysqladmin|mariadb)(?= )[^|;&]{0,200}? ["\']?-p["\']?(?=[^\\s-])'),
    matches: ['mysql -h db -u demo -p«hunter2» demo'],
    leaves: ['mysql -h db -u demo -p demo', 'mysql --port=3306'],
  },
  {
    name: 'sshpass',
    literals: ['sshpass'],
    pattern: shortFlag('sshpass {1,4}-p[ =]?["\']?'),
    matches: ["sshpass -p '«hunter2»' ssh demo@host"],
    leaves: ['sshpass -e ssh demo@host'],
  },
  {
    name: 'user-flag',
    literals: ['-u ', '--user ', '--user=', '--proxy-user '],
    pattern: new RegExp(
      `(?<![\\w-])((?:-u|--(?:proxy-)?user)[ =]["']?[\\w.@-]{0,64}:)(?!\\d{1,6}(?![\\w!@#$%^]))${NOT_A_SECRET}[^\\s"'\`<>]{1,512}`,
      'y',
    ),
    matches: ['curl -u demo:«hunter2» https://example.com', 'curl --user "demo:«hunter2»" https://example.com'],
    leaves: [
      'docker run -u 1000:1000 demo',
      'docker run --user node demo',
      'curl -u demo:$PASSWORD https://example.com',
    ],
  },
  {
    name: 'name-and-value-flags',
    literals: ['--name '],
    pattern: new RegExp(
      `(--name ["']?[\\w./-]{0,128}(?:password|passwd|secret|token|key)["']? [^|;&]{0,128}?--value[ =]["']?)${NOT_A_SECRET}[^\\s"'\`<>]{1,4096}`,
      'iy',
    ),
    matches: ['aws ssm put-parameter --name /demo/db/password --type SecureString --value «hunter2»'],
    leaves: ['aws ssm put-parameter --name /demo/db/host --value db.internal'],
  },
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
    name: 'netrc',
    literals: ['machine '],
    pattern: new RegExp(`(machine [\\w.-]{1,253} login [^\\s]{1,128} password )${NOT_A_SECRET}[^\\s]{1,512}`, 'y'),
    matches: [pieces('machine gitlab.com login gitlab-ci-token password «', 'hunter2', '»')],
    leaves: ['machine gitlab.com login demo'],
  },
];
