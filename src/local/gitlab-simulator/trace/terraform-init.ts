import { errorBox } from './error-box.ts';
import type { ScriptRecipe } from './script.ts';
import type { ScriptWriter } from './script-writer.ts';

const PROVIDER = 'hashicorp/aws v6.45.0';

/** How a job that talks to AWS begins (terraform/demo/ci/credentials.sh). */
export function writeCredentials(writer: ScriptWriter): void {
  writer.command('source ci/credentials.sh');
  writer.say("credentials: role demo-on-demand-gitlab in eu-central-1, by GitLab's token for this job");
}

/** What `terraform init` says; the provider lies in the image. */
export function writeInit(writer: ScriptWriter): void {
  writer.wait(1);
  writer.say('\u001b[0m\u001b[1mInitializing the backend...\u001b[0m');
  writer.wait(1.5);
  writer.say(
    '\u001b[0m\u001b[32m',
    'Successfully configured the backend "s3"! Terraform will automatically',
    'use this backend unless the backend configuration changes.\u001b[0m',
    '\u001b[0m\u001b[1mInitializing provider plugins...\u001b[0m',
    '- Reusing previous version of hashicorp/aws from the dependency lock file',
    `- Installing ${PROVIDER}...`,
  );
  writer.wait(3);
  writer.say(
    `- Installed ${PROVIDER} (verified checksum)`,
    '',
    '\u001b[0m\u001b[1m\u001b[32mTerraform has been successfully initialized!\u001b[0m\u001b[32m\u001b[0m',
  );
}

/** What Terraform says when somebody else holds the state lock. */
export function writeStateLocked(writer: ScriptWriter, recipe: ScriptRecipe): void {
  writer.wait(30);
  writer.complain(
    ...errorBox('Error acquiring the state lock', [
      'Error message: operation error S3: PutObject, https response error StatusCode: 412, api error PreconditionFailed:',
      'At least one of the pre-conditions you specified did not hold',
      'Lock Info:',
      `  ID:        b1a0c7e4-6f0e-4b7a-9a52-${recipe.deploymentId.slice(-12)}`,
      `  Path:      demo-on-demand-state/demo/${recipe.deploymentId}/terraform.tfstate`,
      '  Operation: OperationTypeApply',
      '  Who:       root@runner-project-1001-concurrent-0',
      '  Version:   1.13.4',
      '  Created:   2026-11-20 09:01:36.102 +0000 UTC',
      '  Info:      ',
    ]),
  );
}
