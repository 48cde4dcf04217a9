import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { DEMO, runScript, SKIP } from './run-script.ts';
import { answer } from './tools.ts';
import { NAME, OTHER, OURS, type Plot, worldOf } from './worlds.ts';

const SCRIPTS = globSync('{*.sh,ci/*.sh,destroy/*.sh}', { cwd: DEMO }).toSorted();
const MAX_LINES = 225;

t.test('Given the scripts, when bash reads them, then each can be read, and is short', { skip: SKIP }, async (t) => {
  t.ok(SCRIPTS.length >= 12);
  for (const path of SCRIPTS) {
    t.equal(spawnSync('/bin/bash', ['-n', join(DEMO, path)]).status, 0, path);
    const text = readFileSync(join(DEMO, path), 'utf8');
    t.ok(text.split('\n').length <= MAX_LINES, path);
    t.notMatch(text, /set -[a-z]*x|set -o xtrace/, `${path} does not print what it runs`);
    if (text.startsWith('#!')) t.match(text, /^set -euo pipefail$/m, path);
  }
});

const SKIP_SHELLCHECK =
  spawnSync('shellcheck', ['--version']).status === 0
    ? false
    : 'SKIPPED: no shellcheck here (a package of Debian), so the scripts of terraform/demo are NOT checked';

t.test(
  'Given the scripts, when shellcheck looks at them, then it has nothing to say',
  { skip: SKIP_SHELLCHECK },
  async (t) => {
    for (const path of SCRIPTS) {
      const { status, stdout } = spawnSync('shellcheck', ['--external-sources', path], { cwd: DEMO, encoding: 'utf8' });
      t.equal(status, 0, stdout);
    }
  },
);

const STARTED = '2026-11-20T12:00:00Z';
const KEY = `demo/${OURS}/claim`;

interface Start {
  readonly name: string;
  readonly before?: string;
  readonly claimedBy?: string;
  readonly faults?: Plot['faults'];
  readonly status: 0 | 1;
  readonly says: RegExp;
}

const STARTS: readonly Start[] = [
  { name: 'in time', before: '2026-11-20T12:05:00Z', status: 0, says: /^claim: this job builds/m },
  { name: 'in the very second', before: STARTED, status: 0, says: /^start_before: in time$/m },
  {
    name: 'a second late',
    before: '2026-11-20T11:59:59Z',
    status: 1,
    says: /had to start before 2026-11-20T11:59:59Z, and it is 2026-11-20T12:00:00Z/,
  },
  { name: 'without a time', before: 'none', status: 1, says: /needs the time before which/ },
  { name: 'with a date that sorts wrongly', before: '12026-11-20T12:00:00Z', status: 1, says: /needs the time/ },
  { name: 'that another job built', claimedBy: 'job 76', status: 1, says: /was built before, by job 76/ },
  {
    name: 'that it claimed itself, by a request whose answer was lost',
    claimedBy: 'job 77',
    status: 0,
    says: /^claim: this job builds/m,
  },
  {
    name: 'when the first requests fail',
    faults: [{ on: 's3api put-object', times: 2, does: { code: 'SlowDown' } }],
    status: 0,
    says: /^claim: this job builds/m,
  },
  {
    name: 'when nothing can be put',
    faults: [{ on: 's3api put-object', times: 99, does: { code: 'AccessDenied' } }],
    status: 1,
    says: /the claim could not be put: AccessDenied/,
  },
  {
    name: 'when it is not known who claimed it',
    claimedBy: 'job 76',
    faults: [{ on: 's3api get-object', times: 99, does: { code: 'SlowDown' } }],
    status: 1,
    says: /could not be put: PreconditionFailed/,
  },
];

