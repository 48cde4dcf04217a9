import type { Instant } from '../lifecycle/deployment.ts';

/** What the text of a `Retry-After` asks for, in milliseconds from now; null without a usable one (RFC 9110, section 10.2.3). */
export const waitAskedForMs = (text: string | null | undefined, now: Instant): number | null => {
  if (text === null || text === undefined) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
};
