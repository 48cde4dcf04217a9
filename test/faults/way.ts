import type { Test } from 'tap';
import { endsGone } from './gone.ts';
import type { Scene } from './scene.ts';

/** What a visitor sees of a run that he ends himself as soon as it is live. */
export const UP = ['queued waiting_for_runner', 'deploying building', 'live healthy +link'] as const;
export const WHOLE_LIFE = [...UP, 'destroying visitor', 'idle'] as const;
export const ONE_OF_EACH = ['apply success', 'destroy success'] as const;

/** Presses the button, which is taken. */
export const isPressed = async (t: Test, scene: Scene): Promise<void> => {
  if (!t.equal(await scene.press(), 'created')) throw new Error('nothing to go on with');
};

/** Presses, and waits until it is live. */
export const goesLive = async (t: Test, scene: Scene): Promise<void> => {
  await isPressed(t, scene);
  await scene.until('live');
};

/** Presses, and waits until the apply itself builds. */
export const builds = async (t: Test, scene: Scene): Promise<void> => {
  await isPressed(t, scene);
  await scene.untilThat((record) => record?.observation.applyStartedAt != null);
};

const A_WHILE_MS = 30_000;

/** Goes live, is ended by its starter a while later, and is gone. */
export const livesAndEnds = async (t: Test, scene: Scene): Promise<void> => {
  await scene.until('live');
  await scene.pass(A_WHILE_MS);
  await scene.tearDown();
  await endsGone(t, scene);
};

/** Whatever the fault was, nobody could tell afterwards. */
export const sawAWholeLife = (t: Test, scene: Scene): void => {
  t.same(scene.seen(), WHOLE_LIFE);
  t.same(scene.pipelinesMade(), ONE_OF_EACH);
};
