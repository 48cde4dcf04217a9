import type { Test } from 'tap';
import type { FaultName } from '../../../src/local/gitlab-simulator/fault-table.ts';
import { createPlantedSecrets, DEFAULT_SEED } from '../../../src/local/gitlab-simulator/trace/planted-secrets.ts';
import { type FaultCase, NOT_BUILT } from '../fault-case.ts';
import { endsGone, neverBegan } from '../gone.ts';
import type { Scene } from '../scene.ts';
import { goesLive, isPressed, livesAndEnds, sawAWholeLife } from '../way.ts';

/** The log of the apply as a visitor reads it, whole. */
const logOf = async (scene: Scene): Promise<readonly string[]> => {
  const { pipeline } = await scene.views.pipeline({ kind: 'current' });
  const job = pipeline.jobs.find(({ name }) => name === 'apply');
  const lines: string[] = [];
  for (let complete = false; !complete; ) {
    const page = await scene.views.logs({ kind: 'current' }, job?.id ?? 0, lines.length);
    if (page.lines.length === 0 && !page.complete) throw new Error('the log does not end');
    lines.push(...page.lines);
    complete = page.complete;
  }
  return lines;
};

const logIsWhole = (fault: FaultName): FaultCase => ({
  when: 'the visitor reads the log of the apply',
  outcome: 'he reads it from its first to its last line, masked',
  health: [],
  play: async (t, scene) => {
    scene.collectLogs();
    scene.fault(fault);
    await goesLive(t, scene);
    await scene.pass(60_000);
    const lines = await logOf(scene);
    t.ok(lines.length > 200);
    t.match(lines[0], /Running with gitlab-runner/);
    t.match(lines.at(-1), /Job succeeded/);
    t.match(lines.join('\n'), /aws_eks_cluster\.demo: Creation complete/);
    const secrets = Object.values(createPlantedSecrets(scene.startedId() ?? '', DEFAULT_SEED)).flat();
    t.same(
      secrets.filter((secret) => secret.length > 8 && lines.join('\n').includes(secret)),
      [],
      'no planted secret',
    );
    t.notMatch(lines.join('\n'), /^\d{4}-\d\d-\d\dT[\d:.]+Z /m, 'no timestamps of the runner');
    await livesAndEnds(t, scene);
    sawAWholeLife(t, scene);
  },
});

const unnoticedFrom = async (t: Test, scene: Scene): Promise<void> => {
  await goesLive(t, scene);
  await livesAndEnds(t, scene);
  sawAWholeLife(t, scene);
};

export const VIEW_CASES = {
  'unknown-status': [
    {
      when: 'everything that is not finished shows it',
      outcome: 'nobody notices: it counts as in progress, and the owner is told once',
      health: [],
      play: async (t, scene) => {
        scene.fault('unknown-status', { status: 'on_fire' });
        await unnoticedFrom(t, scene);
        t.match(
          scene.events.filter(({ name }) => name === 'gitlab.unknown_status').map(({ fields }) => fields),
          [{ status: 'on_fire' }],
        );
      },
    },
  ],
  'stale-status': [
    {
      when: 'it lags by a minute',
      outcome: 'everything is seen a minute later, and nothing else is different',
      health: [],
      play: async (t, scene) => {
        scene.fault('stale-status', { seconds: 60 });
        await unnoticedFrom(t, scene);
      },
    },
    {
      when: 'it lags so much that the start of the apply is not seen in time',
      outcome: 'it is given up as not started, and what it had built all the same is destroyed',
      ...NOT_BUILT,
      play: async (t, scene) => {
        scene.fault('stale-status', { seconds: 800 });
        await isPressed(t, scene);
        await endsGone(t, scene);
        t.equal(scene.seen()[0], 'queued waiting_for_runner');
        t.same(scene.seen().slice(-2), ['destroying not_started', 'idle']);
        t.notOk(scene.seen().some((line) => line.startsWith('live')));
        t.equal(scene.pipelinesMade()[0], 'apply success');
        t.equal(scene.pipelinesMade().at(-1), 'destroy success');
      },
    },
  ],
  'clock-skew': [
    {
      when: 'it is 50 s ahead',
      outcome: 'nobody notices',
      health: [],
      play: async (t, scene) => {
        scene.fault('clock-skew', { seconds: 50 });
        await unnoticedFrom(t, scene);
      },
    },
    {
      when: 'it is an hour ahead',
      outcome: 'nobody notices: no deadline of ours is read off its clock alone',
      health: [],
      play: async (t, scene) => {
        scene.fault('clock-skew', { seconds: 3_600 });
        await unnoticedFrom(t, scene);
      },
    },
    {
      when: 'it is five minutes behind, and the answer to the request for the apply is lost',
      outcome: 'nobody notices: the pipeline is found all the same',
      health: [],
      play: async (t, scene) => {
        scene.fault('clock-skew', { seconds: -300 });
        scene.fault('create-lost-reply', { times: 1 });
        await unnoticedFrom(t, scene);
      },
    },
  ],
  'token-expiring': [
    {
      when: 'a demo is started in its last week',
      outcome: 'nobody notices, but the owner is warned',
      health: ['gitlab_token'],
      healthAfter: ['gitlab_token'],
      play: async (t, scene) => {
        scene.fault('token-expiring', { days: 5 });
        await unnoticedFrom(t, scene);
        t.match(
          scene.events.filter(({ name }) => name === 'gitlab.token_expiring'),
          [{ level: 'warn' }],
        );
      },
    },
    {
      when: 'it would expire before the demo could be destroyed',
      outcome: 'the press is refused: nothing is built that could not be destroyed',
      health: ['gitlab', 'gitlab_token'],
      healthAfter: ['gitlab', 'gitlab_token'],
      play: async (t, scene) => {
        scene.fault('token-expiring', { days: 0.2 });
        t.equal(await scene.press(), 'PREFLIGHT_FAILED');
        t.same(scene.seen(), ['idle blocked:preflight']);
        await neverBegan(t, scene);
      },
    },
  ],
  'trace-ignores-ranges': [logIsWhole('trace-ignores-ranges')],
  'trace-classic': [logIsWhole('trace-classic')],
} as const satisfies Partial<Record<FaultName, readonly FaultCase[]>>;
