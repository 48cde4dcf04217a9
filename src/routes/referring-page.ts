import type { IncomingHttpHeaders } from 'node:http';

/** Longer than any page's address that a person would type, and short enough for a line in a chat. */
const LONGEST = 300;

/** Control characters: Node's parser lets a tab and those of Latin-1's upper half through. */
const isPrintable = (text: string): boolean => !/\p{Cc}/u.test(text);

const webAddress = (text: string | undefined): URL | null => {
  if (text === undefined || !isPrintable(text)) return null;
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) ? url : null;
};

/**
 * The page that carried the button, as the browser names it: the `Referer` without query, fragment and credentials if it
 * is a web address of at most 300 characters, else the `Origin`; null when that says nothing either.
 *
 * A `Referer` of another site than the `Origin` is not believed. Browsers never send one, and the origin was checked
 * against the list: so no stranger can put a link of his own choice before the owner's eyes.
 */
export const referringPageOf = ({
  referer,
  origin,
}: Pick<IncomingHttpHeaders, 'referer' | 'origin'>): string | null => {
  const site = webAddress(origin)?.origin;
  if (site === undefined || site !== origin || site.length > LONGEST) return null;
  const page = webAddress(referer);
  if (page === null || page.origin !== site) return site;
  const address = `${site}${page.pathname}`;
  return address.length <= LONGEST ? address : site;
};
