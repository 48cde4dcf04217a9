import type { Test } from 'tap';
import { SIMULATOR_TOKEN } from '../../../src/local/gitlab-simulator/simulator.ts';
import { DEPLOYMENT, type Driver, drive } from './driver.ts';

/** A simulator on a real port, for what only a real connection shows. */
export async function listening(t: Test): Promise<{
  readonly driver: Driver;
  readonly origin: string;
  /** Creates a pipeline over the network; rejects when the connection breaks or the time is up. */
  readonly post: (timeoutMs: number) => Promise<Response>;
}> {
  const driver = drive(t);
  const { origin } = await driver.simulator.listen({ host: '127.0.0.1', port: 0 });
  const inputs = { action: 'apply', deployment_id: DEPLOYMENT, request_id: 'req-1', start_before: 'none' };
  return {
    driver,
    origin,
    post: (timeoutMs) =>
      fetch(`${origin}/api/v4/projects/1001/pipeline`, {
        method: 'POST',
        headers: { 'private-token': SIMULATOR_TOKEN, 'content-type': 'application/json' },
        body: JSON.stringify({ ref: 'demo-v1', inputs }),
        signal: AbortSignal.timeout(timeoutMs),
      }),
  };
}
