import t from 'tap';
import { plantedSecrets } from '../../../src/local/gitlab-simulator/trace/planted-secrets.ts';
import { DEPLOYMENT, type Driver, deploy, drive, OTHER_DEPLOYMENT } from './driver.ts';

/** GitLab's own expression for the prefix of a line (lib/gitlab/ci/trace/stream.rb). */
const PREFIX = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z [0-9a-f]{2}[EO][ +]/;
const PREFIX_LENGTH = 32;

async function traceOf(driver: Driver, pipelineId: number, name: string, query = ''): Promise<Buffer> {
  const { id } = await driver.job(pipelineId, name);
  const answer = await driver.api('GET', `/jobs/${id}/trace${query}`);
  if (answer.status !== 200) throw new Error(`trace: ${answer.status} ${answer.body}`);
  return answer.bytes;
}

/** What a reader puts together: prefixes taken off, continuations joined, colours and markers dropped. */
function readable(trace: string): string {
  const joined = trace.split('\n').reduce((text, line) => {
    const isContinued = line.charAt(PREFIX_LENGTH - 1) === '+';
    return isContinued ? text + line.slice(PREFIX_LENGTH) : `${text}\n${line.slice(PREFIX_LENGTH)}`;
  }, '');
  return joined.replaceAll(/\u001b\[[0-9;]*[A-Za-z]/g, '');
}

t.test(
  'Given the jobs of an apply and a destroy, then every line is stamped and none runs ahead of the clock',
  async (t) => {
    const driver = drive(t);
    const up = await deploy(driver);
    const down = await driver.createId({ action: 'destroy' });
    driver.pass(60);
    let total = 0;
    for (const [id, name] of [
      [up, 'plan'],
      [up, 'apply'],
      [up, 'verify'],
      [down, 'destroy'],
      [down, 'inventory'],
    ] as const) {
      const text = (await traceOf(driver, id, name)).toString();
      const lines = text.split('\n').slice(0, -1);
      total += lines.length;
      t.ok(text.endsWith('\n'));
      t.same(
        lines.filter((line) => !PREFIX.test(line)),
        [],
        `${name}: no line without a prefix`,
      );
      const stamps = lines.map((line) => line.slice(0, 27));
      t.same(stamps, [...stamps].sort(), `${name}: in order`);
      const job = await driver.job(id, name);
      t.ok(String(stamps[0]) >= String(job.started_at).slice(0, -1), `${name}: not before it started`);
      t.ok(String(stamps.at(-1)) <= `${String(job.finished_at).slice(0, -1)}999Z`, `${name}: not after it finished`);
      t.match(text, /Running with gitlab-runner/);
      t.match(text, /Job succeeded\S*\n$/);
    }
    t.ok(total > 700, `${total} lines`);
  },
);

t.test('Given a log, then it has sections, colours, progress, continuations and many-byte characters', async (t) => {
  const driver = drive(t);
  const id = await deploy(driver);
  const plan = (await traceOf(driver, id, 'plan')).toString();
  const verify = (await traceOf(driver, id, 'verify')).toString();
  const starts = [...plan.matchAll(/section_start:(\d+):([a-z_]+)\r\u001b\[0K\n/g)];
  const ends = [...plan.matchAll(/section_end:(\d+):([a-z_]+)\r\u001b\[0K\n/g)];
  t.same(
    starts.map((match) => match[2]),
    ends.map((match) => match[2]),
  );
  t.ok(starts.map((match) => match[2]).includes('step_script'));
  t.equal(starts[0]?.[1], '1795165201', 'markers carry the seconds of the wall clock');
  t.match(plan, /\u001b\[32m\+\u001b\[0m/);
  t.match(plan, /downloading a tool {3}8%\r {2}downloading/);
  t.match(plan, / 01E\+/);
  t.match(verify, /Größe|🎉/);
  t.ok(Buffer.byteLength(verify) > verify.length);
});

t.test('Given an apply, then its log tells the recorded times while the stamps tell the real ones', async (t) => {
  const driver = drive(t);
  const id = await deploy(driver);
  const text = readable((await traceOf(driver, id, 'apply')).toString());
  t.match(text, /aws_eks_cluster\.demo: Creating\.\.\./);
  t.match(text, /aws_eks_cluster\.demo: Still creating\.\.\. \[05m00s elapsed\]/);
  t.match(text, /aws_eks_cluster\.demo: Creation complete after 8m15s \[id=demo-0123456789ab\]/);
  t.match(text, /Apply complete! Resources: 10 added, 0 changed, 0 destroyed\./);
  t.match(text, /deployment "demo" successfully rolled out/);
  const created = [...text.matchAll(/^(\S+): Creating\.\.\.$/gm)].map((match) => match[1]);
  const completed = [...text.matchAll(/^(\S+): Creation complete/gm)].map((match) => match[1]);
  t.equal(created.length, 10);
  t.same([...completed].sort(), [...created].sort(), 'what is begun is completed');
  const order = (address: string) => completed.indexOf(address);
  t.equal(order('aws_eks_cluster.demo'), 6, 'everything else is made beside it, but what it is for');
});

t.test('Given the inventory and the log of an apply, then they name the same ids', async (t) => {
  const driver = drive(t);
  const id = await deploy(driver);
  const text = (await traceOf(driver, id, 'apply')).toString();
  const ids = (await driver.inventory()).filter(({ type }) =>
    ['ec2:launch-template', 'elasticloadbalancing:loadbalancer', 'eks:cluster'].includes(String(type)),
  );
  t.equal(ids.length, 3);
  for (const resource of ids) t.ok(text.includes(`[id=${resource.id}]`), String(resource.id));
});

t.test(
  'Given the logs of a whole life, then every planted secret is in them, once they are put together',
  async (t) => {
    const driver = drive(t);
    const up = await deploy(driver);
    const down = await driver.createId({ action: 'destroy' });
    driver.pass(60);
    const texts: string[] = [];
    for (const [id, name] of [
      [up, 'plan'],
      [up, 'apply'],
      [up, 'verify'],
      [down, 'destroy'],
      [down, 'inventory'],
    ] as const) {
      texts.push(readable((await traceOf(driver, id, name)).toString()));
    }
    const all = texts.join('\n');
    const secrets = plantedSecrets(DEPLOYMENT);
    const encodedOnly = secrets.filter((secret) => !all.includes(secret));
    // These three are there in another encoding only, and must not be shown decoded either.
    t.equal(encodedOnly.length, 3, encodedOnly.join(' '));
    t.notOk(texts.some((text) => plantedSecrets(OTHER_DEPLOYMENT).some((secret) => text.includes(secret))));
  },
);

t.test('Given a secret that is cut by a continuation, then the raw bytes do not hold it in one piece', async (t) => {
  const driver = drive(t);
  const id = await deploy(driver);
  const raw = (await traceOf(driver, id, 'plan')).toString();
  const secret = plantedSecrets(DEPLOYMENT).find((value) => readable(raw).includes(`AWS_SECRET_ACCESS_KEY=${value}`));
  t.ok(secret);
  t.notOk(raw.includes(String(secret)));
});

t.test('Given a job that has not started, then 200 and nothing', async (t) => {
  const driver = drive(t);
  const id = await driver.createId();
  const { id: jobId } = await driver.job(id, 'apply');
  const answer = await driver.api('GET', `/jobs/${jobId}/trace`);
  t.equal(answer.status, 200);
  t.equal(answer.body, '');
  t.match(answer.headers, {
    'content-type': 'text/plain; charset=utf-8',
    'content-disposition': `infile; filename="${jobId}.log"`,
  });
});

t.test('Given a running job, then its log only grows, also over a change of speed', async (t) => {
  const driver = drive(t);
  const id = await driver.createId();
  driver.pass(9);
  let before: Buffer = Buffer.alloc(0);
  for (let step = 0; step < 30; step += 1) {
    if (step === 10) driver.simulator.control.setSpeed(3);
    const trace = await traceOf(driver, id, 'apply');
    t.ok(trace.length >= before.length);
    t.ok(trace.subarray(0, before.length).equals(before), 'what was read stays as it was');
    before = trace;
    driver.pass(1);
  }
  t.ok(before.length > 8_000, `${before.length} bytes`);
});

t.test('Given ranges of bytes, then they put together make the whole log', async (t) => {
  const driver = drive(t);
  const id = await deploy(driver);
  const whole = await traceOf(driver, id, 'verify');
  const parts: Buffer[] = [];
  for (let offset = 0; offset < whole.length; offset += 777) {
    parts.push(await traceOf(driver, id, 'verify', `?byte_offset=${offset}&byte_limit=777`));
  }
  t.ok(Buffer.concat(parts).equals(whole));
  t.ok(parts.slice(0, -1).every(({ length }) => length === 777));
  t.equal((await traceOf(driver, id, 'verify', `?byte_offset=${whole.length}`)).length, 0, 'at the end');
  t.equal((await traceOf(driver, id, 'verify', `?byte_offset=${whole.length + 1}&byte_limit=1`)).length, 0, 'past it');
  t.equal((await traceOf(driver, id, 'verify', '?byte_limit=512000')).length, whole.length);
});

t.test('Given wrong ranges, then 400', async (t) => {
  const driver = drive(t);
  const id = await deploy(driver);
  const { id: jobId } = await driver.job(id, 'verify');
  for (const query of ['byte_limit=0', 'byte_limit=512001', 'byte_limit=x', 'byte_offset=-1', 'byte_offset=1.5']) {
    const answer = await driver.api('GET', `/jobs/${jobId}/trace?${query}`);
    t.equal(answer.status, 400, query);
    t.match(answer.json(), { error: /^byte_(limit|offset) does not have a valid value$/ });
  }
});

t.test('Given the same seed and deployment, then the same log to the byte, and another seed another one', async (t) => {
  const traces = [];
  for (const seed of [7, 7, 8]) {
    const driver = drive(t, { seed });
    traces.push((await traceOf(driver, await deploy(driver), 'apply')).toString());
  }
  t.equal(traces[0], traces[1]);
  t.not(traces[0], traces[2]);
});

t.test('Given a runner without timestamps, then the same text without prefixes, continuations joined', async (t) => {
  const driver = drive(t);
  const id = await driver.createId();
  const partial: Buffer[] = [];
  driver.simulator.control.setFault('trace-classic');
  for (let step = 0; step < 120; step += 1) {
    driver.pass(0.25);
    partial.push(await traceOf(driver, id, 'plan'));
  }
  const classic = partial.at(-1) ?? Buffer.alloc(0);
  for (const part of partial) t.ok(classic.subarray(0, part.length).equals(part), 'it only grows');
  driver.simulator.control.clearFaults();
  const stamped = (await traceOf(driver, id, 'plan')).toString();
  t.notOk(PREFIX.test(classic.toString()));
  t.equal(
    classic
      .toString()
      .replaceAll(/\u001b\[[0-9;]*[A-Za-z]/g, '')
      .trimEnd(),
    readable(stamped).trim(),
  );
});
