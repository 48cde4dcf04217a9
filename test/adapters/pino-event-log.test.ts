import t from 'tap';
import { createPinoEventLog } from '../../src/adapters/pino-event-log.ts';
import { DemoError } from '../../src/lifecycle/errors.ts';
import { createLogger } from '../../src/logger.ts';

const KEY = ['AKIA', 'Q3EGRTZ5LMNOPQ2X'].join('');

const setUp = () => {
  const lines: string[] = [];
  const known = () => ['held-by-this-process'];
  const logger = createLogger({ level: 'info', known }, { write: (line: string) => lines.push(line) });
  return { lines, log: createPinoEventLog(logger) };
};

t.test('Given an event, when it is logged, then its name and fields are there', async (t) => {
  const { lines, log } = setUp();
  log.event('warn', 'deployment.step', { deploymentId: 'x', count: 3, left: ['a', 'b'] });
  t.match(JSON.parse(lines[0] ?? ''), {
    level: 'warn',
    event: 'deployment.step',
    msg: 'deployment.step',
    deploymentId: 'x',
    count: 3,
    left: ['a', 'b'],
  });
});

t.test('Given secrets in texts, lists, errors and their causes, when they are logged, then none is told', async (t) => {
  const { lines, log } = setUp();
  const cause = Object.assign(new Error(`sent held-by-this-process`), { headers: { token: KEY } });
  const error = Object.assign(new DemoError('PIPELINES_UNAVAILABLE', { cause }), { config: KEY });
  log.event('error', 'failed', { text: `key ${KEY}`, list: [`key ${KEY}`], error });
  const line = lines[0] ?? '';
  t.notOk(line.includes(KEY) || line.includes('held-by-this-process'));
  t.match(JSON.parse(line), {
    text: 'key [MASKED]',
    list: ['key [MASKED]'],
    err: { code: 'PIPELINES_UNAVAILABLE', cause: 'sent [MASKED]' },
  });
});
