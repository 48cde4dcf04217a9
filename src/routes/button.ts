import { readFile } from 'node:fs/promises';
import type { FastifyPluginAsync } from 'fastify';
import { createEncodedText } from './content-encodings.ts';
import { filled, type PageFacts, placeholdersOf } from './pages.ts';
import { serveAsset } from './static-asset.ts';

/** Made by scripts/build-button.js and kept with the sources, so that a server needs no bundler. */
const SCRIPT = new URL('../web/button.js', import.meta.url);

const HEADERS = Object.freeze({
  // Any site may load it; whether a browser hands the script to the page is said by CORS, for listed origins.
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'X-Content-Type-Options': 'nosniff',
  // A new version is everywhere within minutes, and a visit within them asks for nothing.
  'Cache-Control': 'public, max-age=300',
});

/**
 * Makes the plugin that serves the embeddable button, `GET /button.js`, with the server's own figures in it, so that its
 * dialog says what the page says. It is read once, when the plugin is registered.
 *
 * @throws Error on registration when the script cannot be read or has an unknown placeholder
 */
export const createButton =
  (facts: PageFacts): FastifyPluginAsync =>
  async (app) => {
    const script = filled(await readFile(SCRIPT, 'utf8'), placeholdersOf(facts));
    const formFor = createEncodedText(script, ['gzip']);
    serveAsset(app, { url: '/button.js', type: 'text/javascript; charset=utf-8', formFor, headers: HEADERS });
  };
