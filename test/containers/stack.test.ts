import { setTimeout as delay } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { eventually } from '../processes/processes.ts';
import { docker, skipReason } from './docker.ts';
import { imagesUnderTest } from './images.ts';
import { createStack, type Stack } from './stack.ts';

/** What docker-compose.yml sets, and the time in which the server closes after it. */
const DRAIN_MS = 3_000;
const CLOSES_WITHIN_MS = 30_000;

/** Says what comes of writing to a few places. */
const WRITE_EVERYWHERE = `process.stdout.write(['/app/new', '/tmp/new', '/home/node/new', '/new'].map((path) => {
  try { fs.writeFileSync(path, 'x'); return 'written'; } catch ({ code }) { return code; }
}).join(' '))`;

/** From the button to the receipt, as a visitor meets it. Answers with the id. */
const liveAWholeLife = async (t: Test, stack: Stack): Promise<string> => {
  const { id, control_token: token } = await stack.press();
  await stack.until('deploying');
  const { live_url } = await stack.until('live');
  t.ok(live_url?.startsWith(`${stack.site}/demo/${id}`), `${live_url} is published on this machine`);
  t.match(await (await fetch(live_url ?? '')).text(), id, 'and answers with the deployment’s id');
  const log = await stack.request(`/v1/deployments/${id}/logs`, { headers: { accept: 'text/plain' } });
  t.match(await log.text(), /^Running with gitlab-runner/, 'its log was read from the simulator');
  t.equal(await stack.destroy(id, token), 202);
  await stack.until('idle');
  t.match(await stack.view(id), { id, status: 'idle', receipt: {} }, 'it is proven gone');
  t.equal((await fetch(live_url ?? '')).status, 404, 'its link leads nowhere any more');
  return id;
};

/** Asks without a pause until it is told to stop; answers with what came back and how long after the start. */
const keepAsking = (stack: Stack, path: string) => {
  const startedAt = performance.now();
  const answers: { readonly status: number | null; readonly afterMs: number }[] = [];
  let isStopped = false;
  const ask = async (): Promise<void> => {
    while (!isStopped) {
      const status = await stack.request(path).then(
        async (answer) => {
          await answer.arrayBuffer();
          return answer.status;
        },
        () => null,
      );
      answers.push({ status, afterMs: performance.now() - startedAt });
      await delay(50);
    }
  };
  const asking = ask();
  return async () => {
    isStopped = true;
    await asking;
    return answers;
  };
};

t.test('Containers: the stack', { skip: skipReason() }, async (t) => {
  const stack = await createStack(t, await imagesUnderTest());
  await stack.up();
  await stack.ready();
  const ids: string[] = [];

  t.test('Given the running containers, when they are inspected, then they are as confined as can be', async (t) => {
    for (const service of ['server', 'gitlab'] as const) {
      const { Config, HostConfig } = await stack.inspect(service);
      t.equal(Config.User, '1000:1000', service);
      t.match(HostConfig, {
        ReadonlyRootfs: true,
        Privileged: false,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges:true'],
      });
      const written = await stack.evaluate(service, WRITE_EVERYWHERE);
      t.equal(written.stdout, 'EROFS EROFS EROFS EROFS', `${service} can write nowhere`);
    }
    const healthy = await eventually(
      () => stack.inspect('server'),
      ({ State }) => State.Health.Status === 'healthy',
      30_000,
    );
    t.equal(healthy.State.Health.FailingStreak, 0, 'the health check works without curl and shell');
  });

  t.test('Given the simulator, when it is asked from outside, then only the demos are there', async (t) => {
    for (const path of ['/control/state', '/api/v4/projects/1001/pipelines', '/']) {
      t.equal((await fetch(`${stack.site}${path}`)).status, 404, path);
    }
    const { NetworkSettings } = await stack.inspect('gitlab');
    const published = Object.values(NetworkSettings.Ports).flatMap((bindings) => bindings ?? []);
    t.match(published, [{ HostIp: '127.0.0.1' }]);
    t.equal(published.length, 1);
    const { NetworkSettings: store } = await stack.inspect('dynamodb');
    t.same(
      Object.values(store.Ports).flatMap((bindings) => bindings ?? []),
      [],
      'and the store is not published',
    );
    const inside = `fetch('http://gitlab-api:4010/control/state').then(({ status }) => process.exit(status === 200 ? 0 : 1))`;
    t.equal((await stack.evaluate('server', inside)).status, 0, 'the server reaches it');
    const front = Object.entries<{ readonly IPAddress: string }>(NetworkSettings.Networks).find(([name]) =>
      name.endsWith('_front'),
    )?.[1].IPAddress;
    const outside = `fetch('http://${front}:4010/control/state').then(() => process.exit(0), () => process.exit(1))`;
    t.equal((await stack.evaluate('server', outside)).status, 1, 'it does not listen on the published network');
  });

  t.test('Given the stack, when a visitor presses, then the whole life happens through the containers', async (t) => {
    for (const path of ['/', '/docs/', '/docs/static/swagger-ui-bundle.js', '/openapi.json']) {
      t.equal((await stack.request(path)).status, 200, path);
    }
    ids.unshift(await liveAWholeLife(t, stack));
    t.match(await stack.ledger(), [{ id: ids[0], reason: 'visitor' }]);
  });

  t.test('Given a server killed while it deploys, when it starts again, then the same demo goes live', async (t) => {
    const { id, control_token: token } = await stack.press();
    ids.unshift(id);
    await stack.until('deploying');
    const container = await stack.containerOf('server');
    await docker(['kill', '--signal', 'KILL', container]);
    await t.rejects(stack.request('/livez'), 'it is gone');
    await docker(['start', container]);
    await stack.ready();
    t.equal((await stack.until('live')).id, id);
    t.equal(await stack.destroy(id, 'not-the-token'), 401);

    const startedAt = performance.now();
    const stop = keepAsking(stack, '/readyz');
    await docker(['stop', '--time', '40', container], 60_000);
    const stoppedMs = performance.now() - startedAt;
    const answers = await stop();
    const drained = answers.filter(({ status }) => status === 503);
    t.ok(drained.length > 10, 'it goes on answering, and says that it is not ready');
    t.ok((drained.at(-1)?.afterMs ?? 0) >= DRAIN_MS - 500, 'for as long as it is drained');
    const firstLost = answers.findIndex(({ status }) => status === null);
    t.ok(firstLost === -1 || answers.slice(firstLost).every(({ status }) => status === null), 'no gap in between');
    t.ok(stoppedMs >= DRAIN_MS && stoppedMs < DRAIN_MS + CLOSES_WITHIN_MS, `it took ${Math.round(stoppedMs)} ms`);
    t.match((await stack.inspect('server')).State, { Status: 'exited', ExitCode: 0, OOMKilled: false });

    await docker(['start', container]);
    await stack.ready();
    t.equal((await stack.view(id)).id, id);
    t.equal(await stack.destroy(id, token), 202, 'the token of before still opens it');
    await stack.until('idle');
  });

  t.test('Given the stack was taken down, when it is up again, then the store has kept everything', async (t) => {
    await stack.down();
    await stack.up();
    await stack.ready();
    t.same(
      (await stack.ledger()).map(({ id }) => id),
      ids,
    );
    for (const id of ids) t.match(await stack.view(id), { id, status: 'idle', reason: 'visitor' });
  });
});
