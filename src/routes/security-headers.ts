/** Two years, as browsers' preload lists ask for; sub-domains may be other people's and are left alone. */
const HSTS = 'max-age=63072000';

/**
 * The policy of a page. Scripts, styles and answers come from here only, pictures may be data as well; there is no inline
 * code, no form and no frame.
 */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * The headers of every answer. `Vary: Origin` stands on all of them, or a cache could hand one site's answer to
 * another. The policy forbids everything, because JSON and text need nothing; the pages set
 * their own. HSTS only when the public URL is https, else a local http page would lock itself out.
 */
export const securityHeaders = (publicUrl: string): Readonly<Record<string, string>> =>
  Object.freeze({
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    Vary: 'Origin',
    ...(new URL(publicUrl).protocol === 'https:' ? { 'Strict-Transport-Security': HSTS } : {}),
  });
