import fc from 'fast-check';
import t from 'tap';
import { isDeploymentId } from '../../src/lifecycle/deployment.ts';
import type { AwsFault } from '../fakes/aws-account.ts';
import { type AwsThing, arnOfThing, tagList } from '../fakes/aws-account-model.ts';
import { CASES } from './aws-inventory-cases.ts';
import { createAwsWorld, NAME, OTHER_NAME, OTHERS, OURS } from './aws-inventory-world.ts';
import { DEPLOYMENT, OTHER_DEPLOYMENT } from './gitlab-answers.ts';

const RUNS = 30;
const SWEEPS = 100;

/** A thing of an account, and what is true of it. */
interface Drawn {
  readonly thing: AwsThing;
  readonly isNominated: boolean;
  readonly state: 'there' | 'deleting' | 'gone';
  readonly isOurs: boolean;
  /** The derived name that it carries. */
  readonly name: string | null;
}

const NAMES = { ours: NAME, others: OTHER_NAME, nobodys: 'web' } as const;
const TAGS = {
  ours: OURS,
  others: OTHERS,
  none: {},
  unreadable: { deployment_id: 'x' },
  unmarked: { deployment_id: DEPLOYMENT },
  foreign: { deployment_id: OTHER_DEPLOYMENT, demo_installation: 'another' },
  unreadableButMarked: { deployment_id: 'x', demo_installation: OURS.demo_installation },
} as const;

type NameOf = keyof typeof NAMES;
type TagOf = keyof typeof TAGS;
const TAG_NAMES = Object.keys(TAGS) as TagOf[];

/** These are called by their ids, and the others by a name or a tag. */
const isCalledById = (kind: string): boolean => /^(?:eks|autoscaling|elasticloadbalancing):/.test(kind);
const cannotBeNamed = (kind: string): boolean => kind.endsWith(':listener') || kind === 'eks:nodegroup';

/** A listener has its load balancer's name in its ARN, if the tagging API has a reason to name it. */
const tellsName = (kind: string, tag: TagOf): boolean =>
  !cannotBeNamed(kind) || (kind.endsWith(':listener') && tag === 'unreadableButMarked');

const thingOf = (kind: string, index: number, name: string, tags: Readonly<Record<string, string>>): AwsThing => {
  if (kind === 'eks:nodegroup') return { kind, id: `shared/${index}`, tags };
  if (isCalledById(kind)) return { kind, id: `${name}-${index}`, tags };
  if (kind === 'ec2:launch-template' || kind === 'ec2:security-group') {
    return { kind, id: `${kind.slice(4, 6)}-${index}`, name: `${name}-${index}`, tags };
  }
  return { kind, id: `${kind.slice(4)}-${index}`, tags: { ...tags, Name: name } };
};

/** Of the deployment that is read. */
const isOurs = (kind: string, name: NameOf, tag: TagOf): boolean => {
  const { deployment_id: id }: Readonly<Record<string, string>> = TAGS[tag];
  if (isDeploymentId(id)) return id === DEPLOYMENT;
  return name === 'ours' && !cannotBeNamed(kind);
};

const drawnOf = (index: number) =>
  fc
    .record({
      kindCase: fc.constantFrom(...CASES),
      name: fc.constantFrom<NameOf>('ours', 'others', 'nobodys'),
      tag: fc.constantFrom(...TAG_NAMES),
      state: fc.constantFrom<Drawn['state']>('there', 'deleting', 'gone'),
      word: fc.nat(),
      isNominated: fc.boolean(),
    })
    .map(({ kindCase, name, tag, state, word, isNominated }): Drawn => {
      const { kind, needsNomination = false } = kindCase;
      const words = kindCase[state];
      // A kind that has no such state is simply there.
      const isKnown = words.length > 0;
      const thing = thingOf(kind, index, NAMES[name], TAGS[tag]);
      return {
        thing: isKnown ? { ...thing, state: words[word % words.length] ?? '' } : thing,
        // What can be found by nothing else has been indexed by now.
        isNominated: isNominated || needsNomination,
        state: isKnown ? state : 'there',
        isOurs: isOurs(kind, name, tag),
        name: tellsName(kind, tag) && name !== 'nobodys' ? NAMES[name] : null,
      };
    });

const MOST_THINGS = 8;
const accounts = fc.record({
  drawn: fc.tuple(...Array.from({ length: MOST_THINGS }, (_, index) => drawnOf(index))),
  count: fc.nat({ max: MOST_THINGS }),
  /** Of what was drawn, so many of the rest are gone but still nominated. */
  ghosts: fc.nat({ max: MOST_THINGS }),
  pageSize: fc.integer({ min: 1, max: 5 }),
});

let known: readonly string[] = [];
const { account, inventory } = createAwsWorld({ knownIds: async () => known });

