import t from 'tap';
import type { Deployment } from '../../src/lifecycle/deployment.ts';
import type { ListedPipeline } from '../../src/lifecycle/observation.ts';
import {
  hasRunningDouble,
  hasUnrecordedApply,
  pipelineToKeep,
  strangersToCancel,
} from '../../src/lifecycle/strangers.ts';
import {
  APPLIED,
  APPLYING,
  attemptOf,
  DESTROYED,
  deploymentOf,
  downSince,
  listedOf,
  minute,
} from '../fakes/records.ts';

const apply = (id: number, fields: Partial<ListedPipeline> = {}) => listedOf('apply', { id, ...fields });
const strangers = (fields: Partial<Deployment>, listed: readonly ListedPipeline[]) =>
  strangersToCancel(deploymentOf(fields), { at: minute(60), pipelines: listed });

t.test(
  'Given two pipelines of one request, when one is kept, then it is the running, else the recorded, else the lower one',
  async (t) => {
    t.equal(pipelineToKeep([], null), null);
    t.equal(pipelineToKeep([apply(5), apply(4)], null)?.id, 4);
    t.equal(pipelineToKeep([apply(4), apply(5)], 5)?.id, 5);
    t.equal(pipelineToKeep([apply(4), apply(5), apply(6, { running: true })], 5)?.id, 6);
    t.equal(
      pipelineToKeep([apply(4, { terminal: true }), apply(5)], 4)?.id,
      5,
      'one that ended gives way to one that lives',
    );
    t.equal(pipelineToKeep([apply(5, { terminal: true }), apply(4, { terminal: true })], null)?.id, 4);
  },
);

t.test(
  'Given the goal is up, when pipelines are listed, then doubles and applies nobody asked for must go',
  async (t) => {
    t.same(strangers(APPLYING, [apply(1)]), []);
    t.same(strangers(APPLYING, [apply(1), apply(3)]), [3], 'a double');
    t.same(strangers(APPLYING, [apply(1), apply(3, { terminal: true })]), [], 'one that ended needs no cancel');
    t.same(strangers(APPLYING, [apply(1), apply(3, { requestId: 'foreign' })]), [3]);
    t.same(
      strangers(APPLYING, [listedOf('destroy', { id: 3, requestId: 'foreign' })]),
      [],
      'a destroy does what we want',
    );
  },
);

t.test(
  'Given the answer is still missing, when pipelines of the request are listed, then none of them is a stranger yet',
  async (t) => {
    t.same(strangers({ attempts: [attemptOf('apply')] }, [apply(1), apply(3)]), []);
  },
);

t.test(
  'Given the goal is down, when an apply was re-opened, then it must go, and our open one is cancelled by its own rule',
  async (t) => {
    t.same(strangers({ ...APPLIED, goal: downSince(minute(20)) }, [apply(1)]), [1]);
    t.same(strangers({ ...APPLYING, goal: downSince(minute(20)) }, [apply(1)]), []);
    t.same(strangers(DESTROYED, [apply(1, { terminal: true }), listedOf('destroy')]), []);
  },
);

t.test('Given a list, when an apply in it was not recorded, then it may have built something', async (t) => {
  const deployment = deploymentOf(APPLYING);
  t.notOk(hasUnrecordedApply(deployment, [apply(1), listedOf('destroy', { requestId: 'foreign' })]));
  t.ok(hasUnrecordedApply(deployment, [apply(1), apply(3, { terminal: true })]));
  t.ok(hasUnrecordedApply(deployment, [apply(1, { requestId: 'foreign' })]));
});

t.test(
  'Given a list from before an attempt ended, when it is read later, then its pipeline is no stranger',
  async (t) => {
    const fields: Partial<Deployment> = { ...APPLIED, goal: downSince(minute(20)) };
    const listedAt = (at: number) => strangersToCancel(deploymentOf(fields), { at, pipelines: [apply(1), apply(9)] });
    t.same(listedAt(minute(11)), [9], 'the other one is');
    t.same(listedAt(minute(12) + 1), [1, 9], 'a newer list says that it runs again');
  },
);

t.test(
  'Given a double of a request that is over, when it is listed, then it is a stranger, also with the goal up',
  async (t) => {
    t.same(strangers(APPLIED, [apply(1, { terminal: true }), apply(3)]), [3]);
    t.same(strangers(APPLYING, [apply(1), apply(3)]), [3]);
  },
);

t.test(
  'Given two pipelines of an open request, when only the other one runs, then the recorded one is given up',
  async (t) => {
    const has = (...listed: readonly ListedPipeline[]) => hasRunningDouble(deploymentOf(APPLYING), listed);
    const running = apply(3, { running: true });
    t.ok(has(apply(1), running));
    t.notOk(has(apply(1, { running: true }), running));
    t.notOk(has(apply(1, { terminal: true }), running), 'it tells its own end');
    t.notOk(has(running), 'what is not shown may be there');
    t.notOk(has(apply(1), apply(3)));
    t.notOk(has(apply(1), { ...running, requestId: 'other' }));
    t.notOk(hasRunningDouble(deploymentOf(APPLIED), [apply(1), running]));
  },
);
