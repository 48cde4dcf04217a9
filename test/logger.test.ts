import t from 'tap';
import { createLogger } from '../src/logger.ts';

const KNOWN = 'kn0wn-and-made-up-value';
// The example key from AWS' own documentation.
const AWS_KEY = 'AKIAIOSFODNN7EXAMPLE';

const setUp = (level = 'info') => {
  const lines: string[] = [];
  const logger = createLogger({ level, known: () => [KNOWN] }, { write: (line) => void lines.push(line) });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? '') };
};

t.test('Given an event, When it is written, Then level, time, fields and message are one JSON line', async (t) => {
  const { logger, lines, last } = setUp();
  logger.info(
    { deploymentId: 'x', count: 3, list: [1, 'two'], none: null, nested: { ok: true } },
    'deployment.started',
  );
  t.match(last(), {
    level: 'info',
    msg: 'deployment.started',
    deploymentId: 'x',
    count: 3,
    list: [1, 'two'],
    none: null,
  });
  t.match(last(), { time: /^\d{4}-\d\d-\d\dT[\d:.]+Z$/, nested: { ok: true } });
  t.same(Object.keys(last()).includes('hostname'), false);
  logger.debug('below the level');
  t.equal(lines.length, 1);
});

t.test('Given secrets anywhere in a line, When it is written, Then none of them is in it', async (t) => {
  const { logger, lines } = setUp();
  const error = new Error(`outer ${KNOWN}`, { cause: new Error(`inner ${AWS_KEY}`) });
  logger.error({ err: error }, `message ${KNOWN}`);
  logger.error({ err: error });
  logger.error(error);
  logger.warn({ text: `field ${AWS_KEY}`, nested: { deep: [{ deeper: KNOWN }] } }, 'x');
  logger.info(`only a message ${AWS_KEY}`);
  logger.child({ requestId: 'r-1' }).info({ text: KNOWN }, 'x');
  const all = lines.join('');
  t.notMatch(all, KNOWN);
  t.notMatch(all, AWS_KEY);
  for (const line of lines) t.doesNotThrow(() => JSON.parse(line), 'still JSON');
  t.equal(lines.length, 6);
});

t.test('Given an error, When it is written, Then its type, message, code, cause and stack are there', async (t) => {
  const { logger, last } = setUp();
  const error = Object.assign(new TypeError('no way'), { code: 'ECONNREFUSED', body: 'not for a log' });
  Object.assign(error, { cause: new Error('the reason') });
  logger.error({ err: error }, 'x');
  t.match(last().err, {
    type: 'TypeError',
    message: 'no way',
    code: 'ECONNREFUSED',
    cause: 'the reason',
    stack: /logger/,
  });
  t.notMatch(JSON.stringify(last()), 'not for a log');
  logger.error({ err: 'a string' }, 'x');
  t.equal(last().err, 'a string');
  logger.error({ err: Object.assign(new Error('bare'), { stack: undefined }) });
  t.match(last(), { msg: 'bare', err: { message: 'bare', stack: '' } });
});

t.test('Given fields that hold credentials by their name, When they are written, Then only the name is', async (t) => {
  const { logger, last, lines } = setUp();
  logger.info(
    { authorization: 'Bearer x1', headers: { authorization: 'x2', cookie: 'x3' }, a: { b: { token: 'x4' } } },
    'x',
  );
  t.match(last(), { authorization: '[MASKED]', headers: { authorization: '[MASKED]', cookie: '[MASKED]' } });
  t.notMatch(lines.join(''), /x[1-4]/);
});

t.test('Given data that is too deep or too long, When it is written, Then it has an end', async (t) => {
  const { logger, last } = setUp();
  logger.info({ a: { b: { c: { d: { e: {} } } } }, long: Array(500).fill('x') }, 'x');
  t.same(last().a, { b: { c: { d: { e: '[too deep]' } } } });
  t.equal(last().long.length, 100);
});

t.test(
  'Given secrets where no field is looked at, When the line is written, Then the finished line is masked',
  async (t) => {
    const { logger, lines } = setUp();
    logger.info({ error: Object.assign(new Error('x'), { body: KNOWN }) }, 'under another name');
    logger.info('formatted %j', { body: KNOWN });
    logger.child({ bound: KNOWN }).info('bound');
    logger.info({ [KNOWN]: 1 }, 'a key');
    t.equal(lines.length, 4);
    for (const line of lines) {
      t.notOk(line.includes(KNOWN));
      t.doesNotThrow(() => JSON.parse(line), 'and it is still JSON');
    }
  },
);
