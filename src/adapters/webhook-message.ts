import { createHmac } from 'node:crypto';
import type { Instant } from '../lifecycle/deployment.ts';
import type { Notice } from '../lifecycle/notice.ts';
import { deploymentOf, type Letter } from './notice-queue.ts';
import { sentenceOf, slackEscaped } from './notice-sentence.ts';

const isoOf = (at: Instant): string => new Date(at).toISOString();
const isoOrNull = (at: Instant | null): string | null => (at === null ? null : isoOf(at));

/** Written out field by field: what is not named here can never be sent. */
const fieldsOf = (notice: Notice): Readonly<Record<string, unknown>> => {
  switch (notice.kind) {
    case 'started':
      return { referring_page: notice.referringPage };
    case 'live':
      return { url: notice.url, expires_at: isoOrNull(notice.expiresAt) };
    case 'failed':
      return { reason: notice.reason };
    case 'quarantined':
      return { leftovers: notice.leftovers };
    case 'gone':
      return { reason: notice.reason, cost_usd: notice.costUsd };
    case 'orphan':
      return { sightings: notice.sightings };
    case 'job_silent':
      return { job: notice.job, last_completed_slot: isoOrNull(notice.lastCompletedSlot) };
  }
};

/**
 * The body of one try: JSON whose `text` Slack shows, and what a program needs beside it.
 *
 * @param pageOf the page of a deployment
 */
export const messageOf = (
  { id, notice }: Letter,
  sentAt: Instant,
  pageOf: (deploymentId: string) => string,
): string => {
  const deploymentId = deploymentOf(notice);
  return JSON.stringify({
    text: slackEscaped(sentenceOf(notice, pageOf)),
    event: notice.kind,
    id,
    sent_at: isoOf(sentAt),
    at: isoOf(notice.at),
    ...(deploymentId === null ? {} : { deployment_id: deploymentId, page: pageOf(deploymentId) }),
    ...fieldsOf(notice),
  });
};

/** Carries the signature. */
export const SIGNATURE_HEADER = 'Demo-Signature';

/**
 * Signs a body as Stripe does (https://docs.stripe.com/webhooks#verify-manually): HMAC-SHA256, in hex, over the time
 * of sending in Unix seconds, a full stop and the body. The time is in it so that what was overheard cannot be played
 * back for ever, and goes with each try so that a late one is not taken for that.
 */
export const signatureOf = (key: string, sentAt: Instant, body: string): string => {
  const seconds = Math.floor(sentAt / 1_000);
  return `t=${seconds},v1=${createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex')}`;
};
