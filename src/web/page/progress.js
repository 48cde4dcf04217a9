// @ts-check
/** @typedef {import('./words.js').Stage} Stage */

/** A stage that takes longer than ever is shown as nearly done, never as done. */
const MOST_OF_A_RUNNING_STAGE = 0.95;

/** @param {Stage} stage @param {number} now */
const doneShare = (stage, now) => {
  if (stage.state === 'succeeded') return 1;
  if (stage.state !== 'running' || stage.started_at === null || stage.expected_seconds === null) return 0;
  const share = (now - Date.parse(stage.started_at)) / 1000 / Math.max(1, stage.expected_seconds);
  return Math.min(Math.max(share, 0), MOST_OF_A_RUNNING_STAGE);
};

/**
 * How far the way up is, 0 to 1, weighted as the server does it. Worked out here because the answer to an unchanged
 * view is 304, and the bar has to move all the same.
 *
 * @param {readonly Stage[]} stages
 * @param {number} now
 * @returns {number}
 */
export const progressAt = (stages, now) => {
  const up = stages.filter((stage) => stage.direction === 'apply');
  const weights = up.map((stage) => stage.expected_seconds ?? 1);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const done = up.reduce((sum, stage, index) => sum + doneShare(stage, now) * (weights[index] ?? 0), 0);
  return whole === 0 ? 0 : done / whole;
};
