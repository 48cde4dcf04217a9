import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ephemeralFolder } from './ephemeral.ts';
import { brokenPromises } from './judge.ts';
import { DEMO, runScript, SKIP } from './run-script.ts';
import { thing } from './world.ts';
import { BUILD, demoOf, messOf, NAME, OURS, type Plot, worldOf } from './worlds.ts';

/** Mistakes that somebody might make in destroy.sh, each with an account in which it breaks a promise. */
interface Mistake {
  readonly name: string;
  readonly file: string;
  readonly right: string;
  readonly wrong: string;
  readonly plot: Plot;
  readonly breaks: RegExp;
}

const nothing = (): boolean => false;
const denied = (on: string) => ({ on, times: 999, does: { code: 'UnauthorizedOperation' } }) as const;
const all = [...demoOf(BUILD), ...messOf(BUILD)];

const MISTAKES: readonly Mistake[] = [
  {
    name: 'the tag no longer decides',
    file: 'destroy/survey.sh',
    right: '[[ $tag == "$DEPLOYMENT_ID" ]]\n    return',
    wrong: '[[ $tag == "$DEPLOYMENT_ID" ]] && return 0',
    plot: { ours: [], recorded: nothing },
    breaks: /touched vol-namesake/,
  },
  {
    name: 'nobody asks whose a thing is',
    file: 'destroy/survey.sh',
    right: ' || continue\n    MINE+=',
    wrong: ' || true\n    MINE+=',
    plot: {},
    breaks: /deleted what is not ours/,
  },
  {
    name: 'a name counts wherever it begins',
    file: 'destroy/survey.sh',
    right: '(^|[^0-9a-z])$NAME([^0-9a-z]|$)',
    wrong: '(^|[^0-9a-z])$NAME',
    plot: { ours: [] },
    breaks: /touched vol-longer/,
  },
  {
    name: 'any tag may hold a name',
    file: 'destroy/kinds.sh',
    right: '[?contains($NAMING_TAGS, Key)]',
    wrong: '[]',
    plot: { ours: [] },
    breaks: /touched vol-remark/,
  },
  {
    name: 'what is not known counts as nothing',
    file: 'destroy/survey.sh',
    right: `unknown() { UNKNOWN+="$1: $2"$'\\n'; }`,
    wrong: 'unknown() { true; }',
    plot: {
      recorded: nothing,
      terraform: { destroy: 'finds-nothing' },
      ours: demoOf(BUILD).filter(({ kind }) => kind === 'cluster'),
      faults: [denied('eks ')],
    },
    breaks: /said 0 and left/,
  },
  {
    name: 'half of a list is taken for all of it',
    file: 'destroy/common.sh',
    right: '  ((status == 0)) && return 0\n  : >"$WORK/answer"\n',
    wrong: '  return 0\n',
    plot: {
      ours: all,
      recorded: nothing,
      terraform: { destroy: 'finds-nothing' },
      faults: [{ on: 'ec2 describe-instances', times: 999, does: 'partial' }],
    },
    breaks: /said 0 and left|and did not name it/,
  },
  {
    name: 'a young lock is broken',
    file: 'destroy/state.sh',
    right: 'STALE_LOCK_SECONDS=4500',
    wrong: 'STALE_LOCK_SECONDS=900',
    plot: { lock: { ageMinutes: 20 } },
    breaks: /broke a lock whose holder may live/,
  },
  {
    name: 'it sweeps beside somebody who holds the state, and calls that done',
    file: 'destroy.sh',
    right: 'if [[ $STATE == "$LOCKED" ]]; then',
    wrong: 'if false; then',
    plot: { lock: { ageMinutes: 20 } },
    breaks: /deleted beside a living holder/,
  },
  {
    name: 'Terraform is believed',
    file: 'destroy.sh',
    right: '\nreport\n',
    wrong: '\n[[ $STATE == destroyed ]] || report\n',
    plot: {
      terraform: { destroy: 'ends-well-and-leaves' },
      faults: [denied('ec2 terminate'), denied('autoscaling delete'), denied('eks delete')],
    },
    breaks: /said 0/,
  },
  {
    name: 'the landmark is not looked for',
    file: 'destroy/survey.sh',
    right: '  nominate\n  see_landmark\n',
    wrong: '  nominate\n',
    plot: { ours: [], withoutLandmark: true },
    breaks: /called an account empty without its landmark/,
  },
  {
    name: 'a cluster that no list shows is not asked for',
    file: 'destroy/kinds.sh',
    right: "|| LISTED+=$'\\n'$NAME",
    wrong: '|| true',
    plot: { ours: [thing({ kind: 'cluster', id: NAME, isOurs: true, fields: { unlisted: true } })], recorded: nothing },
    breaks: /said 0 and left/,
  },
  {
    name: 'requests have no limit',
    file: 'destroy/common.sh',
    right: 'timeout --kill-after=5 "$CALL_LIMIT" aws',
    wrong: 'aws',
    plot: { faults: [{ on: 'ec2 describe-volumes', times: 1, does: 'hang' }] },
    breaks: /hangs for ever/,
  },
  {
    name: 'it goes on for ever',
    file: 'destroy/sweep.sh',
    right: 'may_go_on "$idle" || return 0',
    wrong: 'true',
    plot: {
      recorded: nothing,
      ours: [
        thing({ kind: 'volume', id: 'vol-p', isOurs: true, tags: { Name: NAME }, refuses: 'OperationNotPermitted' }),
      ],
    },
    breaks: /took \d+ s|ended with null/,
  },
  {
    name: 'the sentence of an error is printed',
    file: 'destroy/sweep.sh',
    right: 'tell_once "sweep: cannot delete $(label "$kind" "$id"): $CODE"',
    wrong: 'cat "$WORK/problem"',
    plot: { recorded: nothing, faults: [denied('ec2 terminate'), denied('ec2 delete')] },
    breaks: /told the account/,
  },
];

