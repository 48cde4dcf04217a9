import t from 'tap';
import {
  jobOutcome,
  lastSettledAt,
  lateStartsOverAt,
  lookAt,
  openAttempt,
  pipelineIdOf,
  replyOf,
  wasNeverBuilt,
} from '../../src/lifecycle/facts.ts';
import {
  APPLYING,
  attemptOf,
  created,
  DESTROYED,
  DESTROYING,
  deploymentOf,
  jobOf,
  minute,
  observationOf,
  pipelineOf,
  refused,
  START,
  settledAs,
} from '../fakes/records.ts';

t.test('Given attempts, when the open one is asked for, then it is the last one while it is not settled', async (t) => {
  t.equal(openAttempt(deploymentOf()), null);
  t.equal(openAttempt(deploymentOf(APPLYING))?.requestId, 'apply');
  t.equal(openAttempt(deploymentOf(DESTROYING))?.requestId, 'destroy');
  t.equal(openAttempt(deploymentOf(DESTROYED)), null);
});

t.test('Given a reply to an earlier send, when it is read, then only a made pipeline is believed', async (t) => {
  const resent = attemptOf('apply', { sends: 2 });
  const withReply = (reply: ReturnType<typeof refused>) =>
    deploymentOf({ attempts: [resent], replies: { apply: reply } });
  t.equal(replyOf(withReply(refused({ send: 1 })), resent), null, 'an old refusal');
  t.equal(replyOf(withReply(refused({ send: 2 })), resent)?.kind, 'refused');
  t.equal(replyOf(withReply(created(7)), resent)?.kind, 'created', 'whichever send made it');
  t.equal(replyOf(deploymentOf({ attempts: [resent] }), resent), null);
  t.equal(pipelineIdOf(withReply(refused()), resent), null);
  t.equal(pipelineIdOf(withReply(created(7)), resent), 7);
});

t.test('Given a look at another pipeline, when one is asked for, then there is none', async (t) => {
  const observation = observationOf({ look: { pipelineId: 1, at: START, pipeline: null } });
  t.equal(lookAt(observation, 1)?.at, START);
  t.equal(lookAt(observation, 2), null);
});

t.test(
  'Given a pipeline, when its outcome is read, then the named job decides, a destroy only once all of it ended',
  async (t) => {
    t.equal(jobOutcome(pipelineOf('apply', 'waiting'), 'apply'), null);
    t.equal(jobOutcome(pipelineOf('apply', 'running'), 'apply'), null);
    t.match(jobOutcome(pipelineOf('apply', 'succeeded', { terminal: false }), 'apply'), {
      outcome: 'succeeded',
      jobStarted: true,
    });
    t.match(jobOutcome(pipelineOf('apply', 'failed'), 'apply'), { outcome: 'failed' });
    t.match(
      jobOutcome(pipelineOf('apply', 'skipped', { jobs: [jobOf('apply', 'skipped', { startedAt: null })] }), 'apply'),
      {
        outcome: 'canceled',
        jobStarted: false,
      },
    );
    t.equal(
      jobOutcome(pipelineOf('destroy', 'succeeded', { terminal: false }), 'destroy'),
      null,
      'its inventory still runs',
    );
    t.match(jobOutcome(pipelineOf('destroy', 'succeeded'), 'destroy'), {
      outcome: 'succeeded',
      finishedAt: minute(12),
    });
  },
);

t.test(
  'Given a pipeline that ended without its job, when its outcome is read, then it counts as cancelled',
  async (t) => {
    t.match(jobOutcome(pipelineOf('apply', 'failed', { jobs: [] }), 'apply'), {
      outcome: 'canceled',
      jobStarted: false,
    });
    const halfway = pipelineOf('apply', 'running', { terminal: true });
    t.match(jobOutcome(halfway, 'apply'), { outcome: 'canceled', jobStarted: true }, 'a job left behind had started');
    t.equal(
      jobOutcome(pipelineOf('apply', 'manual', { terminal: false, jobs: [jobOf('apply', 'manual')] }), 'apply'),
      null,
    );
  },
);

t.test(
  'Given applies, when late starts are asked about, then each counts, and one that was refused until its double would show',
  async (t) => {
    const over = (fields: Parameters<typeof attemptOf>[1]) =>
      lateStartsOverAt(deploymentOf({ attempts: [attemptOf('apply', fields)] }));
    t.equal(lateStartsOverAt(deploymentOf()), 0);
    t.equal(over({}), minute(11), 'start_before and the margin');
    t.equal(over({ settled: settledAs('absent', START, false) }), minute(11));
    t.equal(over({ settled: settledAs('refused', START, false) }), START + 200_000, 'until its double would show');
    t.equal(
      over({ settled: settledAs('refused', START, false), sends: 2 }),
      minute(11),
      'the first send may still arrive',
    );
  },
);

t.test(
  'Given how applies ended, when it is asked whether anything was built, then only refusals mean never',
  async (t) => {
    const never = (fields: Parameters<typeof deploymentOf>[0]) => wasNeverBuilt(deploymentOf(fields));
    const refusedOnce = attemptOf('apply', { settled: settledAs('refused', START, false) });
    t.ok(never({}));
    t.ok(never({ attempts: [refusedOnce] }));
    t.notOk(never({ attempts: [refusedOnce], applyMayHaveStarted: true }));
    t.notOk(never({ attempts: [{ ...refusedOnce, sends: 2 }] }));
    t.notOk(never({ attempts: [attemptOf('apply')] }), 'still open');
    t.notOk(never({ attempts: [attemptOf('apply', { settled: settledAs('absent', START, false) })] }));
    t.notOk(never({ attempts: [refusedOnce, attemptOf('destroy', { settled: settledAs('refused', START, false) })] }));
  },
);

t.test('Given attempts, when the last settlement is asked for, then it is the latest one', async (t) => {
  t.equal(lastSettledAt(deploymentOf()), 0);
  t.equal(lastSettledAt(deploymentOf(DESTROYING)), minute(12));
  t.equal(lastSettledAt(deploymentOf(DESTROYED)), minute(26));
});
