// The server as it is in local mode, with every protection and limit it has; a client's address is taken from a header,
// so that the benchmark can be many clients. A demo is running: there is something to see.
import { Writable } from 'node:stream';
import { compose } from '../../src/compose.ts';
import { loadConfig } from '../../src/config.ts';
import { answerWithFigures } from './figures.ts';

const config = loadConfig({ PORT: '0', LOG_LEVEL: 'info', CLIENT_IP_SOURCE: 'header:x-client', ...process.env });
const service = await compose(config, {
  version: '0.0.0',
  logDestination: new Writable({ write: (_chunk, _encoding, done) => done() }),
});
await service.start();
answerWithFigures(service.url);
