import fc from 'fast-check';
import t from 'tap';
import { type ReplayJson, replayFixture } from '../../browser/replay-fixture.ts';
import { browserModule } from './browser-module.ts';

interface Segment {
  readonly from: number;
  readonly to: number;
  readonly playFrom: number;
  readonly playTo: number;
}
interface Timeline {
  readonly PLAY_SECONDS: number;
  segmentsOf(replay: ReplayJson): readonly Segment[];
  momentAt(segments: readonly Segment[], playSeconds: number): number;
  stagesAt(replay: ReplayJson, moment: number): { name: string; state: string; finished_at: string | null }[];
  sceneAt(replay: ReplayJson, moment: number): { words: string; isOver: boolean; isLinked: boolean };
  lineCountAt(lines: readonly { at_seconds: number }[], moment: number): number;
}

const { PLAY_SECONDS, segmentsOf, momentAt, stagesAt, sceneAt, lineCountAt } =
  await browserModule<Timeline>('replay-timeline.js');

const replay = replayFixture();
const liveSeconds = 760;
const downSeconds = 2_560;

t.test(
  'given a run that was live for long, when it is played, then that time is cut short and the rest is even',
  async (t) => {
    const segments = segmentsOf(replay);
    const [up, rest, down] = segments;
    t.equal((rest?.playTo ?? 0) - (rest?.playFrom ?? 0), 6);
    const pace = (segment?: Segment) =>
      ((segment?.to ?? 0) - (segment?.from ?? 0)) / ((segment?.playTo ?? 0) - (segment?.playFrom ?? 0));
    t.ok(Math.abs(pace(up) - pace(down)) < 1e-9);
    t.equal(momentAt(segments, 0), 0);
    t.equal(momentAt(segments, PLAY_SECONDS), replay.total_seconds);
    t.equal(momentAt(segments, 1_000), replay.total_seconds);
    t.equal(momentAt(segments, -1), 0);
  },
);

t.test('given a run that is not gone yet, when it is played, then it ends where it stands', async (t) => {
  const standing = replayFixture({ down_at: null, gone_at: null, total_seconds: liveSeconds });
  const segments = segmentsOf(standing);
  t.equal(momentAt(segments, PLAY_SECONDS), liveSeconds);
  t.equal(sceneAt(standing, liveSeconds).words, 'Live');
});

const eventualTimes = fc.record({
  turns: fc.tuple(fc.nat(5_000), fc.nat(5_000), fc.nat(5_000)),
  isDown: fc.boolean(),
  played: fc.array(fc.double({ min: 0, max: 90, noNaN: true }), { maxLength: 20 }),
});
const instant = (seconds: number) => new Date(Date.parse(replay.created_at) + seconds * 1_000).toISOString();
const ascending = (values: readonly number[]) => values.toSorted((left, right) => left - right);

t.test('given any run, when it is played, then time never runs backwards and ends at its end', async (t) => {
  const property = fc.property(eventualTimes, ({ turns, isDown, played }) => {
    const [live = 0, down = 0, total = 0] = ascending(turns);
    const downAt = isDown ? instant(down) : null;
    const segments = segmentsOf(replayFixture({ live_at: instant(live), down_at: downAt, total_seconds: total }));
    const moments = ascending(played).map((seconds) => momentAt(segments, seconds));
    const isInOrder = moments.every((moment, index) => moment >= (moments[index - 1] ?? 0) - 1e-9);
    return isInOrder && Math.abs(momentAt(segments, PLAY_SECONDS) - Math.max(1, total)) < 1e-6;
  });
  t.doesNotThrow(() => fc.assert(property));
});

t.test('given a moment, when its stages are shown, then they are as they were', async (t) => {
  const at = (moment: number) => stagesAt(replay, moment).map(({ name, state }) => `${name} ${state}`);
  t.strictSame(at(0), ['plan waiting', 'apply waiting', 'verify waiting']);
  t.strictSame(at(20), ['plan running', 'apply waiting', 'verify waiting']);
  t.strictSame(at(54.9), ['plan running', 'apply waiting', 'verify waiting']);
  t.strictSame(at(55), ['plan succeeded', 'apply waiting', 'verify waiting']);
  t.strictSame(at(liveSeconds), ['plan succeeded', 'apply succeeded', 'verify succeeded']);
  t.equal(at(downSeconds).length, 5, 'the way down is shown when it begins');
  t.equal(stagesAt(replay, 30)[0]?.finished_at, null);
});

t.test('given a moment, when it is named, then the words are those of the page', async (t) => {
  const at = (moment: number) => sceneAt(replay, moment).words;
  t.strictSame([0, 19.9, 20, 759, liveSeconds, downSeconds - 1, downSeconds, replay.total_seconds].map(at), [
    'Waiting for a build machine',
    'Waiting for a build machine',
    'Building',
    'Building',
    'Live',
    'Live',
    'Taking it down',
    'Gone, and proven so',
  ]);
});

t.test(
  'given lines in order, when they are counted up to a moment, then none of a later one is among them',
  async (t) => {
    const lines = [0, 1, 1, 2].map((at_seconds) => ({ at_seconds }));
    t.strictSame(
      [-1, 0, 0.5, 1, 2, 3].map((moment) => lineCountAt(lines, moment)),
      [0, 1, 1, 3, 4, 4],
    );
    t.equal(lineCountAt([], 5), 0);
  },
);
