import { existsSync, readFileSync } from 'node:fs';
import t from 'tap';
import { LADDER } from '../../src/lifecycle/ladder.ts';
import { adoptedDeployment } from '../../src/lifecycle/new-deployment.ts';
import { NOTHING_OBSERVED } from '../../src/lifecycle/observation.ts';
import type { Status } from '../../src/lifecycle/status.ts';
import { REAL_POLICY } from '../../src/policies.ts';
import { ID } from '../fakes/records.ts';
import { createStage, type Stage, VISITOR } from '../fakes/stage.ts';

const ROOT = new URL('../../', import.meta.url);
const TEXT = readFileSync(new URL('docs/architecture.md', ROOT), 'utf8');

const section = (title: string): string => {
  const [, text = ''] = TEXT.split(`\n## ${title}\n`);
  return text.split('\n## ')[0] ?? '';
};

// The compiler keeps these the values of the type.
const STATUSES: Readonly<Record<Status, true>> = {
  idle: true,
  queued: true,
  deploying: true,
  live: true,
  destroying: true,
  quarantined: true,
};

interface Transition {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

const TRANSITIONS: readonly Transition[] = [...section('The statuses').matchAll(/^ {2}(\w+) --> (\w+): (.+)$/gm)].map(
  ([, from = '', to = '', label = '']) => ({ from, to, label }),
);

t.test('Given the ladder, when the documented table is read, then it has exactly its rows in its order', async (t) => {
  const rows = section('The ladder')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2);
  t.strictSame(
    rows,
    LADDER.map(({ state, condition, step }) => `| ${state} | ${condition} | \`${step}\` |`),
  );
});

t.test(
  'Given the diagram, when its states are read, then they are the statuses and each way has its reason',
  async (t) => {
    const arrows = section('The statuses').match(/-->/g) ?? [];
    t.equal(TRANSITIONS.length, arrows.length - 1, 'every arrow but the first one is labelled');
    t.strictSame([...new Set(TRANSITIONS.map(({ from }) => from))].toSorted(), Object.keys(STATUSES).toSorted());
    t.strictSame([...new Set(TRANSITIONS.map(({ to }) => to))].toSorted(), Object.keys(STATUSES).toSorted());
    t.ok(TRANSITIONS.every(({ label }) => label.length > 5));
  },
);

const HOUR_MS = 3_600_000;

/** Steps through a life and notes each change of status. */
const waysOf = async (stage: Stage, isOver: (status: Status) => boolean = (status) => status === 'idle') => {
  const ways: string[] = [];
  let before: Status = 'idle';
  const giveUpAt = stage.clock.now() + 30 * HOUR_MS;
  for (;;) {
    const now = await stage.status();
    if (now !== before) ways.push(`${before} --> ${now}`);
    before = now;
    if (isOver(now) || stage.clock.now() > giveUpAt) return ways;
    const stepped = await stage.controller.step();
    if (stepped.kind === 'waiting') stage.clock.set(stepped.until);
  }
};

const LIVES: Readonly<Record<string, () => Promise<Stage>>> = {
  'a whole life': async () => {
    const stage = createStage();
    await stage.start(VISITOR);
    return stage;
  },
  'a teardown while queued': async () => {
    const stage = createStage();
    const { id } = await stage.start(VISITOR);
    await stage.teardown({ target: { kind: 'id', id }, bearer: 'owner', precondition: null });
    return stage;
  },
  'one that never starts': async () => {
    const stage = createStage();
    stage.pipelines.faults.stuck = true;
    await stage.start(VISITOR);
    return stage;
  },
  'a failed apply': async () => {
    const stage = createStage();
    stage.pipelines.faults.applyFails = true;
    await stage.start(VISITOR);
    return stage;
  },
  'a quarantine that heals': async () => {
    const stage = createStage();
    stage.cloud.faults.survives = 4;
    await stage.start(VISITOR);
    return stage;
  },
  'an adopted orphan': async () => {
    const stage = createStage();
    stage.cloud.build(ID);
    const deployment = adoptedDeployment(
      {
        id: ID,
        writeId: 'write-1',
        policy: REAL_POLICY,
        hourlyCostUsd: 0.18,
        version: 1,
        createdAt: stage.clock.now(),
      },
      stage.clock.now(),
    );
    await stage.store.acquire({ deployment, observation: NOTHING_OBSERVED });
    return stage;
  },
};

t.test(
  'Given lives of every kind, when their statuses change, then each change is drawn, and each drawn one happens',
  async (t) => {
    const drawn = new Set(TRANSITIONS.map(({ from, to }) => `${from} --> ${to}`));
    const seen = new Set<string>();
    for (const [name, live] of Object.entries(LIVES)) {
      const ways = await waysOf(await live());
      t.equal(ways.at(-1), 'destroying --> idle', `${name} ends`);
      for (const way of ways) seen.add(way);
    }
    t.strictSame([...seen].toSorted(), [...drawn].toSorted());
  },
);

t.test('Given the files it names, when they are looked for, then they are there', async (t) => {
  const paths = [...TEXT.matchAll(/`((?:src|test)\/[\w./-]+)`/g)].map(([, path = '']) => path);
  const links = [...TEXT.matchAll(/\]\(([\w./-]+)\)/g)].map(([, path = '']) => `docs/${path}`);
  t.ok(paths.length > 5 && links.length > 1);
  for (const path of [...paths, ...links]) t.ok(existsSync(new URL(path, ROOT)), path);
});
