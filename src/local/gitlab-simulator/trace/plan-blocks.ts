import { resourceName } from '../pipeline-definition.ts';
import type { ResourceRow } from './resource-table.ts';
import type { ScriptRecipe } from './script.ts';

/** The pieces of which Terraform's plans are printed. */

export const RESET = '\u001b[0m';
export const BOLD = '\u001b[1m';

/** How a plan shows one kind of change. */
export interface Mark {
  readonly sign: '+' | '-';
  readonly colour: string;
  readonly verb: string;
  readonly suffix: string;
}

export const CREATE: Mark = { sign: '+', colour: '\u001b[32m', verb: 'created', suffix: '' };
export const DESTROY: Mark = {
  sign: '-',
  colour: '\u001b[31m',
  verb: '\u001b[1m\u001b[31mdestroyed',
  suffix: ' \u001b[90m-> null\u001b[0m\u001b[0m',
};

/** A line with the sign of its change. */
export function marked({ sign, colour }: Mark, indent: number, text: string): string {
  return `${' '.repeat(indent)}${colour}${sign}${RESET}${RESET} ${text}`;
}

/** The tags of a resource, as a map. */
export function tagsBlock(mark: Mark, label: string, recipe: ScriptRecipe): readonly string[] {
  const name = resourceName(recipe.deploymentId);
  return [
    marked(mark, 6, `${label} = {`),
    marked(mark, 10, `"Name"          = "${name}"${mark.suffix}`),
    marked(mark, 10, `"deployment_id" = "${recipe.deploymentId}"${mark.suffix}`),
    marked(mark, 10, `"project"       = "demo-on-demand"${mark.suffix}`),
    `        }${mark.suffix}`,
  ];
}

/** A trust policy, as Terraform takes JSON apart. */
export function policyBlock(mark: Mark, label: string): readonly string[] {
  return [
    marked(mark, 6, `${label} = jsonencode(`),
    marked(mark, 12, '{'),
    marked(mark, 16, 'Statement = ['),
    marked(mark, 20, '{'),
    marked(mark, 24, 'Action    = "sts:AssumeRole"'),
    marked(mark, 24, 'Effect    = "Allow"'),
    marked(mark, 24, 'Principal = {'),
    marked(mark, 28, 'Service = "ec2.amazonaws.com"'),
    '                        }',
    '                    },',
    '                ]',
    marked(mark, 16, 'Version   = "2012-10-17"'),
    '            }',
    `        )${mark.suffix}`,
  ];
}

/** The metadata of a Kubernetes object. */
export function metadataBlock(mark: Mark, row: ResourceRow): readonly string[] {
  const name = row.key === 'this' || row.key === 'demo' ? 'demo' : row.key;
  return [
    '',
    marked(mark, 6, 'metadata {'),
    marked(mark, 10, 'generation       = (known after apply)'),
    marked(mark, 10, 'labels           = {'),
    marked(mark, 14, '"app.kubernetes.io/managed-by" = "terraform"'),
    marked(mark, 14, '"app.kubernetes.io/part-of"    = "demo"'),
    '            }',
    marked(mark, 10, `name             = "${name}"`),
    marked(mark, 10, 'namespace        = "demo"'),
    marked(mark, 10, 'resource_version = (known after apply)'),
    marked(mark, 10, 'uid              = (known after apply)'),
    '        }',
  ];
}
