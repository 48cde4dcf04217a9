import t from 'tap';
import { browserModule } from './browser-module.ts';

interface Backoff {
  waitAfterAnswer(round: { isHidden: boolean; isEventful: boolean; wasHeld: boolean; chance: number }): number;
  waitAfterFailure(trouble: { failures: number; askedMs: number; chance: number }): number;
}
interface Problems {
  readonly Problem: new (status: number, body: object) => object;
  askedToWaitMs(error: unknown): number;
}
const { waitAfterAnswer, waitAfterFailure } = await browserModule<Backoff>('backoff.js');
const { askedToWaitMs, Problem } = await browserModule<Problems>('problem.js');

t.test('given an answer that was held, when the next question is due, then it is almost at once', async (t) => {
  const round = { isHidden: false, isEventful: true, wasHeld: true };
  t.equal(waitAfterAnswer({ ...round, chance: 0 }), 0);
  t.equal(waitAfterAnswer({ ...round, chance: 1 }), 250);
  t.equal(
    waitAfterAnswer({ ...round, wasHeld: false, chance: 0 }),
    2_000,
    'a server that does not hold is not hammered',
  );
});

t.test(
  'given a hidden tab, when the next question is due, then it is rare, and rarer when nothing goes on',
  async (t) => {
    const round = { isHidden: true, wasHeld: true, chance: 0.5 };
    t.equal(waitAfterAnswer({ ...round, isEventful: true }), 15_000);
    t.equal(waitAfterAnswer({ ...round, isEventful: false }), 60_000);
  },
);

t.test(
  'given failures in a row, when the next question is due, then it comes later each time, up to a limit',
  async (t) => {
    const most = (failures: number) => waitAfterFailure({ failures, askedMs: 0, chance: 1 });
    t.strictSame([1, 2, 3, 4, 5, 6, 5_000].map(most), [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    const least = (failures: number) => waitAfterFailure({ failures, askedMs: 0, chance: 0 });
    t.strictSame([1, 2, 6].map(least), [500, 1_000, 15_000], 'a crowd is spread over half of it');
  },
);

t.test(
  'given a server that asks for patience, when the next question is due, then it gets it, within reason',
  async (t) => {
    t.equal(waitAfterFailure({ failures: 1, askedMs: 60_000, chance: 0 }), 60_000);
    t.equal(waitAfterFailure({ failures: 1, askedMs: 86_400_000, chance: 0 }), 300_000);
    const asked = (seconds: unknown) => askedToWaitMs(new Problem(429, { retry_after_seconds: seconds }));
    t.equal(asked(12), 12_000);
    for (const odd of [undefined, null, -5, 'soon', Number.NaN]) t.equal(asked(odd), 0, String(odd));
    t.equal(askedToWaitMs(new Error('no connection')), 0);
  },
);
