import t from 'tap';
import { SIMULATOR_READ_TOKEN, SIMULATOR_TOKEN } from '../../../src/local/gitlab-simulator/simulator.ts';
import { DEPLOYMENT, drive } from './driver.ts';
import { shapeErrors } from './gitlab-shapes.ts';

const BASE_ERRORS: readonly (readonly [string, Record<string, unknown>, string])[] = [
  [
    'an unknown action',
    { action: 'nuke' },
    '`action` input: `nuke` cannot be used because it is not in the list of allowed options',
  ],
  [
    'an upper-case id',
    { deployment_id: DEPLOYMENT.toUpperCase() },
    '`deployment_id` input: provided value does not match required RegEx pattern',
  ],
  [
    'an id of 37 characters',
    { deployment_id: `${DEPLOYMENT}0` },
    '`deployment_id` input: provided value does not match required RegEx pattern',
  ],
  [
    'a request id of 65 characters',
    { request_id: 'r'.repeat(65) },
    '`request_id` input: provided value does not match required RegEx pattern',
  ],
  [
    'a date with milliseconds',
    { start_before: '2026-11-20T09:00:00.000Z' },
    '`start_before` input: provided value does not match required RegEx pattern',
  ],
  ['a number for an id', { request_id: 7 }, '`request_id` input: provided value is not a string'],
  ['an input nobody declared', { region: 'eu' }, 'unknown input arguments: region'],
];

for (const [what, inputs, text] of BASE_ERRORS) {
  t.test(`Given ${what}, when a pipeline is created, then 400 says so and nothing is made`, async (t) => {
    const driver = drive(t);
    const answer = await driver.create(inputs);
    t.equal(answer.status, 400);
    t.same(answer.json(), { message: { base: [text] } });
    t.same(shapeErrors('error', answer.json()), []);
    t.same((await driver.api('GET', '/pipelines')).list(), []);
  });
}

t.test('Given four wrong inputs, then only three are reported, joined', async (t) => {
  const driver = drive(t);
  const answer = await driver.create({ action: 'x', deployment_id: 'x', request_id: 'X', start_before: 'x' });
  const { message } = answer.json();
  const [text] = (message as { base: string[] }).base;
  t.equal(text?.split(', ').length, 3);
});

t.test('Given the limits of each input, then they are accepted', async (t) => {
  const driver = drive(t);
  t.equal((await driver.create({ request_id: 'r'.repeat(64), start_before: '2026-11-20T09:10:00Z' })).status, 201);
  t.equal((await driver.create({ action: 'destroy' }, 'main')).status, 201);
  const list = (await driver.api('GET', '/pipelines')).list();
  t.same(
    list.map(({ name, ref }) => [name, ref]),
    [
      [`demo destroy ${DEPLOYMENT} req-1`, 'main'],
      [`demo apply ${DEPLOYMENT} ${'r'.repeat(64)}`, 'demo-v1'],
    ],
  );
});

t.test('Given wrong parameters, then the answer has Grape’s or the model’s shape', async (t) => {
  const driver = drive(t);
  const post = (body: unknown) => driver.api('POST', '/pipeline', body);
  t.same((await post({})).json(), { error: 'ref is missing' });
  t.same((await post(undefined)).json(), { error: 'ref is missing' });
  t.same((await post({ ref: 'main', inputs: [] })).json(), { error: 'inputs is invalid' });
  t.same((await post({ ref: 'main', variables: {} })).json(), { error: 'variables is invalid' });
  t.same((await driver.create({}, 'nope')).json(), { message: { base: ['Reference not found'] } });
  const variable = { key: 'FOO', value: '1' };
  const one = await post({ ref: 'main', variables: [variable] });
  t.same(one.json(), { message: { base: ['Insufficient permissions to set pipeline variables'] } });
  const two = await post({ ref: 'main', variables: [variable, variable] });
  t.same(two.json(), { message: { base: ['Duplicate variable name: FOO'] } });
  t.equal((await driver.api('GET', '/pipelines')).list().length, 0);
  const bare = await post({ ref: 'main', variables: [] });
  t.equal(bare.status, 201, 'every input has a default, and they destroy nothing of anybody');
  const [listed] = (await driver.api('GET', '/pipelines')).list();
  t.equal(listed?.name, 'demo destroy 00000000-0000-4000-8000-000000000000 by-hand');
});