/** Fills the account and answers with what exists in it and is ours. */
const fill = ({ drawn, count, ghosts, pageSize }: typeof accounts extends fc.Arbitrary<infer A> ? A : never) => {
  account.clear();
  account.pageSize = pageSize;
  account.make({ kind: 'eks:cluster', id: 'shared' });
  const existing = drawn.slice(0, count);
  account.make(...existing.map(({ thing }) => thing));
  const nominated = [...existing.filter(({ isNominated }) => isNominated), ...drawn.slice(count, count + ghosts)];
  for (const { thing } of nominated) {
    const Tags = tagList(thing.tags);
    if (Tags.length > 0) account.nominations.push({ ResourceARN: arnOfThing(thing), Tags });
  }
  return existing.filter((one) => one.isOurs && one.state !== 'gone');
};

t.test(
  'Given any account, when it is read, then it is empty only if nothing of ours exists, and always then',
  async (t) => {
    await fc.assert(
      fc.asyncProperty(accounts, async (drawn) => {
        const ours = fill(drawn);
        const { answer, count, detail } = await inventory.read(DEPLOYMENT);
        const isGoing = ours.every(({ state }) => state === 'deleting');
        const expected = ours.length === 0 ? 'empty' : isGoing ? 'deleting' : 'leftovers';
        t.same([answer, count, detail.length], [expected, ours.length, Math.min(10, ours.length)]);
        return answer === expected && count === ours.length;
      }),
      { numRuns: RUNS },
    );
  },
);

const FAULTS: readonly AwsFault[] = ['throttled', 'denied', 'server-error', 'other-document', 'empty-body', 'reset'];

t.test('Given any account and one fault anywhere, when it is read, then nothing is known', async (t) => {
  await fc.assert(
    fc.asyncProperty(accounts, fc.nat(), fc.constantFrom(...FAULTS), async (drawn, seed, fault) => {
      fill(drawn);
      await inventory.read(DEPLOYMENT);
      const at = seed % account.calls.length;
      account.calls.length = 0;
      account.faultOf = (_action, before) => (before === at ? fault : null);
      const { answer } = await inventory.read(DEPLOYMENT);
      t.equal(answer, 'unknown');
      return answer === 'unknown';
    }),
    { numRuns: RUNS },
  );
});

const DEPLOYMENTS = [DEPLOYMENT, OTHER_DEPLOYMENT] as const;
const idNamed = (name: string | null): string | undefined =>
  name === null ? undefined : DEPLOYMENTS[name === NAME ? 0 : 1];

/** Whose a thing is as far as its own tags tell, by the rule of ADR 0017; null when it is none of ours. */
const ownerByTag = ({ thing }: Drawn): string | null => {
  const { deployment_id: id, demo_installation: mark } = { deployment_id: '', demo_installation: '', ...thing.tags };
  return isDeploymentId(id) && (mark === OURS.demo_installation || known.includes(id)) ? id : null;
};

const hasReadableTag = ({ thing }: Drawn): boolean => isDeploymentId(thing.tags?.deployment_id);

/** What a sweep has to find: the deployments of which anything exists, or null when one thing of ours tells none. */
const sweepOf = (existing: readonly Drawn[], seen: readonly Drawn[]): readonly string[] | null => {
  const told = new Set([...known, ...seen.flatMap((one) => ownerByTag(one) ?? [])]);
  const owners = existing.map((one): string | null | undefined => {
    if (hasReadableTag(one)) return ownerByTag(one);
    const isMarked = one.thing.tags?.demo_installation === OURS.demo_installation;
    const named = idNamed(one.name);
    if (!isMarked && !known.includes(named ?? '')) return null;
    return told.has(named ?? '') ? named : undefined;
  });
  if (owners.includes(undefined)) return null;
  return [...new Set(owners.flatMap((owner) => owner ?? []))].toSorted();
};

t.test(
  'Given any account, when it is swept, then exactly those of ours are found of which anything exists',
  async (t) => {
    const found = { somebody: 0, nobody: 0, unknown: 0 };
    await fc.assert(
      fc.asyncProperty(accounts, fc.subarray([...DEPLOYMENTS]), async (drawn, ids) => {
        known = ids;
        fill(drawn);
        const existing = drawn.drawn.slice(0, drawn.count);
        const seen = drawn.drawn.slice(0, drawn.count + drawn.ghosts);
        const expected = sweepOf(
          existing.filter(({ state }) => state !== 'gone'),
          seen,
        );
        const swept = await inventory.sweep();
        found[swept === null ? 'unknown' : swept.length === 0 ? 'nobody' : 'somebody'] += 1;
        return JSON.stringify(swept) === JSON.stringify(expected);
      }),
      { numRuns: SWEEPS },
    );
    known = [];
    for (const [what, times] of Object.entries(found)) t.ok(times > 0, `${what}: it was drawn`);
  },
);
