import { createHash } from 'node:crypto';
import type { PublicView } from '../lifecycle/view.ts';

const tags = new WeakMap<PublicView, string>();

/**
 * The weak ETag of a view, made once for each. It covers the status, the reason, the stages' states and the fixed instants; it leaves out
 * what moves with the clock (elapsed, progress, forecast, cost, waits), or no answer would ever be the same twice.
 */
export const etagOf = (view: PublicView): string => {
  const known = tags.get(view);
  if (known !== undefined) return known;
  const fixed = [
    view.id,
    view.status,
    view.reason,
    view.createdAt,
    view.stages.map((stage) => [stage.name, stage.direction, stage.state, stage.startedAt, stage.finishedAt]),
    view.liveUrl,
    view.liveAt,
    view.linkFailingSince,
    view.expiresAt,
    view.maxExpiresAt,
    view.blocked?.reason ?? null,
    view.blocked?.detail ?? null,
    view.receipt,
  ];
  const digest = createHash('sha256').update(JSON.stringify(fixed)).digest('base64url');
  const tag = `W/"${digest.slice(0, 22)}"`;
  tags.set(view, tag);
  return tag;
};

/** RFC 9110 section 8.8.3: an opaque tag may hold anything printable but a quote. */
const ENTITY_TAG = /(?:W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g;

/**
 * Whether a list of tags (`If-Match`, `If-None-Match`) names this one, or is `*`. Compared weakly in both, though
 * RFC 9110 wants If-Match strong: our tags are weak because clocks tick inside the views, and what If-Match guards is
 * which deployment is meant and in which state. A header that is no list names nothing.
 */
export const namesTag = (header: string, etag: string): boolean => {
  // What nearly everybody sends who has seen it.
  if (header === etag) return true;
  if (header.trim() === '*') return true;
  const opaque = etag.replace(/^W\//, '');
  return [...header.matchAll(ENTITY_TAG)].some((match) => match[1] === opaque);
};