/** A copy of the scripts with that mistake in it, below that folder. */
const mistaken = (within: string, { file, right, wrong }: Mistake): string => {
  const folder = join(within, 'mistaken');
  for (const part of ['destroy.sh', 'inventory.sh', 'destroy', 'ci'])
    cpSync(join(DEMO, part), join(folder, part), { recursive: true });
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  if (text.split(right).length !== 2) throw new Error(`${file} does not have once: ${right}`);
  writeFileSync(
    path,
    text.replace(right, () => wrong),
  );
  return folder;
};

/** What `brokenPromises` cannot know, as it depends on the plot. */
const alsoBroken = (plot: Plot, status: number | null, deletedCount: number): string[] => [
  ...(plot.lock !== undefined && plot.lock.ageMinutes < 60 && deletedCount > 0
    ? ['deleted beside a living holder']
    : []),
  ...(plot.withoutLandmark === true && status === 0 ? ['called an account empty without its landmark'] : []),
];

for (const mistake of MISTAKES) {
  t.test(
    `Given a destroy.sh in which ${mistake.name}, when it runs, then the tests notice`,
    { skip: SKIP },
    async (t) => {
      const { plot } = mistake;
      const ephemeral = ephemeralFolder(t);
      const judge = async (folder: string | undefined) => {
        const world = worldOf(plot);
        const before = new Map([...world.things].map(([id, each]) => [id, { ...each }]));
        const env = { EPHEMERAL_DIR: ephemeral };
        const run = await runScript('destroy.sh', [OURS], { world, folder, env, limitSeconds: 20_000 });
        return [...brokenPromises(world, run, { before }), ...alsoBroken(plot, run.status, world.deleted.length)];
      };
      const folder = mistaken(ephemeral, mistake);
      const [broken, asItStands] = await Promise.all([judge(folder), judge(undefined)]);
      t.match(broken.join('\n'), mistake.breaks);
      t.strictSame(asItStands, [], 'as it stands, nothing is broken');
    },
  );
}
