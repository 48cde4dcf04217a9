import { createSilentNotifier } from './adapters/silent-notifier.ts';
import { createWebhookNotifier, type WebhookNotifierOptions } from './adapters/webhook-notifier.ts';
import type { WebhookSource } from './adapters/webhook-target.ts';
import type { Config } from './config.ts';
import { processTimers } from './jobs/driver.ts';
import type { Notifier } from './lifecycle/ports.ts';

/** Builds who tells the owner: his webhook, or nobody when he has none. Only local mode may tell this machine. */
export const createNotifier = (
  { mode }: Pick<Config, 'mode'>,
  source: WebhookSource | null,
  options: Omit<WebhookNotifierOptions, 'allowPrivate' | 'source' | 'timers'>,
): Notifier & { stop(): Promise<void> } =>
  source === null
    ? createSilentNotifier()
    : createWebhookNotifier({ ...options, allowPrivate: mode === 'local', source, timers: processTimers });
