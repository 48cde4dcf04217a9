import { isDeploymentId } from '../lifecycle/deployment.ts';
import type { EventLog, Inventory } from '../lifecycle/ports.ts';
import { createAwsCalls, InventoryUnknownError } from './aws-inventory-calls.ts';
import { type AwsInventoryClientOptions, createAwsInventoryClients } from './aws-inventory-clients.ts';
import { EVERY_DEPLOYMENT, type Found, type Scope, scopeOf } from './aws-inventory-kind.ts';
import { survey } from './aws-inventory-survey.ts';
import { ownersOf, readingOf } from './aws-inventory-verdict.ts';
import { errorCode } from './error-code.ts';
import { untilAborted } from './until-aborted.ts';

/**
 * Below the 10 s that a health check waits for its answer, and the 15 s after which another task takes a look over. A
 * reading of an ordinary account makes about 40 requests, four at a time.
 */
const ANSWER_TIMEOUT_MS = 9_000;

const MAX_LOGGED = 10;

export interface AwsInventoryOptions extends AwsInventoryClientOptions {
  readonly log: EventLog;
  /** How long a reading or a sweep may take. */
  readonly timeoutMs?: number | undefined;
}

/**
 * Makes the inventory of an AWS account, in one region. Each service is asked itself, by tag and by derived name; the
 * tagging API only nominates, and what it names is confirmed by its own Describe (ADR 0017). Whatever is not known for
 * sure is `unknown`: an error, a throttle that lasts, a missing right, a list without an end, an answer that cannot be
 * read, a nominee that nothing here can confirm, or no answer in time.
 *
 * `sweep` takes each id from a tag. What is named like ours but has no readable tag, and of which nothing else tells the
 * whole id, makes the sweep null and is logged by name, so that it is never overlooked: somebody has to look.
 */
export const createAwsInventory = (options: AwsInventoryOptions): Inventory => {
  const { log, region, timeoutMs = ANSWER_TIMEOUT_MS } = options;
  const clients = createAwsInventoryClients(options);
  let lastTrouble: string | null = null;

  const surveyed = async (scope: Scope): Promise<readonly Found[]> => {
    const control = new AbortController();
    const tooLate = new InventoryUnknownError(`no answer within ${timeoutMs} ms`);
    const timer = setTimeout(() => control.abort(tooLate), timeoutMs);
    try {
      const calls = createAwsCalls(control.signal);
      return await untilAborted(survey({ clients, calls, region }, scope), control.signal);
    } finally {
      clearTimeout(timer);
      // After an error the requests that are still under way are of no use to anybody.
      control.abort();
    }
  };

  const reasonOf = (error: unknown): string =>
    error instanceof InventoryUnknownError ? error.message : `the inventory failed: ${errorCode(error)}`;

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
        return readingOf(await surveyed(scopeOf(deploymentId)));
      } catch (error) {
        return { answer: 'unknown', count: 0, detail: [reasonOf(error)] };
      }
    },

    async sweep() {
      try {
        const { deploymentIds, ownerless } = ownersOf(await surveyed(EVERY_DEPLOYMENT));
        if (ownerless.length > 0) {
          return sweepFailed('named like ours, without a tag', ownerless.slice(0, MAX_LOGGED));
        }
        lastTrouble = null;
        return deploymentIds;
      } catch (error) {
        return sweepFailed(reasonOf(error), []);
      }
    },
  };
};
