import { readFileSync } from 'node:fs';
import t from 'tap';
import { FAULTS, isFaultName } from '../../src/local/gitlab-simulator/fault-table.ts';
import { createGitlabSimulator } from '../../src/local/gitlab-simulator/simulator.ts';
import { CASES } from '../faults/all-cases.ts';

const FILTERS = ['times', 'deployment_id', 'action', 'job', 'pipeline_id', 'method', 'path_contains'];

interface Row {
  readonly name: string;
  readonly does: string;
  readonly seen: string;
  readonly done: string;
  readonly health: string;
  readonly example: string;
}

const text = readFileSync(new URL('../../docs/faults.md', import.meta.url), 'utf8');
const rows: readonly Row[] = [...text.matchAll(/^\| `([\w-]+)` \| (.+) \| (.+) \| (.+) \| (.+) \| `(.+)` \|$/gm)].map(
  ([, name = '', does = '', seen = '', done = '', health = '', example = '']) => ({
    name,
    does,
    seen,
    done,
    health,
    example,
  }),
);

t.test(
  "Given the table of faults, when it is compared with the simulator's, then each is there and says the same",
  async (t) => {
    t.strictSame(
      rows.map(({ name, does }) => [name, does]),
      Object.entries(FAULTS).map(([name, { does }]) => [name, does]),
    );
    t.strictSame(
      rows.filter(({ seen, done }) => seen.trim() === '' || done.trim() === ''),
      [],
    );
  },
);

t.test(
  'Given every case of a fault, when its row is read, then it names what /healthz told, and nothing else',
  async (t) => {
    for (const { name, health } of rows) {
      const named = [...health.matchAll(/`(\w+)`/g)].map(([, trouble = '']) => trouble);
      const cases = isFaultName(name) ? CASES[name] : [];
      const told = new Set(cases.flatMap((one) => one.health));
      t.strictSame(named.toSorted(), [...told].toSorted(), name);
      // Not everything goes well in the rows that say so, but in one case of them at least.
      t.equal(
        /^ok\b|\bok\b/.test(health),
        cases.some((one) => one.health.length === 0),
        `${name}: ok`,
      );
    }
  },
);

t.test('Given every case of a fault, when all is over, then only what the document names stays', async (t) => {
  const staying = Object.values(CASES).flatMap((cases) => cases.flatMap(({ healthAfter = [] }) => healthAfter));
  t.strictSame([...new Set(staying)].toSorted(), ['gitlab', 'gitlab_token', 'latest_start']);
  t.match(text, /`latest_start` fails until another\ndemo is live/);
});

t.test('Given every example, when it is sent as the document says, then the fault is on with just that', async (t) => {
  const simulator = createGitlabSimulator();
  t.teardown(() => simulator.close());
  for (const { name, example } of rows) {
    const headers = { 'content-type': 'application/json' };
    const answer = await simulator.inject({ method: 'PUT', url: `/control/faults/${name}`, headers, payload: example });
    t.equal(answer.statusCode, 200, name);
    t.equal((await simulator.inject({ method: 'DELETE', url: '/control/faults' })).statusCode, 204);
  }
});

t.test('Given every example, when its parameters are looked up, then the fault knows them', async (t) => {
  for (const { name, example } of rows) {
    const parameters: unknown = JSON.parse(example);
    const does = isFaultName(name) ? FAULTS[name].does : '';
    const unknown = Object.keys(parameters ?? {}).filter(
      (key) => !FILTERS.includes(key) && !does.includes(`\`${key}\``),
    );
    t.strictSame(unknown, [], name);
  }
});
