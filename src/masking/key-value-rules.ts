import { findValues } from './key-values.ts';
import { pieces, type ScanRule } from './rule.ts';
import { type NounClass, SECRET_NOUNS } from './secret-nouns.ts';

function literalsOf(noun: NounClass): string[] {
  return [...SECRET_NOUNS].filter(([, nounClass]) => nounClass === noun).map(([literal]) => literal);
}

const SECRET_KEY = pieces('wJalrXUtnFEMI/K7MDENG/', 'bPxRfiCYEXAMPLEKEY');

/** Values behind key names, in the notations of shells, JSON, YAML, HCL, command lines, tables and XML. */
export const KEY_VALUE_RULES: readonly ScanRule[] = [
  {
    name: 'password-value',
    literals: literalsOf('password'),
    find: (line, start, end) => findValues(line, start, end, 'password'),
    matches: [
      'DB_PASSWORD=«hunter2»',
      "export PGPASSWORD='«correct horse»'",
      '+ mysql --password=«hunter2» -h db',
      'terraform apply -var db_password=«hunter2» -auto-approve',
      "terraform apply -var 'db_password=«hunter two»'",
      '{"password":"«p\\"w»","user":"demo"}',
      '{\\"password\\":\\"«hunter2»\\",\\"user\\":\\"demo\\"}',
      '  password: «hunter2»',
      '+ password             = "«hunter2»"',
      '~ master_password = "«old one»" -> "«new one»"',
      'Server=db;User Id=demo;Password=«hunter2»;Encrypt=true',
      'docker login --username demo --password «hunter2» registry.example.com',
      '<password>«hunter2»</password>',
      '{"Name":"DB_PASSWORD","Value":"«hunter2»"}',
      'GET /login?user=demo&password=«hunter2»&next=1',
      'adminPassword: «S3cret!,x;y»',
      '<add key="DbPassword" value="«hunter2»" />',
      'set db_password "«hunter two»"',
      'password = "«never closed',
    ].map((example) => (example.includes('»') ? example : `${example}»`)),
    leaves: [
      'password = (sensitive value)',
      'password: (known after apply)',
      'password updated successfully',
      pieces('password: $', '{DB_PASSWORD}'),
      'password=$DB_PASSWORD',
      'PASSWORD=<your-password>',
      'password = random_password.db.result',
      'docker login --password-stdin',
      'password_policy = "strict"',
      'cat /etc/passwd: permission denied',
      'Error: password: must be at least 8 characters',
      'PWD=/builds/demo/infra',
      'DB_PASSWORD=[MASKED]',
      'bypass=true',
      'password == other',
    ],
  },
  {
    name: 'cloud-key-value',
    literals: literalsOf('key'),
    find: (line, start, end) => findValues(line, start, end, 'key'),
    matches: [
      pieces('export AWS_SECRET_ACCESS_KEY=«', SECRET_KEY, '»'),
      pieces('"SecretAccessKey": "«', SECRET_KEY, '»",'),
      pieces('||  SecretAccessKey |  «', SECRET_KEY, '»  ||'),
      pieces('aws configure set aws_secret_access_key «', SECRET_KEY, '»'),
      pieces('secret_key -> aws_session_token: «', SECRET_KEY, SECRET_KEY, '»'),
    ],
    leaves: [
      'aws_secret_access_key = (sensitive value)',
      'private_key = tls_private_key.demo.private_key_pem',
      'session_token_ttl = 3600',
    ],
  },
  {
    name: 'token-value',
    literals: literalsOf('token'),
    find: (line, start, end) => findValues(line, start, end, 'token'),
    matches: [
      pieces('client_secret = "«', 'Zx9Kq2Lm7Rt4', '»"'),
      pieces('API_KEY=«', 'Zx9Kq2Lm7Rt4', '»'),
      pieces('    token: «', 'Zx9Kq2Lm7Rt4Wv8Y', '»'),
      'SNYK_TOKEN=«0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9»',
      pieces('//registry.example.com/:_authToken=«', 'Zx9Kq2Lm7Rt4', '»'),
      pieces('"auth": "«', 'ZGVtbzpodW50ZXIy', '»"'),
      pieces('npm config set --token «', 'Zx9Kq2Lm7Rt4Wv8Y', '»'),
    ],
    leaves: [
      'secret/db created',
      'aws_secretsmanager_secret.db: Creating...',
      'token_ttl = 3600',
      'secret_name = "demo/db"',
      'secretName: default-token-x7k2p',
      'secret: demo-db-credentials',
      'key_id = "1234abcd-12ab-34cd-56ef-1234567890ab"',
      'token: unexpected end of input',
      'secret_arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:demo/db-AbC"',
      'max_token: 4096',
      pieces('token=$', '{CI_JOB_TOKEN}'),
      'token = var.gitlab_token',
      'secret: true',
      'token: /var/run/secrets/kubernetes.io/serviceaccount/token',
    ],
  },
  {
    name: 'secret-document',
    literals: literalsOf('any'),
    find: (line, start, end) => findValues(line, start, end, 'any'),
    matches: [
      '"SecretString": "«{\\"user\\":\\"demo\\",\\"x\\":\\"y\\"}»"',
      'aws secretsmanager put-secret-value --secret-string «abc»',
    ],
    leaves: [
      'secret_string = (sensitive value)',
      'type: kubernetes.io/dockerconfigjson',
      '--secret-string file://secret.json',
    ],
  },
];
