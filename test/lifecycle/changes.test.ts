import t from 'tap';
import { DemoError } from '../../src/lifecycle/errors.ts';
import type { Target } from '../../src/lifecycle/requests.ts';
import type { Status } from '../../src/lifecycle/status.ts';
import { MINUTE_MS } from '../fakes/records.ts';
import { createStage, type Stage, type StageOptions, VISITOR } from '../fakes/stage.ts';

const HOUR_MS = 60 * MINUTE_MS;
const CURRENT: Target = { kind: 'current' };

const started = async (status: Status = 'live', options?: StageOptions) => {
  const stage = createStage(options);
  if (status === 'quarantined') stage.cloud.faults.survives = 1_000;
  const facts = await stage.start(VISITOR);
  if (status === 'queued') await stage.controller.advance();
  else await stage.runUntilStatus(status);
  const target: Target = { kind: 'id', id: facts.id };
  return { stage, target, ...facts };
};

const destroy = (stage: Stage, target: Target, bearer: string | null, precondition: (() => boolean) | null = null) =>
  stage.teardown({ target, bearer, precondition });

t.test(
  'Given any state that has something to destroy, when its starter asks twice, then both are accepted',
  async (t) => {
    for (const status of ['queued', 'deploying', 'live', 'destroying', 'quarantined'] as const) {
      const { stage, target, controlToken } = await started(status);
      const first = await destroy(stage, target, controlToken);
      const { version, goal } = await stage.deployment();
      const second = await destroy(stage, target, controlToken);
      t.equal(first.kind, 'accepted', status);
      t.equal(second.kind, 'accepted', status);
      t.equal(goal.direction, 'down', status);
      t.equal((await stage.deployment()).version, version, `${status}: asking again decides nothing`);
      stage.cloud.faults.survives = 0;
      await stage.runUntilStatus('idle');
      t.equal(stage.cloud.exists.size, 0, status);
    }
  },
);

t.test(
  'Given no secret can be read, when the starter ends his demo, then he may, and a guess is no refusal',
  async (t) => {
    const { stage, target, controlToken } = await started();
    const unreadable = () => {
      throw new DemoError('SECRETS_UNAVAILABLE');
    };
    Object.assign(stage.credentials, { isOwner: unreadable, deploymentOf: unreadable });
    await t.rejects(destroy(stage, target, 'a-guess'), { code: 'SECRETS_UNAVAILABLE' });
    t.match(await destroy(stage, target, controlToken), { kind: 'accepted' });
  },
);

t.test('Given who asks, when it is the owner, then the goal says so, and the first reason stands', async (t) => {
  const { stage, target, controlToken } = await started();
  await destroy(stage, target, 'owner');
  await destroy(stage, target, controlToken);
  t.match((await stage.deployment()).goal, { direction: 'down', reason: 'owner' });
});

t.test(
  'Given tokens that do not fit, when a teardown is asked for, then it is refused and nothing changes',
  async (t) => {
    const { stage, target } = await started();
    const { version } = await stage.deployment();
    await t.rejects(destroy(stage, target, null), { code: 'TOKEN_MISSING' });
    await t.rejects(destroy(stage, target, 'garbage'), { code: 'TOKEN_MISSING' });
    await t.rejects(destroy(stage, target, 'control:another'), { code: 'TOKEN_FOREIGN' });
    await t.rejects(destroy(stage, CURRENT, 'control:another'), { code: 'TOKEN_FOREIGN' });
    t.equal((await stage.deployment()).version, version);
  },
);

t.test(
  'Given the alias, when the owner asks, then he must say which one he has seen; its starter need not',
  async (t) => {
    const { stage, controlToken } = await started();
    await t.rejects(destroy(stage, CURRENT, 'owner'), { code: 'PRECONDITION_NEEDED' });
    await t.rejects(
      destroy(stage, CURRENT, 'owner', () => false),
      { code: 'PRECONDITION_FAILED' },
    );
    await t.rejects(
      destroy(stage, CURRENT, controlToken, () => false),
      { code: 'PRECONDITION_FAILED' },
    );
    t.equal(await stage.status(), 'live');
    t.equal((await destroy(stage, CURRENT, 'owner', () => true)).kind, 'accepted');
    const other = await started();
    t.equal((await destroy(other.stage, CURRENT, other.controlToken)).kind, 'accepted');
  },
);

t.test(
  'Given it is gone, when a teardown is asked for, then its tombstone answers, and the alias has nothing to destroy',
  async (t) => {
    const { stage, target, id, controlToken } = await started('queued');
    await stage.runUntilStatus('idle');
    t.match(await destroy(stage, target, controlToken), { kind: 'already-gone', tombstone: { id } });
    t.match(await destroy(stage, target, 'owner'), { kind: 'already-gone' });
    await t.rejects(destroy(stage, target, 'control:another'), { code: 'TOKEN_FOREIGN' });
    await t.rejects(destroy(stage, CURRENT, 'owner'), { code: 'NOTHING_TO_DESTROY' });
    await t.rejects(destroy(stage, CURRENT, controlToken), { code: 'NOTHING_TO_DESTROY' }, 'a repeated request');
    await t.rejects(destroy(stage, CURRENT, 'a-guess'), { code: 'TOKEN_MISSING' });
    await t.rejects(destroy(stage, CURRENT, null), { code: 'TOKEN_MISSING' });
    const unknown: Target = { kind: 'id', id: '01930000-0000-7000-8000-ffffffffffff' };
    await t.rejects(destroy(stage, unknown, 'owner'), { code: 'NOT_FOUND' });
    await t.rejects(destroy(stage, unknown, null), { code: 'TOKEN_MISSING' }, 'a stranger is told nothing else');
  },
);

