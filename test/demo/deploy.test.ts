import { fileURLToPath } from 'node:url';
import t from 'tap';
import { ENVIRONMENT } from './kubernetes-fixtures.ts';
import { createStubs } from './shell-stubs.ts';

const DEPLOY = fileURLToPath(new URL('../../terraform/demo/app/deploy.sh', import.meta.url));
const options = process.platform === 'win32' ? { skip: 'it is a script for bash' } : {};

const environment = {
  ...ENVIRONMENT,
  DEMO_URL: 'https://demo-3d9e0c1f5a7b.demo.example.com/',
  PAUSE_SECONDS: '0.05',
};

const KUBECTL = `case "$*" in *"rollout status"*) exit 0 ;; *"can-i"*) [ "$n" -gt 2 ] || exit 1 ;; esac`;

t.test(
  'Given a cluster that soon knows the pipeline, when it is deployed, then facts come before pods',
  options,
  async (t) => {
    const { exitCode, calls, stderr } = await createStubs(t, { kubectl: KUBECTL }).run(DEPLOY, environment);
    t.equal(exitCode, 0, stderr);
    t.equal(calls.filter((call) => call.includes('can-i')).length, 3, 'it asked until it was let in');
    const applied = calls.filter((call) => call.includes(' apply '));
    t.match(applied, [/--filename .*namespace.yaml$/, /--filename -$/, /--kustomize .*\/app$/]);
    const facts = calls.find((call) => call.includes('create configmap'));
    t.match(facts, `DEPLOYMENT_ID=${ENVIRONMENT.DEPLOYMENT_ID}`);
    t.match(facts, '--dry-run=client');
    t.notOk(calls.some((call) => /helm|delete|LoadBalancer/.test(call)));
  },
);

t.test(
  'Given a cluster that never lets it in, when it is deployed, then it ends and has done nothing',
  options,
  async (t) => {
    const { exitCode, calls, stderr } = await createStubs(t, { kubectl: 'exit 1' }).run(DEPLOY, {
      ...environment,
      ACCESS_TIMEOUT_SECONDS: '1',
    });
    t.equal(exitCode, 1);
    t.match(stderr, /no access to demo-3d9e0c1f5a7b after 1 s/);
    t.ok(calls.every((call) => call.includes('can-i')));
  },
);

t.test('Given one pod of two, when the roll-out takes too long, then that will do', options, async (t) => {
  const kubectl = `case "$*" in *"rollout status"*) exit 1 ;; *readyReplicas*) printf 1 ;; esac`;
  const { exitCode, stderr } = await createStubs(t, { kubectl }).run(DEPLOY, environment);
  t.equal(exitCode, 0);
  t.match(stderr, /1 of its pods are ready/);
});

t.test('Given no pod, when the roll-out takes too long, then it fails and shows why', options, async (t) => {
  const kubectl = `case "$*" in *"rollout status"*) exit 1 ;; *"get events"*) echo ErrImagePull ;; esac`;
  const { exitCode, stderr } = await createStubs(t, { kubectl }).run(DEPLOY, environment);
  t.equal(exitCode, 1);
  t.match(stderr, /no pod is ready:[\s\S]*ErrImagePull/);
});

t.test('Given a manifest that is refused, when it is deployed, then it fails at once', options, async (t) => {
  const kubectl = `case "$*" in *--kustomize*) exit 1 ;; esac`;
  const { exitCode, calls } = await createStubs(t, { kubectl }).run(DEPLOY, environment);
  t.equal(exitCode, 1);
  t.notOk(calls.some((call) => call.includes('rollout')));
});

t.test(
  'Given another deployment’s cluster or no id, when it is deployed, then nothing is called',
  options,
  async (t) => {
    const wrong = [
      { CLUSTER_NAME: 'demo-000000000000' },
      { DEPLOYMENT_ID: 'demo' },
      { DEPLOYMENT_ID: '' },
      { CLUSTER_NAME: '' },
      { DEMO_URL: '' },
    ];
    for (const part of wrong) {
      const { exitCode, calls, stderr } = await createStubs(t, { kubectl: 'exit 0' }).run(DEPLOY, {
        ...environment,
        ...part,
      });
      t.equal(exitCode, 2, stderr);
      t.strictSame(calls, []);
    }
  },
);
