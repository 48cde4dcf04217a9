import { NOT_A_SECRET } from './command-rules.ts';
import type { Rule } from './rule.ts';
import {
  findBeforeAddress,
  findEchoed,
  findPgpass,
  findPiped,
  findPrompted,
  findSecretLiteral,
  findUserPassword,
} from './tool-finders.ts';

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
