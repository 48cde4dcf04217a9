import t from 'tap';
import { createStage, VISITOR } from '../fakes/stage.ts';

const SECOND_MS = 1_000;

t.test('Given a step that keeps failing, when it is tried again, then later each time, a minute at most', async (t) => {
  const stage = createStage();
  await stage.start(VISITOR);
  stage.storeFaults.always('down');
  const waits: number[] = [];
  for (let tries = 0; tries < 9; tries += 1) {
    const until = (await stage.controller.advance()) ?? 0;
    waits.push((until - stage.clock.now()) / SECOND_MS);
    stage.clock.set(until);
  }
  t.same(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
  t.equal(stage.eventsNamed('deployment.step_failed').length, 9, 'and each is told');

  stage.storeFaults.heal();
  await stage.controller.advance();
  stage.storeFaults.always('down');
  t.equal(((await stage.controller.advance()) ?? 0) - stage.clock.now(), SECOND_MS, 'a success begins anew');
});
