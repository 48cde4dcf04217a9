import { down } from './decisions.ts';
import type { Deployment, DownReason } from './deployment.ts';
import type { Clock, Credentials, DeploymentReader, DeploymentWriter } from './ports.ts';

export interface ForceDownDeps {
  readonly store: Pick<DeploymentReader, 'active'> & Pick<DeploymentWriter, 'decide'>;
  readonly credentials: Pick<Credentials, 'newId'>;
  readonly clock: Pick<Clock, 'now'>;
}

const WRITE_TRIES = 5;

/**
 * Sends what runs down, if it is what is meant. True when this call did; false when nothing like that runs, or when it is
 * going down already. Throws when every race for the write was lost.
 */
export const forceDown = async (
  { store, credentials, clock }: ForceDownDeps,
  reason: DownReason,
  isMeant: (deployment: Deployment) => boolean,
): Promise<boolean> => {
  for (let tries = 0; tries < WRITE_TRIES; tries += 1) {
    const deployment = (await store.active())?.deployment;
    if (deployment === undefined || deployment.goal.direction === 'down' || !isMeant(deployment)) return false;
    const { owner, version } = deployment;
    const set = down(deployment, reason, clock.now());
    if (await store.decide({ owner, version, writeId: credentials.newId(), set })) return true;
  }
  throw new Error('the forced clean-up lost every race for its write');
};
