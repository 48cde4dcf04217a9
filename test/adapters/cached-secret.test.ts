import fc from 'fast-check';
import t from 'tap';
import { createCachedSecret } from '../../src/adapters/cached-secret.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createTestLog } from './gitlab-world.ts';

const FRESH_MS = 300_000;
const USABLE_MS = 3_600_000;
const RETRY_MS = 10_000;
const FORCED_EVERY_MS = 30_000;

/** What happens to a secret and what is wanted of it. */
const EVENT = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('read', 'held', 'refetch', 'freshen', 'previous') },
  { weight: 2, arbitrary: fc.constantFrom('rotate', 'break', 'mend') },
  { weight: 4, arbitrary: fc.constantFrom(1, 4_999, 10_000, 30_000, 299_999, 300_000, 1_800_000) },
);

/** A vault whose versions are numbered, and since when each of them is or was not the current one. */
const createVault = (now: () => number) => {
  const endedAt: number[] = [];
  const calls = { current: 0, previous: 0 };
  let isBroken = false;
  const answer = async (version: number): Promise<string> => {
    if (isBroken) throw new Error('made up');
    return `value-${version}`;
  };
  return {
    calls,
    isBroken: () => isBroken,
    set: (to: boolean) => {
      isBroken = to;
    },
    rotate: () => endedAt.push(now()),
    current: () => {
      calls.current += 1;
      return answer(endedAt.length);
    },
    previous: () => {
      calls.previous += 1;
      return endedAt.length === 0 ? Promise.resolve(null) : answer(endedAt.length - 1);
    },
    /** For how long the value has not been the current one. */
    outdatedMs: (value: string): number => {
      const end = endedAt[Number(value.slice('value-'.length))];
      return end === undefined ? 0 : now() - end;
    },
  };
};

t.test(
  'Given any order of wishes, rotations and outages, then no value is too old and nobody is hammered',
  async (t) => {
    const scenario = async (events: readonly (string | number)[]): Promise<void> => {
      const clock = createFakeClock();
      const vault = createVault(clock.monotonicMs);
      const secret = createCachedSecret({ name: 'gitlabToken', vault, clock, log: createTestLog().log });
      let brokenAtMs = Number.NEGATIVE_INFINITY;

      const check = (value: string): void => {
        if (vault.outdatedMs(value) > USABLE_MS) throw new Error(`${value} is too old`);
        if (!secret.known().includes(value)) throw new Error(`${value} is not known to the masker`);
      };
      const wishes: Readonly<Record<string, () => Promise<void>>> = {
        read: async () => {
          const value = await secret.read();
          check(value);
          const isWell = !vault.isBroken() && clock.monotonicMs() - brokenAtMs >= RETRY_MS;
          if (isWell && vault.outdatedMs(value) > FRESH_MS) throw new Error(`${value} should have been read anew`);
        },
        held: async () => check(secret.held()),
        refetch: async () => {
          const refused = secret.held();
          const newer = await secret.refetch(refused);
          if (newer === refused) throw new Error('the refused value came back');
          if (newer !== null) check(newer);
        },
        freshen: async () => {
          const failure = await secret.freshen();
          if (failure === null && vault.outdatedMs(secret.held()) > FRESH_MS) throw new Error('not fresh');
        },
        previous: async () => void (await secret.previous()),
        rotate: async () => void vault.rotate(),
        break: async () => vault.set(true),
        mend: async () => {
          if (vault.isBroken()) brokenAtMs = clock.monotonicMs();
          vault.set(false);
        },
      };

      for (const event of events) {
        if (typeof event === 'number') clock.advance(event);
        else
          await wishes[event]?.().catch((error: unknown) => {
            // Having no value is an answer as well; what must not be is checked above.
            if (!(error instanceof Error && 'code' in error && error.code === 'SECRETS_UNAVAILABLE')) throw error;
          });
        // What `held` began in the background comes to its end.
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
      const elapsedMs = clock.monotonicMs();
      const most = 2 + Math.floor(elapsedMs / RETRY_MS) + Math.floor(elapsedMs / FORCED_EVERY_MS);
      if (vault.calls.current > most) throw new Error(`${vault.calls.current} readings, at most ${most}`);
      if (secret.known().length > 4) throw new Error('too many values are kept');
    };
    await fc.assert(fc.asyncProperty(fc.array(EVENT, { maxLength: 60 }), scenario), { numRuns: 300 });
    t.pass('300 orders');
  },
);

t.test('Given a vault that says nothing usable, when it fails, then the reason shows none of it', async (t) => {
  const clock = createFakeClock();
  const { log, events } = createTestLog();
  const broken = () => Promise.reject(new Error('made-up-value in a message'));
  const secret = createCachedSecret({ name: 'ownerToken', vault: { current: broken, previous: broken }, clock, log });
  t.equal((await secret.freshen())?.message, 'ownerToken cannot be read: Error');
  t.equal(await secret.previous(), null);
  t.notMatch(JSON.stringify(events), 'made-up-value');
});
