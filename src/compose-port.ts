import { once } from 'node:events';
import { createServer } from 'node:net';

/** Asks the system for a port that is free at this address, for whoever has to name it before it is listened on. */
export const freePort = async (host: string): Promise<number> => {
  const probe = createServer().listen(0, host);
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
};
