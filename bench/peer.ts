import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { PeerFigures } from './server/figures.ts';

/** Something that is asked under load. */
export type Peer = {
  readonly url: string;
  /** How much it has worked since it began. */
  cpuMs(): Promise<number>;
  stop(): Promise<void>;
};

/** Starts one of `bench/server/peers.ts` and waits until it serves. */
export const startPeer = async (name: 'fastify' | 'http'): Promise<Peer> => {
  const path = fileURLToPath(new URL('./server/peers.ts', import.meta.url));
  const child = fork(path, [name], { env: { PATH: process.env.PATH ?? '' } });
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  return {
    url,
    cpuMs: async () => {
      const told = once(child, 'message') as Promise<[{ figures: PeerFigures }]>;
      child.send('figures');
      const [{ figures }] = await told;
      return figures.cpuMs;
    },
    stop: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
};
