import { Type } from 'typebox';
import { isCronExpression, isTimeZone } from './config-formats.ts';
import { choice, decimal, flag, minutes, quota, text, wholeNumber } from './config-kinds.ts';
import { type Default, type Details, details, detailsOfBoth, none, orNull, value } from './config-variable.ts';
import type { Policy } from './lifecycle/deployment.ts';
import { LOCAL_POLICY, REAL_POLICY } from './policies.ts';

const policyMinutes = (name: string, field: keyof Policy, purpose: string): Details => {
  const inMinutes = (policy: Policy): Default => value(Number(policy[field]) / 60_000);
  return details(name, inMinutes(REAL_POLICY), inMinutes(LOCAL_POLICY), purpose);
};

// With a longer one GitLab's auto-stop (terraform/demo/.gitlab-ci.yml), which does not know of it, would end a live demo.
const DEMO_LIFE = { minimum: 0.05, maximum: 480 };
const DEADLINE = { minimum: 0.05, maximum: 60 };
// The pipeline's own job timeout is 50 minutes: a longer deadline would never be the one that speaks.
const JOB_DEADLINE = { minimum: 0.05, maximum: 50 };

/** The durations of the lifecycle that can be set; the others are fixed in the policy table. */
export const policy = Type.Object({
  ttlMs: minutes(policyMinutes('DEMO_TTL_MINUTES', 'ttlMs', 'how long a demo lives once it is live'), DEMO_LIFE),
  maxLifetimeMs: minutes(
    policyMinutes('DEMO_MAX_LIFETIME_MINUTES', 'maxLifetimeMs', 'how long it can be extended to'),
    DEMO_LIFE,
  ),
  deployDeadlineMs: minutes(
    policyMinutes('DEPLOY_DEADLINE_MINUTES', 'deployDeadlineMs', 'a longer deployment is destroyed'),
    JOB_DEADLINE,
  ),
  startDeadlineMs: minutes(
    policyMinutes('START_DEADLINE_MINUTES', 'startDeadlineMs', 'a pipeline not started by then builds nothing'),
    DEADLINE,
  ),
  cancelDeadlineMs: minutes(
    policyMinutes('CANCEL_DEADLINE_MINUTES', 'cancelDeadlineMs', 'a cancel not over by then: destroy anyway'),
    DEADLINE,
  ),
  destroyDeadlineMs: minutes(
    policyMinutes('DESTROY_DEADLINE_MINUTES', 'destroyDeadlineMs', 'a longer destroy is cancelled and tried again'),
    JOB_DEADLINE,
  ),
  liveDeadlineMs: minutes(
    policyMinutes('LIVE_DEADLINE_MINUTES', 'liveDeadlineMs', 'the demo must answer this soon after its pipeline'),
    DEADLINE,
  ),
});

// The store counts no more in a day than this, so a higher limit would never be the one that speaks.
const STARTS = { minimum: 0, maximum: 1_000 };
const unlimitedLocally = (name: string, real: number, purpose: string): Details =>
  details(name, value(real), value('unlimited'), purpose);

/** How many demos may be started in a UTC day. */
export const quotas = Type.Object({
  perVisitorPerDay: quota(
    unlimitedLocally('QUOTA_PER_VISITOR_PER_DAY', 3, 'starts of one visitor in a UTC day'),
    STARTS,
  ),
  perDay: quota(unlimitedLocally('QUOTA_PER_DAY', 10, 'starts of all visitors in a UTC day'), STARTS),
  noOriginPerDay: quota(
    unlimitedLocally('QUOTA_NO_ORIGIN_PER_DAY', 2, 'starts in a UTC day by clients that send no Origin'),
    STARTS,
  ),
});

const RATE = { minimum: 1, maximum: 1_000_000 };

/** The token bucket of each client. */
export const rateLimit = Type.Object({
  perSecond: wholeNumber(
    detailsOfBoth('RATE_LIMIT_PER_SECOND', 5, 'writes per second and client; reads get ten times that'),
    RATE,
  ),
  burst: wholeNumber(
    detailsOfBoth('RATE_LIMIT_BURST', 10, 'writes at once and client; reads get ten times that'),
    RATE,
  ),
});

/** What a demo costs and what may be spent. */
export const cost = Type.Object({
  hourlyUsd: decimal(detailsOfBoth('DEMO_HOURLY_COST_USD', 0.19, 'what an hour of a demo costs'), {
    minimum: 0,
    maximum: 100,
  }),
  monthlyBudgetUsd: decimal(
    detailsOfBoth('MONTHLY_BUDGET_USD', 20, 'no start that could go beyond it in the UTC month'),
    {
      minimum: 0,
      maximum: 10_000,
    },
  ),
});

const EXPRESSION = 'a cron expression of five fields, or of six with seconds first';

/** When the two jobs run. */
export const cron = Type.Object({
  hourly: text(detailsOfBoth('HOURLY_CRON', '7 * * * *', 'when the duration checks run'), EXPRESSION, isCronExpression),
  nightly: orNull(
    text(
      details(
        'NIGHTLY_CRON',
        value('23 3 * * *'),
        none('12 hours after the start'),
        'when everything is cleaned up, whatever its age',
      ),
      EXPRESSION,
      isCronExpression,
    ),
  ),
  timeZone: text(
    detailsOfBoth('CRON_TIME_ZONE', 'UTC', 'the zone of both'),
    'a time zone such as Europe/Berlin',
    isTimeZone,
  ),
});

/** What moves by itself. */
export const timers = Type.Object({
  reconcile: flag(
    detailsOfBoth('RECONCILE_TIMER', 'on', 'off only in tests and drills: nothing moves between the jobs'),
    'on',
    'off',
  ),
  cronJobs: flag(
    detailsOfBoth('CRON_JOBS', 'on', 'off only in tests and drills: no hourly and no nightly job'),
    'on',
    'off',
  ),
});

/** What is written down. */
export const log = Type.Object({
  level: choice(detailsOfBoth('LOG_LEVEL', 'info', 'the least serious level that is logged'), [
    'fatal',
    'error',
    'warn',
    'info',
    'debug',
    'trace',
    'silent',
  ]),
});
