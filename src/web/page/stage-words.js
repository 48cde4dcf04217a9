// @ts-check
/** What the page calls the stages and their states. */

/** @typedef {import('./words.js').Stage} Stage */

/** @type {Readonly<Record<Stage['state'], string>>} */
export const STAGE_STATES = {
  waiting: 'waiting',
  running: 'running',
  succeeded: 'done',
  failed: 'failed',
  canceled: 'cancelled',
  skipped: 'skipped',
  manual: 'waiting for somebody',
};

/** @type {Readonly<Record<string, { title: string, what: string }>>} */
const STAGES = {
  plan: { title: 'Plan', what: 'Terraform works out what has to be created' },
  apply: { title: 'Build', what: 'Terraform creates the cluster and what belongs to it' },
  verify: { title: 'Verify', what: 'the demo application has to answer' },
  destroy: { title: 'Destroy', what: 'Terraform deletes all of it' },
  inventory: { title: 'Inventory', what: 'a look for anything that is left' },
};

/**
 * A stage's title and what happens in it; a stage nobody has words for keeps its own name.
 *
 * @param {string} name
 */
export const stageWords = (name) => STAGES[name] ?? { title: name, what: '' };
