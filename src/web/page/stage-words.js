// @ts-check
/** What the page calls the stages and their states. Pure. */

/** @typedef {import('./words.js').Stage} Stage */
/** @typedef {{ title: string, what: string, why: string, file: string | null }} StageWords */

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

/** @type {Readonly<Record<string, StageWords>>} */
const STAGES = {
  plan: {
    title: 'Plan',
    what: 'Terraform works out what has to be created.',
    why: 'Only a plan that was worked out before is carried out, so nothing is built that nobody has seen.',
    file: 'terraform/demo/ephemeral',
  },
  apply: {
    title: 'Build',
    what: 'Terraform creates the cluster and what belongs to it.',
    why: 'Most of the time AWS sets up the Kubernetes control plane; everything else is built beside it.',
    file: 'terraform/demo/ephemeral/cluster.tf',
  },
  verify: {
    title: 'Verify',
    what: 'The demo application has to answer with the id of this run.',
    why: 'A page that answers is not enough: it has to be this one before anybody gets the link.',
    file: 'terraform/demo/ci/verify.sh',
  },
  destroy: {
    title: 'Destroy',
    what: 'The application is drained, then Terraform deletes all of it.',
    why: 'In this order nothing inside the cluster makes something new while it goes.',
    file: 'terraform/demo/destroy.sh',
  },
  inventory: {
    title: 'Inventory',
    what: 'AWS itself is asked, service by service, what is left.',
    why: 'That a job went well proves nothing; an account in which nothing is found does.',
    file: 'terraform/demo/inventory.sh',
  },
};

/**
 * A stage's title, what happens in it, why, and where that is written down; a stage nobody has words for keeps its own
 * name.
 *
 * @param {string} name
 * @returns {StageWords}
 */
export const stageWords = (name) =>
  (Object.hasOwn(STAGES, name) ? STAGES[name] : undefined) ?? { title: name, what: '', why: '', file: null };
