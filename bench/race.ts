import { startNeighbours, startServer } from './service.ts';

const SERVERS = 4;
const PRESSES = 200;

/** Many press at once over several servers on one store: one starts, all others are shown what runs. */
export const benchRace = async (print: (line: string) => void): Promise<void> => {
  const neighbours = await startNeighbours();
  // The limit of one address is not what is measured.
  const settings = { ...neighbours.settings, RATE_LIMIT_PER_SECOND: '100000', RATE_LIMIT_BURST: '100000' };
  const servers = await Promise.all(
    Array.from({ length: SERVERS }, () =>
      startServer({
        ...settings,
        LOCAL_SIGNING_KEY: ['signs', 'for', 'all', 'servers', 'of', 'the', 'benchmark'].join('-'),
      }),
    ),
  );
  const begin = performance.now();
  const statuses = await Promise.all(
    Array.from({ length: PRESSES }, async (_, index) => {
      const { url } = servers[index % SERVERS] ?? { url: '' };
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${url}/v1/deployments`, { method: 'POST', headers, body: '{}' });
      await answer.arrayBuffer();
      return answer.status;
    }),
  );
  const tookMs = performance.now() - begin;
  const count = (wanted: number): number => statuses.filter((status) => status === wanted).length;
  await Promise.all(servers.map((server) => server.stop()));
  await neighbours.stop();
  print(
    `${PRESSES} presses at once over ${SERVERS} processes: ${count(201)} started, ${count(409)} were shown it, ${PRESSES - count(201) - count(409)} got anything else; all answered after ${tookMs.toFixed(0)} ms.`,
  );
};
