import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { RULES } from './config-rules.ts';
import { SETTINGS, type Settings } from './config-schema.ts';
import { build, type Mode, type Variable } from './config-variable.ts';
import type { Policy } from './lifecycle/deployment.ts';
import { maskSecrets } from './masking/mask.ts';
import { LOCAL_POLICY, REAL_POLICY } from './policies.ts';

type Frozen<Part> = Part extends (...args: never[]) => unknown
  ? Part
  : { readonly [Key in keyof Part]: Frozen<Part[Key]> };

type Common = Frozen<Omit<Settings, 'policy'>> & { readonly policy: Policy };

/** Everything that only AWS needs is there. */
export type AwsConfig = Common & {
  readonly mode: 'aws';
  readonly server: { readonly publicUrl: string };
  readonly gitlab: { readonly url: string };
  readonly secrets: { readonly gitlabToken: string; readonly ownerToken: string; readonly signingKey: string };
  readonly secondDestroyer: {
    readonly groupName: string;
    readonly projectName: string;
    readonly roleArn: string;
    readonly deadLetterQueueArn: string;
  };
  readonly cron: { readonly nightly: string };
};

/** Null stands for what local mode brings along: the embedded table, the simulator, random secrets. */
export type LocalConfig = Common & { readonly mode: 'local'; readonly local: { readonly simulatorSpeed: number } };

export type Config = AwsConfig | LocalConfig;

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ConfigProblem {
  readonly name: string;
  /** What was expected and, unless it may be a secret, what was found. */
  readonly text: string;
}

/** The environment cannot be used. Its message names every problem, one a line, and no secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ name, text }) => `  ${name}: ${text}`);
    super(`The environment cannot be used:\n${lines.join('\n')}`);
    this.problems = problems;
  }
}

const MAX_SHOWN = 100;

// Somebody's secret may stand in the wrong variable or inside an address, so what is shown is masked like a log.
const shown = (variable: Variable, found: string): string => {
  if (variable.secret) return '';
  const masked = maskSecrets(found.replace(/\/\/[^/\s]*@/g, '//[hidden]@'));
  return `, found ${JSON.stringify(masked.slice(0, MAX_SHOWN))}`;
};

type Answer = { readonly value: unknown } | { readonly problem: string };

const readValue = (schema: TSchema, variable: Variable, text: string): Answer => {
  const reading = variable.read(text);
  const isInRange = reading.ok && Value.Check(schema, reading.value);
  if (isInRange) return { value: reading.value };
  return { problem: `expected ${variable.allowed}${shown(variable, reading.ok ? text : reading.offending)}` };
};

const readStandard = (schema: TSchema, variable: Variable, mode: Mode): Answer => {
  const standard = variable[mode];
  if (standard.kind === 'value') return readValue(schema, variable, standard.text);
  if (standard.kind !== 'needed') return { value: variable.whenUnset };
  return { problem: `needed with MODE=${mode}, expected ${variable.allowed}, found nothing` };
};

const readVariable = (schema: TSchema, variable: Variable, mode: Mode | null, text: string | undefined): Answer => {
  if (!text) return readStandard(schema, variable, mode ?? 'local');
  if (mode === null || variable[mode].kind !== 'refused') return readValue(schema, variable, text);
  return { problem: `expected nothing with MODE=${mode}, found a value` };
};

// Stands in for what could not be read, so that the rules about other variables can still be looked at.
const standIn = (schema: TSchema, variable: Variable): unknown => {
  const answer = readStandard(schema, variable, 'local');
  return 'value' in answer ? answer.value : variable.whenUnset;
};

const modeOf = (text: string | undefined): Mode | null => {
  if (!text || text === 'local') return 'local';
  return text === 'aws' ? text : null;
};

const freezeDeeply = <Part>(part: Part): Part => {
  if (typeof part !== 'object' || part === null || Object.isFrozen(part)) return part;
  for (const child of Object.values(part)) freezeDeeply(child);
  return Object.freeze(part);
};

const readAll = (environment: Environment): { settings: Settings; problems: ConfigProblem[] } => {
  const problems: ConfigProblem[] = [];
  // An unusable MODE says nothing about what the others should be, so they are only read.
  const mode = modeOf(environment.MODE);
  const settings = build(SETTINGS, (schema, variable) => {
    const answer = readVariable(schema, variable, mode, environment[variable.name]);
    if ('value' in answer) return answer.value;
    problems.push({ name: variable.name, text: answer.problem });
    return standIn(schema, variable);
  });
  Value.Assert(SETTINGS, settings);
  return { settings, problems };
};

const brokenRules = (environment: Environment, settings: Settings, unusable: ReadonlySet<string>): ConfigProblem[] =>
  RULES.flatMap((rule) => {
    if (rule.about.some((name) => unusable.has(name))) return [];
    const text = rule.problem({ settings, isSet: (name) => Boolean(environment[name]) });
    return text === null ? [] : [{ name: rule.about[0], text }];
  });

/**
 * Reads the configuration from the environment. An empty text counts as not set; unknown variables are ignored. The
 * answer is deeply frozen and shows no secret when it is printed.
 *
 * @throws {ConfigError} naming every problem at once.
 */
export const loadConfig = (environment: Environment): Config => {
  const { settings, problems } = readAll(environment);
  const unusable = new Set(problems.map(({ name }) => name));
  const all = unusable.has('MODE') ? problems : [...problems, ...brokenRules(environment, settings, unusable)];
  if (all.length > 0) throw new ConfigError(all);
  const policy = { ...(settings.mode === 'aws' ? REAL_POLICY : LOCAL_POLICY), ...settings.policy };
  // What the mode needs has a value: otherwise there would have been a problem, which the compiler cannot see.
  return freezeDeeply({ ...settings, policy }) as Config;
};
