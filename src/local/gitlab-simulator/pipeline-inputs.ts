import type { PipelineInputs } from './pipeline-definition.ts';

interface InputSpecification {
  readonly name: keyof PipelineInputs;
  readonly options?: readonly string[];
  readonly regex?: RegExp;
}

const SPECIFICATION: readonly InputSpecification[] = [
  { name: 'action', options: ['apply', 'destroy'] },
  { name: 'deployment_id', regex: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/ },
  { name: 'request_id', regex: /^[a-z0-9-]{1,64}$/ },
  { name: 'start_before', regex: /^(none|\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z)$/ },
];

/** GitLab shows the first three problems of the inputs and stays silent about the rest. */
const MAX_REPORTED_PROBLEMS = 3;

export type InputsVerdict =
  | { readonly valid: true; readonly inputs: PipelineInputs }
  | { readonly valid: false; readonly reason: string };

function problemOf(specification: InputSpecification, given: Readonly<Record<string, unknown>>): string | null {
  const value = given[specification.name];
  const label = `\`${specification.name}\` input:`;
  if (value === undefined) return `${label} required value has not been provided`;
  if (typeof value !== 'string') return `${label} provided value is not a string`;
  if (specification.options && !specification.options.includes(value)) {
    return `${label} \`${value}\` cannot be used because it is not in the list of allowed options`;
  }
  if (specification.regex && !specification.regex.test(value)) {
    return `${label} provided value does not match required RegEx pattern`;
  }
  return null;
}

/**
 * Checks the inputs of a new pipeline against the definition and answers, if they are wrong, with GitLab's own words
 * (lib/gitlab/ci/config/interpolation; the wording for unknown inputs is an assumption, it is not documented).
 */
export function checkInputs(given: Readonly<Record<string, unknown>>): InputsVerdict {
  const known = new Set<string>(SPECIFICATION.map(({ name }) => name));
  const unknown = Object.keys(given).filter((name) => !known.has(name));
  const problems = SPECIFICATION.map((specification) => problemOf(specification, given)).filter(
    (text) => text !== null,
  );
  if (unknown.length > 0) problems.push(`unknown input arguments: ${unknown.slice(0, 5).join(', ')}`);
  if (problems.length > 0) return { valid: false, reason: problems.slice(0, MAX_REPORTED_PROBLEMS).join(', ') };
  return {
    valid: true,
    inputs: {
      action: given.action === 'apply' ? 'apply' : 'destroy',
      deployment_id: String(given.deployment_id),
      request_id: String(given.request_id),
      start_before: String(given.start_before),
    },
  };
}
