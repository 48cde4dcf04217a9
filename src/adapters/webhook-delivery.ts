import { isDemoError } from '../lifecycle/errors.ts';
import type { Clock } from '../lifecycle/ports.ts';
import { errorCode } from './error-code.ts';
import type { GuardedOutcome, SendGuarded } from './http-guarded-request.ts';
import type { Delivery, Letter } from './notice-queue.ts';
import { waitAskedForMs } from './retry-after.ts';
import { messageOf, SIGNATURE_HEADER, signatureOf } from './webhook-message.ts';
import type { WebhookSource } from './webhook-target.ts';

export interface WebhookDeliveryOptions {
  readonly source: Pick<WebhookSource, 'read'>;
  readonly send: SendGuarded;
  readonly clock: Pick<Clock, 'now'>;
  /** The page of a deployment. */
  readonly pageOf: (deploymentId: string) => string;
  readonly userAgent: string;
}

/** Statuses below 500 that say "not now" instead of "not this". */
const NOT_NOW: ReadonlySet<number> = new Set([408, 429]);

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
 * with a 2xx, whatever the body. Redirects, private addresses and 4xx but 408 and 429 are final. Never throws; no code
 * shows anything of the address.
 */
export const createWebhookDelivery =
  ({ source, send, clock, pageOf, userAgent }: WebhookDeliveryOptions) =>
  async (letter: Letter, signal: AbortSignal): Promise<Delivery> => {
    try {
      const { url, key } = await source.read();
      const sentAt = clock.now();
      const body = messageOf(letter, sentAt, pageOf);
      const headers = {
        'content-type': 'application/json',
        'user-agent': userAgent,
        [SIGNATURE_HEADER]: signatureOf(key, sentAt, body),
      };
      const outcome = await send({ method: 'POST', url, headers, body, wantsText: false, signal });
      return deliveryOf(outcome, clock.now());
    } catch (error) {
      return { kind: 'failed', code: isDemoError(error) ? error.code : errorCode(error), askedWaitMs: null };
    }
  };
