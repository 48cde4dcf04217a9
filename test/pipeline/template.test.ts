import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import t from 'tap';
import { parsePipelineName } from '../../src/adapters/gitlab-shapes.ts';
import { loadConfig } from '../../src/config.ts';
import { AUTO_STOP_AFTER_MS } from '../../src/local/gitlab-simulator/environments.ts';
import { jobsOf, pipelineName, RESOURCE_GROUP_KEY } from '../../src/local/gitlab-simulator/pipeline-definition.ts';
import { INPUT_SPECIFICATION } from '../../src/local/gitlab-simulator/pipeline-inputs.ts';
import { REAL_POLICY } from '../../src/policies.ts';
import { BODY, documentsOf, expanded, INPUTS, jobOf, listJobs, minutesOf, SKIP_LOCAL, TEMPLATE } from './template.ts';
import { OURS } from './worlds.ts';

const MINUTE = 60_000;
const SCHEMA = JSON.parse(readFileSync(new URL('../fixtures/gitlab/ci.schema.json', import.meta.url), 'utf8'));
/** Formats are left out: a link with a variable in it is none to the schema, and one to GitLab. */
const isValid = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(SCHEMA);

const JOBS = ['plan', 'apply', 'stop', 'verify', 'destroy', 'inventory'];
const AWS_JOBS = JOBS.filter((name) => name !== 'verify');
const EXCLUSIVE = ['apply', 'stop', 'destroy'];

t.test("Given the template, when GitLab's schema looks at each of its documents, then both are valid", async (t) => {
  const documents = documentsOf(TEMPLATE);
  t.equal(documents.length, 2);
  for (const document of [...documents, ...documents.map(expanded)]) {
    t.ok(isValid(document), JSON.stringify(isValid.errors?.slice(0, 3)));
  }
});

t.test('Given a slip of the pen, when the schema looks at it, then it is not valid', async (t) => {
  const slips = [
    ['resource_group: demo', 'resource_grp: demo'],
    ['on_new_commit: none', 'on_new_commit: never'],
    ['max: 1', 'max: 3'],
    ['interruptible: false', "interruptible: 'no'"],
    ['access: developer', 'access: friends'],
  ] as const;
  for (const [right, wrong] of slips) {
    t.ok(TEMPLATE.includes(right), right);
    t.notOk(
      documentsOf(TEMPLATE.replace(right, wrong)).every((document) => isValid(expanded(document))),
      wrong,
    );
  }
});

t.test('Given the inputs of the template, when the simulator is asked, then it has the same ones', async (t) => {
  const own = INPUT_SPECIFICATION.map(({ name, options, regex, ...rest }) => [
    name,
    { ...(options && { options }), ...(regex && { regex: regex.source }), default: rest.default },
  ]);
  const theirs = Object.entries(INPUTS).map(([name, { options, regex, default: value }]) => [
    name,
    { ...(options && { options }), ...(regex && { regex }), default: value },
  ]);
  t.strictSame(theirs, own);
  for (const { regex, default: value = '' } of Object.values(INPUTS)) {
    if (regex !== undefined) t.match(value, new RegExp(regex), 'GitLab checks defaults, too');
  }
  t.equal(INPUTS.action?.default, 'destroy', 'whoever starts it without a word builds nothing');
});

t.test('Given inputs, when the pipeline is named, then the server reads them out of the name', async (t) => {
  const inputs = {
    action: 'apply',
    deployment_id: OURS,
    request_id: 'r'.repeat(64),
    start_before: 'none',
    holders_ended: 'false',
  } as const;
  const { name } = BODY.workflow as { readonly name: string };
  const filled = Object.entries(inputs).reduce(
    (text, [key, value]) => text.replace(`$[[ inputs.${key} ]]`, value),
    name,
  );
  t.equal(filled, pipelineName(inputs));
  t.strictSame(parsePipelineName(filled), { direction: 'apply', deploymentId: OURS, requestId: inputs.request_id });
  t.ok(filled.length <= 255);
});

for (const action of ['apply', 'destroy'] as const) {
  t.test(
    `Given ${action}, when gitlab-ci-local lists the jobs, then they are the simulator's`,
    { skip: SKIP_LOCAL },
    async (t) => {
      const { status, output, jobs } = listJobs(t, {
        action,
        deployment_id: OURS,
        request_id: 'r1',
        start_before: 'none',
      });
      t.equal(status, 0, output);
      const listed = jobs.map(({ name, stage, when, allow_failure: allowFailure }) => ({
        name,
        stage,
        manual: when === 'manual',
        allowFailure,
        exclusive: jobOf(name).resource_group !== undefined,
      }));
      t.strictSame(listed, [...jobsOf(action)]);
    },
  );
}

t.test(
  'Given an action that there is not, when gitlab-ci-local lists the jobs, then it refuses',
  { skip: SKIP_LOCAL },
  async (t) => {
    const { status, output } = listJobs(t, { action: 'nuke' });
    t.not(status, 0);
    t.match(output, /nuke/);
  },
);

t.test('Given every apply and destroy, when they meet, then one group lets one run at a time', async (t) => {
  const groups = JOBS.map((name) => [name, jobOf(name).resource_group]);
  t.strictSame(
    groups,
    JOBS.map((name) => [name, EXCLUSIVE.includes(name) ? RESOURCE_GROUP_KEY : undefined]),
  );
});

t.test('Given time limits, when one follows from another, then it is the longer one', async (t) => {
  for (const name of EXCLUSIVE) t.equal(minutesOf(jobOf(name).timeout), 50, name);
  for (const name of JOBS) t.ok(minutesOf(jobOf(name).timeout) > 0, `${name} has a limit`);
  const apply = minutesOf(jobOf('apply').timeout) * MINUTE;
  t.ok(apply >= REAL_POLICY.deployDeadlineMs, 'the server gives an apply up before GitLab does');
  t.ok(minutesOf(jobOf('destroy').timeout) * MINUTE > REAL_POLICY.destroyDeadlineMs);
});

