import { resourceName } from '../pipeline-definition.ts';
import { APPLICATION_ADDRESS } from './resource-graph.ts';
import type { ScriptRecipe } from './script.ts';
import type { ScriptWriter } from './script-writer.ts';

/** What the apply job does inside the new cluster: access, manifests, roll-out (terraform/demo/app/deploy.sh). */
export function writeApplication(writer: ScriptWriter, recipe: ScriptRecipe): void {
  writer.command('ci/deploy.sh');
  writer.wait(2);
  writer.complain(
    `deploy: access to ${resourceName(recipe.deploymentId)}`,
    `deploy: the application, for ${recipe.liveUrl}`,
  );
  writer.wait(1.5);
  writer.say(
    'namespace/demo created',
    'configmap/demo-facts created',
    'serviceaccount/demo created',
    'clusterrole.rbac.authorization.k8s.io/demo-looks created',
    'clusterrolebinding.rbac.authorization.k8s.io/demo-looks created',
    'configmap/demo-server created',
    'service/demo created',
    'deployment.apps/demo created',
    'Waiting for deployment "demo" rollout to finish: 0 of 2 updated replicas are available...',
  );
  writer.effect('appears', APPLICATION_ADDRESS);
  writer.effect('recorded', APPLICATION_ADDRESS);
  writer.wait(14);
  writer.say('Waiting for deployment "demo" rollout to finish: 1 of 2 updated replicas are available...');
  writer.wait(6);
  writer.say('deployment "demo" successfully rolled out');
  writer.complain('deploy: every pod is ready');
}
