import { resourceName } from '../pipeline-definition.ts';
import { BOLD, CREATE, DESTROY, type Mark, marked, RESET, tagsBlock } from './plan-blocks.ts';
import { RESOURCE_ATTRIBUTES } from './resource-attributes.ts';
import { fillTemplate, type ResourceRow } from './resource-table.ts';
import type { ScriptRecipe } from './script.ts';

/** How Terraform prints a plan: colours, alignment and blocks included. */

/** One attribute of the type table: its name, and how its value is written there. */
function parseAttribute(text: string): {
  readonly name: string;
  readonly kind: '?' | '=' | ':';
  readonly value: string;
} {
  const position = text.search(/[?=:]/);
  const kind = text.charAt(position);
  return {
    name: text.slice(0, position),
    kind: kind === '?' ? '?' : kind === ':' ? ':' : '=',
    value: text.slice(position + 1),
  };
}

function knownValue(mark: Mark, row: ResourceRow, recipe: ScriptRecipe, name: string): string {
  if (mark.sign === '+') return '(known after apply)';
  const template = name === 'id' ? row.type.id : `${name.replaceAll('_', '-')}-{hex}`;
  return `"${fillTemplate(template, row, recipe.deploymentId, recipe.seed)}"`;
}

function attributeLines(mark: Mark, row: ResourceRow, recipe: ScriptRecipe): readonly string[] {
  const listed = RESOURCE_ATTRIBUTES[row.terraformType] ?? '';
  // Values with blanks in them, such as "(sensitive value)", belong to the attribute before the blank.
  const attributes = listed
    .trim()
    .split(/\s+(?=[a-z0-9_]+[?=:])/)
    .map(parseAttribute);
  const width = Math.max(...attributes.map(({ name }) => name.length));
  return attributes.flatMap(({ name, kind, value }) => {
    const label = name.padEnd(width);
    if (kind === ':') return tagsBlock(mark, label, recipe);
    const shown =
      kind === '?' ? knownValue(mark, row, recipe, name) : fillTemplate(value, row, recipe.deploymentId, recipe.seed);
    return [marked(mark, 6, `${label} = ${shown}${mark.suffix}`)];
  });
}

function planned(mark: Mark, rows: readonly ResourceRow[], recipe: ScriptRecipe): readonly string[] {
  const inOrder = rows.toSorted((left, right) => (left.address < right.address ? -1 : 1));
  return inOrder.flatMap((row) => {
    const name = row.address.replace(/\[.*$/, '').split('.')[1] ?? '';
    return [
      `${BOLD}  # ${row.address}${RESET} will be ${mark.verb}${RESET}`,
      marked(mark, 2, `resource "${row.terraformType}" "${name}" {`),
      ...attributeLines(mark, row, recipe),
      '    }',
      '',
    ];
  });
}

function legend(mark: Mark, action: string): readonly string[] {
  return [
    '',
    'Terraform used the selected providers to generate the following execution',
    'plan. Resource actions are indicated with the following symbols:',
    `  ${mark.colour}${mark.sign}${RESET} ${action}${RESET}`,
    '',
    'Terraform will perform the following actions:',
    '',
  ];
}

/** The plan of an apply that creates these resources. */
export function creationPlan(rows: readonly ResourceRow[], recipe: ScriptRecipe): readonly string[] {
  return [
    ...legend(CREATE, 'create'),
    ...planned(CREATE, rows, recipe),
    `${BOLD}Plan:${RESET} ${rows.length} to add, 0 to change, 0 to destroy.`,
    `${RESET}`,
    'Changes to Outputs:',
    `  ${CREATE.colour}+${RESET}${RESET} deployment_id = "${recipe.deploymentId}"`,
    `  ${CREATE.colour}+${RESET}${RESET} name          = "${resourceName(recipe.deploymentId)}"`,
    `  ${CREATE.colour}+${RESET}${RESET} url           = "${recipe.liveUrl}"`,
  ];
}

/** The plan of a destroy of these resources. */
export function destructionPlan(rows: readonly ResourceRow[], recipe: ScriptRecipe): readonly string[] {
  return [
    ...legend(DESTROY, 'destroy'),
    ...planned(DESTROY, rows, recipe),
    `${BOLD}Plan:${RESET} 0 to add, 0 to change, ${rows.length} to destroy.`,
    `${RESET}`,
  ];
}
