import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { RESOURCE_ROWS } from '../../src/adapters/aws-inventory-table.ts';
import { REAL_POLICY } from '../../src/policies.ts';
import { OPERATIONS } from './aws-operations.ts';
import { DEMO } from './run-script.ts';
import { jobOf, minutesOf } from './template.ts';

/** What the template, the scripts, the image and the rest of the project have to agree on. */

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(join(DEMO, path), 'utf8');
const numberIn = (path: string, name: string): number =>
  Number(new RegExp(`^${name}=(\\d+)$`, 'm').exec(read(path))?.[1]);
const listIn = (path: string, name: string): string[] =>
  (new RegExp(`^${name}='([^']+)'`, 'm').exec(read(path))?.[1] ?? '').split(/\s+/).filter((word) => word !== '');

t.test("Given the kinds of the server's inventory, when destroy.sh is asked, then it knows each of them", async (t) => {
  const theirs = RESOURCE_ROWS.flat().map(({ type }) => type);
  const own = [...listIn('destroy/kinds.sh', 'DELETE_ORDER'), ...listIn('destroy/kinds.sh', 'PARTS_OF_A_CLUSTER')];
  t.strictSame(own.toSorted(), [...theirs, 'route53:record'].toSorted());
});

t.test('Given the kinds of destroy.sh, when they are listed and deleted, then each one is', async (t) => {
  const lists = [...read('destroy/kinds.sh').matchAll(/^list_(?!names)(\w+)\(\)/gm)].map(([, name]) => name);
  t.strictSame(lists.toSorted(), listIn('destroy/kinds.sh', 'LIST_ORDER').toSorted());
  const cases = [...read('destroy/sweep.sh').matchAll(/^ {4}([\w-]+:[\w-]+)\)/gm)].map(([, kind]) => kind);
  t.strictSame(cases.toSorted(), listIn('destroy/kinds.sh', 'DELETE_ORDER').toSorted());
});

t.test('Given the times of destroy.sh, when others wait for it, then they wait longer', async (t) => {
  const budgetMs = numberIn('destroy.sh', 'BUDGET_SECONDS') * 1_000;
  t.ok(budgetMs < REAL_POLICY.destroyDeadlineMs, 'it ends before the server cancels it');
  t.ok(budgetMs < minutesOf(jobOf('destroy').timeout) * 60_000, 'and before GitLab does');
  t.ok(numberIn('inventory.sh', 'BUDGET_SECONDS') < minutesOf(jobOf('inventory').timeout) * 60);
  t.equal(numberIn('destroy/state.sh', 'LOCK_WAIT_SECONDS'), 600);
  t.equal(numberIn('destroy/state.sh', 'STALE_LOCK_SECONDS'), 75 * 60);
  const longestHolderMinutes = 60;
  const holders = ['plan', 'apply', 'stop', 'destroy'].map((name) => minutesOf(jobOf(name).timeout));
  t.ok(Math.max(...holders, longestHolderMinutes) * 60 < 75 * 60, 'no holder lives as long as a stale lock');
});

const PLATFORM = join(ROOT, 'terraform/platform/variables.tf');
const SKIP_PLATFORM = existsSync(PLATFORM)
  ? false
  : 'SKIPPED: no terraform/platform here, so its OIDC audience is NOT compared';

t.test(
  "Given the audience of the jobs' token, when the role's trust is read, then it is the same",
  { skip: SKIP_PLATFORM },
  async (t) => {
    const declared = globSync('terraform/**/*.tf', { cwd: ROOT }).flatMap((path) => [
      ...readFileSync(join(ROOT, path), 'utf8').matchAll(
        /variable "gitlab_(?:oidc_)?audience" \{[^}]*?default\s*=\s*"([^"]+)"/g,
      ),
    ]);
    t.strictSame(
      declared.map(([, audience]) => audience),
      [jobOf('apply').id_tokens?.AWS_OIDC_TOKEN?.aud],
    );
  },
);

const SERVICES: Readonly<Record<string, string>> = {
  elbv2: 'elasticloadbalancing',
  resourcegroupstaggingapi: 'tag',
  s3api: 's3',
};
/** Calls that IAM knows by another name. */
const ACTIONS: Readonly<Record<string, string>> = {
  'eks update-kubeconfig': 'eks:DescribeCluster',
  's3api head-object': 's3:GetObject',
};