const losingDecides = (stage: Stage, times: number): { tries: number } => {
  const { decide } = stage.store;
  const counted = { tries: 0 };
  stage.store.decide = async (decision) => {
    counted.tries += 1;
    return counted.tries <= times ? false : decide(decision);
  };
  return counted;
};

t.test(
  'Given other writes are faster, when a teardown loses four races, then the fifth wins; five are a conflict',
  async (t) => {
    const lucky = await started();
    t.equal(losingDecides(lucky.stage, 4).tries, 0);
    t.equal((await destroy(lucky.stage, lucky.target, 'owner')).kind, 'accepted');
    const unlucky = await started();
    const counted = losingDecides(unlucky.stage, 5);
    await t.rejects(destroy(unlucky.stage, unlucky.target, 'owner'), {
      code: 'CONFLICT',
      data: { retryAfterSeconds: 1 },
    });
    t.equal(counted.tries, 5);
    t.equal(await unlucky.stage.status(), 'live');
  },
);

t.test('Given a live demo, when its end is moved, then both limits hold to the millisecond', async (t) => {
  const { stage, target, controlToken } = await started();
  const { maxExpiresAt } = await stage.deployment();
  const latest = maxExpiresAt ?? 0;
  const extend = (expiresAt: number) => stage.extend({ target, bearer: controlToken, precondition: null, expiresAt });
  const now = stage.clock.now();
  await t.rejects(extend(now), { code: 'EXPIRY_OUT_OF_RANGE', data: { field: 'expires_at', until: latest } });
  await t.rejects(extend(latest + 1), { code: 'EXPIRY_OUT_OF_RANGE' });
  t.equal((await extend(latest)).deployment.expiresAt, latest);
  const { version } = await stage.deployment();
  await extend(latest);
  t.equal((await stage.deployment()).version, version, 'the same end again decides nothing');
  await extend(now + 1);
  t.equal((await stage.deployment()).expiresAt, now + 1, 'it may also be brought forward');
  await stage.runFor(1);
  t.match((await stage.deployment()).goal, { reason: 'expired', since: now + 1 });
});

t.test('Given it is not live or going down, when its end is moved, then that is refused', async (t) => {
  for (const status of ['queued', 'deploying', 'destroying', 'quarantined'] as const) {
    const { stage, target } = await started(status);
    const expiresAt = stage.clock.now() + MINUTE_MS;
    await t.rejects(
      stage.extend({ target, bearer: 'owner', precondition: null, expiresAt }),
      { code: 'NOT_EXTENDABLE', data: { holder: {} } },
      status,
    );
  }
  const { stage, target } = await started('queued');
  await stage.runUntilStatus('idle');
  const expiresAt = stage.clock.now() + MINUTE_MS;
  await t.rejects(stage.extend({ target, bearer: 'owner', precondition: null, expiresAt }), {
    code: 'NOT_EXTENDABLE',
    data: { tombstone: {} },
  });
  await t.rejects(stage.extend({ target: CURRENT, bearer: 'owner', precondition: null, expiresAt }), {
    code: 'NOT_EXTENDABLE',
  });
});

t.test(
  'Given strangers, when an end is moved, then tokens and preconditions are asked for as for a teardown',
  async (t) => {
    const { stage, target } = await started();
    const expiresAt = stage.clock.now() + MINUTE_MS;
    await t.rejects(stage.extend({ target, bearer: null, precondition: null, expiresAt }), { code: 'TOKEN_MISSING' });
    await t.rejects(stage.extend({ target, bearer: 'control:another', precondition: null, expiresAt }), {
      code: 'TOKEN_FOREIGN',
    });
    await t.rejects(stage.extend({ target: CURRENT, bearer: 'owner', precondition: null, expiresAt }), {
      code: 'PRECONDITION_NEEDED',
    });
    await t.rejects(stage.extend({ target, bearer: 'owner', precondition: () => false, expiresAt }), {
      code: 'PRECONDITION_FAILED',
    });
  },
);

t.test(
  'Given the nightly slot comes before its end, when it goes live and is extended, then no end lies past the slot',
  async (t) => {
    const nightlyAt = createStage().clock.now() + HOUR_MS;
    const { stage, target } = await started('live', { nextNightlyAt: () => nightlyAt });
    t.match(await stage.deployment(), { expiresAt: nightlyAt, maxExpiresAt: nightlyAt });
    const extend = (expiresAt: number) => stage.extend({ target, bearer: 'owner', precondition: null, expiresAt });
    await t.rejects(extend(nightlyAt + 1), { code: 'EXPIRY_OUT_OF_RANGE', data: { until: nightlyAt } });
    await extend(nightlyAt - 1);
    await extend(nightlyAt);
    await stage.runUntilStatus('destroying');
    t.equal(stage.clock.now(), nightlyAt);
  },
);
