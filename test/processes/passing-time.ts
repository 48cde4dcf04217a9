/**
 * Loaded into a process before its own code, this lets hours pass for it in a moment: its wall clock is ahead by
 * CLOCK_AHEAD_MS from the start, and by CLOCK_JUMP_MS more with each SIGUSR2. Waits are not shortened.
 */
let aheadMs = Number(process.env.CLOCK_AHEAD_MS ?? 0);
const jumpMs = Number(process.env.CLOCK_JUMP_MS ?? 0);
const wallClock = Date.now;
Date.now = () => wallClock() + aheadMs;
process.on('SIGUSR2', () => {
  aheadMs += jumpMs;
});
