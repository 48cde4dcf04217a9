import { DemoError } from '../lifecycle/errors.ts';
import { isFields } from './json-fields.ts';

const MAX_URL_CHARS = 2_048;
const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const SUFFIX_PATTERN = new RegExp(`^https://\\*((?:\\.${LABEL}){2,})$`);

/** Whether a live link may lead to that origin. */
export type IsLiveOrigin = (url: URL) => boolean;

const matcherOf = (pattern: string): IsLiveOrigin => {
  const suffix = SUFFIX_PATTERN.exec(pattern)?.[1];
  if (suffix !== undefined) {
    return (url) => url.protocol === 'https:' && url.port === '' && url.hostname.endsWith(suffix);
  }
  const exact = pattern.includes('*') ? null : URL.parse(pattern);
  const isSafe = exact?.protocol === 'https:' || (exact?.protocol === 'http:' && LOOPBACK.has(exact.hostname));
  if (exact === null || exact.origin !== pattern || !isSafe) {
    throw new RangeError('A live origin is https://host, https://*.domain.tld or http://<loopback>:<port>');
  }
  return (url) => url.origin === exact.origin;
};

/**
 * Makes the check from exact origins and `https://*.domain.tld` patterns, which match any depth below that domain but
 * not the domain itself. Plain http only for loopback origins given literally. Throws RangeError for a bad pattern.
 */
export const createIsLiveOrigin = (patterns: readonly string[]): IsLiveOrigin => {
  const matchers = patterns.map(matcherOf);
  return (url) => matchers.some((matches) => matches(url));
};

/**
 * The link out of `outputs.json`, `{"url": …, "deployment_id": …}`, as it may be shown. Throws `DemoError`
 * OUTPUTS_INVALID if it is missing, leads elsewhere, carries credentials or belongs to another deployment.
 */
export const liveUrlOf = (outputs: unknown, deploymentId: string, isLiveOrigin: IsLiveOrigin): string => {
  const { url: text, deployment_id: owner } = isFields(outputs) ? outputs : {};
  const url = typeof text === 'string' && text.length <= MAX_URL_CHARS ? URL.parse(text) : null;
  const isOurs = owner === undefined || owner === deploymentId;
  const isPlain = url?.username === '' && url.password === '';
  if (url === null || !isOurs || !isPlain || !isLiveOrigin(url)) throw new DemoError('OUTPUTS_INVALID');
  return url.href;
};
