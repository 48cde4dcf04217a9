import t from 'tap';
import { buildStepsOf } from '../../terraform/demo/app/server/build-steps.ts';
import { clusterViewOf } from '../../terraform/demo/app/server/cluster-view.ts';
import { clockText, durationText } from '../../terraform/demo/app/server/durations.ts';
import { factsOf } from '../../terraform/demo/app/server/facts.ts';
import { html } from '../../terraform/demo/app/server/html.ts';
import {
  BUILD_STARTED_AT,
  ENVIRONMENT,
  FIRST_NODE,
  FIRST_POD,
  healthyAnswers,
  node,
  pod,
} from './kubernetes-fixtures.ts';

t.test('Given an environment, when its facts are read, then what is not as it should be is left out', async (t) => {
  const facts = factsOf(ENVIRONMENT);
  t.equal(facts.deploymentId, ENVIRONMENT.DEPLOYMENT_ID);
  t.equal(facts.commit, ENVIRONMENT.COMMIT);
  t.equal(facts.buildStartedAt, BUILD_STARTED_AT);
  t.equal(facts.pipelineUrl, ENVIRONMENT.PIPELINE_URL);

  const wrong = { COMMIT: 'main', AWS_REGION: 'us east', CLUSTER_NAME: '', APPLY_STARTED_AT: 'soon', POD_NAME: '<b>' };
  const bare = factsOf({ DEPLOYMENT_ID: ENVIRONMENT.DEPLOYMENT_ID, ...wrong });
  const { deploymentId, ...others } = bare;
  t.strictSame(new Set(Object.values(others)), new Set([null]));

  const links = ['javascript:alert(1)', 'http://gitlab.com/x', 'https://user:pass@gitlab.com/', 'gitlab'];
  for (const PIPELINE_URL of links) t.equal(factsOf({ ...ENVIRONMENT, PIPELINE_URL }).pipelineUrl, null, PIPELINE_URL);
});

t.test(
  'Given no readable id, when the facts are read, then it does not start: nobody could tell whose it is',
  async (t) => {
    const ids = [undefined, '', ENVIRONMENT.DEPLOYMENT_ID.toUpperCase(), `${ENVIRONMENT.DEPLOYMENT_ID}0`, 'demo'];
    for (const DEPLOYMENT_ID of ids) t.throws(() => factsOf({ ...ENVIRONMENT, DEPLOYMENT_ID }), /DEPLOYMENT_ID/);
  },
);

t.test(
  'Given the answers of Kubernetes, when they are read, then names, places and states come out of it',
  async (t) => {
    const view = clusterViewOf(healthyAnswers());
    t.equal(view.version, 'v1.35.2-eks-1a2b3c4');
    t.strictSame(
      view.nodes.map(({ name, zone }) => [name, zone]),
      [
        [FIRST_NODE, 'us-east-1a'],
        ['ip-10-64-1-87.ec2.internal', 'us-east-1b'],
      ],
    );
    t.match(view.nodes[0], { isReady: true, instanceType: 't4g.small', architecture: 'arm64' });
    t.equal(view.pods.length, 8);
    t.match(
      view.pods.find(({ name }) => name === FIRST_POD),
      { app: 'demo', namespace: 'demo', node: FIRST_NODE, isReady: true, state: 'Running', restarts: 0 },
    );
    t.notMatch(JSON.stringify(view), /not-to-be-shown|i-0123/, 'nothing of what a pod or a node is made of');
  },
);

t.test('Given pods that do not run, when they are read, then they say why', async (t) => {
  const stateOf = (containers: readonly object[], isReady = false) =>
    clusterViewOf({ ...healthyAnswers(), pods: { items: [pod('a', { isReady, containers })] } }).pods[0];
  t.match(stateOf([{ restartCount: 0, state: { waiting: { reason: 'ImagePullBackOff' } } }]), {
    state: 'ImagePullBackOff',
  });
  t.match(stateOf([{ restartCount: 3, state: { terminated: { reason: 'OOMKilled' } } }]), {
    state: 'OOMKilled',
    restarts: 3,
  });
  t.match(stateOf([]), { state: 'Pending', isReady: false, node: null, readyAt: null });
  const ending = { metadata: { name: 'b', deletionTimestamp: '2026-11-20T14:30:00Z' }, status: { phase: 'Running' } };
  t.match(clusterViewOf({ ...healthyAnswers(), pods: { items: [ending] } }).pods[0], { state: 'Terminating' });
  t.match(clusterViewOf({ ...healthyAnswers(), nodes: { items: [node('n', 'z', false)] } }).nodes[0], {
    isReady: false,
  });
});

t.test('Given names without labels, when they are read, then what tells them from their like is cut off', async (t) => {
  const appOf = (name: string) => clusterViewOf({ ...healthyAnswers(), pods: { items: [pod(name)] } }).pods[0]?.app;
  t.equal(appOf('demo-6c9f7d5b8f-x2x4z'), 'demo');
  t.equal(appOf('aws-node-7h2kq'), 'aws-node');
  t.equal(appOf('alone'), 'alone');
});

t.test('Given answers that are no lists, when they are read, then it is an error and no empty cluster', async (t) => {
  for (const wrong of [null, 'gone', {}, { items: {} }, { kind: 'Status', code: 403 }]) {
    t.throws(() => clusterViewOf({ ...healthyAnswers(), nodes: wrong }), /without a list/);
    t.throws(() => clusterViewOf({ ...healthyAnswers(), pods: wrong }), /without a list/);
  }
  t.strictSame(clusterViewOf({ version: null, nodes: { items: [] }, pods: { items: [] } }), {
    version: null,
    nodes: [],
    pods: [],
  });
  t.doesNotThrow(() =>
    clusterViewOf({ version: 1, nodes: { items: [null, 'x', {}] }, pods: { items: [{ spec: 1 }] } }),
  );
});

t.test('Given a cluster, when its steps are told, then they are in the order in which they happened', async (t) => {
  const steps = buildStepsOf(factsOf(ENVIRONMENT), clusterViewOf(healthyAnswers()));
  t.strictSame(
    steps.map(({ title, at }) => [title, (at - BUILD_STARTED_AT) / 1_000]),
    [
      ['Build started', 0],
      ['Control plane answered', 9 * 60 + 31],
      ['First node joined', 10 * 60 + 2],
      ['This page was ready', 10 * 60 + 58],
    ],
  );
  const facts = factsOf({ DEPLOYMENT_ID: ENVIRONMENT.DEPLOYMENT_ID });
  t.strictSame(buildStepsOf(facts, { version: null, nodes: [], pods: [] }), [], 'what is not known is left out');
});

t.test('Given durations and instants, when they are written, then a person can read them', async (t) => {
  t.strictSame([-5_000, 0, 59_999, 60_000, 552_000, 3_600_000, 3_780_000].map(durationText), [
    '0 s',
    '0 s',
    '59 s',
    '1 min 0 s',
    '9 min 12 s',
    '1 h 0 min',
    '1 h 3 min',
  ]);
  t.equal(clockText(BUILD_STARTED_AT), '14:02:00 UTC');
});

t.test('Given texts with marks of HTML, when they are put into a template, then they stay texts', async (t) => {
  const evil = `<script>"&'`;
  t.equal(
    html`<p title="${evil}">${evil}</p>`.html,
    '<p title="&lt;script&gt;&quot;&amp;&#39;">&lt;script&gt;&quot;&amp;&#39;</p>',
  );
  t.equal(html`${[html`<i>${1}</i>`, html`<b>${null}</b>`]}`.html, '<i>1</i><b></b>');
});
