import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { createGitlabSimulator, SIMULATOR_TOKEN } from '../../../src/local/gitlab-simulator/simulator.ts';
import { DEPLOYMENT, deploy } from './driver.ts';
import { listening } from './listening.ts';

const MAIN = fileURLToPath(new URL('../../../src/local/gitlab-simulator/main.ts', import.meta.url));

t.test('Given a listening simulator, then its own origin is in the live URL, and the URL answers', async (t) => {
  const { driver, origin } = await listening(t);
  t.match(origin, /^http:\/\/127\.0\.0\.1:\d+$/);
  const job = await driver.job(await deploy(driver), 'apply');
  const { url } = (await driver.api('GET', `/jobs/${job.id}/artifacts/outputs.json`)).json();
  t.equal(url, `${origin}/demo/${DEPLOYMENT}/`);
  const page = await fetch(String(url));
  t.equal(page.status, 200);
  t.match(await page.text(), DEPLOYMENT);
});

t.test('Given an artifact on another origin, then it is served there, but not to who brings credentials', async (t) => {
  const { driver, origin } = await listening(t);
  const job = await driver.job(await deploy(driver), 'apply');
  driver.simulator.control.setFault('artifact-redirect');
  const headers = { 'private-token': SIMULATOR_TOKEN };
  const url = `${origin}/api/v4/projects/1001/jobs/${job.id}/artifacts/outputs.json`;
  const redirect = await fetch(url, { headers, redirect: 'manual' });
  t.equal(redirect.status, 302);
  const location = String(redirect.headers.get('location'));
  t.not(new URL(location).origin, origin);
  t.match(await (await fetch(location)).json(), { deployment_id: DEPLOYMENT });
  t.equal((await fetch(location, { headers })).status, 400);
  t.equal((await fetch(location, { headers: { authorization: 'Bearer x' } })).status, 400);
  t.equal((await fetch(location.replace(String(job.id), '1'))).status, 404);
  t.equal((await fetch(new URL('/elsewhere', location))).status, 404);
});

t.test('Given a simulator that was never started, then closing it is fine', async (t) => {
  const simulator = createGitlabSimulator();
  await t.resolves(simulator.close());
});

t.test('Given a port in use, then listening is refused with the reason', async (t) => {
  const { origin } = await listening(t);
  const second = createGitlabSimulator();
  t.teardown(() => second.close());
  await t.rejects(second.listen({ host: '127.0.0.1', port: Number(new URL(origin).port) }), { code: 'EADDRINUSE' });
});

t.test('Given the process, then it prints its address, answers, and ends on SIGTERM', async (t) => {
  const environment = {
    ...process.env,
    SIMULATOR_PORT: '0',
    SIMULATOR_SPEED: '20',
    SIMULATOR_PUBLIC_ORIGIN: 'https://demo.test/',
  };
  const child = spawn(process.execPath, [MAIN], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => child.kill('SIGKILL'));
  const [line] = await once(child.stdout, 'data');
  const origin = String(line).match(/http:\/\/127\.0\.0\.1:\d+/)?.[0] ?? '';
  t.match(await (await fetch(`${origin}/control/state`)).json(), { speed: 20 });
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  t.equal(code, 0);
});

t.test('Given a speed that is no number, then the process says so and does not start', async (t) => {
  const environment = { ...process.env, SIMULATOR_SPEED: 'fast' };
  const child = spawn(process.execPath, [MAIN], { env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  child.stderr.on('data', (chunk) => said.push(String(chunk)));
  const [code] = await once(child, 'close');
  t.equal(code, 1);
  t.match(said.join(''), /SIMULATOR_SPEED must be a positive number, not "fast"/);
});
