import { QUOTA_STARTS_PER_DAY, QUOTA_VISITOR_DIGITS } from '../../src/adapters/store-bounds.ts';
import type { Instant } from '../../src/lifecycle/deployment.ts';
import type { QuotaLimits, QuotaStart, QuotaStore, QuotaTaken } from '../../src/lifecycle/ports.ts';
import type { MemoryConditions } from './memory-conditions.ts';

type Refusal = Extract<QuotaTaken, { taken: false }>['limit'];

interface CountedStart {
  readonly visitor: string;
  readonly hasOrigin: boolean;
}

/** The starts of a day by their ids; every count is made of them. */
type Day = ReadonlyMap<string, CountedStart>;

const NOTHING_COUNTED: Day = new Map();

const dayOf = (at: Instant): string => new Date(at).toISOString().slice(0, 10);

const visitorOf = (visitorHash: string): string => visitorHash.slice(0, QUOTA_VISITOR_DIGITS);

const isReached = (count: number, most: number | null): boolean => most !== null && count >= most;

/** The first limit that has no room for one more, in the order in which they are named. */
const reachedLimit = (day: Day, start: QuotaStart, limits: QuotaLimits): Refusal | null => {
  const counted = [...day.values()];
  const ofVisitor = counted.filter(({ visitor }) => visitor === visitorOf(start.visitorHash)).length;
  const withoutOrigin = counted.filter(({ hasOrigin }) => !hasOrigin).length;
  if (isReached(ofVisitor, limits.perVisitorPerDay)) return 'visitor';
  if (!start.hasOrigin && isReached(withoutOrigin, limits.noOriginPerDay)) return 'no_origin';
  const isFull = isReached(day.size, limits.perDay) || isReached(day.size, QUOTA_STARTS_PER_DAY);
  return isFull ? 'day' : null;
};

/** `QuotaStore` in memory. */
export const createMemoryQuotas = (conditions: MemoryConditions): QuotaStore => {
  const days = new Map<string, Map<string, CountedStart>>();
  const dayAt = (at: Instant): Day => days.get(dayOf(at)) ?? NOTHING_COUNTED;

  const take = async (start: QuotaStart, limits: QuotaLimits): Promise<QuotaTaken> => {
    const { deploymentId, visitorHash, hasOrigin, at } = start;
    let limit: Refusal | null = null;
    const taken = await conditions.write({
      holds: () => !dayAt(at).has(deploymentId) && reachedLimit(dayAt(at), start, limits) === null,
      apply: () => {
        const day = days.get(dayOf(at)) ?? new Map<string, CountedStart>();
        days.set(dayOf(at), day.set(deploymentId, { visitor: visitorOf(visitorHash), hasOrigin }));
      },
      ours: () => {
        limit = reachedLimit(dayAt(at), start, limits);
        return dayAt(at).has(deploymentId);
      },
    });
    if (taken) return { taken };
    // Whoever filled it gave back in between, so it is asked again.
    return limit === null ? take(start, limits) : { taken, limit };
  };

  return {
    take,
    giveBack: async (deploymentId, startedAt) => {
      const counted = await conditions.read(() => dayAt(startedAt).get(deploymentId));
      if (counted === undefined) return;
      await conditions.write({
        // The very start that was read, not one that was counted anew under the same id.
        holds: () => dayAt(startedAt).get(deploymentId) === counted,
        apply: () => {
          days.get(dayOf(startedAt))?.delete(deploymentId);
        },
        ours: () => true,
      });
    },
    countOf: (at) => conditions.read(() => dayAt(at).size),
  };
};
