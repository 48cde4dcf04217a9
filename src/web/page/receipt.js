// @ts-check
import { make } from './dom.js';
import { clockWords, durationWords, instantOf, moneyWords } from './figures.js';
import { isStopped } from './words.js';

/** @typedef {import('./words.js').View} View */
/** @typedef {import('./offer.js').Entry} Entry */

/** @type {Readonly<Record<Entry['outcome'], string>>} */
const OUTCOMES = { lived: 'Lived', failed: 'Failed', never_built: 'Nothing was built' };

/** How a run ended, in a word or two. @param {Entry['outcome']} outcome @param {View['reason']} reason */
export const outcomeWords = (outcome, reason) => (isStopped(outcome, reason) ? 'Stopped' : OUTCOMES[outcome]);

/** @param {number} at @param {number} now */
const timeAt = (at, now) => {
  const time = make('time', '', clockWords(at, now, true));
  time.setAttribute('datetime', new Date(at).toISOString());
  return time;
};

const BUILT = 'An EKS cluster with its node, a load balancer and the demo application, by Terraform';

/** @param {View} view @param {Entry | undefined} entry @returns {string | null} how long the way up took */
const upWords = (view, entry) => {
  if (view.live_at === null || view.created_at === null) return null;
  return durationWords(entry?.deploy_seconds ?? (Date.parse(view.live_at) - Date.parse(view.created_at)) / 1000);
};

/** From the decision to the proof, as the ledger has it; else from the first job of the destroy. @param {View} view @param {Entry | undefined} entry */
const downWords = (view, entry) => {
  if (entry !== undefined) return durationWords(entry.destroy_seconds);
  const first = view.stages.find(({ direction, started_at }) => direction === 'destroy' && started_at !== null);
  const [startedAt, goneAt] = [instantOf(first?.started_at ?? null), instantOf(view.receipt?.gone_at ?? null)];
  return startedAt === null || goneAt === null ? null : durationWords((goneAt - startedAt) / 1000);
};

/**
 * How long it lived is in the ledger, not in the view; a run too old for the list goes without.
 *
 * @param {View} view
 * @param {Entry | undefined} entry
 */
const livedWords = (view, entry) => {
  if (view.live_at === null) return 'not at all';
  return entry?.live_seconds == null ? null : durationWords(entry.live_seconds);
};

/** @param {NonNullable<View['receipt']>} receipt @param {number} now @returns {(Node | string)[]} */
const proofOf = (receipt, now) => {
  const [first, second] = [instantOf(receipt.first_empty_at), instantOf(receipt.second_empty_at)];
  if (first === null || second === null) return ['No build was ever started, so there was nothing to destroy.'];
  return ['Two looks at the account found nothing: ', timeAt(first, now), ' and ', timeAt(second, now), '.'];
};

/** @param {NonNullable<View['receipt']>} receipt @param {boolean} simulated */
const costOf = (receipt, simulated) => {
  const cost = moneyWords(receipt.cost_usd, receipt.outcome === 'never_built');
  return simulated || receipt.sample ? `${cost} if it had been real` : cost;
};

/**
 * Shows what is left of a run that is gone.
 *
 * @param {HTMLElement} list a `<dl>`
 * @param {View} view one with a receipt
 * @param {{ entry: Entry | undefined, simulated: boolean, now: number }} context
 */
export const renderReceipt = (list, view, { entry, simulated, now }) => {
  const { receipt } = view;
  if (receipt === null) return;
  const shape = `${view.id} ${entry === undefined ? '' : 'with entry'}`;
  if (list.dataset.shape === shape) return;
  const createdAt = instantOf(view.created_at);
  const isBuilt = receipt.outcome !== 'never_built';
  /** @param {string} term @param {string | null} words @returns {[string, string][]} */
  const row = (term, words) => (words === null ? [] : [[term, words]]);
  /** @type {[string, ...(Node | string)[]][]} */
  const rows = [
    [
      'Outcome',
      outcomeWords(receipt.outcome, view.reason),
      ...(receipt.sample ? [' ', make('span', 'tag', 'sample run')] : []),
    ],
    ...(createdAt === null ? [] : [/** @type {[string, Node]} */ (['Started', timeAt(createdAt, now)])]),
    ...row('What was built', isBuilt && view.live_at !== null ? BUILT : null),
    ...row('Way up', upWords(view, entry)),
    ...row('Live for', livedWords(view, entry)),
    ...row('Way down', isBuilt ? downWords(view, entry) : null),
    ['From start to proof', durationWords(view.elapsed_seconds)],
    ['Cost', costOf(receipt, simulated)],
    ['Proven gone', ...proofOf(receipt, now)],
    ...row('Attempts to destroy', receipt.destroy_attempts > 1 ? String(receipt.destroy_attempts) : null),
  ];
  list.replaceChildren(
    ...rows.map(([term, ...details]) => make('div', '', make('dt', '', term), make('dd', '', ...details))),
  );
  list.dataset.shape = shape;
};
