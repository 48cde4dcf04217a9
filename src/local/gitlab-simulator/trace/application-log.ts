import { resourceName } from '../pipeline-definition.ts';
import { createSeededRandom, LOWER_ALPHANUMERIC } from '../random.ts';
import { dockerConfig, type PlantedSecrets } from './planted-secrets.ts';
import type { ScriptRecipe } from './script.ts';
import type { ScriptWriter } from './script-writer.ts';

/** PEM armour, put together so that the source itself holds nothing that looks like a key. */
const armour = (edge: 'BEGIN' | 'END'): string => `-----${edge} ${['RSA', 'PRIVATE', 'KEY'].join(' ')}-----`;

function writeKubeconfig(writer: ScriptWriter, recipe: ScriptRecipe, secrets: PlantedSecrets): void {
  writer.command('aws eks update-kubeconfig --name "$CLUSTER" && kubectl config view --raw');
  writer.wait(2);
  writer.say(
    `Added new context arn:aws:eks:eu-central-1:111122223333:cluster/${resourceName(recipe.deploymentId)} to /root/.kube/config`,
    'apiVersion: v1',
    'kind: Config',
    'users:',
    '- name: demo',
    '  user:',
    `    token: ${secrets.kubeconfigToken}`,
    '- name: viewer',
    '  user:',
    '    username: viewer',
    `    password: ${secrets.yamlPassword}`,
  );
  writer.command('aws eks get-token --cluster-name "$CLUSTER" --output text');
  writer.say(`client.authentication.k8s.io/v1beta1\tExecCredential\tSTATUS\t${secrets.clusterBearer}`);
}

function writeSecrets(writer: ScriptWriter, secrets: PlantedSecrets): void {
  writer.command('kubectl -n demo get secret registry web-admin -o yaml');
  writer.wait(0.5);
  writer.say(
    'apiVersion: v1',
    'kind: Secret',
    'type: kubernetes.io/dockerconfigjson',
    'metadata:',
    '  name: registry',
    '  namespace: demo',
    'data:',
    `  .dockerconfigjson: ${dockerConfig(secrets)}`,
    '---',
    'apiVersion: v1',
    'kind: Secret',
    'metadata:',
    '  name: web-admin',
    '  namespace: demo',
    'data:',
    `  password: ${Buffer.from(secrets.encodedPassword).toString('base64')}`,
  );
  writer.command('./ci/print-tls.sh');
  writer.say(armour('BEGIN'), ...secrets.privateKeyLines, armour('END'));
  writer.command('./ci/seed-database.sh');
  writer.complain(`+ export ADMIN_PASSWORD=${secrets.environmentPassword}`);
  writer.complain(
    `+ psql --set=ON_ERROR_STOP=1 postgres://demo:${secrets.urlPassword}@db.demo.internal:5432/demo -f seed.sql`,
  );
  writer.complain(`+ ./seed --user admin --password ${secrets.argumentPassword}`);
  writer.say(`seeding with password=${secrets.adminPassword}`, 'INSERT 0 12', 'seeded ✓ 12 rows');
}

function writeRollout(writer: ScriptWriter, recipe: ScriptRecipe): void {
  const random = createSeededRandom(`${recipe.seed} ${recipe.deploymentId} pods`);
  const set = random.characters(LOWER_ALPHANUMERIC, 9);
  const pods = [1, 2].map(() => `web-${set}-${random.characters(LOWER_ALPHANUMERIC, 5)}`);
  writer.command('kubectl -n demo rollout status deployment/web --timeout=300s');
  writer.say('Waiting for deployment "web" rollout to finish: 0 of 2 updated replicas are available...');
  writer.wait(4);
  writer.say('Waiting for deployment "web" rollout to finish: 1 of 2 updated replicas are available...');
  writer.wait(3);
  writer.say('deployment "web" successfully rolled out');
  writer.command('kubectl get nodes,pods -A -o wide');
  writer.say(
    'NAME                                              STATUS   ROLES    AGE   VERSION               INTERNAL-IP',
    'node/ip-10-42-1-87.eu-central-1.compute.internal  Ready    <none>   61s   v1.34.1-eks-c39b1d0   10.42.1.87',
    '',
    'NAMESPACE     NAME                           READY   STATUS    RESTARTS   AGE',
    ...pods.map((pod) => `demo          pod/${pod.padEnd(27)}1/1     Running   0          9s`),
    `kube-system   pod/${`aws-node-${random.characters(LOWER_ALPHANUMERIC, 5)}`.padEnd(27)}2/2     Running   0          58s`,
    `kube-system   pod/${`coredns-${random.characters(LOWER_ALPHANUMERIC, 10)}`.padEnd(27)}1/1     Running   0          44s`,
    `kube-system   pod/${`kube-proxy-${random.characters(LOWER_ALPHANUMERIC, 5)}`.padEnd(27)}1/1     Running   0          58s`,
  );
}

/** What the apply job does inside the new cluster: access, secrets, roll-out. */
export function writeApplication(writer: ScriptWriter, recipe: ScriptRecipe, secrets: PlantedSecrets): void {
  writeKubeconfig(writer, recipe, secrets);
  writeSecrets(writer, secrets);
  writeRollout(writer, recipe);
}
