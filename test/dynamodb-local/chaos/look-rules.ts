import { buildersOf, deploymentOf, idsWithResources, type Look, mayBuild, type SeenRecord } from './facts.ts';

/** One promise about what can be seen at any moment. Answers with what breaks it, in words. */
export type LookRule = (look: Look) => readonly string[];

const isHeldBy = (record: SeenRecord | null, id: string): boolean => record?.owner === id;

/** What is there before and after the record is read was there when it was read. */
const holdsWhatExists: LookRule = ({ before, record, after }) => {
  const still = idsWithResources(after);
  return [...idsWithResources(before)]
    .filter((id) => still.has(id) && !isHeldBy(record, id))
    .map((id) => `the lock is ${record === null ? 'free' : `that of ${record.owner}`} while something of ${id} exists`);
};

const holdsWhatMayBuild: LookRule = ({ before, record, after }) => {
  const mayBuildBefore = new Set(
    before.pipelines.filter((pipeline) => mayBuild(pipeline, before.now)).map(({ id }) => id),
  );
  return after.pipelines
    .filter((pipeline) => mayBuildBefore.has(pipeline.id) && mayBuild(pipeline, after.now))
    .filter((pipeline) => !isHeldBy(record, deploymentOf(pipeline)))
    .map((pipeline) => `pipeline ${pipeline.id} may still build for ${deploymentOf(pipeline)}, which has no lock`);
};

const oneApplyBuilds: LookRule = ({ after }) =>
  [...new Set(after.pipelines.map(deploymentOf))]
    .filter((id) => buildersOf(after, id).length > 1)
    .map((id) => `${buildersOf(after, id).length} applies built for ${id}`);

/** A record only goes forward: decisions are counted, the goal turns once and for one reason, what began stays begun. */
const wentBack = (earlier: SeenRecord, later: SeenRecord): readonly string[] => [
  ...(later.version < earlier.version ? [`its version fell from ${earlier.version} to ${later.version}`] : []),
  ...(earlier.down !== null && later.down !== earlier.down ? [`it goes down for another reason: ${later.down}`] : []),
  ...(earlier.applyMayHaveStarted && !later.applyMayHaveStarted ? ['it forgot that an apply may have started'] : []),
];

/** Makes the rules about two looks in a row. */
const createSuccession = (): LookRule => {
  let earlier: SeenRecord | null = null;
  return ({ record, receipts }) => {
    const former = earlier;
    earlier = record;
    if (former === null) return [];
    if (record?.owner === former.owner) return wentBack(former, record).map((what) => `${former.owner}: ${what}`);
    return receipts.includes(former.owner) ? [] : [`${former.owner} lost the lock without a receipt`];
  };
};

/** Makes the rules that every look is held against. */
export const createLookRules = (): readonly LookRule[] => [
  holdsWhatExists,
  holdsWhatMayBuild,
  oneApplyBuilds,
  createSuccession(),
];
