import { readFileSync } from 'node:fs';
import t from 'tap';
import { loadConfig } from '../../src/config.ts';
import { VARIABLES } from '../../src/config-schema.ts';
import type { Default, Variable } from '../../src/config-variable.ts';
import { POLICY_TABLE } from '../../src/policies.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const cell = (standard: Default): string => {
  if (standard.kind === 'value') return `\`${standard.text}\``;
  if (standard.kind === 'none') return standard.meaning;
  return `**${standard.kind}**`;
};

// Markdown would take these for a tag and for emphasis.
const escaped = (text: string): string => text.replace(/[<*]/g, '\\$&');

const variableRow = ({ name, aws, local, allowed, purpose }: Variable): string =>
  `| \`${name}\` | ${cell(aws)} | ${cell(local)} | ${escaped(allowed)} | ${purpose} |`;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const durationText = (durationMs: number): string => {
  if (durationMs % HOUR === 0) return `${durationMs / HOUR} h`;
  if (durationMs % MINUTE === 0) return `${durationMs / MINUTE} min`;
  return `${durationMs / SECOND} s`;
};

const amountText = (name: string, amount: number | readonly number[]): string => {
  const amounts = [amount].flat();
  return name.endsWith('Ms') ? amounts.map(durationText).join(', ') : amounts.join(', ');
};

const policyRow = (name: string): string => {
  const row = Object.entries(POLICY_TABLE).find(([key]) => key === name)?.[1];
  if (row === undefined) throw new Error(`no policy ${name}`);
  return `| \`${name}\` | ${amountText(name, row.real)} | ${amountText(name, row.local)} | ${row.why} |`;
};

const rowsOf = (text: string, pattern: RegExp): string[] => text.split('\n').filter((line) => pattern.test(line));

t.test('Given the documentation, when it is compared with the schema, then both have the same variables', async (t) => {
  const rows = rowsOf(read('docs/configuration.md'), /^\| `[A-Z_]+` \|/);
  t.strictSame(rows, VARIABLES.map(variableRow));
});

t.test(
  'Given the documentation, when it is compared with the policies, then both have the same durations',
  async (t) => {
    const rows = rowsOf(read('docs/configuration.md'), /^\| `[a-z][A-Za-z]+` \|/);
    t.strictSame(rows, Object.keys(POLICY_TABLE).map(policyRow));
  },
);

t.test('Given the documented defaults, when they are set explicitly, then nothing changes', async (t) => {
  const defaults = VARIABLES.flatMap(({ name, local }) =>
    local.kind === 'value' ? [[name, local.text] as const] : [],
  );
  // These three alone would ask for the GitLab and the DynamoDB that they belong to.
  const alone = defaults.filter(([name]) => !['GITLAB_PROJECT', 'GITLAB_REF', 'TABLE_NAME'].includes(name));
  t.equal(alone.length, defaults.length - 3);
  t.strictSame(loadConfig(Object.fromEntries(alone)), loadConfig({}));
});

const exampleLines = (): string[] => read('.env.example').split('\n');

t.test('Given .env.example, when it is compared with the schema, then both have the same variables', async (t) => {
  const settings = exampleLines().filter((line) => /^#?[A-Z_]+=/.test(line));
  t.strictSame(
    settings,
    VARIABLES.filter(({ local }) => local.kind !== 'refused').map(
      ({ name, local }) => `#${name}=${local.kind === 'value' ? local.text : ''}`,
    ),
  );
});

t.test('Given .env.example, when it is used as it is, then it sets nothing', async (t) => {
  const others = exampleLines().filter((line) => line !== '' && !line.startsWith('#'));
  t.strictSame(others, []);
});
