import t from 'tap';
import { DEPLOYMENT, deploy, drive, OTHER_DEPLOYMENT } from './driver.ts';

const URL = `/demo/${DEPLOYMENT}/`;

t.test('Given a life, then the address is empty, building, live with the id, and empty again', async (t) => {
  const driver = drive(t);
  const seen: string[] = [];
  const look = async (): Promise<void> => {
    const answer = await driver.request('GET', URL);
    const word = `${answer.status}${answer.body.includes(DEPLOYMENT) ? ' with the id' : ''}`;
    if (seen.at(-1) !== word) seen.push(word);
  };
  await look();
  await driver.createId();
  for (let second = 0; second < 100; second += 1) {
    await look();
    driver.pass(1);
  }
  await driver.createId({ action: 'destroy' });
  for (let second = 0; second < 50; second += 1) {
    await look();
    driver.pass(1);
  }
  t.same(seen, ['404', '200', '200 with the id', '200', '404']);
});

t.test('Given an apply whose job still runs, then the demo is not live before it succeeds', async (t) => {
  const driver = drive(t);
  const id = await driver.createId();
  for (let step = 0; step < 1_000; step += 1) {
    const { status } = await driver.job(id, 'apply');
    const isLive = (await driver.request('GET', URL)).body.includes(DEPLOYMENT);
    if (isLive) {
      const { finished_at } = await driver.job(id, 'apply');
      const finishedAt = finished_at === null ? driver.now() + 2_000 : Date.parse(String(finished_at));
      t.ok(status === 'success' || finishedAt - driver.now() <= 2_000, 'at most the last moment of the job');
      return;
    }
    driver.pass(0.1);
  }
  t.fail('it never was live');
});

t.test('Given an address that is nobody’s, then 404 and nothing of it is echoed', async (t) => {
  const driver = drive(t);
  for (const path of ['/demo/nonsense/', '/demo/%3Cscript%3E/', `/demo/${OTHER_DEPLOYMENT}/`]) {
    const answer = await driver.request('GET', path);
    t.equal(answer.status, 404, path);
    t.notMatch(answer.body, /nonsense|script>|fedcba/);
  }
});

t.test('Given a pipeline, then its web_url leads to a page with its jobs and no log', async (t) => {
  const driver = drive(t, { publicOrigin: () => 'http://127.0.0.1:4010' });
  const id = await deploy(driver);
  const { web_url } = (await driver.api('GET', `/pipelines/${id}`)).json();
  t.equal(web_url, `http://127.0.0.1:4010/demo/eks-demo/-/pipelines/${id}`);
  const page = await driver.request('GET', String(web_url).replace('http://127.0.0.1:4010', ''));
  t.equal(page.status, 200);
  t.match(page.body, /demo apply 0193f0a0/);
  t.match(page.body, /<td>apply<td>apply<td>#\d+<td>success/);
  t.equal((await driver.request('GET', '/demo/eks-demo/-/pipelines/7')).status, 404);
});
