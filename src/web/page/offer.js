// @ts-check
/** What the dialog says before anything is built. Pure. */
import { durationWords, moneyWords, spanWords } from './figures.js';
import { medianUpSeconds } from './ledger-scale.js';

/** @typedef {import('./api.js').LedgerJson['entries'][number]} Entry */

/**
 * @typedef {object} Facts what the server says about itself, as attributes of the document
 * @property {boolean} simulated nothing real is built
 * @property {number} hourlyCostUsd
 * @property {number} lifetimeSeconds
 * @property {number} maxLifetimeSeconds
 * @property {number} deployDeadlineSeconds
 */

/** @param {Readonly<Record<string, string | undefined>>} dataset @returns {Facts} */
export const factsOf = (dataset) => ({
  simulated: dataset.simulated === 'true',
  hourlyCostUsd: Number(dataset.hourlyCostUsd),
  lifetimeSeconds: Number(dataset.lifetimeSeconds),
  maxLifetimeSeconds: Number(dataset.maxLifetimeSeconds),
  deployDeadlineSeconds: Number(dataset.deployDeadlineSeconds),
});

// Said before there is any run of its own to go by.
const UNMEASURED =
  '12 to 15 min are expected from published figures, which is not measured; the original took 20 to 30 min.';

/**
 * How long it takes until it is live, from past runs. Sample runs count only where everything is simulated.
 *
 * @param {readonly Entry[]} entries
 * @param {boolean} simulated
 */
export const timeOffer = (entries, simulated) => {
  const seconds = (/** @type {boolean} */ sample) =>
    entries.flatMap((entry) =>
      entry.deploy_seconds !== null && entry.sample === sample ? [entry.deploy_seconds] : [],
    );
  const own = seconds(false);
  if (own.length > 0) return `The latest runs were live after ${spanWords(Math.min(...own), Math.max(...own))}.`;
  const samples = seconds(true);
  if (!simulated || samples.length === 0) return UNMEASURED;
  return `The sample runs were live after ${spanWords(Math.min(...samples), Math.max(...samples))}.`;
};

/** @param {Facts} facts */
export const costOffer = ({ hourlyCostUsd, simulated }) =>
  simulated
    ? `Nothing, because it is simulated. A real one costs about ${moneyWords(hourlyCostUsd)} an hour, paid by the owner.`
    : `About ${moneyWords(hourlyCostUsd)} for every hour it exists. The owner pays; you pay nothing.`;

/** @param {Facts} facts */
export const endOffer = ({ lifetimeSeconds, maxLifetimeSeconds }) =>
  `It is destroyed ${durationWords(lifetimeSeconds)} after it is live, or earlier when you say so. You can extend that, ` +
  `up to ${durationWords(maxLifetimeSeconds)}. Then two looks at the account must find nothing left.`;

/**
 * How long it takes, in one short sentence for the first look at the page; nothing where it is not known.
 *
 * @param {readonly Entry[]} entries
 * @param {boolean} simulated
 */
export const timeStep = (entries, simulated) => {
  const known = entries.filter(({ sample }) => simulated || !sample);
  const seconds = medianUpSeconds(known);
  return seconds === null ? '' : `Usually that takes ${durationWords(seconds)}.`;
};

/** @param {Facts} facts */
export const lifeStep = ({ lifetimeSeconds, maxLifetimeSeconds }) =>
  `It stays for ${durationWords(lifetimeSeconds)}, or for up to ${durationWords(maxLifetimeSeconds)} if you say so.`;

/** @param {Facts} facts */
export const buildOffer = ({ simulated }) =>
  simulated
    ? 'This is local mode: a simulator plays what happens on AWS, and nothing real is built.'
    : 'A small Kubernetes cluster (Amazon EKS) with a demo application on it, by Terraform in a GitLab pipeline.';
