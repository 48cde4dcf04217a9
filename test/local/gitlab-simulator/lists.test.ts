import t from 'tap';
import { DEPLOYMENT, type Driver, drive, OTHER_DEPLOYMENT } from './driver.ts';
import { shapeErrors } from './gitlab-shapes.ts';

async function idsOf(driver: Driver, query: string): Promise<unknown[]> {
  return (await driver.api('GET', `/pipelines?${query}`)).list().map(({ id }) => id);
}

t.test('Given three pipelines, then each filter finds the right ones', async (t) => {
  const driver = drive(t);
  const up = await driver.createId();
  driver.pass(100);
  const other = await driver.createId({ deployment_id: OTHER_DEPLOYMENT, request_id: 'req-2' });
  driver.pass(10);
  const down = Number((await driver.create({ action: 'destroy', request_id: 'req-3' }, 'main')).json().id);
  const name = encodeURIComponent(`demo apply ${DEPLOYMENT} req-1`);
  t.same(await idsOf(driver, ''), [down, other, up], 'newest first');
  t.same(await idsOf(driver, `name=${name}`), [up]);
  t.same(await idsOf(driver, `name=${name.slice(0, -1)}`), [], 'the name is compared exactly');
  t.same(await idsOf(driver, 'source=api&order_by=id&sort=asc'), [up, other, down]);
  t.same(await idsOf(driver, 'source=push'), []);
  t.same(await idsOf(driver, 'status=success'), [up]);
  t.same(await idsOf(driver, 'status=running'), [other]);
  t.same(await idsOf(driver, 'ref=main'), [down]);
  t.same(await idsOf(driver, 'ref=nobody'), [], 'an unknown ref is no error');
  t.same(await idsOf(driver, 'created_after=2026-11-20T09:00:00.123Z'), [down, other], 'later, not at the same time');
  t.same(await idsOf(driver, 'created_before=2026-11-20T09:01:00Z'), [up]);
  t.same(await idsOf(driver, 'updated_after=2026-11-20T09:01:50.100Z'), [down]);
  t.same(await idsOf(driver, 'updated_before=2026-11-20T09:01:40Z'), [up]);
  t.same(await idsOf(driver, 'scope=tags'), [other, up]);
  t.same(await idsOf(driver, 'scope=branches'), [down]);
  t.same(await idsOf(driver, 'scope=finished'), [up]);
  t.same(await idsOf(driver, 'scope=running'), [other]);
  t.same(await idsOf(driver, 'order_by=updated_at&sort=desc'), [down, other, up]);
  t.same(await idsOf(driver, 'order_by=ref&sort=asc'), [up, other, down], 'equal keys by id');
  t.same(await idsOf(driver, 'order_by=status&sort=asc'), [down, other, up]);
  const [first] = (await driver.api('GET', '/pipelines?ref=main')).list();
  t.same(await idsOf(driver, `sha=${first?.sha}`), [down]);
});

t.test('Given values nobody knows, then 400 with the name of the parameter', async (t) => {
  const driver = drive(t);
  for (const name of ['status', 'scope', 'order_by', 'sort', 'source']) {
    const answer = await driver.api('GET', `/pipelines?${name}=nonsense`);
    t.equal(answer.status, 400);
    t.same(answer.json(), { error: `${name} does not have a valid value` });
    t.same(shapeErrors('error', answer.json()), []);
  }
  t.same((await driver.api('GET', '/pipelines?updated_after=soon')).json(), { error: 'updated_after is invalid' });
  t.same((await driver.api('GET', '/pipelines?page=0')).json(), { error: 'page is invalid' });
  t.same((await driver.api('GET', '/pipelines?per_page=many')).json(), { error: 'per_page is invalid' });
  const id = await driver.createId();
  const scope = await driver.api('GET', `/pipelines/${id}/jobs?scope[]=running&scope[]=nonsense`);
  t.same(scope.json(), { error: 'scope does not have a valid value' });
});

t.test('Given 45 pipelines, then pages of 20 with GitLab’s headers', async (t) => {
  const driver = drive(t);
  for (let count = 0; count < 45; count += 1) await driver.create({ request_id: `req-${count}` });
  const first = await driver.api('GET', '/pipelines?source=api');
  t.equal(first.list().length, 20);
  t.match(first.headers, {
    'x-page': '1',
    'x-per-page': '20',
    'x-next-page': '2',
    'x-prev-page': '',
    'x-total': '45',
    'x-total-pages': '3',
  });
  t.match(
    String(first.headers.link),
    /<http:\/\/[^>]+[?&]page=2[^>]*>; rel="next", <[^>]+>; rel="first", <[^>]+>; rel="last"/,
  );
  t.match(String(first.headers.link), /source=api/, 'the filters are kept');
  const last = await driver.api('GET', '/pipelines?page=3');
  t.equal(last.list().length, 5);
  t.equal(last.headers['x-next-page'], '', 'empty on the last page');
  t.equal(last.headers['x-prev-page'], '2');
  t.equal((await driver.api('GET', '/pipelines?page=9')).list().length, 0);
  t.equal((await driver.api('GET', '/pipelines?per_page=500')).headers['x-per-page'], '100', 'never more than 100');
});

t.test('Given an empty list, then one page of nothing', async (t) => {
  const driver = drive(t);
  const answer = await driver.api('GET', '/pipelines');
  t.same(answer.list(), []);
  t.match(answer.headers, { 'x-total': '0', 'x-total-pages': '1', 'x-next-page': '' });
});

t.test('Given the jobs of a pipeline, then newest first, filtered by scope', async (t) => {
  const driver = drive(t);
  const id = await driver.createId();
  driver.pass(20);
  const names = async (query: string) =>
    (await driver.api('GET', `/pipelines/${id}/jobs?${query}`)).list().map(({ name }) => name);
  t.same(await names(''), ['verify', 'stop', 'apply', 'plan']);
  t.same(await names('scope[]=running&scope[]=success'), ['apply', 'plan']);
  t.same(await names('scope=manual'), ['stop']);
  t.same(await names('per_page=1&page=2'), ['stop']);
});

t.test('Given any answer of the API, then it carries quota, request id and date', async (t) => {
  const driver = drive(t, { requestLimitPerMinute: 3 });
  const first = await driver.api('GET', '/pipelines');
  t.match(first.headers, {
    'ratelimit-limit': '3',
    'ratelimit-name': 'throttle_authenticated_api',
    'ratelimit-observed': '1',
    'ratelimit-remaining': '2',
    'ratelimit-reset': String(Date.parse('2026-11-20T09:01:00Z') / 1_000),
    date: 'Fri, 20 Nov 2026 09:00:00 GMT',
  });
  t.match(String(first.headers['x-request-id']), /^[0-9A-F]{32}$/);
  await driver.api('GET', '/pipelines');
  t.equal((await driver.api('GET', '/pipelines')).status, 200, 'the last of the quota');
  const refused = await driver.api('GET', '/pipelines');
  t.equal(refused.status, 429);
  t.equal(refused.body, 'Retry later\n');
  t.match(refused.headers, { 'retry-after': '60', 'ratelimit-remaining': '0', 'content-type': /text\/plain/ });
  t.match(String(refused.headers['ratelimit-resettime']), /09:01:00 GMT/);
  driver.pass(59.9);
  t.equal((await driver.api('GET', '/pipelines')).status, 200, 'a new minute');
});
