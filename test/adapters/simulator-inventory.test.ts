import t, { type Test } from 'tap';
import { MockAgent } from 'undici';
import { createSimulatorInventory } from '../../src/adapters/simulator-inventory.ts';
import { DEPLOYMENT, OTHER_DEPLOYMENT } from './gitlab-answers.ts';

const ORIGIN = 'http://127.0.0.1:4010';
const resource = (changes: Record<string, unknown> = {}) => ({
  type: 'ec2:vpc',
  id: 'vpc-0a1b2c3d',
  name: 'demo-0a1b2c3d4e5f',
  deployment_id: DEPLOYMENT,
  state: 'active',
  ...changes,
});

const setUp = (t: Test, status: number, body: unknown, path = `/control/inventory?deployment_id=${DEPLOYMENT}`) => {
  const agent = new MockAgent();
  agent.disableNetConnect();
  t.teardown(() => agent.close());
  const data = typeof body === 'string' ? body : JSON.stringify(body);
  agent.get(ORIGIN).intercept({ path }).reply(status, data);
  return createSimulatorInventory({ origin: ORIGIN, dispatcher: agent });
};

t.test('Given a whole, empty list, then it is empty', async (t) => {
  const inventory = setUp(t, 200, { complete: true, resources: [] });
  t.same(await inventory.read(DEPLOYMENT), { answer: 'empty', count: 0, detail: [] });
});

t.test('Given everything is being deleted, then it is not gone yet', async (t) => {
  const resources = [resource({ state: 'deleting' })];
  const inventory = setUp(t, 200, { complete: true, resources });
  t.same(await inventory.read(DEPLOYMENT), { answer: 'deleting', count: 1, detail: ['ec2:vpc vpc-0a1b2c3d'] });
});

t.test('Given one thing is not being deleted, then there are leftovers, of which ten are named', async (t) => {
  const going = Array.from({ length: 11 }, (_, index) => resource({ id: `vpc-${index}`, state: 'deleting' }));
  const inventory = setUp(t, 200, { complete: true, resources: [...going, resource()] });
  const { answer, count, detail } = await inventory.read(DEPLOYMENT);
  t.equal(answer, 'leftovers');
  t.equal(count, 12);
  t.equal(detail.length, 10);
  t.equal(detail[0], 'ec2:vpc vpc-0');
});

for (const [what, status, body] of [
  ['a part of the list', 200, { complete: false, resources: [] }],
  ['a list that does not say whether it is whole', 200, { resources: [] }],
  ['no list', 200, { complete: true }],
  ['an error', 500, { error: 'unavailable' }],
  ['an empty answer', 200, ''],
  ['a page', 200, '<html></html>'],
  ['broken JSON', 200, '{"complete": true, "resources": ['],
  ['a row that is none', 200, { complete: true, resources: [null] }],
  ['a row without an id', 200, { complete: true, resources: [resource({ id: undefined })] }],
  ['a state nobody knows', 200, { complete: true, resources: [resource({ state: 'gone' })] }],
  ['a row without a deployment', 200, { complete: true, resources: [resource({ deployment_id: 'demo' })] }],
  ['rows of another deployment', 200, { complete: true, resources: [resource({ deployment_id: OTHER_DEPLOYMENT })] }],
  ['more than two megabytes', 200, `"${'x'.repeat(2_000_001)}"`],
] as const) {
  t.test(`Given ${what}, then nothing is known`, async (t) => {
    const { answer, count, detail } = await setUp(t, status, body).read(DEPLOYMENT);
    t.same([answer, count, detail.length], ['unknown', 0, 1]);
    t.ok((detail[0] ?? '').length <= 120);
  });
}

t.test('Given nobody answers, then nothing is known', async (t) => {
  const agent = new MockAgent();
  agent.disableNetConnect();
  t.teardown(() => agent.close());
  agent.get(ORIGIN).intercept({ path: /./ }).reply(200, '{}').delay(50).persist();
  const inventory = createSimulatorInventory({ origin: ORIGIN, dispatcher: agent, timeoutMs: 10 });
  t.match(await inventory.read(DEPLOYMENT), { answer: 'unknown' });
  t.equal(await inventory.sweep(), null);
});

t.test('Given things of several deployments, when it is swept, then each is named once', async (t) => {
  const resources = [resource(), resource({ deployment_id: OTHER_DEPLOYMENT }), resource({ id: 'vpc-2' })];
  const inventory = setUp(t, 200, { complete: true, resources }, '/control/inventory');
  t.same(await inventory.sweep(), [DEPLOYMENT, OTHER_DEPLOYMENT]);
});

t.test(
  'Given a part of the list or a thing without an owner, when it is swept, then it is not known for sure',
  async (t) => {
    for (const body of [
      { complete: false, resources: [resource()] },
      { complete: true, resources: [resource({ deployment_id: null })] },
    ]) {
      t.equal(await setUp(t, 200, body, '/control/inventory').sweep(), null);
    }
  },
);
