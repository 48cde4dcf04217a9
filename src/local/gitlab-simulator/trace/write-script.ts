import { createPlantedSecrets } from './planted-secrets.ts';
import { writeEpilogue, writePreamble, writeStepScript } from './runner-log.ts';
import type { Script, ScriptEffect, ScriptRecipe } from './script.ts';
import { createScriptWriter, type ScriptWriter } from './script-writer.ts';
import { writeApply } from './write-apply.ts';
import { writeDestroy } from './write-destroy.ts';
import { writeInventory } from './write-inventory.ts';
import { writePlan } from './write-plan.ts';
import { writeVerify } from './write-verify.ts';

/** How many recorded seconds pass in a simulated second: some 12 minutes up in 90 s, some 6 minutes down in 30 s. */
export const COMPRESSION = { plan: 8, apply: 8, verify: 8, stop: 12, destroy: 12, inventory: 12 } as const;

function writeJob(writer: ScriptWriter, recipe: ScriptRecipe): boolean {
  const secrets = createPlantedSecrets(recipe.deploymentId, recipe.seed);
  if (recipe.job === 'apply') return writeApply(writer, recipe, secrets);
  if (recipe.job === 'verify') return writeVerify(writer, recipe, secrets);
  if (recipe.job === 'inventory') return writeInventory(writer, recipe, secrets);
  if (recipe.job === 'destroy' || recipe.job === 'stop') return writeDestroy(writer, recipe, secrets);
  writePlan(writer, recipe, secrets);
  return true;
}

/** What was being made when Terraform died exists, but nobody wrote it down. What AWS made by itself never is. */
function withUnrecorded(effects: readonly ScriptEffect[]): readonly ScriptEffect[] {
  const recorded = new Set(effects.filter(({ kind }) => kind === 'recorded').map(({ address }) => address));
  return effects.map((effect) =>
    effect.kind === 'appears' && !recorded.has(effect.address) ? { ...effect, kind: 'appears-unrecorded' } : effect,
  );
}

function interrupted(script: Script, { interruption }: ScriptRecipe): Script {
  if (interruption === null) return script;
  const lastLineMs = script.lines.at(-1)?.atMs ?? 0;
  const afterMs = Math.min(interruption.afterMs, lastLineMs - 1);
  const effects = script.effects.filter(({ atMs }) => atMs <= afterMs);
  return {
    lines: script.lines.filter(({ atMs }) => atMs <= afterMs),
    effects: interruption.losesState ? withUnrecorded(effects) : effects,
    durationMs: afterMs + interruption.silentMs,
    failureReason: interruption.failureReason,
  };
}

/** Writes what a job logs and does, from its recipe alone: the same recipe gives the same script. */
export function writeScript(recipe: ScriptRecipe): Script {
  const writer = createScriptWriter(COMPRESSION[recipe.job]);
  let succeeds = true;
  writePreamble(writer, recipe);
  writeStepScript(writer, () => {
    succeeds = writeJob(writer, recipe);
  });
  const artifact = recipe.job === 'apply' ? 'outputs.json' : null;
  writeEpilogue(writer, recipe, { failed: !succeeds, artifact });
  const script = interrupted(writer.finish(succeeds ? null : 'script_failure'), recipe);
  return { ...script, effects: script.effects.filter(({ kind }) => kind !== 'recorded') };
}
