import { isDemoError } from '../lifecycle/errors.ts';
import type { Clock } from '../lifecycle/ports.ts';
import { errorCode } from './error-code.ts';
import type { GuardedOutcome, SendGuarded } from './http-guarded-request.ts';
import type { Delivery, Letter } from './notice-queue.ts';
import { waitAskedForMs } from './retry-after.ts';
import { messageOf, SIGNATURE_HEADER, signatureOf } from './webhook-message.ts';
import type { WebhookSource, WebhookTarget } from './webhook-target.ts';

export interface WebhookDeliveryOptions {
  readonly source: Pick<WebhookSource, 'read' | 'refetch'>;
  readonly send: SendGuarded;
  readonly clock: Pick<Clock, 'now'>;
  /** The page of a deployment. */
  readonly pageOf: (deploymentId: string) => string;
  readonly userAgent: string;
}

/** Statuses below 500 that say "not now" instead of "not this". */
const NOT_NOW: ReadonlySet<number> = new Set([408, 429]);

/**
 * Statuses that may mean that the address or the key was replaced and the old one revoked: Slack says 403 or 404 to an
 * address that is no more (https://api.slack.com/messaging/webhooks#handling_errors).
 */
const REVOKED: ReadonlySet<number> = new Set([401, 403, 404, 410]);

const deliveryOf = (outcome: GuardedOutcome, now: number): Delivery => {
  if (outcome.kind === 'refused') return { kind: 'refused', code: 'ADDRESS_REFUSED' };
  if (outcome.kind === 'failed') return { kind: 'failed', code: outcome.code, askedWaitMs: null };
  const { status } = outcome;
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  const code = `HTTP_${status}`;
  if (status < 500 && !NOT_NOW.has(status)) return { kind: 'refused', code };
  return { kind: 'failed', code, askedWaitMs: waitAskedForMs(outcome.retryAfter, now) };
};

/**
 * Makes one try to tell the owner: a signed POST to his webhook, as it is at that moment. Delivered is what was answered
 * with a 2xx, whatever the body. An answer that the address or the key is no more is met once by asking the secret anew,
 * and what it says then is told at once. Else redirects, private addresses and 4xx but 408 and 429 are final. Never
 * throws; no code shows anything of the address.
 */
export const createWebhookDelivery = ({ source, send, clock, pageOf, userAgent }: WebhookDeliveryOptions) => {
  const post = ({ url, key }: WebhookTarget, letter: Letter, signal: AbortSignal): Promise<GuardedOutcome> => {
    const sentAt = clock.now();
    const body = messageOf(letter, sentAt, pageOf);
    const headers = {
      'content-type': 'application/json',
      'user-agent': userAgent,
      [SIGNATURE_HEADER]: signatureOf(key, sentAt, body),
    };
    return send({ method: 'POST', url, headers, body, wantsText: false, signal });
  };

  return async (letter: Letter, signal: AbortSignal): Promise<Delivery> => {
    try {
      const target = await source.read();
      const outcome = await post(target, letter, signal);
      const isRevoked = outcome.kind === 'answered' && REVOKED.has(outcome.status);
      const newer = isRevoked ? await source.refetch(target) : null;
      return deliveryOf(newer === null ? outcome : await post(newer, letter, signal), clock.now());
    } catch (error) {
      return { kind: 'failed', code: isDemoError(error) ? error.code : errorCode(error), askedWaitMs: null };
    }
  };
};
