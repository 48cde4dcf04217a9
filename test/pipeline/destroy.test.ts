import t from 'tap';
import { ephemeralFolder } from './ephemeral.ts';
import { brokenPromises } from './judge.ts';
import { runScript, SKIP } from './run-script.ts';
import { FAILURES, SCENARIOS } from './scenarios.ts';
import { OURS, worldOf } from './worlds.ts';

t.test('Given the failures of others, when the scenarios are counted, then each one is played', async (t) => {
  const played = new Set(SCENARIOS.flatMap(({ plays }) => plays));
  t.strictSame(
    Object.keys(FAILURES).filter((failure) => !played.has(failure as keyof typeof FAILURES)),
    [],
  );
});

for (const { name, plot, args = [], holdersEnded = '', status, says, never = [] } of SCENARIOS) {
  t.test(`Given ${name}, when a deployment is destroyed, then it ends with ${status}`, { skip: SKIP }, async (t) => {
    const world = worldOf(plot);
    const before = new Map(world.things);
    const env = { EPHEMERAL_DIR: ephemeralFolder(t), LOCK_HOLDERS_ENDED: holdersEnded };
    const run = await runScript('destroy.sh', [...args, OURS], { world, env });
    const isTold = args.length > 0 || holdersEnded === 'true';
    t.strictSame(brokenPromises(world, run, { before, isTold }), [], run.output);
    t.equal(run.status, status, run.output);
    for (const text of says) t.match(run.output, text);
    for (const text of never) t.notMatch(run.output, text);
  });
}

t.test(
  'Given a destroy that went well, when it is run again, then it finds nothing and ends well',
  { skip: SKIP },
  async (t) => {
    const world = worldOf();
    const env = { EPHEMERAL_DIR: ephemeralFolder(t) };
    t.equal((await runScript('destroy.sh', [OURS], { world, env })).status, 0);
    const deleted = world.deleted.length;
    const again = await runScript('destroy.sh', [], { world, env: { ...env, DEPLOYMENT_ID: OURS } });
    t.equal(again.status, 0, again.output);
    t.equal(world.deleted.length, deleted, 'nothing more was deleted');
  },
);

const CALLED_WRONGLY: readonly (readonly [string, readonly string[], Readonly<Record<string, string>>, RegExp])[] = [
  ['no id', [], {}, /usage: destroy\.sh/],
  ['an id that is shorter', [OURS.slice(0, -1)], {}, /usage/],
  ['an id in capitals', [OURS.toUpperCase()], {}, /usage/],
  ['an id with a pattern', ['*'], {}, /usage/],
  ['no bucket', [OURS], { STATE_BUCKET: '' }, /STATE_BUCKET is not set/],
  ['no region', [OURS], { AWS_REGION: '' }, /AWS_REGION is not set/],
  ['no installation', [OURS], { DEMO_INSTALLATION: '' }, /DEMO_INSTALLATION is not set/],
];

for (const [name, args, env, says] of CALLED_WRONGLY) {
  t.test(`Given ${name}, when destroy.sh is called, then nothing is asked or deleted`, { skip: SKIP }, async (t) => {
    const world = worldOf();
    const run = await runScript('destroy.sh', args, { world, env });
    t.equal(run.status, 64);
    t.match(run.output, says);
    t.strictSame([world.calls, world.deleted], [[], []]);
  });
}

t.test(
  'Given what is left, when the inventory is read, then it is named and nothing is deleted',
  { skip: SKIP },
  async (t) => {
    const world = worldOf();
    const env = { EPHEMERAL_DIR: ephemeralFolder(t) };
    const run = await runScript('inventory.sh', [OURS], { world, env });
    t.equal(run.status, 1);
    t.match(run.output, /^left: eks:cluster demo-5b8c0d3e6f70 \(ACTIVE\)$/m);
    t.match(run.output, /^inventory: 14 left$/m);
    t.strictSame(world.deleted, []);
    const empty = await runScript('inventory.sh', [OURS], { world: worldOf({ ours: [] }), env });
    t.equal(empty.status, 0);
    t.match(empty.output, /^inventory: empty$/m);
  },
);

t.test(
  'Given no file of the layer that stays, when a deployment is destroyed, then only its DNS record is not seen',
  { skip: SKIP },
  async (t) => {
    const world = worldOf();
    const run = await runScript('destroy.sh', [OURS], { world, env: { EPHEMERAL_DIR: t.testdir({}) } });
    t.equal(run.status, 0, run.output);
    t.notOk(world.calls.some((call) => call.startsWith('route53')));
  },
);