/** The right that a call of AWS's tool needs. */
const actionOf = (call: string): string => {
  const [service = '', operation = ''] = call.split(' ');
  const name = operation.split('-').map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`);
  return ACTIONS[call] ?? `${SERVICES[service] ?? service}:${name.join('')}`;
};

/** Every call in the scripts, which is every one that the stub knows, since an unknown one fails a test. */
const CALLS = [...OPERATIONS.keys()];
const RIGHTS = [...new Set(CALLS.map(actionOf))].toSorted();

t.test("Given the calls of AWS's tool, when the scripts are read, then they make these and no others", async (t) => {
  const text = globSync('{*.sh,ci/*.sh,destroy/*.sh}', { cwd: DEMO }).map(read).join('\n');
  t.strictSame(
    CALLS.filter(
      (call) => !text.includes(call) && !/^(?:eks describe-cluster|elbv2 describe-(?:load|target))/.test(call),
    ),
    [],
  );
});

t.test('Given the rights that the scripts need, when docs/pipeline.md is read, then it lists them', async (t) => {
  const page = readFileSync(join(ROOT, 'docs/pipeline.md'), 'utf8');
  const [, section = ''] = /## What the scripts may call\n([\s\S]*?)\n## /.exec(page) ?? [];
  const listed = [...section.matchAll(/`(\w+:\w+)`/g)].map(([, action]) => action);
  t.strictSame(listed.toSorted(), [...RIGHTS, 's3:ListBucket'].toSorted());
});

const RIGHTS_FILES = globSync('terraform/platform/*.tf', { cwd: ROOT });
const SKIP_RIGHTS =
  RIGHTS_FILES.length > 0 ? false : 'SKIPPED: no terraform/platform here, so its rights are NOT compared';

t.test(
  "Given the rights that the scripts need, when the roles' policies are read, then each is in them",
  { skip: SKIP_RIGHTS },
  async (t) => {
    const text = RIGHTS_FILES.map((path) => readFileSync(join(ROOT, path), 'utf8')).join('\n');
    t.strictSame(
      RIGHTS.filter((action) => !text.includes(`"${action}"`)),
      [],
    );
  },
);

t.test('Given the scripts, when they source or run one another, then it is there, here and in the image', async (t) => {
  const dockerfile = read('destroyer/Dockerfile');
  const scripts = globSync('{*.sh,ci/*.sh,destroy/*.sh}', { cwd: DEMO });
  const named = scripts.flatMap((path) =>
    [...read(path).matchAll(/\$HERE\/([\w/-]+\.sh)/g)].map(([, file]) => file ?? ''),
  );
  t.ok(named.length > 5);
  // The application is put into the cluster by a job, which has the repository.
  const needed = named.filter((file) => !file.startsWith('app/'));
  for (const file of needed) {
    t.ok(existsSync(join(DEMO, file)), file);
    const folder = file.includes('/') ? file.split('/')[0] : file;
    t.match(dockerfile, new RegExp(`^COPY .*\\b${folder}\\b.* /opt/demo/`, 'm'), `${file} is copied`);
  }
  const inJobs = ['plan', 'apply', 'stop', 'verify', 'destroy', 'inventory'].flatMap(
    (name) => jobOf(name).script ?? [],
  );
  const own = inJobs
    .map((line) => line.split(' ')[0] ?? '')
    .filter((word) => word.endsWith('.sh') && !word.startsWith('app/'));
  for (const file of own) t.ok(existsSync(join(DEMO, file)), file);
});

t.test('Given the image, when it is built and run, then everything is pinned and nothing is fetched', async (t) => {
  const dockerfile = read('destroyer/Dockerfile');
  const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
  t.strictSame(bases, ['$' + '{TERRAFORM_IMAGE}', '$' + '{AWS_CLI_IMAGE}'], 'bases are arguments, by digest');
  const args = [...dockerfile.matchAll(/^ARG (\w+)(=.*)?$/gm)];
  t.strictSame(
    args.flatMap(([, name, value]) => (value === undefined ? [] : [name])),
    [],
    'no argument has a default that ages',
  );
  t.match(dockerfile, /sha256sum -c/);
  t.match(dockerfile, /RUN --network=none [\s\S]*terraform init -backend=false/, 'the provider comes from the mirror');
  t.match(dockerfile, /^CMD \["destroy\.sh"\]$/m);
  t.match(dockerfile, /^ENV PATH=\/opt\/demo:/m, "the second destroyer's command is found");
  t.match(read('destroyer/terraform.rc'), /filesystem_mirror/);
  t.notMatch(read('destroyer/terraform.rc'), /direct|network_mirror/);
});
