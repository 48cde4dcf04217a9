import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';
import { parseAllDocuments } from 'yaml';
import { DEMO } from './run-script.ts';

/** The pipeline template as its readers see it. */

export const TEMPLATE = readFileSync(join(DEMO, '.gitlab-ci.yml'), 'utf8');
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Input {
  readonly options?: readonly string[];
  readonly regex?: string;
  readonly default?: string;
}

export interface Job {
  readonly extends?: string;
  readonly stage?: string;
  readonly timeout?: string;
  readonly script?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly before_script?: readonly string[];
  readonly resource_group?: string;
  readonly interruptible?: boolean;
  readonly id_tokens?: Readonly<Record<string, { readonly aud: unknown }>>;
  readonly retry?: { readonly max: number; readonly when: readonly string[] };
  readonly environment?: Readonly<Record<string, string>>;
  readonly rules?: readonly Readonly<Record<string, unknown>>[];
  readonly artifacts?: Readonly<Record<string, unknown>>;
  readonly dependencies?: readonly string[];
}

/** Header and body, each a document of its own. Throws for YAML that is none. */
export const documentsOf = (text: string): readonly Readonly<Record<string, unknown>>[] =>
  parseAllDocuments(text).map((document) => {
    if (document.errors.length > 0) throw new Error(document.errors.join('\n'));
    return document.toJS() as Readonly<Record<string, unknown>>;
  });

const [header = {}, body = {}] = documentsOf(TEMPLATE);
const spec = header.spec as { readonly inputs: Readonly<Record<string, Input>> };
export const INPUTS = spec.inputs;
export const BODY = body;

type Document = Readonly<Record<string, unknown>>;

const mergedIn = (document: Document, name: string): Job => {
  const job = document[name] as Job;
  return job.extends === undefined ? job : { ...mergedIn(document, job.extends), ...job };
};

/** A job with what it takes from the jobs it extends; its own words win, as in GitLab. */
export const jobOf = (name: string): Job => mergedIn(BODY, name);

/** The document without hidden jobs, what they say in its place: the schema hardly looks at a hidden job. */
export const expanded = (document: Document): Document =>
  Object.fromEntries(
    Object.entries(document).flatMap(([name, value]) => {
      if (name.startsWith('.')) return [];
      if (typeof value !== 'object' || value === null || !('extends' in value)) return [[name, value]];
      const { extends: _, ...job } = mergedIn(document, name);
      return [[name, job]];
    }),
  );

export const minutesOf = (text: string | undefined): number => {
  const [, count = '', unit = ''] = /^(\d+) (minute|hour)s?$/.exec(text ?? '') ?? [];
  return Number(count) * (unit === 'hour' ? 60 : 1);
};

/** Why gitlab-ci-local cannot be asked here; false when it can. */
export const SKIP_LOCAL: string | false =
  spawnSync('git', ['--version']).status === 0 ? false : 'SKIPPED: no git here, so gitlab-ci-local is NOT asked';

export interface ListedJob {
  readonly name: string;
  readonly stage: string;
  readonly when: string;
  readonly allow_failure: boolean;
}

const git = (cwd: string, ...args: readonly string[]): void => {
  execFileSync('git', ['-c', 'user.name=demo', '-c', 'user.email=demo@example.com', ...args], { cwd, stdio: 'ignore' });
};

/** What gitlab-ci-local makes of the demo repository with these inputs: the jobs that would run. Needs no network. */
export const listJobs = (t: Test, inputs: Readonly<Record<string, string>>) => {
  const folder = t.testdir({});
  cpSync(DEMO, folder, { recursive: true, filter: (source) => !source.includes('.terraform') });
  git(folder, 'init', '--quiet');
  git(folder, 'remote', 'add', 'origin', 'git@gitlab.com:demo/eks-demo.git');
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message', 'demo');
  const options = Object.entries(inputs).flatMap(([name, value]) => ['--input', `${name}=${value}`]);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, 'node_modules/gitlab-ci-local/dist/index.js'), '--list-json', ...options],
    { cwd: folder, encoding: 'utf8', env: { PATH: process.env.PATH ?? '', HOME: folder }, timeout: 60_000 },
  );
  if (status !== 0) return { status, output: `${stdout}${stderr}`, jobs: [] };
  const jobs = JSON.parse(stdout) as readonly ListedJob[];
  return { status, output: stderr, jobs: jobs.filter(({ when }) => when !== 'never') };
};
