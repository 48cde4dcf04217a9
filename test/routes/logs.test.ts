import t from 'tap';
import { logCursor } from '../../src/routes/cursors.ts';
import { buildTestApp } from '../fakes/http-app.ts';
import { checkProblem } from '../fakes/http-problem.ts';
import { sampleRecord } from '../fakes/sample-records.ts';

const ID = '01930000-0000-7000-8000-000000000001';
const LOGS = `/v1/deployments/${ID}/logs`;

const setUp = async (test: Parameters<typeof buildTestApp>[0]) => {
  const built = await buildTestApp(test);
  built.demo.active = sampleRecord(ID);
  built.demo.logs = {
    jobId: 7,
    jobName: 'apply',
    lines: ['one', '\u001b[32mtwo\u001b[0m', 'é'],
    nextLine: 3,
    complete: true,
  };
  return built;
};

t.test('Given a log, When it is read from the start and on, Then the cursor continues where it ended', async (t) => {
  const { app, demo } = await setUp(t);
  const first = await app.inject({ url: LOGS });
  t.equal(first.statusCode, 200);
  t.match(first.headers, { 'cache-control': 'no-cache', vary: 'Origin, Accept', 'content-type': /^application\/json/ });
  t.same(first.json(), {
    job: { id: 7, name: 'apply' },
    lines: ['one', '\u001b[32mtwo\u001b[0m', 'é'],
    next_cursor: logCursor({ jobId: 7, line: 3 }),
    complete: true,
  });
  const next = await app.inject({ url: `${LOGS}?cursor=${first.json().next_cursor}` });
  t.match(next.json(), { lines: [], next_cursor: first.json().next_cursor });
  await app.inject({ url: `${LOGS}?job=7&cursor=${logCursor({ jobId: 7, line: 1 })}` });
  await app.inject({ url: `${LOGS}?job=7` });
  t.same(demo.logReads, [
    { job: null, fromLine: 0 },
    { job: 7, fromLine: 3 },
    { job: 7, fromLine: 1 },
    { job: 7, fromLine: 0 },
  ]);
});

t.test('Given somebody with curl, When plain text is asked for, Then lines, and the cursor in a header', async (t) => {
  const { app, demo } = await setUp(t);
  const response = await app.inject({ url: LOGS, headers: { accept: 'text/plain' } });
  t.equal(response.statusCode, 200);
  t.equal(response.headers['content-type'], 'text/plain; charset=utf-8');
  t.equal(response.body, 'one\n\u001b[32mtwo\u001b[0m\né\n');
  t.equal(response.headers['x-next-cursor'], logCursor({ jobId: 7, line: 3 }));
  t.equal(response.headers['x-complete'], 'true');
  demo.logs = null;
  checkProblem(t, await app.inject({ url: LOGS, headers: { accept: 'text/plain' } }), 404, 'NO_PIPELINE');
});

t.test('Given a cursor or a job that is none, When it is sent, Then 400, and nothing is read', async (t) => {
  const { app, demo } = await setUp(t);
  const cursor = logCursor({ jobId: 7, line: 1 });
  for (const query of [
    'cursor=',
    'cursor=nonsense',
    `cursor=${cursor}%3D`,
    `job=8&cursor=${cursor}`,
    'cursor=__proto__',
  ]) {
    const problem = checkProblem(t, await app.inject({ url: `${LOGS}?${query}` }), 400, 'BAD_CURSOR');
    t.match(problem.errors, [{ field: 'cursor' }]);
  }
  for (const job of ['', '0', '-1', '1.5', '7a', '9'.repeat(16), '__proto__', '7&job=8', '%00']) {
    checkProblem(t, await app.inject({ url: `${LOGS}?job=${job}` }), 400, 'VALIDATION_FAILED');
  }
  checkProblem(t, await app.inject({ url: `${LOGS}?cursor=${'A'.repeat(65)}` }), 400, 'VALIDATION_FAILED');
  t.same(demo.logReads, []);
});

t.test('Given a job that is unknown, When its log is read, Then 404', async (t) => {
  const { app } = await setUp(t);
  checkProblem(t, await app.inject({ url: `${LOGS}?job=8` }), 404, 'UNKNOWN_JOB');
  checkProblem(t, await app.inject({ url: `${LOGS}?cursor=${logCursor({ jobId: 8, line: 0 })}` }), 404, 'UNKNOWN_JOB');
  checkProblem(t, await app.inject({ url: '/v1/deployments/nobody/logs' }), 404, 'NOT_FOUND');
});
