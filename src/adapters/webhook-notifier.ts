import type { Clock, EventLog } from '../lifecycle/ports.ts';
import { createGuardedRequest, type GuardOptions } from './http-guarded-request.ts';
import { maskedNotice } from './masked-notice.ts';
import { createNoticeQueue, type NoticeQueue, type NoticeQueueDeps } from './notice-queue.ts';
import { createWebhookDelivery } from './webhook-delivery.ts';
import type { WebhookSource } from './webhook-target.ts';

export interface WebhookNotifierOptions extends GuardOptions {
  readonly source: Pick<WebhookSource, 'read' | 'refetch'>;
  /** The page of a deployment, to be linked to. */
  readonly pageOf: (deploymentId: string) => string;
  /** Of this service, for the `User-Agent`. */
  readonly version: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly timers: NoticeQueueDeps['timers'];
  readonly newId: () => string;
  /** Every secret that this process holds. */
  readonly knownSecrets: () => readonly string[];
  readonly log: EventLog;
}

/**
 * Makes the notifier that tells the owner by a webhook of his. `notify` returns at once, whatever the receiver does;
 * what it is given is sent later, in order, masked and signed. What waits is in memory only: a crash loses it.
 */
export const createWebhookNotifier = (options: WebhookNotifierOptions): NoticeQueue => {
  const { source, pageOf, version, clock, timers, newId, log } = options;
  const send = createGuardedRequest(options);
  const deliver = createWebhookDelivery({ source, send, clock, pageOf, userAgent: `demo-on-demand/${version}` });
  const queue = createNoticeQueue({ deliver, newId, timers, log });
  return { ...queue, notify: (notice) => queue.notify(maskedNotice(notice, options.knownSecrets())) };
};
