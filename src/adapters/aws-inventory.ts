import { isDeploymentId } from '../lifecycle/deployment.ts';
import type { DeploymentReader, EventLog, Inventory } from '../lifecycle/ports.ts';
import { createAwsCalls, InventoryUnknownError } from './aws-inventory-calls.ts';
import type { AwsInventoryClients } from './aws-inventory-clients.ts';
import type { Found } from './aws-inventory-kind.ts';
import { checkLandmark } from './aws-inventory-landmark.ts';
import { everyDeployment, type Scope, scopeOf } from './aws-inventory-scope.ts';
import { survey } from './aws-inventory-survey.ts';
import { type Owners, ownersOf, readingOf } from './aws-inventory-verdict.ts';
import { errorCode } from './error-code.ts';
import { untilAborted } from './until-aborted.ts';

/**
 * Below the 15 s after which another task takes a look over. A reading of an ordinary account makes about 40 requests, four
 * at a time.
 */
const READING_TIMEOUT_MS = 9_000;

/** Below the 5 s that a visitor who presses the button is kept waiting for the pre-flight, which makes a sweep. */
const SWEEP_TIMEOUT_MS = 4_000;

/** The most that a tag of the tagging API may have as values. More demos than that are not made in a day. */
const MAX_KNOWN_IDS = 20;

const MAX_LOGGED = 10;
/** What a record keeps of each line, at most. */
const MAX_REASON_CHARS = 120;

/** The latest deployments of ours, the running one included: at most 20. */
export const latestIdsOf =
  (store: Pick<DeploymentReader, 'active' | 'ledger'>) => async (): Promise<readonly string[]> => {
    const active = await store.active();
    const { tombstones } = await store.ledger({ limit: MAX_KNOWN_IDS, before: null });
    const ids = [...(active === null ? [] : [active.deployment.owner]), ...tombstones.map(({ id }) => id)];
    return [...new Set(ids)].slice(0, MAX_KNOWN_IDS);
  };

export interface AwsInventoryOptions {
  readonly clients: AwsInventoryClients;
  /** Where the clients ask. What a demo has in another region makes everything `unknown`. */
  readonly region: string;
  /**
   * What our things carry in the tag `demo_installation`. Two installations in one account and region must differ in it;
   * the name of the table does, since they would otherwise share the lock.
   */
  readonly installation: string;
  /** Deployments of ours whose things a sweep finds without that tag as well: the latest ones. At most 20 count. */
  readonly knownIds: () => Promise<readonly string[]>;
  readonly log: EventLog;
  /** How long a reading may take. */
  readonly readingTimeoutMs?: number | undefined;
  /** How long a sweep may take. */
  readonly sweepTimeoutMs?: number | undefined;
}

/** What is looked at within one answer's time. */
interface Look {
  survey(scope: Scope): Promise<readonly Found[]>;
  checkLandmark(): Promise<void>;
}

/** Does that work on the account, and ends it with its time. */
const within = async <T>(
  { clients, region, installation }: AwsInventoryOptions,
  timeoutMs: number,
  work: (look: Look) => Promise<T>,
): Promise<T> => {
  const control = new AbortController();
  const tooLate = new InventoryUnknownError(`no answer within ${timeoutMs} ms`);
  const timer = setTimeout(() => control.abort(tooLate), timeoutMs);
  const calls = createAwsCalls(control.signal);
  const look: Look = {
    survey: (scope) => survey({ clients, calls, region }, scope),
    checkLandmark: () => checkLandmark({ clients, calls, installation }),
  };
  try {
    return await untilAborted(work(look), control.signal);
  } finally {
    clearTimeout(timer);
    // After an error the requests that are still under way are of no use to anybody.
    control.abort();
  }
};

const reasonOf = (error: unknown): string => {
  const reason = error instanceof InventoryUnknownError ? error.message : `the inventory failed: ${errorCode(error)}`;
  return reason.slice(0, MAX_REASON_CHARS);
};

const readOne =
  (deploymentId: string) =>
  async (look: Look): ReturnType<Inventory['read']> => {
    const reading = readingOf(await look.survey(scopeOf(deploymentId)));
    // What is seen is there; that nothing is seen says something only of an account in which something can be.
    if (reading.answer === 'empty') await look.checkLandmark();
    return reading;
  };

const sweepAll =
  ({ installation, knownIds }: AwsInventoryOptions) =>
  async (look: Look): Promise<Owners> => {
    const ids = (await knownIds()).filter(isDeploymentId).slice(0, MAX_KNOWN_IDS);
    const scope = everyDeployment(installation, ids);
    const [found] = await Promise.all([look.survey(scope), look.checkLandmark()]);
    return ownersOf(found, scope);
  };

/**
 * Makes the inventory of an AWS account, in one region. Each service is asked itself, by tag and by derived name; the
 * tagging API only nominates, and what it names is confirmed by its own Describe (ADR 0017). Whatever is not known for
 * sure is `unknown`: an error, a throttle that lasts, a missing right, a list without an end, an answer that cannot be
 * read, a nominee that nothing here can confirm, nothing at all where not even the landmark is seen, or no answer in time.
 *
 * `sweep` finds what carries our mark, and what carries the id or the name of one of our latest deployments; what others
 * made is not looked at, so it can neither be taken for ours nor stand in the way. What is ours and does not tell of
 * which deployment makes the sweep null and is logged by name, so that it is never overlooked: somebody has to look.
 */
export const createAwsInventory = (options: AwsInventoryOptions): Inventory => {
  const { log, readingTimeoutMs = READING_TIMEOUT_MS, sweepTimeoutMs = SWEEP_TIMEOUT_MS } = options;
  let lastTrouble: string | null = null;

  /** A sweep is made every half minute; the same trouble is told once. */
  const sweepFailed = (reason: string, things: readonly string[]): null => {
    const trouble = [reason, ...things].join('\n');
    if (trouble !== lastTrouble) log.event('error', 'inventory.sweep_failed', { reason, things });
    lastTrouble = trouble;
    return null;
  };

  return {
    async read(deploymentId) {
      try {
        // A name made of anything else would be nobody's, and nothing found under it would prove nothing.
        if (!isDeploymentId(deploymentId)) throw new InventoryUnknownError('not the id of a deployment');
        return await within(options, readingTimeoutMs, readOne(deploymentId));
      } catch (error) {
        return { answer: 'unknown', count: 0, detail: [reasonOf(error)] };
      }
    },

    async sweep() {
      try {
        const { deploymentIds, ownerless } = await within(options, sweepTimeoutMs, sweepAll(options));
        if (ownerless.length > 0) {
          return sweepFailed('ours, but of which deployment is not known', ownerless.slice(0, MAX_LOGGED));
        }
        lastTrouble = null;
        return deploymentIds;
      } catch (error) {
        return sweepFailed(reasonOf(error), []);
      }
    },
  };
};
