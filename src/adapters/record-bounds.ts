import type { Reply } from '../lifecycle/deployment.ts';
import type { Tombstone } from '../lifecycle/tombstone.ts';
import { boundPipeline, cutToBytes } from './observation-bounds.ts';
import { REPLY_LINK_BYTES, REPLY_REASON_BYTES } from './store-bounds.ts';

/** A reply cut to what the lock's item can hold once per request. */
export const boundReply = (reply: Reply): Reply => {
  if (reply.kind === 'refused') return { ...reply, reason: cutToBytes(reply.reason, REPLY_REASON_BYTES) };
  const linkFits = cutToBytes(reply.webUrl, REPLY_LINK_BYTES) === reply.webUrl;
  return linkFits ? reply : { ...reply, webUrl: '' };
};

/** A tombstone whose pipelines are cut to their bounds. */
export const boundTombstone = (tombstone: Tombstone): Tombstone => ({
  ...tombstone,
  applyPipeline: tombstone.applyPipeline === null ? null : boundPipeline(tombstone.applyPipeline),
  destroyPipeline: tombstone.destroyPipeline === null ? null : boundPipeline(tombstone.destroyPipeline),
});
