import { resourceName } from '../pipeline-definition.ts';
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
    marked(mark, 10, `"Name"              = "${name}"${mark.suffix}`),
    marked(mark, 10, `"demo_installation" = "demo-on-demand"${mark.suffix}`),
    marked(mark, 10, `"deployment_id"     = "${recipe.deploymentId}"${mark.suffix}`),
    `        }${mark.suffix}`,
  ];
}
