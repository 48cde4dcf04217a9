import t from 'tap';
import { browserModule } from './browser-module.ts';
import { CREATED_AT, IDLE, type View } from './sample-view.ts';

interface BlockedWords {
  blockedWords(view: View, receivedAt: number, now: number): string | null;
  againWords(at: number, now: number): string;
}

const { blockedWords, againWords } = await browserModule<BlockedWords>('blocked-words.js');
const plain = (text: string | null): string | undefined => text?.replaceAll('\u00a0', ' ');

t.test('given that a demo can be started, when the page is shown, then nothing is in its way', async (t) => {
  t.equal(blockedWords(IDLE, CREATED_AT, CREATED_AT), null);
});

t.test('given a start that is refused until a time, when time goes by, then that time stays the same', async (t) => {
  const blocked: View = { ...IDLE, can_deploy: false, blocked_reason: 'nightly_window', retry_after_seconds: 1_200 };
  const expected = 'It is too close to the nightly clean-up: a demo started now would be cut off. Try again at';
  t.equal(plain(blockedWords(blocked, CREATED_AT, CREATED_AT)), `${expected} 14:22, in 20 min.`);
  t.equal(plain(blockedWords(blocked, CREATED_AT, CREATED_AT + 600_001)), `${expected} 14:22:00, in 10 min.`);
});

t.test('given the owner gave a reason, when it is shown, then visitors read his words', async (t) => {
  const paused: View = { ...IDLE, can_deploy: false, blocked_reason: 'paused', blocked_detail: 'Back on Monday.' };
  t.equal(blockedWords(paused, CREATED_AT, CREATED_AT), 'Demos are paused by the owner. Back on Monday.');
  t.equal(blockedWords({ ...paused, blocked_detail: null }, 0, 0), 'Demos are paused by the owner.');
});

t.test('given a running demo, when another is wanted, then no time is promised', async (t) => {
  const busy: View = { ...IDLE, can_deploy: false, blocked_reason: 'running', retry_after_seconds: 60 };
  t.equal(blockedWords(busy, CREATED_AT, CREATED_AT), 'Another demo is running.');
});

t.test(
  'given a refusal without a reason, when it is shown, then it still says that it cannot be started',
  async (t) => {
    t.equal(blockedWords({ ...IDLE, can_deploy: false }, 0, 0), 'A demo cannot be started right now.');
  },
);

t.test('given a wait, when it is put into words, then seconds are said below ten minutes', async (t) => {
  t.equal(plain(againWords(CREATED_AT + 599_999, CREATED_AT)), 'Try again at 14:11:59, in 10 min.');
  t.equal(plain(againWords(CREATED_AT + 600_000, CREATED_AT)), 'Try again at 14:12, in 10 min.');
});
