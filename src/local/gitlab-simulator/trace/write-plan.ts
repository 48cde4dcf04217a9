import { creationPlan } from './plan-text.ts';
import { plantInPlan } from './planted-lines.ts';
import type { PlantedSecrets } from './planted-secrets.ts';
import { RESOURCE_TABLE } from './resource-table.ts';
import type { ScriptRecipe } from './script.ts';
import type { ScriptWriter } from './script-writer.ts';
import { writeCredentials, writeInit } from './terraform-init.ts';

const NODE_IMAGE = 'data.aws_ssm_parameter.node_image';
const NODE_IMAGE_ID = '/aws/service/eks/optimized-ami/1.35/amazon-linux-2023/arm64/standard/recommended/image_id';

/** The script of the `plan` job: credentials, init, checks and the plan itself. Builds nothing. */
export function writePlan(writer: ScriptWriter, recipe: ScriptRecipe, secrets: PlantedSecrets): void {
  const missing = RESOURCE_TABLE.filter(({ address }) => !recipe.present.includes(address));
  writeCredentials(writer);
  writer.command('ci/terraform-init.sh');
  writeInit(writer);
  writer.command('terraform -chdir=ephemeral validate');
  writer.wait(3);
  writer.say('\u001b[32m\u001b[1mSuccess!\u001b[0m The configuration is valid.', '\u001b[0m');
  writer.command('terraform -chdir=ephemeral plan -input=false -lock-timeout=2m -out=demo.tfplan');
  writer.wait(6);
  writer.say(`\u001b[0m\u001b[1m${NODE_IMAGE}: Reading...\u001b[0m\u001b[0m`);
  writer.wait(2);
  writer.say(`\u001b[0m\u001b[1m${NODE_IMAGE}: Read complete after 1s [id=${NODE_IMAGE_ID}]\u001b[0m`);
  writer.wait(29);
  writer.say(...creationPlan(missing, recipe));
  writer.say(
    '',
    '\u001b[90m─────────────────────────────────────────────────────────────────────────────\u001b[0m',
    '',
    'Saved the plan to: demo.tfplan',
    '',
    'To perform exactly these actions, run the following command to apply:',
    '    terraform apply "demo.tfplan"',
  );
  plantInPlan(writer, secrets);
  writer.wait(2);
}
