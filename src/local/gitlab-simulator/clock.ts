interface Segment {
  readonly wallFrom: number;
  readonly simulatedFrom: number;
  readonly speed: number;
}

/** Relates wall-clock instants (epoch milliseconds) to simulated time (milliseconds since the simulator was made). */
export interface SimulatedClock {
  /** The wall clock, made monotonic: a reading that lies before an earlier one counts as the earlier one. */
  wallAt(): number;
  /** Simulated milliseconds that have passed by now. */
  simulatedAt(): number;
  /** The wall-clock instant at which a simulated time was, or at the present speed will be, reached. */
  toWall(simulatedMs: number): number;
  /** The simulated time that a wall-clock instant had, or at the present speed will have. */
  toSimulated(wallMs: number): number;
  speed(): number;
  /** Changes the speed from now on; what has passed stays as it was. */
  setSpeed(speed: number): void;
}

/** More speed changes than anybody makes; the oldest are forgotten first, so that memory stays bounded. */
const MAX_SEGMENTS = 1_000;

/**
 * Makes a clock that starts at simulated time 0. Time is accumulated piece by piece, one piece per speed, so a change
 * of speed in mid-run never makes simulated time jump or run backwards.
 */
export function createSimulatedClock(now: () => number, initialSpeed: number): SimulatedClock {
  let lastWallMs = now();
  const first: Segment = { wallFrom: lastWallMs, simulatedFrom: 0, speed: initialSpeed };
  const segments: Segment[] = [first];
  let current = first;

  function wallAt(): number {
    lastWallMs = Math.max(lastWallMs, now());
    return lastWallMs;
  }

  function toSimulated(wallMs: number): number {
    const segment = segments.findLast((candidate) => candidate.wallFrom <= wallMs) ?? segments[0] ?? first;
    return segment.simulatedFrom + (wallMs - segment.wallFrom) * segment.speed;
  }

  function toWall(simulatedMs: number): number {
    const segment = segments.findLast((candidate) => candidate.simulatedFrom <= simulatedMs) ?? segments[0] ?? first;
    const wallMs = segment.wallFrom + (simulatedMs - segment.simulatedFrom) / segment.speed;
    // To the microsecond, as logs are stamped: an instant that went there and back must not lose its millisecond.
    return Math.round(wallMs * 1_000) / 1_000;
  }

  return {
    wallAt,
    simulatedAt: () => toSimulated(wallAt()),
    toWall,
    toSimulated,
    speed: () => current.speed,
    setSpeed(speed) {
      const wallFrom = wallAt();
      current = { wallFrom, simulatedFrom: toSimulated(wallFrom), speed };
      segments.push(current);
      if (segments.length > MAX_SEGMENTS) segments.shift();
    },
  };
}
