// @ts-check
/** The figures of the chart of past runs. Pure. */

/** @typedef {import('./offer.js').Entry} Entry */
/** @typedef {{ up: number, live: number, down: number }} Shares in percent of the whole width */

/** @param {readonly number[]} values @returns {number | null} */
export const median = (values) => {
  const sorted = values.toSorted((left, right) => left - right);
  const [below, above] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]];
  return below === undefined || above === undefined ? null : (below + above) / 2;
};

/** A run that was never live spent all of its way up in vain. @param {Entry} entry */
export const upSeconds = (entry) => entry.deploy_seconds ?? Math.max(0, entry.total_seconds - entry.destroy_seconds);

/** @param {Entry} entry */
const wholeSeconds = (entry) => upSeconds(entry) + (entry.live_seconds ?? 0) + entry.destroy_seconds;

/** @param {readonly Entry[]} entries @returns {number} what the whole width stands for, in seconds; at least one */
export const widestSeconds = (entries) => Math.max(1, ...entries.map(wholeSeconds));

/** @param {Entry} entry @param {number} widest @returns {Shares} */
export const sharesOf = (entry, widest) => ({
  up: (upSeconds(entry) / widest) * 100,
  live: ((entry.live_seconds ?? 0) / widest) * 100,
  down: (entry.destroy_seconds / widest) * 100,
});

/** @param {readonly Entry[]} entries @returns {number | null} half of the runs that lived were live by then; seconds */
export const medianUpSeconds = (entries) =>
  median(entries.flatMap(({ deploy_seconds }) => (deploy_seconds === null ? [] : [deploy_seconds])));
