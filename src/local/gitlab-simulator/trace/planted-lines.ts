import { dockerConfig, type PlantedSecrets } from './planted-secrets.ts';
import type { ScriptWriter } from './script-writer.ts';

/**
 * What careless scripts print, and the pipeline's own do not: it is put into the logs so that masking can be seen and
 * tested, and says so itself.
 */
const begin = (writer: ScriptWriter): void => {
  writer.say('', '# What follows is planted by the simulator, so that masking can be seen.');
};

/** PEM armour, put together so that the source itself holds nothing that looks like a key. */
const armour = (edge: 'BEGIN' | 'END'): string => `-----${edge} ${['RSA', 'PRIVATE', 'KEY'].join(' ')}-----`;

/** Credentials of AWS in every form, and a debug log with headers. */
export function plantInPlan(writer: ScriptWriter, secrets: PlantedSecrets): void {
  begin(writer);
  writer.say(
    `remote: https://gitlab-ci-token:${secrets.jobToken}@gitlab.com/demo/eks-demo.git`,
    `started by ${secrets.ownerEmail}, last commit by Ada Example <${secrets.committerEmail}>`,
    '{',
    '    "Credentials": {',
    `        "AccessKeyId": "${secrets.temporaryKeyId}",`,
    `        "SecretAccessKey": "${secrets.temporarySecretKey}",`,
    `        "SessionToken": "${secrets.sessionToken}",`,
    '        "Expiration": "2026-11-20T10:01:43+00:00"',
    '    }',
    '}',
  );
  // A line this long reaches GitLab in two pieces, with the secret cut in the middle.
  writer.split(
    '01E',
    `+ export AWS_ACCESS_KEY_ID=${secrets.accessKeyId} AWS_SECRET_ACCESS_KEY=${secrets.secretAccessKey.slice(0, 17)}`,
    `${secrets.secretAccessKey.slice(17)} AWS_DEFAULT_REGION=eu-central-1`,
  );
  const progress = [8, 31, 57, 84, 100].map((percent) => `  downloading a tool ${String(percent).padStart(3)}%`);
  writer.say(progress.join('\r'));
  writer.complain(
    '2026-11-20T09:02:11.482Z [DEBUG] provider.terraform-provider-aws: HTTP Request Sent: http.method=GET http.url=https://gitlab.com/api/v4/projects/1001/registry/repositories',
    `> PRIVATE-TOKEN: ${secrets.personalToken}`,
    `> Authorization: Bearer ${secrets.requestBearer}`,
    '< HTTP/2 200',
  );
}

/** A kubeconfig, secrets of Kubernetes, a private key and passwords on command lines. */
export function plantInApply(writer: ScriptWriter, secrets: PlantedSecrets): void {
  begin(writer);
  writer.say(
    'kind: Config',
    'users:',
    '- name: demo',
    '  user:',
    `    token: ${secrets.kubeconfigToken}`,
    '- name: viewer',
    '  user:',
    '    username: viewer',
    `    password: ${secrets.yamlPassword}`,
    `client.authentication.k8s.io/v1beta1\tExecCredential\tSTATUS\t${secrets.clusterBearer}`,
    'apiVersion: v1',
    'kind: Secret',
    'type: kubernetes.io/dockerconfigjson',
    'data:',
    `  .dockerconfigjson: ${dockerConfig(secrets)}`,
    '---',
    'apiVersion: v1',
    'kind: Secret',
    'data:',
    `  password: ${Buffer.from(secrets.encodedPassword).toString('base64')}`,
    armour('BEGIN'),
    ...secrets.privateKeyLines,
    armour('END'),
  );
  writer.complain(
    `+ export ADMIN_PASSWORD=${secrets.environmentPassword}`,
    `+ psql --set=ON_ERROR_STOP=1 postgres://demo:${secrets.urlPassword}@db.demo.internal:5432/demo -f seed.sql`,
    `+ ./seed --user admin --password ${secrets.argumentPassword}`,
  );
  writer.say(`seeding with password=${secrets.adminPassword}`, 'INSERT 0 12', 'seeded ✓ 12 rows');
}

/** A token in a header, a password in JSON, and characters of many bytes around them. */
export function plantInVerify(writer: ScriptWriter, secrets: PlantedSecrets): void {
  begin(writer);
  writer.complain(
    '> POST /apis/authentication.k8s.io/v1/tokenreviews HTTP/2',
    `> Authorization: Bearer ${secrets.serviceAccountJwt}`,
    '< HTTP/2 201',
  );
  writer.say(
    `{"kind":"TokenReview","status":{"authenticated":true},"request":{"user":"admin","password":"${secrets.jsonPassword}"}}`,
    'Größe der Seite: 1,4 kB – prêt à l’emploi 🎉',
  );
}

/** Tokens of GitLab on command lines. */
export function plantInDestroy(writer: ScriptWriter, secrets: PlantedSecrets): void {
  begin(writer);
  writer.complain(
    `+ curl --header PRIVATE-TOKEN:${secrets.personalToken} https://gitlab.com/api/v4/projects/1001/environments`,
    `+ docker login --username demo-puller --password ${secrets.deployToken} registry.gitlab.com`,
  );
}

/** The key of temporary credentials, and an address. */
export function plantInInventory(writer: ScriptWriter, secrets: PlantedSecrets): void {
  begin(writer);
  writer.complain(`+ AWS_ACCESS_KEY_ID=${secrets.temporaryKeyId} aws sts get-caller-identity`);
  writer.say(`reported to ${secrets.ownerEmail}`);
}
