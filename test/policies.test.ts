import t from 'tap';
import type { Policy } from '../src/lifecycle/deployment.ts';
import { createTimeoutMs, LOCAL_POLICY, POLICY_TABLE, REAL_POLICY } from '../src/policies.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

const isSorted = (waits: readonly number[]): boolean =>
  waits.every((wait, at) => at === 0 || wait > (waits[at - 1] ?? 0));

const COLUMNS: readonly (readonly [string, Policy])[] = [
  ['real', REAL_POLICY],
  ['local', LOCAL_POLICY],
];

for (const [name, policy] of COLUMNS) {
  t.test(`Given the ${name} column, when its durations are compared, then none contradicts another`, async (t) => {
    const holds = (text: string, isTrue: boolean) => t.ok(isTrue, text);
    holds('a request is given up while it is still looked for', createTimeoutMs(policy) > 0);
    holds(
      'a request can be sent and answered before absence is proven',
      createTimeoutMs(policy) + policy.sendWindowMs < policy.absenceProofMs,
    );
    holds(
      'a lost request is found or ruled out before its apply is too late',
      policy.absenceProofMs < policy.startDeadlineMs,
    );
    holds('a pipeline may start before the deployment is given up', policy.startDeadlineMs < policy.deployDeadlineMs);
    holds('it is looked at more often than anything is due', policy.pollMs < policy.absenceProofMs);
    holds('it is polled more often while a pipeline runs', policy.pollMs < policy.livePollMs);
    holds('it lives at most as long as it may', policy.ttlMs <= policy.maxLifetimeMs);
    holds('a single failed probe ends nothing', 2 * policy.probeMs < policy.unhealthyMs);
    holds('there are several probes before it counts as not live', 2 * policy.probeMs < policy.liveDeadlineMs);
    holds('the inventory is read within the gap of the proof', policy.inventoryMs < policy.proofGapMs);
    holds('the clock margin is small against the hard end', policy.clockMarginMs <= policy.hardEndMarginMs);
    holds(
      'there is a wait after every destroy but the last',
      policy.attemptWaitsMs.length >= policy.maxDestroyAttempts - 1,
    );
    holds('the waits grow', isSorted(policy.attemptWaitsMs) && isSorted(policy.quarantineWaitsMs));
    const longestWait = policy.quarantineWaitsMs.at(-1) ?? 0;
    holds('in quarantine it is looked at more often than destroyed', policy.quarantineInventoryMs < longestWait);
    holds('the second destroyer is not needed when all goes well', policy.secondDestroyerDelayMs > policy.proofGapMs);
  });

  t.test(`Given the ${name} column, when it is changed, then it throws`, async (t) => {
    t.throws(() => Object.assign(policy, { pollMs: 0 }), TypeError);
    t.throws(() => Object.assign(policy.attemptWaitsMs, { 0: 0 }), TypeError);
    t.throws(() => Object.assign(policy.quarantineWaitsMs, { 0: 0 }), TypeError);
  });

  t.test(`Given the ${name} column, when its numbers are read, then each is a whole number above zero`, async (t) => {
    for (const number of Object.values(policy).flat()) t.ok(Number.isSafeInteger(number) && number > 0);
  });
}

t.test('Given both columns, when they are compared, then local is the faster one everywhere', async (t) => {
  for (const [name, { real, local, why }] of Object.entries(POLICY_TABLE)) {
    t.ok(Math.max(...[local].flat()) <= Math.max(...[real].flat()), name);
    t.ok(why.length > 10, `${name} says why`);
  }
});

t.test('Given the real column, when the pipeline’s own limits are known, then ours speak first', async (t) => {
  const jobTimeoutMs = 50 * MINUTE;
  t.ok(REAL_POLICY.deployDeadlineMs < jobTimeoutMs);
  t.ok(REAL_POLICY.destroyDeadlineMs < jobTimeoutMs);
});

t.test('Given what GitLab may still do with a lost request, when absence is proven, then that is over', async (t) => {
  const gitlabWorkerTimeoutMs = 60 * SECOND;
  const { sendWindowMs, absenceProofMs } = REAL_POLICY;
  t.ok(sendWindowMs + createTimeoutMs(REAL_POLICY) + gitlabWorkerTimeoutMs <= absenceProofMs);
  t.equal(createTimeoutMs(REAL_POLICY), 10 * SECOND);
  t.equal(createTimeoutMs(LOCAL_POLICY), 2 * SECOND);
});
