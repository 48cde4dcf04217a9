import { createGitlabSimulator } from './simulator.ts';
import { createSiteServer } from './site-server.ts';

/**
 * The simulator as a process of its own: `npm run simulator`. All of it listens on SIMULATOR_HOST and SIMULATOR_PORT.
 * With SIMULATOR_SITE_PORT the demos alone are served on SIMULATOR_SITE_HOST as well, so that they can be published
 * without the rest. SIMULATOR_PUBLIC_ORIGIN is where visitors reach them, SIMULATOR_TOKEN the token that GitLab's API
 * takes, SIMULATOR_SPEED how fast it plays.
 */

const DEFAULT_PORT = 4_010;
const LOOPBACK = '127.0.0.1';

function positiveNumber(name: string, otherwise: number): number {
  const text = process.env[name];
  const value = text === undefined || text === '' ? otherwise : Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new Error(`${name} must be a positive number, not "${text}"`);
}

/** A port; 0 lets the system choose one. */
function port(name: string): number {
  return process.env[name] === '0' ? 0 : positiveNumber(name, DEFAULT_PORT);
}

const { SIMULATOR_HOST, SIMULATOR_SITE_HOST, SIMULATOR_SITE_PORT, SIMULATOR_PUBLIC_ORIGIN, SIMULATOR_TOKEN } =
  process.env;

const simulator = createGitlabSimulator({
  speed: positiveNumber('SIMULATOR_SPEED', 1),
  ...(SIMULATOR_TOKEN ? { token: SIMULATOR_TOKEN } : {}),
  ...(SIMULATOR_PUBLIC_ORIGIN ? { publicOrigin: () => SIMULATOR_PUBLIC_ORIGIN.replace(/\/$/, '') } : {}),
});
const site = createSiteServer(simulator);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void Promise.all([site.close(), simulator.close()]);
  });
}

/** Not at the top level, where a bundle that is no ES module cannot wait. */
async function listen(): Promise<void> {
  const { origin } = await simulator.listen({ host: SIMULATOR_HOST || LOOPBACK, port: port('SIMULATOR_PORT') });
  process.stdout.write(`GitLab simulator: ${origin} (its state: ${origin}/control/state)\n`);
  if (!SIMULATOR_SITE_PORT) return;
  const address = { host: SIMULATOR_SITE_HOST || LOOPBACK, port: port('SIMULATOR_SITE_PORT') };
  process.stdout.write(`The demos alone: ${(await site.listen(address)).origin}\n`);
}

void listen();
