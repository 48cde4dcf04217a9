import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { RESOURCE_ROWS } from '../../src/adapters/aws-inventory-table.ts';
import { jobsOf } from '../../src/local/gitlab-simulator/pipeline-definition.ts';
import { RESOURCE_GRAPH } from '../../src/local/gitlab-simulator/trace/resource-graph.ts';
import { RESOURCE_TYPES } from '../../src/local/gitlab-simulator/trace/resource-types.ts';
import type { ScriptRecipe } from '../../src/local/gitlab-simulator/trace/script.ts';
import { writeScript } from '../../src/local/gitlab-simulator/trace/write-script.ts';
import { DEMO } from './run-script.ts';
import { jobOf } from './template.ts';
import { OURS } from './worlds.ts';

/** What newcomers see locally is what the template would run and its scripts would print. */

const EVERYTHING = RESOURCE_GRAPH.map(([address]) => address);

const linesOf = (changes: Pick<ScriptRecipe, 'job'> & Partial<ScriptRecipe>): readonly string[] => {
  const recipe: ScriptRecipe = {
    deploymentId: OURS,
    seed: 1,
    jobId: 1,
    pipelineId: 1,
    ref: 'demo-v1',
    sha: 'a'.repeat(40),
    liveUrl: 'https://demo-x.example.com/',
    present: changes.job === 'plan' || changes.job === 'apply' ? [] : EVERYTHING,
    deleting: [],
    unrecorded: [],
    brokenLock: null,
    outcome: { kind: 'success' },
    interruption: null,
    ...changes,
  };
  return writeScript(recipe).lines.map(({ text }) => text.replaceAll(/\u001b\[[0-9;]*[A-Za-z]/g, ''));
};

for (const { name } of [...jobsOf('apply'), ...jobsOf('destroy')]) {
  t.test(`Given the job ${name}, when the simulator plays it, then it runs the commands of the template`, async (t) => {
    const { before_script: before = [], script = [] } = jobOf(name);
    const commands = linesOf({ job: name }).filter((line) => line.startsWith('$ '));
    t.strictSame(
      commands,
      [...before, ...script].map((line) => `$ ${line}`),
    );
  });
}

/** Lines with a word of one of our scripts at the beginning, up to what is planted. */
const ownLines = (changes: Parameters<typeof linesOf>[0]): readonly string[] => {
  const lines = linesOf(changes);
  const planted = lines.findIndex((line) => line.startsWith('# What follows is planted'));
  const own = planted < 0 ? lines : lines.slice(0, planted);
  return own.filter((line) =>
    /^(?:claim|credentials|destroy|drain|inventory|left|lock|refused|start_before|state|sweep|verify|This job|The demo is up)\b/.test(
      line,
    ),
  );
};

const VARIABLE = /\$\((?:[^()]|\([^()]*\)|\(\([^()]*\)\))*\)|\$\{[^}]+\}|\$\w+/g;

/** The texts that the scripts print, as patterns: a variable may be anything. */
const printed = globSync('{*.sh,ci/*.sh,destroy/*.sh}', { cwd: DEMO })
  .flatMap((path) => [
    ...readFileSync(join(DEMO, path), 'utf8')
      .replaceAll(VARIABLE, '\u0000')
      .matchAll(/(?:say|tell_once|echo|refuse|refused: |printf '%s\\n') "((?:[^"\\]|\\")*?)"(?= |$|\n|;)/gm),
  ])
  .map(([, text = '']) => text)
  // What only passes on what it is given would match anything.
  .filter((text) => /[a-z_]{4}/.test(text.replaceAll('\u0000', '')));
const anything = (text: string): RegExp =>
  new RegExp(`^(?:refused: )?${text.replaceAll(/[.*+?^$(){}[\]|\\]/g, '\\$&').replaceAll('\u0000', '.+')}$`);

t.test(
  'Given the lines of our own scripts, when the simulator plays them, then each is one that they print',
  async (t) => {
    const patterns = printed.map(anything);
    const violation = { kind: 'dependency-violation' } as const;
    const companions = ['ec2:security-group/cluster', 'ec2:network-interface/cluster'];
    const played = [
      ...[...jobsOf('apply'), ...jobsOf('destroy')].flatMap(({ name }) => ownLines({ job: name })),
      ...ownLines({
        job: 'apply',
        outcome: { kind: 'refused', startBefore: '2026-11-20T09:00:00Z', startedAt: '2026-11-20T09:00:01Z' },
      }),
      ...ownLines({ job: 'verify', outcome: { kind: 'verify-fails' } }),
      ...ownLines({ job: 'destroy', brokenLock: 'stale' }),
      ...ownLines({ job: 'destroy', present: [] }),
      ...ownLines({ job: 'destroy', outcome: { kind: 'state-locked' } }),
      ...ownLines({ job: 'destroy', unrecorded: ['aws_eks_cluster.demo'] }),
      ...ownLines({ job: 'destroy', present: [...EVERYTHING, ...companions], outcome: violation }),
      ...ownLines({ job: 'inventory', present: companions }),
    ];
    const own = [...new Set(played)];
    t.ok(own.length > 30, `${own.length} lines`);
    t.notOk(
      patterns.some((pattern) => pattern.test('sweep: something that no script prints')),
      'not anything matches',
    );
    t.strictSame(
      own.filter((line) => !patterns.some((pattern) => pattern.test(line))),
      [],
    );
  },
);

const EPHEMERAL = globSync('ephemeral/*.tf', { cwd: DEMO });
const SKIP_EPHEMERAL =
  existsSync(join(DEMO, 'ephemeral')) && EPHEMERAL.length > 0
    ? false
    : 'SKIPPED: no terraform/demo/ephemeral here, so its resources are NOT compared';

t.test(
  'Given what Terraform builds, when the simulator builds it, then it has the same resources',
  { skip: SKIP_EPHEMERAL },
  async (t) => {
    const text = EPHEMERAL.map((path) => readFileSync(join(DEMO, path), 'utf8')).join('\n');
    const declared = [...text.matchAll(/^resource "(\w+)" "(\w+)"/gm)].map(([, type, name]) => `${type}.${name}`);
    const simulated = EVERYTHING.map((address) => address.replace(/\[.*$/, ''));
    t.strictSame([...new Set(simulated)].toSorted(), declared.toSorted());
  },
);

t.test(
  'Given the kinds of the simulated inventory, when they are named, then as the real one names them',
  async (t) => {
    const real = new Set(RESOURCE_ROWS.flat().map(({ type }) => type));
    const own = Object.values(RESOURCE_TYPES).flatMap(({ inventory }) => inventory ?? []);
    t.strictSame(
      own.filter((type) => !real.has(type)),
      [],
    );
  },
);
