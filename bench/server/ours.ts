// The server as it is in local mode, with every protection and limit it has. A client's address is taken from a header, so
// that the benchmark can be many clients, unless it says otherwise.
import { Writable } from 'node:stream';
import { compose } from '../../src/compose.ts';
import { loadConfig } from '../../src/config.ts';
import { answerWithFigures, tellEvent } from './figures.ts';

const TOLD = ['deployment.step', 'deployment.gone'];

const tell = (line: string): void => {
  const { msg, step } = JSON.parse(line) as { msg: string; step?: string };
  if (TOLD.includes(msg)) tellEvent({ name: msg, step: step ?? null, at: Date.now() });
};

const config = loadConfig({ PORT: '0', LOG_LEVEL: 'info', CLIENT_IP_SOURCE: 'header:x-client', ...process.env });
const service = await compose(config, {
  version: '0.0.0',
  logDestination: new Writable({
    write: (chunk, _encoding, done) => {
      for (const line of String(chunk).split('\n')) if (line !== '') tell(line);
      done();
    },
  }),
});
await service.start();

const headers = { authorization: `Bearer ${service.printedOwnerToken}`, 'x-client': '192.0.2.9' };

const sumOf = (metrics: string, series: RegExp): number =>
  [...metrics.matchAll(series)].reduce((sum, [, value]) => sum + Number(value), 0);

answerWithFigures(service.url, async () => {
  const metrics = await (await fetch(`${service.url}/metrics`, { headers })).text();
  return {
    storeReads: sumOf(metrics, /^demo_store_calls_total\{operation="GetItem",[^}]*\} (\d+)$/gm),
    gitlabCalls: sumOf(metrics, /^demo_gitlab_calls_total\{[^}]*\} (\d+)$/gm),
  };
});
