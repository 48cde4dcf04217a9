import t from 'tap';
import { createSimulatedClock } from '../../../src/local/gitlab-simulator/clock.ts';

function at(start: number) {
  let wallMs = start;
  return { now: () => wallMs, set: (value: number) => (wallMs = value) };
}

t.test('Given a speed of 8, when ten seconds pass, then eighty are simulated', async (t) => {
  const wall = at(1_000_000);
  const clock = createSimulatedClock(wall.now, 8);
  t.equal(clock.simulatedAt(), 0);
  wall.set(1_010_000);
  t.equal(clock.simulatedAt(), 80_000);
  t.equal(clock.toWall(80_000), 1_010_000);
  t.equal(clock.toWall(160_000), 1_020_000, 'the future at the present speed');
});

t.test('Given a change of speed in mid-run, then what has passed stays as it was', async (t) => {
  const wall = at(0);
  const clock = createSimulatedClock(wall.now, 1);
  wall.set(10_000);
  clock.setSpeed(100);
  t.equal(clock.speed(), 100);
  t.equal(clock.simulatedAt(), 10_000, 'no jump');
  wall.set(11_000);
  t.equal(clock.simulatedAt(), 110_000);
  clock.setSpeed(0.5);
  wall.set(13_000);
  t.equal(clock.simulatedAt(), 111_000);
  t.same([5_000, 10_000, 60_000, 111_000].map(clock.toWall), [5_000, 10_000, 10_500, 13_000]);
  t.same([5_000, 10_500, 13_000].map(clock.toSimulated), [5_000, 60_000, 111_000]);
});

t.test('Given a wall clock that goes back, then simulated time waits instead', async (t) => {
  const wall = at(50_000);
  const clock = createSimulatedClock(wall.now, 2);
  wall.set(60_000);
  t.equal(clock.simulatedAt(), 20_000);
  wall.set(40_000);
  t.equal(clock.simulatedAt(), 20_000);
  wall.set(61_000);
  t.equal(clock.simulatedAt(), 22_000);
});

t.test('Given more speed changes than are kept, then the present is still right', async (t) => {
  const wall = at(0);
  const clock = createSimulatedClock(wall.now, 1);
  for (let second = 1; second <= 1_200; second += 1) {
    wall.set(second * 1_000);
    clock.setSpeed(1 + (second % 2));
  }
  const before = clock.simulatedAt();
  wall.set(1_201_000);
  t.equal(clock.simulatedAt() - before, 1_000);
  t.ok(clock.toWall(0) <= 1_201_000);
});
