import { resourceName } from '../pipeline-definition.ts';
import { errorBox } from './error-box.ts';
import type { PlantedSecrets } from './planted-secrets.ts';
import type { ScriptRecipe } from './script.ts';
import type { ScriptWriter } from './script-writer.ts';

const PROVIDERS = [
  ['hashicorp/aws', '6.28.0'],
  ['hashicorp/kubernetes', '2.38.0'],
  ['hashicorp/random', '3.7.2'],
] as const;

const MODULES = ['network', 'cluster', 'nodes', 'edge', 'app'] as const;

/** Temporary credentials, as a careless script prints them on the way. */
export function writeCredentials(writer: ScriptWriter, recipe: ScriptRecipe, secrets: PlantedSecrets): void {
  writer.command(
    'aws sts assume-role-with-web-identity --role-arn "$AWS_ROLE_ARN" --role-session-name "demo-$CI_PIPELINE_ID" --web-identity-token "$AWS_OIDC_TOKEN"',
  );
  writer.wait(1.2);
  writer.say(
    '{',
    '    "Credentials": {',
    `        "AccessKeyId": "${secrets.temporaryKeyId}",`,
    `        "SecretAccessKey": "${secrets.temporarySecretKey}",`,
    `        "SessionToken": "${secrets.sessionToken}",`,
    '        "Expiration": "2026-11-20T10:01:43+00:00"',
    '    },',
    '    "AssumedRoleUser": {',
    `        "Arn": "arn:aws:sts::111122223333:assumed-role/demo-deployer/demo-${recipe.pipelineId}"`,
    '    }',
    '}',
  );
}

/** `terraform init` of the demo's configuration. */
export function writeInit(writer: ScriptWriter, recipe: ScriptRecipe): void {
  writer.command('terraform init -input=false -backend-config="key=demo/$DEPLOYMENT_ID/terraform.tfstate"');
  writer.wait(1);
  writer.say('\u001b[0m\u001b[1mInitializing the backend...\u001b[0m');
  writer.wait(1.5);
  writer.say(
    '\u001b[0m\u001b[32mSuccessfully configured the backend "s3"! Terraform will automatically',
    'use this backend unless the backend configuration changes.\u001b[0m',
    `state: s3://demo-on-demand-state/demo/${recipe.deploymentId}/terraform.tfstate (use_lockfile = true)`,
    '\u001b[0m\u001b[1mInitializing modules...\u001b[0m',
    ...MODULES.map((name) => `- ${name} in modules/${name}`),
    '\u001b[0m\u001b[1mInitializing provider plugins...\u001b[0m',
    ...PROVIDERS.map(([name]) => `- Reusing previous version of ${name} from the dependency lock file`),
  );
  for (const [name, version] of PROVIDERS) {
    writer.say(`- Installing ${name} v${version}...`);
    writer.wait(1.5);
    const progress = [8, 31, 57, 84, 100].map((percent) => `  downloading ${name} ${String(percent).padStart(3)}%`);
    writer.say(progress.join('\r'), `- Installed ${name} v${version} (signed by HashiCorp)`);
  }
  writer.say(
    '',
    '\u001b[0m\u001b[1m\u001b[32mTerraform has been successfully initialized!\u001b[0m\u001b[32m\u001b[0m',
    '',
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
      `  (state of ${resourceName(recipe.deploymentId)})`,
    ]),
  );
}
