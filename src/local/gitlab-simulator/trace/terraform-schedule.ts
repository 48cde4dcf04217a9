import { COMPANIONS } from './resource-graph.ts';
import { fillTemplate, type ResourceRow } from './resource-table.ts';
import type { ScriptRecipe } from './script.ts';
import type { TimedStep } from './script-writer.ts';

/** When Terraform works on a resource, in recorded seconds after the command began. */
export interface ScheduledRow {
  readonly row: ResourceRow;
  readonly fromSeconds: number;
  readonly untilSeconds: number;
}

/** Terraform says every ten seconds that it is still busy. */
const STILL_SECONDS = 10;
/** Neighbours in the graph start a moment after each other. */
const STAGGER_SECONDS = 0.07;

function schedule(
  rows: readonly ResourceRow[],
  before: (row: ResourceRow) => readonly string[],
  secondsOf: (row: ResourceRow) => number,
): readonly ScheduledRow[] {
  const ends = new Map<string, number>();
  return rows.map((row, position) => {
    const ready = Math.max(0, ...before(row).map((address) => ends.get(address) ?? 0));
    const fromSeconds = ready + STAGGER_SECONDS * (1 + (position % 7));
    const untilSeconds = fromSeconds + Math.max(0.2, secondsOf(row));
    ends.set(row.address, untilSeconds);
    return { row, fromSeconds, untilSeconds };
  });
}

/** Creates what nothing waits for first, everything that is ready beside each other. */
export function scheduleCreation(rows: readonly ResourceRow[]): readonly ScheduledRow[] {
  return schedule(
    rows,
    ({ needs }) => needs,
    ({ type }) => type.createSeconds,
  );
}

/** Destroys in the opposite direction: a resource goes when everything that needs it is gone. */
export function scheduleDestruction(rows: readonly ResourceRow[]): readonly ScheduledRow[] {
  return schedule(
    rows.toReversed(),
    ({ address }) => rows.filter(({ needs }) => needs.includes(address)).map((row) => row.address),
    ({ type }) => type.destroySeconds,
  );
}

function elapsed(seconds: number): string {
  const minutes = String(Math.floor(seconds / 60)).padStart(2, '0');
  return `${minutes}m${String(seconds % 60).padStart(2, '0')}s`;
}

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole}s` : `${Math.floor(whole / 60)}m${whole % 60}s`;
}

function report(address: string, text: string): string {
  return `\u001b[0m\u001b[1m${address}: ${text}\u001b[0m\u001b[0m`;
}

function stillSteps({ row, fromSeconds, untilSeconds }: ScheduledRow, textOf: (time: string) => string): TimedStep[] {
  const count = Math.max(0, Math.ceil((untilSeconds - fromSeconds) / STILL_SECONDS) - 1);
  return Array.from({ length: count }, (_, position) => {
    const seconds = (position + 1) * STILL_SECONDS;
    return { atSeconds: fromSeconds + seconds, text: report(row.address, textOf(elapsed(seconds))), effects: [] };
  });
}

/** The lines and effects of creating one resource. It exists, half made, from the first line on. */
export function creationSteps(scheduled: ScheduledRow, recipe: ScriptRecipe): readonly TimedStep[] {
  const { row, fromSeconds, untilSeconds } = scheduled;
  const id = fillTemplate(row.type.id, row, recipe.deploymentId, recipe.seed);
  const companions = COMPANIONS[row.address] ?? [];
  return [
    {
      atSeconds: fromSeconds,
      text: report(row.address, 'Creating...'),
      effects: [row.address, ...companions].map((address) => ({ kind: 'appears' as const, address })),
    },
    ...stillSteps(scheduled, (time) => `Still creating... [${time} elapsed]`),
    {
      atSeconds: untilSeconds,
      text: report(row.address, `Creation complete after ${duration(untilSeconds - fromSeconds)} [id=${id}]`),
      effects: [{ kind: 'recorded', address: row.address }],
    },
  ];
}

/** The lines and effects of destroying one resource, together with what AWS had made for it and still `present`. */
export function destructionSteps(
  scheduled: ScheduledRow,
  recipe: ScriptRecipe,
  present: ReadonlySet<string>,
): readonly TimedStep[] {
  const { row, fromSeconds, untilSeconds } = scheduled;
  const id = fillTemplate(row.type.id, row, recipe.deploymentId, recipe.seed);
  const companions = (COMPANIONS[row.address] ?? []).filter((address) => present.has(address));
  const affected = [row.address, ...companions];
  return [
    {
      atSeconds: fromSeconds,
      text: report(row.address, `Destroying... [id=${id}]`),
      effects: affected.map((address) => ({ kind: 'deleting' as const, address })),
    },
    ...stillSteps(scheduled, (time) => `Still destroying... [id=${id}, ${time} elapsed]`),
    {
      atSeconds: untilSeconds,
      text: report(row.address, `Destruction complete after ${duration(untilSeconds - fromSeconds)}`),
      effects: affected.map((address) => ({ kind: 'gone' as const, address })),
    },
  ];
}
