import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';

export interface Run {
  readonly exitCode: number | null;
  readonly stderr: string;
  /** Each command that was called, with its arguments on one line. */
  readonly calls: readonly string[];
}

export interface Stubs {
  readonly folder: string;
  /** Runs a script with these commands before all others of their name. */
  run(script: string, environment: Readonly<Record<string, string>>): Promise<Run>;
}

/** Commands that say what they were called with and then do what the text says. `$n` counts the calls of that command. */
export const createStubs = (t: Test, commands: Readonly<Record<string, string>>): Stubs => {
  const folder = mkdtempSync(join(tmpdir(), 'demo-stubs-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(commands)) {
    const file = join(folder, name);
    // In one write, since two commands of one pipe say it at the same time.
    const count = `line=$(printf '%s ' ${name} "$@" | tr '\\n' ' '); printf '%s\\n' "$line" >>'${folder}/calls'
echo >>'${folder}/${name}.count'; n=$(wc -l <'${folder}/${name}.count'); n=$((n))`;
    writeFileSync(file, `#!/usr/bin/env bash\n${count}\n${text}\n`);
    chmodSync(file, 0o755);
  }

  return {
    folder,
    run: (script, environment) =>
      new Promise((resolve, reject) => {
        const PATH = `${folder}:${process.env.PATH}`;
        const child = spawn('bash', [script], { env: { PATH, ...environment }, stdio: ['ignore', 'ignore', 'pipe'] });
        let stderr = '';
        child.stderr.on('data', (chunk: Buffer) => {
          stderr += chunk.toString();
        });
        child.on('error', reject);
        child.on('close', (exitCode) => {
          const file = join(folder, 'calls');
          const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
          resolve({ exitCode, stderr, calls: lines.map((line) => line.trim()).filter((line) => line !== '') });
        });
      }),
  };
};