t.test(
  'Given the longest life that may be configured, when GitLab would end it, then all others came before',
  async (t) => {
    const longest = (name: string, minutes: number): number => {
      t.doesNotThrow(() => loadConfig({ [name]: `${minutes}` }), `${name} can be ${minutes}`);
      t.throws(() => loadConfig({ [name]: `${minutes + 1}` }), 'and no longer');
      return minutes * MINUTE;
    };
    const { hardEndMarginMs, secondDestroyerDelayMs } = REAL_POLICY;
    const hardEnd =
      longest('DEPLOY_DEADLINE_MINUTES', 50) + longest('DEMO_MAX_LIFETIME_MINUTES', 480) + hardEndMarginMs;
    const build = 60 * MINUTE;
    const autoStop = minutesOf(jobOf('apply').environment?.auto_stop_in) * MINUTE;
    // It counts from the end of the apply, and the hard end from the press: that is the longer way for the hard end.
    t.ok(autoStop >= hardEnd + secondDestroyerDelayMs + build, 'the third net comes after a whole build of the second');
    t.equal(AUTO_STOP_AFTER_MS, autoStop, "and the simulator's environments know it");
  },
);

t.test(
  "Given GitLab's own way to stop a demo, when its job is looked at, then it can run and does what destroy does",
  async (t) => {
    const [apply, stop, destroy] = [jobOf('apply'), jobOf('stop'), jobOf('destroy')];
    t.equal(apply.environment?.on_stop, 'stop');
    t.equal(stop.environment?.action, 'stop');
    t.equal(destroy.environment?.action, 'stop');
    t.equal(apply.environment?.name, 'demo/$[[ inputs.deployment_id ]]', 'an environment of its own for each demo');
    for (const { environment } of [stop, destroy]) t.equal(environment?.name, apply.environment?.name);
    t.equal(stop.stage, apply.stage, 'it does not wait for a stage that an apply which failed never reaches');
    t.equal(stop.rules?.[0]?.if, apply.rules?.[0]?.if);
    t.strictSame(
      [stop.rules?.[0]?.when, stop.rules?.[0]?.allow_failure],
      ['manual', true],
      'it does not block the pipeline',
    );
    t.strictSame(stop.script, destroy.script);
  },
);

t.test('Given a newer commit or a failing runner, when something is destroyed, then it goes on', async (t) => {
  const { auto_cancel: autoCancel } = BODY.workflow as { readonly auto_cancel: unknown };
  t.strictSame(autoCancel, { on_new_commit: 'none', on_job_failure: 'none' });
  t.equal((BODY.default as { readonly interruptible: unknown }).interruptible, false);
  for (const name of AWS_JOBS) {
    t.strictSame(jobOf(name).retry, {
      max: 1,
      when: ['runner_system_failure', 'stuck_or_timeout_failure', 'api_failure'],
    });
  }
});

t.test('Given the jobs, when they prove who they are, then it is by one token and without any secret', async (t) => {
  for (const name of AWS_JOBS) {
    const tokens = jobOf(name).id_tokens ?? {};
    t.strictSame(Object.keys(tokens), ['AWS_OIDC_TOKEN'], name);
    t.type(tokens.AWS_OIDC_TOKEN?.aud, 'string', 'one audience');
    t.strictSame(jobOf(name).before_script, ['source ci/credentials.sh'], name);
  }
  t.equal(jobOf('verify').id_tokens, undefined, 'who only looks needs none');
  const variables = Object.keys(BODY.variables as object);
  t.strictSame(
    variables.filter((name) => /SECRET|PASSWORD|TOKEN|_KEY/i.test(name)),
    [],
  );
  t.notMatch(TEMPLATE, /AKIA|glpat-|set -x|set -o xtrace/);
});

t.test('Given inputs, when jobs use them, then none of them can be more than a word', async (t) => {
  for (const [name, { options, regex }] of Object.entries(INPUTS)) {
    t.ok(options !== undefined || /^\^.+\$$/.test(regex ?? ''), `${name} is held by options or a whole pattern`);
    const wicked = ['$(id)', 'a b', "a'b", 'a"b', 'a;b', 'a\nb', '../x', ''];
    for (const value of wicked) t.notOk(regex !== undefined && new RegExp(regex).test(value), JSON.stringify(value));
  }
});

t.test(
  'Given that every holder has ended, when it is told, then the destroy hears of it and nobody else',
  async (t) => {
    const heard = JOBS.filter((name) => JSON.stringify(jobOf(name)).includes('holders_ended'));
    t.strictSame(heard, ['destroy'], 'GitLab, which starts a stop, knows nothing of it');
    t.strictSame(jobOf('destroy').variables, { LOCK_HOLDERS_ENDED: '$[[ inputs.holders_ended ]]' });
    const script = readFileSync(new URL('../../terraform/demo/destroy.sh', import.meta.url), 'utf8');
    t.match(script, /^HOLDERS_ENDED=\$\{LOCK_HOLDERS_ENDED:-false\}$/m, 'under the name that the script reads');
    t.equal(INPUTS.holders_ended?.default, 'false', 'who says nothing has not told it');
  },
);

t.test('Given the image of the jobs, when it is named, then it is by its digest', async (t) => {
  t.equal((BODY.default as { readonly image: unknown }).image, '$TOOLBOX_IMAGE');
  t.match((BODY.variables as Readonly<Record<string, string>>).TOOLBOX_IMAGE, /@sha256:[0-9a-f]{64}$/);
});
