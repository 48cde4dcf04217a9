import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Runs one of the scripts as the package does, in a folder of its own and with nothing in the environment. */
export const runScript = (
  name: string,
  options: {
    readonly cwd: string;
    readonly args?: readonly string[];
    readonly input?: string;
    readonly env?: Readonly<Record<string, string>>;
  },
): { readonly status: number | null; readonly lines: readonly string[]; readonly stderr: string } => {
  const path = fileURLToPath(new URL(`../../scripts/${name}`, import.meta.url));
  const { cwd, args = [], input = '', env = {} } = options;
  const ran = spawnSync(process.execPath, [path, ...args], { cwd, input, env, encoding: 'utf8', timeout: 30_000 });
  return { status: ran.status, lines: ran.stdout.trimEnd().split('\n'), stderr: ran.stderr };
};
