import fc from 'fast-check';
import t from 'tap';
import type { AwsFault } from '../fakes/aws-account.ts';
import { type AwsThing, arnOfThing, tagList } from '../fakes/aws-account-model.ts';
import { CASES } from './aws-inventory-cases.ts';
import { createAwsWorld, NAME, OTHER_NAME, OTHERS, OURS } from './aws-inventory-world.ts';
import { DEPLOYMENT, OTHER_DEPLOYMENT } from './gitlab-answers.ts';

const RUNS = 10;

/** A thing of an account, and what is true of it. */
interface Drawn {
  readonly thing: AwsThing;
  readonly isNominated: boolean;
  readonly state: 'there' | 'deleting' | 'gone';
  readonly isOurs: boolean;
}

const NAMES = { ours: NAME, others: OTHER_NAME, nobodys: 'web' } as const;
const TAGS = { ours: OURS, others: OTHERS, none: {}, unreadable: { deployment_id: 'x' } } as const;

type NameOf = keyof typeof NAMES;
type TagOf = keyof typeof TAGS;

/** These are called by their ids, and the others by a name or a tag. */
const isCalledById = (kind: string): boolean => /^(?:eks|autoscaling|elasticloadbalancing):/.test(kind);
const cannotBeNamed = (kind: string): boolean => kind.endsWith(':listener') || kind === 'eks:nodegroup';

const thingOf = (kind: string, index: number, name: string, tags: Readonly<Record<string, string>>): AwsThing => {
  if (kind === 'eks:nodegroup') return { kind, id: `shared/${index}`, tags };
  if (isCalledById(kind)) return { kind, id: `${name}-${index}`, tags };
  if (kind === 'ec2:launch-template' || kind === 'ec2:security-group') {
    return { kind, id: `${kind.slice(4, 6)}-${index}`, name: `${name}-${index}`, tags };
  }
  return { kind, id: `${kind.slice(4)}-${index}`, tags: { ...tags, Name: name } };
};

const isOurs = (kind: string, name: NameOf, tag: TagOf): boolean =>
  tag === 'ours' || (tag !== 'others' && name === 'ours' && !cannotBeNamed(kind));

const drawnOf = (index: number) =>
  fc
    .record({
      kindCase: fc.constantFrom(...CASES),
      name: fc.constantFrom<NameOf>('ours', 'others', 'nobodys'),
      tag: fc.constantFrom<TagOf>('ours', 'others', 'none', 'unreadable'),
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

const { account, inventory } = createAwsWorld();

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

t.test('Given any account, when it is swept, then whoever has a tag on something that exists is found', async (t) => {
  await fc.assert(
    fc.asyncProperty(accounts, async (drawn) => {
      fill(drawn);
      const swept = await inventory.sweep();
      const existing = drawn.drawn.slice(0, drawn.count).filter(({ state }) => state !== 'gone');
      const tagged = new Set(existing.flatMap(({ thing }) => thing.tags?.deployment_id ?? []));
      const owners = [DEPLOYMENT, OTHER_DEPLOYMENT].filter((id) => tagged.has(id));
      // Null is right only if something of a name of ours has no tag that can be read.
      if (swept === null) return existing.some(({ thing }) => !owners.includes(thing.tags?.deployment_id ?? ''));
      t.ok(owners.every((id) => swept.includes(id)));
      return owners.every((id) => swept.includes(id));
    }),
    { numRuns: RUNS },
  );
});
