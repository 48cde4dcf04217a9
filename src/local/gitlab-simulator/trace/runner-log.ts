import { createSeededRandom, LOWER_ALPHANUMERIC } from '../random.ts';
import type { ScriptRecipe } from './script.ts';
import type { ScriptWriter } from './script-writer.ts';

/** What the runner writes around the script of a job (as GitLab Runner 19.5 does on gitlab.com). */

const ULID_CHARACTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The image of every job, by its digest, as terraform/demo/.gitlab-ci.yml names it. */
const TOOLBOX = `registry.gitlab.com/demo/eks-demo/toolbox@sha256:${'7c'.repeat(32)}`;

/** Runner, container and sources: everything before the script. */
export function writePreamble(writer: ScriptWriter, recipe: ScriptRecipe): void {
  const random = createSeededRandom(`${recipe.seed} ${recipe.jobId} runner`);
  const runnerName = random.characters(LOWER_ALPHANUMERIC, 8);
  writer.note(
    '\u001b[0KRunning with gitlab-runner 19.5.0 (5eb085ab)\u001b[0;m',
    `\u001b[0K  on 5-green.saas-linux-small-amd64.runners-manager.gitlab.com/default ${runnerName}, system ID: s_6b1e4f06fcfd\u001b[0;m`,
  );
  writer.section('prepare_executor', 'Preparing the "docker+machine" executor', () => {
    writer.note(`\u001b[0KUsing Docker executor with image ${TOOLBOX} ...\u001b[0;m`);
    writer.wait(2.5);
    writer.note(
      '\u001b[0KAuthenticating with credentials from job payload (GitLab Registry)\u001b[0;m',
      `\u001b[0KUsing docker image sha256:${random.hex(64)} for ${TOOLBOX} with digest ${TOOLBOX} ...\u001b[0;m`,
    );
  });
  writer.section('prepare_script', 'Preparing environment', () => {
    writer.say(`Running on runner-${runnerName}-project-1001-concurrent-0 via runner-${runnerName}-s-l-s-amd64...`);
    writer.wait(1);
  });
  writer.section('get_sources', 'Getting source from Git repository', () => {
    writer.say(
      `Gitaly correlation ID: ${random.characters(ULID_CHARACTERS, 26)}`,
      '\u001b[32;1mFetching changes with git depth set to 1...\u001b[0;m',
      'Initialized empty Git repository in /builds/demo/eks-demo/.git/',
      '\u001b[32;1mCreated fresh repository.\u001b[0;m',
      `\u001b[32;1mChecking out ${recipe.sha.slice(0, 8)} as detached HEAD (ref is ${recipe.ref})...\u001b[0;m`,
      '',
      '\u001b[32;1mSkipping Git submodules setup\u001b[0;m',
    );
    writer.wait(0.5);
  });
}

/** The script itself, in the section the runner puts around it. */
export function writeStepScript(writer: ScriptWriter, content: () => void): void {
  writer.section('step_script', 'Executing "step_script" stage of the job script', content);
}

/** Artifacts, if the job has any, and the runner's last line. */
export function writeEpilogue(
  writer: ScriptWriter,
  recipe: ScriptRecipe,
  end: { readonly failed: boolean; readonly artifact: string | null },
): void {
  if (end.artifact !== null && !end.failed) {
    const { artifact } = end;
    writer.section('upload_artifacts_on_success', 'Uploading artifacts for successful job', () => {
      writer.say(
        '\u001b[32;1mUploading artifacts...\u001b[0;m',
        `${artifact}: found 1 matching artifact files and directories `,
      );
      writer.wait(1.5);
      writer.say(
        `Uploading artifacts as "archive" to coordinator... 201 Created  id=${recipe.jobId} responseStatus=201 Created`,
      );
    });
  }
  writer.section('cleanup_file_variables', 'Cleaning up project directory and file based variables', () =>
    writer.wait(0.5),
  );
  writer.note(
    end.failed ? '\u001b[31;1mERROR: Job failed: exit code 1\u001b[0;m' : '\u001b[32;1mJob succeeded\u001b[0;m',
  );
}
