import { createGitlabSimulator } from './simulator.ts';

/** The simulator as a process of its own: `npm run simulator`. */

const DEFAULT_PORT = 4_010;

function positiveNumber(name: string, otherwise: number): number {
  const text = process.env[name];
  const value = text === undefined || text === '' ? otherwise : Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new Error(`${name} must be a positive number, not "${text}"`);
}

/** A port; 0 lets the system choose one. */
function port(): number {
  return process.env.SIMULATOR_PORT === '0' ? 0 : positiveNumber('SIMULATOR_PORT', DEFAULT_PORT);
}

const publicOrigin = process.env.SIMULATOR_PUBLIC_ORIGIN;
const simulator = createGitlabSimulator({
  speed: positiveNumber('SIMULATOR_SPEED', 1),
  ...(publicOrigin ? { publicOrigin: () => publicOrigin.replace(/\/$/, '') } : {}),
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void simulator.close();
  });
}

const { origin } = await simulator.listen({
  host: process.env.SIMULATOR_HOST ?? '127.0.0.1',
  port: port(),
});
process.stdout.write(`GitLab simulator: ${origin} (its state: ${origin}/control/state)\n`);
