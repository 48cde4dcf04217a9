import { plantInVerify } from './planted-lines.ts';
import type { PlantedSecrets } from './planted-secrets.ts';
import type { ScriptRecipe } from './script.ts';
import type { ScriptWriter } from './script-writer.ts';

/** A new load balancer takes some seconds to answer; the script gives up after 20 tries. */
const USUAL_TRIES = 6;
const MOST_TRIES = 20;
const PAUSE_SECONDS = 10;

/** The script of the `verify` job: does the demo answer, and with the right id? Answers whether it succeeds. */
export function writeVerify(writer: ScriptWriter, recipe: ScriptRecipe, secrets: PlantedSecrets): boolean {
  const fails = recipe.outcome.kind === 'verify-fails';
  writer.command('ci/verify.sh "$DEPLOYMENT_ID"');
  for (let attempt = 1; attempt < (fails ? MOST_TRIES : USUAL_TRIES); attempt += 1) {
    writer.say(`verify: try ${attempt}: not yet (HTTP 503)`);
    writer.wait(PAUSE_SECONDS);
  }
  if (fails) {
    writer.say(`verify: try ${MOST_TRIES}: not yet (HTTP 503)`);
    writer.complain('verify: the demo did not answer with its deployment id in time');
    return false;
  }
  writer.wait(8);
  writer.say(`verify: try ${USUAL_TRIES}: the page shows ${recipe.deploymentId}`, `The demo is up: ${recipe.liveUrl}`);
  plantInVerify(writer, secrets);
  writer.wait(17);
  return true;
}
