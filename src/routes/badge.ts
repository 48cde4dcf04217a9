import { createHash } from 'node:crypto';
import type { FastifyPluginAsync } from 'fastify';
import type { Views } from '../lifecycle/requests.ts';
import type { BlockedReason, PublicView } from '../lifecycle/view.ts';
import { type BadgeMood, drawBadge } from './badge-drawing.ts';
import { namesTag } from './etag.ts';

export interface BadgeRouteOptions {
  readonly views: Pick<Views, 'view'>;
}

/** What a badge says. */
export interface BadgeState {
  readonly words: string;
  readonly mood: BadgeMood;
}

const HEADERS = Object.freeze({
  // A picture for everyone's README. It needs nothing, and opened by itself it may do nothing.
  'Content-Security-Policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
  'Cross-Origin-Resource-Policy': 'cross-origin',
});

const MAX_AGE_SECONDS = 30;
const MS_PER_SECOND = 1000;

const BLOCKED: Readonly<Record<BlockedReason, string>> = Object.freeze({
  running: 'busy',
  paused: 'paused by the owner',
  budget: 'paused, budget used up',
  preflight: 'not available right now',
  quota: 'enough for today',
  nightly_window: 'paused for the nightly clean-up',
});

const UNKNOWN: BadgeState = Object.freeze({ words: 'state unknown', mood: 'rest' });

/** A badge lies in caches and is seen in every zone, so it names instants in UTC and never a number of minutes left. */
const clockOf = (instant: number): string => `${new Date(instant).toISOString().slice(11, 16)} UTC`;

const liveState = ({ liveUrl, expiresAt }: PublicView): BadgeState => {
  if (liveUrl === null) return { words: 'live, but not answering', mood: 'trouble' };
  return { words: expiresAt === null ? 'live' : `live until ${clockOf(expiresAt)}`, mood: 'good' };
};

// What has passed of an estimate is the view's own time, which is known to the second only: hence the second on top.
const buildingWords = ({ eta, createdAt, elapsedSeconds }: PublicView): string => {
  if (eta === null || createdAt === null) return 'busy';
  const now = createdAt + elapsedSeconds * MS_PER_SECOND + MS_PER_SECOND;
  if (eta.latest <= now) return 'busy, taking longer than usual';
  return eta.likely > now ? `busy, ready ~${clockOf(eta.likely)}` : `busy, ready by ${clockOf(eta.latest)}`;
};

/** What the badge says of a view of `current`. */
export const badgeState = (view: PublicView): BadgeState => {
  switch (view.status) {
    case 'idle':
      return view.blocked === null
        ? { words: 'ready', mood: 'good' }
        : { words: BLOCKED[view.blocked.reason], mood: 'rest' };
    case 'queued':
    case 'deploying':
      return { words: buildingWords(view), mood: 'busy' };
    case 'live':
      return liveState(view);
    case 'destroying':
      return { words: 'being taken down', mood: 'busy' };
    case 'quarantined':
      return { words: 'not yet proven gone', mood: 'trouble' };
  }
};

/**
 * GET /badge.svg: the state of the demo as a picture. It starts nothing. When the state cannot be read it says so, since
 * a picture that is missing tells nobody anything.
 */
export const badgeRoutes: FastifyPluginAsync<BadgeRouteOptions> = async (app, { views }) => {
  app.route({
    method: 'GET',
    url: '/badge.svg',
    schema: { hide: true },
    handler: async (request, reply) => {
      const view = await views.view({ kind: 'current' }).catch((error: unknown) => {
        request.log.warn({ err: error }, 'request.unavailable');
        return null;
      });
      const { words, mood } = view === null ? UNKNOWN : badgeState(view);
      const body = drawBadge(words, mood);
      const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
      // What is unknown now may be known in a second.
      const caching = view === null ? 'no-cache' : `public, max-age=${MAX_AGE_SECONDS}`;
      reply.headers({ ...HEADERS, ETag: etag, 'Cache-Control': caching });
      const seen = request.headers['if-none-match'];
      if (seen !== undefined && namesTag(seen, etag)) return reply.code(304).send();
      return reply.type('image/svg+xml').send(body);
    },
  });
};
