import { randomInt } from 'node:crypto';
import t from 'tap';
import { createChaosStage } from './chaos/stage.ts';
import { startJavaDynamodb, whyUnavailable } from './java-dynamodb.ts';

const why = whyUnavailable();
if (why !== null) process.stderr.write(`SKIPPED: chaos on the real DynamoDB Local, because ${why}\n`);

/** `CHAOS_SEED` makes the same choices again, `CHAOS_SECONDS` more or less of them; `CHAOS_STORY` always tells of them. */
const { CHAOS_SEED, CHAOS_SECONDS, CHAOS_STORY } = process.env;
const seed = CHAOS_SEED === undefined ? randomInt(2 ** 31) : Number(CHAOS_SEED);
const seconds = CHAOS_SECONDS === undefined ? 60 : Number(CHAOS_SECONDS);
/** What a slow machine takes longer to start, chaos has less of: the suite has two minutes in all. */
const START_SECONDS = 12;
const LEAST_SECONDS = 20;
const LEAST_LOOKS = 40;
const LEAST_UPSETS = 3;
const FIGURES = [
  'live',
  'quarantine',
  'kill',
  'pause',
  'leave',
  'strike',
  'network',
  'plague',
  'teardown',
  'extension',
];

t.test(
  'Given three servers on a troubled network, when they are killed, paused and replaced at random, then every promise holds',
  { skip: why ?? false },
  async (t) => {
    process.stderr.write(`chaos: CHAOS_SEED=${seed}\n`);
    const until = Date.now() + (START_SECONDS + seconds) * 1_000;
    const java = await startJavaDynamodb();
    t.teardown(() => java.close());
    const stage = await createChaosStage(t, java.endpoint, seed);
    const tell = (): boolean => process.stderr.write(`chaos: CHAOS_SEED=${seed}\n${stage.story()}\n`);
    try {
      await stage.open();
      await stage.rage(Math.max(LEAST_SECONDS * 1_000, Math.min(seconds * 1_000, until - Date.now())));
      await stage.close(await stage.calm());
    } catch (error) {
      tell();
      throw error;
    }

    const { timeline, checker } = stage;
    const did = (what: string): number => timeline.count(what);
    const figures = FIGURES.map((what) => `${what} ${did(what)}`).join(', ');
    process.stderr.write(`chaos: ${checker.known().length} deployments; ${figures}\n`);
    t.ok(checker.known().length > 0, 'somebody pressed');
    t.ok(did('kill') + did('pause') + did('leave') > LEAST_UPSETS && did('network') > 0, 'and there was chaos');
    t.ok(stage.looks() > LEAST_LOOKS, `and it was looked at: ${stage.looks()} times`);
    t.strictSame(checker.breaches(), []);
    t.strictSame(stage.secretsSeen(), [], 'no secret is in what the servers wrote or answered');
    if (!t.passing() || CHAOS_STORY !== undefined) tell();
  },
);
