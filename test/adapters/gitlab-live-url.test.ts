import t, { type Test } from 'tap';
import { createIsLiveOrigin, liveUrlOf } from '../../src/adapters/gitlab-live-url.ts';
import { createGitlabPipelines } from '../../src/adapters/gitlab-pipelines.ts';
import { DemoError, isDemoError } from '../../src/lifecycle/errors.ts';
import { DEPLOYMENT, OTHER_DEPLOYMENT, type Shape } from './gitlab-answers.ts';
import { API, createGitlabWorld, failureOf } from './gitlab-world.ts';

const ORIGINS = ['https://*.demos.example.com', 'https://fixed.example.net', 'http://127.0.0.1:4010'];

const setUp = (t: Test) => {
  const world = createGitlabWorld();
  t.teardown(world.close);
  const { client, log } = world;
  return { ...world, pipelines: createGitlabPipelines({ client, ref: 'demo-v1', liveOrigins: ORIGINS, log }) };
};
const PATH = `${API}/jobs/5/artifacts/outputs.json`;

for (const url of [
  'https://demo-1.demos.example.com/',
  'https://a.b.demos.example.com/deep?x=1',
  'https://DEMO-1.demos.example.com:443/',
  'https://fixed.example.net/app',
  'http://127.0.0.1:4010/demo/1',
]) {
  t.test(`Given ${url}, then it is a live link of ours`, async (t) => {
    t.equal(liveUrlOf({ url, deployment_id: DEPLOYMENT }, DEPLOYMENT, createIsLiveOrigin(ORIGINS)), new URL(url).href);
  });
}

for (const url of [
  'https://demos.example.com/',
  'https://evildemos.example.com/',
  'https://demo-1.demos.example.com.evil.example/',
  'https://demo-1.demos.example.com./',
  'https://demo-1.demos.example.com:8443/',
  'http://demo-1.demos.example.com/',
  'https://user@demo-1.demos.example.com/',
  'https://:word@demo-1.demos.example.com/',
  'https://demo-1.demos.example.com@evil.example/',
  'https://fixed.example.net:444/',
  'http://fixed.example.net/',
  'http://127.0.0.1:4011/',
  'http://localhost:4010/',
  'https://127.0.0.1:4010/',
  'javascript:alert(1)',
  'data:text/html,hello',
  'not a link',
  `https://demo-1.demos.example.com/${'x'.repeat(2_048)}`,
  '',
  null,
  7,
]) {
  t.test(`Given ${String(url).slice(0, 60)}, then it is refused`, async (t) => {
    t.throws(() => liveUrlOf({ url }, DEPLOYMENT, createIsLiveOrigin(ORIGINS)), new DemoError('OUTPUTS_INVALID'));
  });
}

t.test(
  'Given outputs of another deployment or no object, then they are refused; without an id they are fine',
  async (t) => {
    const isLive = createIsLiveOrigin(ORIGINS);
    const url = 'https://demo-1.demos.example.com/';
    t.equal(liveUrlOf({ url }, DEPLOYMENT, isLive), url);
    for (const outputs of [
      { url, deployment_id: OTHER_DEPLOYMENT },
      { url, deployment_id: null },
      [url],
      null,
      url,
      {},
    ]) {
      t.throws(() => liveUrlOf(outputs, DEPLOYMENT, isLive), new DemoError('OUTPUTS_INVALID'));
    }
  },
);

t.test('Given a pattern that would allow too much, then it is refused at the start', async (t) => {
  for (const pattern of [
    'https://*.com',
    'https://*',
    '*',
    'http://*.demos.example.com',
    'https://*.demos.example.com:8443',
    'https://*.demos.example.com/',
    'https://demo-*.example.com',
    'http://demo.example.com',
    'http://10.0.0.1:80',
    'https://demo.example.com/path',
    'null',
    '',
  ]) {
    t.throws(() => createIsLiveOrigin([pattern]), { name: 'RangeError' }, pattern);
  }
  t.doesNotThrow(() =>
    createIsLiveOrigin(['http://localhost:1', 'http://[::1]:4010', 'https://demo.example.com:8443']),
  );
});

t.test('Given the artifact of a job, when it is there, then its link is read', async (t) => {
  const { pipelines, answer } = setUp(t);
  const outputs = { url: 'https://demo-1.demos.example.com', deployment_id: DEPLOYMENT };
  answer('GET', PATH, { status: 200, body: JSON.stringify(outputs), headers: { 'content-type': 'text/plain' } });
  t.equal(await pipelines.liveUrl(5, DEPLOYMENT), 'https://demo-1.demos.example.com/');
});

t.test('Given no artifact yet, then there is no link', async (t) => {
  const { pipelines, answer } = setUp(t);
  answer('GET', PATH, { status: 404, body: { message: '404 Not Found' } });
  t.equal(await pipelines.liveUrl(5, DEPLOYMENT), null);
});

t.test('Given a foreign link in the artifact, then it is not let through', async (t) => {
  const { pipelines, answer } = setUp(t);
  answer('GET', PATH, { status: 200, body: { url: 'https://evil.example/', deployment_id: DEPLOYMENT } });
  t.ok(isDemoError(await failureOf(pipelines.liveUrl(5, DEPLOYMENT)), 'OUTPUTS_INVALID'));
});

for (const shape of [
  { status: 200, body: '{"url": ', headers: { 'content-type': 'application/json' } },
  { status: 200, body: '"'.padEnd(64_001, 'x'), headers: { 'content-type': 'application/json' } },
  { status: 200, body: '{"url": "https://fixed.example.net/"}', headers: { 'content-type': 'text/html' } },
  { status: 403, body: { message: '403 Forbidden' } },
] satisfies readonly Shape[]) {
  t.test(
    `Given ${shape.status} ${JSON.stringify(shape.body).slice(0, 40)}, then it is asked again later`,
    async (t) => {
      const { pipelines, answer } = setUp(t);
      answer('GET', PATH, shape);
      t.ok(isDemoError(await failureOf(pipelines.liveUrl(5, DEPLOYMENT)), 'PIPELINES_UNAVAILABLE'));
    },
  );
}

t.test('Given the object storage does not know the file, then that is not GitLab saying so', async (t) => {
  const { pipelines, answer } = setUp(t);
  const storage = 'https://storage.example.net';
  answer('GET', PATH, { status: 302, body: '', headers: { location: `${storage}/o` } });
  answer('GET', '/o', { status: 404, body: { message: '404 Not Found' } }, { origin: storage });
  t.ok(isDemoError(await failureOf(pipelines.liveUrl(5, DEPLOYMENT)), 'PIPELINES_UNAVAILABLE'));
});