t.test('Given a body that is not JSON or too long, then it is refused', async (t) => {
  const driver = drive(t);
  const send = (payload: string) =>
    driver.simulator.inject({
      method: 'POST',
      url: '/api/v4/projects/1001/pipeline',
      headers: { 'private-token': SIMULATOR_TOKEN, 'content-type': 'application/json' },
      payload,
    });
  t.equal((await send('{"ref"')).statusCode, 400);
  t.equal((await send(JSON.stringify({ ref: 'r'.repeat(70_000) }))).statusCode, 413);
});

t.test(
  'Given 25 pipelines of one commit within a minute, then the 26th is a 400 and a minute later one passes',
  async (t) => {
    const driver = drive(t, { createLimitPerMinute: 25 });
    for (let count = 1; count <= 25; count += 1) t.equal((await driver.create()).status, 201, `pipeline ${count}`);
    const refused = await driver.create();
    t.equal(refused.status, 400);
    t.same(refused.json(), {
      message: { base: ['Too many pipelines created in the last minute. Try again later.'] },
    });
    t.equal((await driver.create({}, 'main')).status, 201, 'another commit has its own limit');
    driver.pass(59.9);
    t.equal((await driver.create()).status, 400);
    driver.pass(0.1);
    t.equal((await driver.create()).status, 201);
  },
);

t.test('Given each kind of token, then it may do what it may', async (t) => {
  const driver = drive(t);
  const ask = (method: 'GET' | 'POST', headers: Record<string, string>, path = '/api/v4/projects/1001/pipelines') =>
    driver.request(method, path, method === 'POST' ? { ref: 'main' } : undefined, headers);
  t.equal((await ask('GET', { 'private-token': SIMULATOR_TOKEN })).status, 200);
  t.equal((await ask('GET', { authorization: `Bearer ${SIMULATOR_TOKEN}` })).status, 200);
  t.equal((await ask('GET', { 'private-token': SIMULATOR_READ_TOKEN })).status, 200);
  const missing = await ask('GET', {});
  t.equal(missing.status, 401);
  t.same(missing.json(), { message: '401 Unauthorized' });
  t.equal((await ask('GET', { 'private-token': 'wrong' })).status, 401);
  const readOnly = await ask('POST', { 'private-token': SIMULATOR_READ_TOKEN }, '/api/v4/projects/1001/pipeline');
  t.equal(readOnly.status, 403);
  t.match(readOnly.json(), { error: 'insufficient_scope', scope: 'api' });
  t.same(shapeErrors('error', readOnly.json()), []);
  driver.simulator.setToken('rotated');
  t.equal((await ask('GET', { 'private-token': SIMULATOR_TOKEN })).status, 401, 'the old token after a rotation');
  t.equal((await ask('GET', { 'private-token': 'rotated' })).status, 200);
});

t.test('Given the project by number and by path, then both are the project, and another one is a 404', async (t) => {
  const driver = drive(t);
  const headers = { 'private-token': SIMULATOR_TOKEN };
  t.equal((await driver.request('GET', '/api/v4/projects/demo%2Feks-demo/pipelines', undefined, headers)).status, 200);
  const other = await driver.request('GET', '/api/v4/projects/1002/pipelines', undefined, headers);
  t.equal(other.status, 404);
  t.same(other.json(), { message: '404 Project Not Found' });
  const route = await driver.request('GET', '/api/v4/nothing', undefined, headers);
  t.equal(route.status, 404);
  t.same(route.json(), { error: '404 Not Found' });
});
