import type { PipelineInputs } from './pipeline-definition.ts';

interface InputSpecification {
  readonly name: keyof PipelineInputs;
  readonly options?: readonly string[];
  readonly regex?: RegExp;
  /** Without one, every other pipeline of the project would be refused. */
  readonly default: string;
}

/** As in the header of terraform/demo/.gitlab-ci.yml; a test holds the two equal. */
export const INPUT_SPECIFICATION: readonly InputSpecification[] = [
  { name: 'action', options: ['apply', 'destroy'], default: 'destroy' },
  {
    name: 'deployment_id',
    regex: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
    default: '00000000-0000-4000-8000-000000000000',
  },
  { name: 'request_id', regex: /^[a-z0-9-]{1,64}$/, default: 'by-hand' },
  {
    name: 'start_before',
    regex: /^(none|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)$/,
    default: 'none',
  },
  { name: 'holders_ended', options: ['true', 'false'], default: 'false' },
];

/** GitLab shows the first three problems of the inputs and stays silent about the rest. */
const MAX_REPORTED_PROBLEMS = 3;

export type InputsVerdict =
  | { readonly valid: true; readonly inputs: PipelineInputs }
  | { readonly valid: false; readonly reason: string };

function problemOf(specification: InputSpecification, given: Readonly<Record<string, unknown>>): string | null {
  const value = given[specification.name] ?? specification.default;
  const label = `\`${specification.name}\` input:`;
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
  const known = new Set<string>(INPUT_SPECIFICATION.map(({ name }) => name));
  const unknown = Object.keys(given).filter((name) => !known.has(name));
  const problems = INPUT_SPECIFICATION.map((specification) => problemOf(specification, given)).filter(
    (text) => text !== null,
  );
  if (unknown.length > 0) problems.push(`unknown input arguments: ${unknown.slice(0, 5).join(', ')}`);
  if (problems.length > 0) return { valid: false, reason: problems.slice(0, MAX_REPORTED_PROBLEMS).join(', ') };
  const textOf = ({ name, default: value }: InputSpecification): string => String(given[name] ?? value);
  const [action, deployment_id = '', request_id = '', start_before = '', holders_ended] =
    INPUT_SPECIFICATION.map(textOf);
  return {
    valid: true,
    inputs: {
      action: action === 'apply' ? 'apply' : 'destroy',
      deployment_id,
      request_id,
      start_before,
      holders_ended: holders_ended === 'true' ? 'true' : 'false',
    },
  };
}
