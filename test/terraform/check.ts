import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What came of one folder: whether every step of it passed, and what was printed. */
export interface Checked {
  readonly passed: boolean;
  readonly output: string;
}

const TIMEOUT_MS = 600_000;

/** Colours and the frames that Terraform draws around a message would break its words apart. */
const plain = (text: string): string => text.replaceAll(/[│╷╵]/g, '').replaceAll(/\s+/g, ' ');

export const hasTerraform = (): boolean => spawnSync('terraform', ['version'], { stdio: 'ignore' }).status === 0;

/** A command that takes folders, checks each against the provider's schema without a registry, and heads each with `== <folder>`. */
const byChecker = (checker: string, folders: readonly string[]): ReadonlyMap<string, Checked> => {
  // What `validate` finds goes to standard error; it belongs between the heads.
  const { stdout } = spawnSync('bash', ['-c', '"$0" "$@" 2>&1', checker, ...folders], {
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    maxBuffer: 64 * 1024 * 1024,
  });
  const parts = stdout.split(/^== /m);
  return new Map(
    folders.map((folder) => {
      const part = parts.find((text) => text.startsWith(`${folder}\n`));
      const hasFailed = parts.some((text) => text.startsWith(`${folder}: FAILED`));
      return [folder, { passed: part !== undefined && !hasFailed, output: plain(part ?? 'not checked') }];
    }),
  );
};

/** Terraform's own steps, with the provider from its registry. */
const byTerraform = (folder: string): Checked => {
  const steps = [
    ['fmt', '-check', '-recursive'],
    ['init', '-backend=false', '-input=false', '-no-color'],
    ['validate', '-no-color'],
    ...(existsSync(join(folder, 'tests')) ? [['test', '-no-color']] : []),
  ];
  let output = '';
  for (const step of steps) {
    const ran = spawnSync('terraform', step, { cwd: folder, encoding: 'utf8', timeout: TIMEOUT_MS });
    output += ran.stdout + ran.stderr;
    if (ran.status !== 0) return { passed: false, output: plain(output) };
  }
  return { passed: true, output: plain(output) };
};

/**
 * Checks folders of Terraform code: format, names and types against the provider's schema, and their tests. With
 * `TERRAFORM_CHECK`, by the command it names, which needs no registry; else by Terraform itself, which fetches the
 * provider first.
 */
export const checkFolders = (folders: readonly string[]): ReadonlyMap<string, Checked> => {
  const { TERRAFORM_CHECK } = process.env;
  if (TERRAFORM_CHECK) return byChecker(TERRAFORM_CHECK, folders);
  return new Map(folders.map((folder) => [folder, byTerraform(folder)]));
};