for (const { name, before = '2026-11-20T12:05:00Z', claimedBy, faults = [], status, says } of STARTS) {
  t.test(`Given an apply ${name}, when it starts, then it ends with ${status}`, { skip: SKIP }, async (t) => {
    const world = worldOf({ faults });
    if (claimedBy !== undefined) world.objects.set(KEY, claimedBy);
    const run = await runScript('ci/start-once.sh', [OURS, before], { world, env: { CI_JOB_ID: '77' } });
    t.equal(run.status, status, run.output);
    t.match(run.output, says);
    if (status === 1) t.match(run.output, /^This job built nothing\./m);
    t.equal(world.objects.get(KEY), status === 0 ? 'job 77' : claimedBy, 'who may build');
    t.strictSame(world.misuses, []);
  });
}

t.test('Given the same apply twice at once, when both start, then one builds', { skip: SKIP }, async (t) => {
  const world = worldOf();
  const start = (job: string) =>
    runScript('ci/start-once.sh', [OURS, '2026-11-20T12:05:00Z'], { world, env: { CI_JOB_ID: job } });
  const runs = await Promise.all(['1', '2', '3'].map(start));
  t.strictSame(runs.map(({ status }) => status).toSorted(), [0, 1, 1]);
});

const TOKEN = 'token-of-gitlab-that-must-not-be-seen';
const READY = {
  AWS_OIDC_TOKEN: TOKEN,
  AWS_ROLE_ARN: 'arn:aws:iam::111122223333:role/demo-gitlab',
  DEPLOYMENT_ID: OURS,
  CI_JOB_TOKEN: 'job-token',
  CI_PIPELINE_ID: '9',
};
const SHOW = `source "${DEMO}ci/credentials.sh"; echo "file $(cat "$AWS_WEB_IDENTITY_TOKEN_FILE")"; ls -l "$AWS_WEB_IDENTITY_TOKEN_FILE"; export -p`;

t.test(
  "Given a job's token, when it takes its credentials, then only AWS's tools can find it",
  { skip: SKIP },
  async (t) => {
    const folder = t.testdir({ 'show.sh': SHOW });
    const run = await runScript('show.sh', [], { world: worldOf(), folder, env: READY });
    t.equal(run.status, 0, run.output);
    t.match(run.output, `file ${TOKEN}`);
    t.equal(run.output.split(TOKEN).length, 2, 'nowhere else');
    t.match(run.output, /^-rw-------/m, 'nobody else may read it');
    t.notMatch(run.output, /CI_JOB_TOKEN|AWS_OIDC_TOKEN/);
    t.match(run.output, /AWS_ROLE_SESSION_NAME="demo-9"/);
    t.match(run.output, /^credentials: role demo-gitlab in us-east-1/m);
  },
);

for (const [name, env, says] of [
  ['no token', { AWS_OIDC_TOKEN: '' }, /this job has no token/],
  ['a role that nobody set', { AWS_ROLE_ARN: 'arn:aws:iam::CHANGE-ME:role/x' }, /AWS_ROLE_ARN is not set/],
  ['no bucket', { STATE_BUCKET: '' }, /STATE_BUCKET is not set/],
] as const) {
  t.test(`Given ${name}, when a job takes its credentials, then it ends and says so`, { skip: SKIP }, async (t) => {
    const folder = t.testdir({ 'show.sh': SHOW });
    const run = await runScript('show.sh', [], { world: worldOf(), folder, env: { ...READY, ...env } });
    t.equal(run.status, 1);
    t.match(run.output, says);
    t.notMatch(run.output, TOKEN);
  });
}

t.test(
  'Given what Terraform built, when its outputs are written, then they are what the server reads',
  { skip: SKIP },
  async (t) => {
    const cwd = t.testdir({ ephemeral: {} });
    const env = { DEPLOYMENT_ID: OURS, EPHEMERAL_DIR: join(cwd, 'ephemeral') };
    const run = await runScript('ci/write-outputs.sh', [], { world: worldOf(), cwd, env });
    t.equal(run.status, 0, run.output);
    t.strictSame(JSON.parse(readFileSync(join(cwd, 'outputs.json'), 'utf8')), {
      deployment_id: OURS,
      url: 'https://demo-x.example.com/',
    });
    t.equal(readFileSync(join(cwd, 'deploy.env'), 'utf8'), 'DEMO_URL=https://demo-x.example.com/\n');
    const foreign = await runScript('ci/write-outputs.sh', [], {
      world: worldOf(),
      cwd,
      env: { ...env, DEPLOYMENT_ID: OTHER },
    });
    t.equal(foreign.status, 1);
    t.notOk(existsSync(join(cwd, 'outputs.json')), 'outputs of another deployment are not left lying about');
  },
);

