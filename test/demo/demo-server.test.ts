import { createServer } from 'node:http';
import t from 'tap';
import { createHttpLiveProbe } from '../../src/adapters/http-live-probe.ts';
import { createKubernetesApi } from '../../terraform/demo/app/server/kubernetes-api.ts';
import { listen, startDemo, startKubernetes, tokenFile } from './demo-server-under-test.ts';
import { DEPLOYMENT_ID, ENVIRONMENT, FIRST_POD, healthyAnswers, pod } from './kubernetes-fixtures.ts';

const textOf = async (url: string): Promise<string> => (await fetch(url)).text();

t.test('Given a demo, when our own live probe asks it, then it finds its id and no other', async (t) => {
  const { origin } = await startDemo(t);
  const probe = createHttpLiveProbe({ allowPrivate: true, timeoutMs: 5_000 });
  t.equal(await probe.probe(`${origin}/`, DEPLOYMENT_ID), 'found');
  t.equal(await probe.probe(`${origin}/`, '0198c2d4-7b1e-7c3a-9f20-000000000000'), 'absent');
  const page = await textOf(origin);
  t.ok(page.indexOf(DEPLOYMENT_ID) < 2_048, 'near the beginning');
});

t.test(
  'Given a demo, when its page is loaded, then it shows its details, nodes, pods and how it was built',
  async (t) => {
    const { origin } = await startDemo(t);
    const page = await textOf(origin);
    for (const text of [
      'This cluster did not exist 15 minutes ago',
      ENVIRONMENT.COMMIT,
      'us-east-1',
      'demo-3d9e0c1f5a7b',
      '2 of 2 nodes ready, 8 of 8 pods ready, Kubernetes v1.35.2-eks-1a2b3c4',
      't4g.small · arm64 · us-east-1a',
      'coredns-5d78c9869d-2jwtz',
      '+ 9 min 31 s',
      `href="${ENVIRONMENT.PIPELINE_URL}"`,
    ]) {
      t.ok(page.includes(text), text);
    }
    t.match(page, new RegExp(`${FIRST_POD}[\\s\\S]{0,120}answered just now`));
    t.equal(page.match(/answered just now/g)?.length, 1);
  },
);

t.test(
  'Given whatever address, when it is answered, then nothing may be framed, kept, or loaded from elsewhere',
  async (t) => {
    const { origin } = await startDemo(t);
    for (const path of ['/', '/live', '/page.css', '/page.js', '/icon.svg', '/livez', '/nothing']) {
      const { status, headers } = await fetch(`${origin}${path}`);
      t.equal(status, path === '/nothing' ? 404 : 200, path);
      t.match(headers.get('content-security-policy'), /^default-src 'none';.*frame-ancestors 'none'$/, path);
      t.notMatch(headers.get('content-security-policy'), /unsafe|\*|https?:/, path);
      t.equal(headers.get('x-content-type-options'), 'nosniff', path);
      t.equal(headers.get('referrer-policy'), 'no-referrer', path);
      t.equal(headers.get('cache-control'), 'no-store', path);
      t.equal(headers.get('set-cookie'), null, path);
    }
    const page = await textOf(origin);
    const links = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link);
    t.strictSame(links, ['/icon.svg', '/page.css', '/page.js', ENVIRONMENT.PIPELINE_URL]);
    t.notMatch(page, / style=| on[a-z]+="|<style/, 'nothing that the policy would refuse');
  },
);

t.test('Given requests that write, when they come, then they are refused', async (t) => {
  const { origin, kubernetes } = await startDemo(t);
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    const response = await fetch(origin, { method });
    t.equal(response.status, 405, method);
    t.equal(response.headers.get('allow'), 'GET, HEAD', method);
  }
  t.strictSame(kubernetes.requests, [], 'and Kubernetes was not asked');
  const head = await fetch(origin, { method: 'HEAD' });
  t.equal(head.status, 200);
  t.ok(Number(head.headers.get('content-length')) > 1_000);
  t.equal(await head.text(), '');
  for (const path of ['/__proto__', '/constructor', '/main.ts', '/../package.json', '//page.css']) {
    t.equal((await fetch(`${origin}${path}`)).status, 404, path);
  }
});

t.test('Given a crowd of visitors, when they look within a moment, then Kubernetes is asked once', async (t) => {
  const { origin, kubernetes, clock } = await startDemo(t);
  await Promise.all(Array.from({ length: 40 }, () => textOf(`${origin}/live`)));
  t.strictSame(kubernetes.requests.toSorted(), ['GET /api/v1/nodes', 'GET /api/v1/pods', 'GET /version']);
  clock.now += 1_999;
  await textOf(`${origin}/live`);
  t.equal(kubernetes.requests.length, 3, 'still fresh');
  clock.now += 1;
  await textOf(`${origin}/live`);
  t.equal(kubernetes.requests.length, 6, 'and then not any more');
});

t.test('Given Kubernetes in trouble, when a visitor looks, then the page is there and says so', async (t) => {
  const { origin, kubernetes, clock, troubles } = await startDemo(t);
  kubernetes.status = 500;
  t.match(await textOf(origin), /Kubernetes has not answered yet/);
  t.ok((await textOf(origin)).includes(DEPLOYMENT_ID));
  t.match(troubles[0], /status 500/);
  kubernetes.status = 200;
  clock.now += 2_000;
  t.match(await textOf(origin), /Seen 14:16:02 UTC/);
  kubernetes.status = 403;
  clock.now += 2_000;
  const page = await textOf(origin);
  t.match(page, /Kubernetes does not answer. Last seen 14:16:02 UTC/);
  t.match(page, /2 of 2 nodes ready/, 'what was seen last is still shown');
  t.equal((await fetch(`${origin}/livez`)).status, 200, 'the page itself is well');
});

t.test('Given names that are HTML, when they are shown, then they are texts', async (t) => {
  const { origin, kubernetes } = await startDemo(t);
  kubernetes.answers = {
    ...healthyAnswers(),
    pods: { items: [pod('<img src=x>', { labels: { 'k8s-app': '"><script>' } })] },
  };
  const page = await textOf(origin);
  t.notMatch(page, /<img|"><script>/);
  t.match(page, /Waiting for a node[\s\S]*&lt;img src=x&gt;/, 'and a pod without a node waits for one');
});

t.test(
  'Given answers without end, a wrong token or no JSON, when Kubernetes is read, then it is an error',
  async (t) => {
    const file = tokenFile(t);
    const flood = createServer((_request, response) => {
      const chunk = Buffer.alloc(1024 * 1024, 32);
      const more = (): void => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', more);
      more();
    });
    await t.rejects(
      createKubernetesApi({ origin: await listen(t, flood), tokenFile: file }).read(),
      /more than|aborted|hang up/,
    );
    const page = createServer((_request, response) => response.end('<html>'));
    await t.rejects(createKubernetesApi({ origin: await listen(t, page), tokenFile: file }).read(), SyntaxError);
    const { origin } = await startKubernetes(t);
    await t.rejects(createKubernetesApi({ origin, tokenFile: new URL(import.meta.url).pathname }).read());
    await t.rejects(createKubernetesApi({ origin, tokenFile: '/nothing' }).read(), { code: 'ENOENT' });
  },
);
