import type { DownReason, Instant } from '../lifecycle/deployment.ts';
import type { Notice } from '../lifecycle/notice.ts';

/** Each follows "because". */
const REASONS: Readonly<Record<DownReason, string>> = Object.freeze({
  visitor: 'the visitor asked for it',
  owner: 'you asked for it',
  expired: 'its time was over',
  hard_end: 'its latest possible end had come',
  nightly: 'the nightly clean-up had come',
  not_started: 'its pipeline did not start in time',
  deploy_failed: 'its pipeline failed',
  deploy_timeout: 'it was not live in time',
  deploy_unknown: 'nobody can tell what became of its pipeline',
  not_live: 'its public address never answered',
  unhealthy: 'it had stopped answering',
  auto_stop: 'GitLab stopped it',
  arm_failed: 'the second destroyer could not be armed',
  preflight_failed: 'the last check before building failed',
  adopted_orphan: 'it existed without a record',
});

/** A minute in UTC, such as `2026-11-20 09:41 UTC`: whoever reads it later need not know when it was sent. */
const minuteOf = (at: Instant): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

const left = (leftovers: readonly string[]): string =>
  leftovers.length === 0 ? 'what is left is not known' : `left: ${leftovers.join(', ')}`;

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

/** What happened, in one plain sentence for a person, with the link to the page of the deployment. */
export const sentenceOf = (notice: Notice, pageOf: (deploymentId: string) => string): string => {
  switch (notice.kind) {
    case 'started': {
      const from = notice.referringPage === null ? '' : ` on ${notice.referringPage}`;
      return `Somebody pressed the button${from}, and a demo is being built: ${pageOf(notice.deploymentId)}`;
    }
    case 'live': {
      const until = notice.expiresAt === null ? '' : ` until ${minuteOf(notice.expiresAt)}`;
      return `The demo is live at ${notice.url}${until}: ${pageOf(notice.deploymentId)}`;
    }
    case 'failed':
      return `The demo failed and is being taken down, because ${REASONS[notice.reason]}: ${pageOf(notice.deploymentId)}`;
    case 'quarantined':
      return `The demo could not be destroyed, goes on costing money and is tried again (${left(notice.leftovers)}): ${pageOf(notice.deploymentId)}`;
    case 'gone':
      return `The demo is proven gone and has cost $${notice.costUsd.toFixed(2)}; it ended because ${REASONS[notice.reason]}: ${pageOf(notice.deploymentId)}`;
    case 'orphan':
      return `Something of a demo without a record exists and may cost money, seen ${times(notice.sightings)}: ${pageOf(notice.deploymentId)}`;
    case 'job_silent': {
      const since = notice.lastCompletedSlot;
      const last = since === null ? 'has never been completed' : `was last completed for ${minuteOf(since)}`;
      return `The ${notice.job} job is silent: it ${last}.`;
    }
  }
};

/**
 * Escapes the three characters by which Slack knows links and mentions, and no others
 * (https://docs.slack.dev/messaging/formatting-message-text#escaping).
 */
export const slackEscaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