t.test(
  'Given a cluster that was just built, when the application is put into it, then it is told whose it is',
  { skip: SKIP },
  async (t) => {
    const say =
      'echo "$CLUSTER_NAME $DEMO_URL $COMMIT $APPLY_STARTED_AT $(ls -l "$KUBECONFIG" | cut -c1-10) $DEPLOYMENT_ID"';
    const folder = t.testdir({
      ci: { 'deploy.sh': readFileSync(join(DEMO, 'ci/deploy.sh'), 'utf8') },
      app: {},
      ephemeral: {},
    });
    writeFileSync(join(folder, 'app/deploy.sh'), `#!/bin/bash\n${say}\n`, { mode: 0o755 });
    const env = { DEPLOYMENT_ID: OURS, CI_COMMIT_SHA: 'abc1234', CI_JOB_STARTED_AT: STARTED };
    const run = await runScript('ci/deploy.sh', [], { world: worldOf(), folder, env });
    t.equal(run.status, 0, run.output);
    t.equal(run.output, `${NAME} https://demo-x.example.com/ abc1234 ${STARTED} -rw------- ${OURS}\n`);
    const without = await runScript('ci/deploy.sh', [], { world: worldOf({ ours: [] }), folder, env });
    t.not(without.status, 0, 'there is no such cluster');
  },
);

/** A demo that answers like this, the last answer for ever. */
const site = (pages: readonly (readonly [number, string])[]) => {
  let asked = 0;
  return (args: readonly string[]) => {
    const [status, page] = pages[Math.min(asked, pages.length - 1)] ?? [0, ''];
    asked += 1;
    writeFileSync(args[args.indexOf('--output') + 1] ?? '', page);
    return status === 0 ? answer(7, '000') : answer(0, String(status));
  };
};

for (const [name, pages, status, says] of [
  ['that answers with its id', [[200, `<p>${OURS}</p>`]], 0, /try 1: the page shows/],
  [
    'that needs a while',
    [
      [0, ''],
      [503, ''],
      [200, `<p>${OURS}</p>`],
    ],
    0,
    /try 3: the page shows/,
  ],
  ['that shows a holding page', [[200, 'soon']], 1, /did not answer with its deployment id in time/],
  ["that shows another one's id", [[200, OTHER]], 1, /did not answer/],
  ['that shows its id with an error', [[500, OURS]], 1, /try 20: not yet \(HTTP 500\)/],
] as const) {
  t.test(`Given a demo ${name}, when it is verified, then it ends with ${status}`, { skip: SKIP }, async (t) => {
    const world = worldOf();
    const cwd = t.testdir({ 'outputs.json': '{"deployment_id":"x","url":"https://demo-x.example.com/"}' });
    const run = await runScript('ci/verify.sh', [OURS], { world, cwd, curl: site(pages) });
    t.equal(run.status, status, run.output);
    t.match(run.output, says);
    t.ok(run.seconds <= 200, 'in bounded time');
  });
}

t.test('Given no outputs, when a demo is verified, then it says so', { skip: SKIP }, async (t) => {
  const cwd = t.testdir({ 'outputs.json': '{}' });
  mkdirSync(join(cwd, 'empty'));
  const run = await runScript('ci/verify.sh', [OURS], { world: worldOf(), cwd });
  t.equal(run.status, 1);
  t.match(run.output, /has no link/);
});
