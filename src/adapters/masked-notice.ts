import type { Notice } from '../lifecycle/notice.ts';
import { maskSecrets } from '../masking/mask.ts';

/**
 * The notice with every secret masked in what others wrote: the page that a browser named, and the names of what AWS has.
 * All else are our own words, ids and times.
 */
export const maskedNotice = (notice: Notice, known: readonly string[]): Notice => {
  const masked = (text: string): string => maskSecrets(text, { known, accountIds: true });
  if (notice.kind === 'quarantined') return { ...notice, leftovers: notice.leftovers.map(masked) };
  if (notice.kind !== 'started' || notice.referringPage === null) return notice;
  return { ...notice, referringPage: masked(notice.referringPage) };
};
