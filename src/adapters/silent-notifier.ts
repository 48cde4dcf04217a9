import type { Notifier } from '../lifecycle/ports.ts';

/** Makes the notifier of an owner who does not want to be told: it does nothing, and says nothing about it. */
export const createSilentNotifier = (): Notifier & { stop(): Promise<void> } => ({
  notify: () => undefined,
  stop: async () => undefined,
});
