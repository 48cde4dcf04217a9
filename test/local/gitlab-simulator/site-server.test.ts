import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request as send } from 'node:http';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { createSiteServer } from '../../../src/local/gitlab-simulator/site-server.ts';
import { DEPLOYMENT, type Driver, deploy, drive } from './driver.ts';

const MAIN = fileURLToPath(new URL('../../../src/local/gitlab-simulator/main.ts', import.meta.url));

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

/** Sends a path as it is; fetch would tidy it up first. */
const ask = async (origin: string, path: string, method = 'GET'): Promise<Answer> => {
  const { hostname, port } = new URL(origin);
  const request = send({ hostname, port, path, method, agent: false }).end();
  const [response] = await once(request, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() };
};

const listeningSite = async (t: Test, driver: Driver): Promise<string> => {
  const site = createSiteServer(driver.simulator);
  t.teardown(() => site.close());
  return (await site.listen({ host: '127.0.0.1', port: 0 })).origin;
};

t.test('Given a demo, when its page is opened on the site, then it is the simulator’s own answer', async (t) => {
  const driver = drive(t);
  const site = await listeningSite(t, driver);
  const path = `/demo/${DEPLOYMENT}/`;
  t.equal((await ask(site, path)).status, 404, 'nothing is there yet');
  const pipeline = await deploy(driver);
  const page = await ask(site, path);
  const own = await driver.request('GET', path);
  t.same([page.status, page.body], [200, own.body]);
  t.match(page.body, DEPLOYMENT);
  t.match(page.headers, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  const { web_url } = (await driver.api('GET', `/pipelines/${pipeline}`)).json();
  t.match(await ask(site, new URL(String(web_url)).pathname), { status: 200, body: /demo apply 0193f0a0/ });
  t.match(await ask(site, '/livez'), { status: 200 });
});

t.test('Given faults of the demo, when it is opened on the site, then they are seen there', async (t) => {
  const driver = drive(t);
  const site = await listeningSite(t, driver);
  await deploy(driver);
  driver.simulator.control.setFault('live-url-down', { times: 1 });
  t.equal((await ask(site, `/demo/${DEPLOYMENT}/`)).status, 503);
  driver.simulator.control.setFault('live-url-redirect', { times: 1 });
  const redirect = await ask(site, `/demo/${DEPLOYMENT}/`);
  t.match(redirect, { status: 302, headers: { location: /^https:/ } });
});

t.test('Given everything else of the simulator, when it is asked for on the site, then it is not there', async (t) => {
  const driver = drive(t);
  const site = await listeningSite(t, driver);
  await deploy(driver);
  const paths = [
    '/control/state',
    '/control/inventory',
    '/api/v4/projects/1001/pipelines',
    '/demo/../control/state',
    '/demo/%2e%2e/',
    '/demo/..%2fcontrol%2fstate/',
    '//control/state',
    '/demo/eks-demo/-/pipelines/1/../../../../../control/state',
    '/../control/-/pipelines/1',
    `http://127.0.0.1/control/state`,
    '/',
  ];
  for (const path of paths) t.equal((await ask(site, path)).status, 404, path);
  for (const path of ['/control/speed', '/control/faults/live-url-down', `/demo/${DEPLOYMENT}/`]) {
    for (const method of ['PUT', 'POST', 'DELETE']) t.equal((await ask(site, path, method)).status, 404, path);
  }
  t.same(driver.simulator.control.faults(), []);
});

t.test('Given the process with a port for the site, then both are served, with its token, and both end', async (t) => {
  const environment = {
    ...process.env,
    SIMULATOR_PORT: '0',
    SIMULATOR_SITE_PORT: '0',
    SIMULATOR_TOKEN: 'a-token-of-its-own',
  };
  const child = spawn(process.execPath, [MAIN], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => child.kill('SIGKILL'));
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += String(chunk);
  });
  while (!/demos alone: .*\n/.test(said)) await once(child.stdout, 'data');
  const [, origin = '', site = ''] = /simulator: (\S+)[\s\S]*alone: (\S+)/.exec(said) ?? [];
  t.not(site, origin);
  t.match(await ask(site, '/livez'), { status: 200 });
  t.match(await ask(site, '/control/state'), { status: 404 });
  t.match(await ask(origin, '/control/state'), { status: 200 });
  const pipelines = `${origin}/api/v4/projects/1001/pipelines`;
  t.equal((await fetch(pipelines, { headers: { 'private-token': 'a-token-of-its-own' } })).status, 200);
  t.equal((await fetch(pipelines, { headers: { 'private-token': 'another-token' } })).status, 401);
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  t.equal(code, 0);
});
