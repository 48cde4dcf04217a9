import type { Instant } from './deployment.ts';
import { nextDayAt, refusalOf } from './guards.ts';
import type { Clock, EventLog, QuotaLimits, QuotaStore, QuotaTaken } from './ports.ts';
import { putLatest } from './put-latest.ts';
import type { StartRequest } from './requests.ts';

export interface GiveBackDeps {
  readonly quotas: Pick<QuotaStore, 'giveBack'>;
  readonly log: EventLog;
}

export interface QuotaDeps extends GiveBackDeps {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly quotas: Pick<QuotaStore, 'take' | 'giveBack'>;
  readonly limits: QuotaLimits;
}

/** A visitor's and everybody's share of a day. */
export interface Quota {
  /** Counts a start by its deployment's id, once however often it is asked. Throws QUOTA_EXCEEDED. */
  take(id: string, request: StartRequest, now: Instant): Promise<void>;
  /** Throws QUOTA_EXCEEDED when this was refused a moment ago: whoever keeps pressing is not looked up each time. */
  check(request: StartRequest, now: Instant): void;
  /** For a start that came to nothing. One that cannot be given back now is lost for the day; it never throws. */
  giveBack(id: string, startedAt: Instant): Promise<void>;
}

type Limit = Extract<QuotaTaken, { taken: false }>['limit'];

/** A refusal holds for so long without asking again; what is given back meanwhile is seen after it. */
const REFUSAL_HELD_MS = 5_000;
/** So many visitors' refusals are remembered; the oldest goes first. */
const MOST_REFUSALS = 1_000;

const DETAILS: Readonly<Record<Limit, string | null>> = Object.freeze({
  visitor: 'You have started as many demos as one visitor may in a day.',
  day: null,
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

/** Whose refusal it is: one visitor's, that of all without an origin, or everybody's. */
const refusedParty = (limit: Limit, visitorHash: string): string => (limit === 'visitor' ? `of ${visitorHash}` : limit);

/** Makes the quota of starts. The day is that of the start, in UTC. */
export const createQuota = (deps: QuotaDeps): Quota => {
  const { quotas, limits, clock } = deps;
  const refusals = new Map<string, { readonly at: number; readonly until: Instant }>();

  const refuse = (limit: Limit, now: Instant): never => {
    throw refusalOf({ reason: 'quota', until: nextDayAt(now), detail: DETAILS[limit] }, now);
  };

  const remember = (limit: Limit, visitorHash: string, now: Instant): void => {
    const party = refusedParty(limit, visitorHash);
    putLatest(refusals, party, { at: clock.monotonicMs(), until: nextDayAt(now) }, MOST_REFUSALS);
  };

  return {
    check: ({ visitorHash, hasOrigin }, now) => {
      const parties: Limit[] = hasOrigin ? ['visitor', 'day'] : ['visitor', 'no_origin', 'day'];
      for (const limit of parties) {
        const refusal = refusals.get(refusedParty(limit, visitorHash));
        if (refusal === undefined || now >= refusal.until) continue;
        if (clock.monotonicMs() - refusal.at < REFUSAL_HELD_MS) refuse(limit, now);
      }
    },
    take: async (id, { visitorHash, hasOrigin }, now) => {
      const answer = await quotas.take({ deploymentId: id, visitorHash, hasOrigin, at: now }, limits);
      if (answer.taken) return;
      remember(answer.limit, visitorHash, now);
      refuse(answer.limit, now);
    },
    giveBack: createGiveBack(deps),
  };
};
