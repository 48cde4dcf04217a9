import type { Instant } from './deployment.ts';
import { nextDayAt, refusalOf } from './guards.ts';
import type { EventLog, QuotaLimits, QuotaStore } from './ports.ts';
import type { StartRequest } from './requests.ts';

export interface GiveBackDeps {
  readonly quotas: Pick<QuotaStore, 'giveBack'>;
  readonly log: EventLog;
}

export interface QuotaDeps extends GiveBackDeps {
  readonly quotas: Pick<QuotaStore, 'take' | 'giveBack'>;
  readonly limits: QuotaLimits;
}

/** A visitor's and everybody's share of a day. */
export interface Quota {
  /** Counts a start by its deployment's id, once however often it is asked. Throws QUOTA_EXCEEDED. */
  take(id: string, request: StartRequest, now: Instant): Promise<void>;
  /** For a start that came to nothing. One that cannot be given back now is lost for the day; it never throws. */
  giveBack(id: string, startedAt: Instant): Promise<void>;
}

const DETAILS = Object.freeze({
  visitor: 'You have started as many demos as one visitor may in a day.',
  day: 'As many demos as there may be in a day were started.',
  no_origin: 'Clients without a web page have started as many demos as they may in a day.',
});

/**
 * Makes the giving back. A count that cannot be given back is a visitor's loss of one try in a day; it must not hold up
 * a refusal, and even less the release of a lock.
 */
export const createGiveBack =
  ({ quotas, log }: GiveBackDeps): Quota['giveBack'] =>
  async (id, startedAt) => {
    try {
      await quotas.giveBack(id, startedAt);
    } catch (error) {
      log.event('warn', 'quota.not_given_back', { deploymentId: id, error });
    }
  };

/** Makes the quota of starts. The day is that of the start, in UTC. */
export const createQuota = ({ quotas, limits, log }: QuotaDeps): Quota => ({
  take: async (id, { visitorHash, hasOrigin }, now) => {
    const answer = await quotas.take({ deploymentId: id, visitorHash, hasOrigin, at: now }, limits);
    if (answer.taken) return;
    throw refusalOf({ reason: 'quota', until: nextDayAt(now), detail: DETAILS[answer.limit] }, now);
  },
  giveBack: createGiveBack({ quotas, log }),
});
