import { existsSync, readFileSync } from 'node:fs';
import t from 'tap';
import { createCostModel } from '../../scripts/cost/model.ts';
import { tablesOf } from '../../scripts/cost/tables.ts';
import { DEMO, IDLE } from '../../scripts/cost/usage.ts';
import { loadConfig } from '../../src/config.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const FILE = JSON.parse(read('scripts/cost/prices-2026-11-23.json'));
const MODEL = createCostModel(FILE);
const DOCUMENT = read('docs/cost.md');

const isNear = (found: number | undefined, expected: number): boolean =>
  Math.abs((found ?? Number.NaN) - expected) < 0.005;

t.test('Given the document, when its tables are made anew, then nothing changes', async (t) => {
  for (const [name, table] of Object.entries(tablesOf(MODEL))) {
    const standing = new RegExp(`<!-- ${name} -->\n([\\s\\S]*?)\n<!-- /${name} -->`).exec(DOCUMENT)?.[1];
    t.equal(standing, table, `${name}: run node scripts/cost-model.ts --write`);
  }
});

t.test('Given the figures in the text, when they are compared with the model, then they are the same', async (t) => {
  t.match(DOCUMENT, `first three columns are $${MODEL.freeUsd.toFixed(2)} lower`);
  t.match(DOCUMENT, `about $${MODEL.ceilingUsd(200, 100).toFixed(0)} if somebody kept it busy`);
  t.match(DOCUMENT, `A build of it takes an hour at most: $${MODEL.destroyerUsd.toFixed(2)}`);
});

t.test('Given what an hour is taken to cost, when it is compared with the model, then it is the same', async (t) => {
  const wanted = Number(MODEL.hourlyUsd.toFixed(2));
  t.equal(loadConfig({}).cost.hourlyUsd, wanted, 'the default of DEMO_HOURLY_COST_USD');
  t.match(read('docs/demo.md'), `**about $${wanted} an hour**`);
});

t.test('Given prices that can be added up in the head, when a month is worked out, then it is that', async (t) => {
  const prices = Object.fromEntries(Object.keys(FILE.prices).map((name) => [name, { usd: 1, source: 'made up' }]));
  const model = createCostModel({ hours_a_month: 1, prices });
  t.ok(isNear(model.idle.ours.compute, 0.25 + 0.5), 'a quarter of a processor and half a GB for an hour');
  t.equal(model.idle.ours.address, 1);
  t.equal(model.idle.balancer.nat, 2, 'the gateway and its address');
  t.ok(isNear(model.idle.balancer.balancer, 1 + 0.1 + 2), 'the balancer, a tenth of a unit, two addresses');
  t.ok(isNear(model.hourlyUsd, 1 + 2 + 2 + 4 + 40), 'control plane, nodes, balancer, addresses, disks');
});

t.test('Given the prices as they are, when builds are compared, then they stand as they are told', async (t) => {
  const { ours, spot, balancer, lambda } = MODEL.idleUsd;
  t.ok(isNear(MODEL.idle.ours.compute, 7.21), 'the smallest task');
  t.ok(isNear(MODEL.idle.ours.address, 3.65));
  t.ok(spot < ours && lambda < spot);
  t.ok(balancer > 4 * ours, 'a load balancer and NAT cost more than four times as much');
  t.ok(isNear(MODEL.demos(10).aws, 10 * MODEL.demoUsd));
});

t.test("Given GitLab's free minutes, when there are more demos than fit, then only the rest is paid", async (t) => {
  const fitting = Math.floor(400 / DEMO.gitlabMinutes);
  t.ok(fitting >= 8 && fitting <= 11, '8 to 11 demos a month');
  t.equal(MODEL.demos(fitting).gitlab, 0);
  t.ok(isNear(MODEL.demos(fitting + 1).gitlab, ((fitting + 1) * DEMO.gitlabMinutes - 400) / 100));
});

t.test('Given a price that is missing or none, when a model is made, then it says which', async (t) => {
  const { eks_hour, ...rest } = FILE.prices;
  t.ok(eks_hour);
  t.throws(() => createCostModel({ ...FILE, prices: rest }), /no price for eks_hour/);
  for (const usd of [0, -1, '0.1', null]) {
    t.throws(() => createCostModel({ ...FILE, prices: { ...rest, eks_hour: { usd, source: '' } } }), /eks_hour/);
  }
});

t.test('Given each price, when its source is read, then it has one, and the file its date', async (t) => {
  t.match(FILE.date, /^\d{4}-\d{2}-\d{2}$/);
  t.match(read('scripts/cost-model.ts'), `prices-${FILE.date}.json`);
  for (const [name, { source }] of Object.entries<{ source: string }>(FILE.prices)) {
    t.match(source, /^(https:\/\/|not looked up)/, name);
  }
});

t.test('Given the README, when it says what it costs, then it says what the model does', async (t) => {
  const summary = /<!-- summary -->\n([\s\S]*?)\n<!-- \/summary -->/.exec(read('docs/cost.md'))?.[1];
  t.ok(summary !== undefined && read('README.md').includes(summary));
});

t.test('Given what is counted, when the infrastructure code is read, then it has as many', async (t) => {
  const alarms = read('terraform/platform/alarms.tf');
  const count = (pattern: RegExp): number => [...alarms.matchAll(pattern)].length;
  t.equal(count(/^\s+about\s*=|= \{ about = /gm), IDLE.alarms, 'alarms');
  const service = read('terraform/platform/service.tf');
  t.equal(Number(/cpu\s*=\s*(\d+)/.exec(service)?.[1]) / 1_024, IDLE.vcpu);
  t.equal(Number(/memory\s*=\s*(\d+)/.exec(service)?.[1]) / 1_024, IDLE.memoryGb);
});

const NODES = 'terraform/demo/ephemeral/variables.tf';
const isThere = existsSync(new URL(`../../${NODES}`, import.meta.url));

t.test(
  'Given what a demo is made of, when the model is compared, then it counts the same',
  { skip: isThere ? false : 'the demo’s infrastructure is not here yet' },
  async (t) => {
    const variables = read(NODES);
    t.match(variables, /"instance_types"[\s\S]{0,300}default\s*=\s*\["t4g\.small"/);
    t.equal(Number(/"node_count"[\s\S]{0,300}?default\s*=\s*(\d)/.exec(variables)?.[1]), DEMO.nodes);
    const nodes = read('terraform/demo/ephemeral/nodes.tf');
    t.equal(Number(/volume_size\s*=\s*(\d+)/.exec(nodes)?.[1]), DEMO.diskGb);
  },
);
