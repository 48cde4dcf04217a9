import { creationPlan } from './plan-text.ts';
import type { PlantedSecrets } from './planted-secrets.ts';
import { RESOURCE_TABLE } from './resource-table.ts';
import type { ScriptRecipe } from './script.ts';
import type { ScriptWriter } from './script-writer.ts';
import { writeCredentials, writeInit } from './terraform-init.ts';

/** The provider's debug log, which shows what it sends. */
function writeDebugLog(writer: ScriptWriter, secrets: PlantedSecrets): void {
  writer.complain(
    '2026-11-20T09:02:11.482Z [DEBUG] provider.terraform-provider-aws_v6.28.0_x5: HTTP Request Sent: http.method=GET http.url=https://gitlab.com/api/v4/projects/1001/registry/repositories',
    `> PRIVATE-TOKEN: ${secrets.personalToken}`,
    `> Authorization: Bearer ${secrets.requestBearer}`,
    '> Accept: application/json',
    '< HTTP/2 200',
  );
}

/** The script of the `plan` job: credentials, init, checks and the plan itself. Builds nothing. */
export function writePlan(writer: ScriptWriter, recipe: ScriptRecipe, secrets: PlantedSecrets): void {
  const missing = RESOURCE_TABLE.filter(({ address }) => !recipe.present.includes(address));
  writer.command('echo "deployment $DEPLOYMENT_ID, started by $GITLAB_USER_EMAIL"');
  writer.say(`deployment ${recipe.deploymentId}, started by ${secrets.ownerEmail}`);
  writer.say(
    `git log -1: ${recipe.sha.slice(0, 8)} Ada Example <${secrets.committerEmail}> Pin the Kubernetes version`,
  );
  writeCredentials(writer, recipe, secrets);
  writer.command('set -x; aws configure set region eu-central-1');
  writer.complain('+ aws configure set region eu-central-1');
  // A line this long reaches GitLab in two pieces, with the secret cut in the middle.
  writer.split(
    '01E',
    `+ export AWS_ACCESS_KEY_ID=${secrets.accessKeyId} AWS_SECRET_ACCESS_KEY=${secrets.secretAccessKey.slice(0, 17)}`,
    `${secrets.secretAccessKey.slice(17)} AWS_DEFAULT_REGION=eu-central-1`,
  );
  writer.complain('+ set +x');
  writeInit(writer, recipe);
  writer.command('terraform fmt -check -recursive && terraform validate');
  writer.wait(3);
  writer.say('\u001b[32m\u001b[1mSuccess!\u001b[0m The configuration is valid.', '\u001b[0m');
  writer.command('terraform plan -input=false -lock-timeout=10m -out=demo.tfplan');
  writer.wait(6);
  writeDebugLog(writer, secrets);
  writer.say(
    '\u001b[0m\u001b[1mdata.aws_caller_identity.current: Reading...\u001b[0m\u001b[0m',
    '\u001b[0m\u001b[1mdata.aws_ssm_parameter.node_image: Reading...\u001b[0m\u001b[0m',
  );
  writer.wait(2);
  writer.say(
    '\u001b[0m\u001b[1mdata.aws_caller_identity.current: Read complete after 1s [id=111122223333]\u001b[0m',
    '\u001b[0m\u001b[1mdata.aws_ssm_parameter.node_image: Read complete after 1s [id=/aws/service/eks/optimized-ami/1.34/amazon-linux-2023/arm64/standard/recommended/image_id]\u001b[0m',
  );
  writer.wait(16);
  writer.say(...creationPlan(missing, recipe));
  writer.say(
    '',
    '\u001b[90m─────────────────────────────────────────────────────────────────────────────\u001b[0m',
    '',
    'Saved the plan to: demo.tfplan',
  );
  writer.command('./ci/estimate-cost.sh demo.tfplan');
  writer.wait(2);
  writer.say(
    'control plane 0.1000 $/h, node 0.0336 $/h, balancer 0.0225 $/h, addresses 0.0150 $/h',
    'about 0.18 $ per hour; a demo of 30 minutes ≈ 0.14 $',
  );
}
