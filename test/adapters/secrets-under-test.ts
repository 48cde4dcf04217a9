import { inspect } from 'node:util';
import { createSecretsManagerSecrets } from '../../src/adapters/secrets-manager-secrets.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createFakeSecretsManager, SECRET_IDS, SECRET_VALUES } from './fake-secrets-manager.ts';
import { createTestLog } from './gitlab-world.ts';

/** The secrets of AWS over a fake Secrets Manager, on a clock that only the test moves. */
export const createSecretsWorld = (values = SECRET_VALUES) => {
  const manager = createFakeSecretsManager(values);
  const clock = createFakeClock();
  const testLog = createTestLog();
  const secrets = createSecretsManagerSecrets({ client: manager.client, ids: SECRET_IDS, clock, log: testLog.log });
  return { manager, clock, secrets, ...testLog };
};

/** The same just after the boot, with nothing counted yet. */
export const createBootedSecretsWorld = async () => {
  const world = createSecretsWorld();
  await world.secrets.freshen();
  world.manager.takeCalls();
  return world;
};

/** True when the value can be found anywhere in what is given, its hidden properties and its causes. */
export const shows = (value: string, ...places: readonly unknown[]): boolean =>
  places.some((place) => inspect(place, { depth: 20, showHidden: true, maxArrayLength: null }).includes(value));
