import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import type { Policy } from '../lifecycle/deployment.ts';
import { namesTag } from './etag.ts';
import { PAGE_POLICY } from './security-headers.ts';

/** What the page tells visitors before they press the button. */
export interface PageFacts {
  /** True in local mode: the page says that nothing real is built. */
  readonly simulated: boolean;
  readonly hourlyCostUsd: number;
  readonly policy: Pick<Policy, 'ttlMs' | 'maxLifetimeMs' | 'deployDeadlineMs'>;
}

interface Asset {
  readonly body: Buffer;
  readonly etag: string;
  readonly type: string;
}

const DIRECTORY = new URL('../web/page/', import.meta.url);

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

const HEADERS = Object.freeze({
  'Content-Security-Policy': PAGE_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  // A page and its scripts must be of one version, and asking whether they have changed costs a 304.
  'Cache-Control': 'no-cache',
});

const MS_PER_SECOND = 1000;

/** The figures as the texts that take the place of the placeholders. */
export const placeholdersOf = ({ simulated, hourlyCostUsd, policy }: PageFacts): Readonly<Record<string, string>> => ({
  simulated: String(simulated),
  hourlyCostUsd: String(hourlyCostUsd),
  lifetimeSeconds: String(policy.ttlMs / MS_PER_SECOND),
  maxLifetimeSeconds: String(policy.maxLifetimeMs / MS_PER_SECOND),
  deployDeadlineSeconds: String(policy.deployDeadlineMs / MS_PER_SECOND),
});

/**
 * A text with every `{{placeholder}}` filled. The values are numbers and booleans, so there is nothing to escape.
 *
 * @throws Error when nobody has a value for one
 */
export const filled = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/\{\{(\w+)\}\}/g, (_placeholder, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`There is a placeholder nobody fills: ${name}`);
    return value;
  });

const assetOf = (name: string, body: Buffer): Asset => ({
  body,
  etag: `"${createHash('sha256').update(body).digest('base64url')}"`,
  type: TYPES[extname(name)] ?? 'application/octet-stream',
});

/** Reads every file of the page whose type is known; the folder's own tsconfig is not among them. */
const readAssets = async (facts: PageFacts): Promise<ReadonlyMap<string, Asset>> => {
  const assets = new Map<string, Asset>();
  for (const name of await readdir(DIRECTORY)) {
    if (TYPES[extname(name)] === undefined) continue;
    const body = await readFile(new URL(name, DIRECTORY));
    const content = name === 'page.html' ? Buffer.from(filled(body.toString('utf8'), placeholdersOf(facts))) : body;
    assets.set(name, assetOf(name, content));
  }
  return assets;
};

/** Where a file is served: the page at the root and at every permalink, robots.txt where crawlers look for it. */
const addressesOf = (name: string): readonly string[] => {
  if (name === 'page.html') return ['/', '/d/:id'];
  return name === 'robots.txt' ? ['/robots.txt'] : [`/assets/${name}`];
};

const serve = (app: FastifyInstance, url: string, asset: Asset): void => {
  app.route({
    method: 'GET',
    url,
    schema: { hide: true },
    // A page load must never use up what its polling needs.
    config: { rateLimit: false },
    handler: async (request, reply) => {
      reply.headers({ ...HEADERS, ETag: asset.etag });
      const seen = request.headers['if-none-match'];
      if (seen !== undefined && namesTag(seen, asset.etag)) return reply.code(304).send();
      return reply.type(asset.type).send(asset.body);
    },
  });
};

/**
 * Makes the plugin that serves the page, `GET /` and `GET /d/:id`, and its files. Everything is read once, when the
 * plugin is registered; no path of a request ever reaches the file system.
 *
 * @throws Error on registration when the page cannot be read or has an unknown placeholder
 */
export const createPages =
  (facts: PageFacts): FastifyPluginAsync =>
  async (app) => {
    for (const [name, asset] of await readAssets(facts)) {
      for (const url of addressesOf(name)) serve(app, url, asset);
    }
  };
