import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpError } from './http-error.ts';

const mediaTypeOf = (header: string | undefined): string => (header?.split(';', 1)[0] ?? '').trim().toLowerCase();

/**
 * Makes a hook that refuses a body of any other type, and one without a type, before a byte of it is read. A page of
 * a stranger can send forms and plain text without asking first, so only these types may do anything. The header that
 * names what is taken is `Accept` where a method has none of its own (RFC 9110 section 15.5.16).
 */
export const requireMediaType =
  (header: 'Accept' | 'Accept-Post' | 'Accept-Patch', allowed: readonly string[]) =>
  async (request: FastifyRequest, _reply: FastifyReply): Promise<void> => {
    if (allowed.includes(mediaTypeOf(request.headers['content-type']))) return;
    throw new HttpError('UNSUPPORTED_MEDIA_TYPE', { headers: { [header]: allowed.join(', ') } });
  };

/** The longest Accept header that is looked at; no browser sends half of it. */
const LONGEST_ACCEPT = 1024;

/** How much a client wants a type, 0 to 1; the most exact range that fits decides (RFC 9110 section 12.5.1). */
const qualityOf = (accept: string, type: string): number => {
  const ranges = [type, `${type.split('/', 1)[0]}/*`, '*/*'];
  let best = { rank: ranges.length, quality: 0 };
  for (const part of accept.split(',')) {
    const [range = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    const rank = ranges.indexOf(range);
    if (rank < 0 || rank >= best.rank) continue;
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    const quality = weight === undefined ? 1 : Number(weight.slice(2));
    best = { rank, quality: Number.isFinite(quality) ? quality : 0 };
  }
  return best.quality;
};

/** True when plain text is wanted more than JSON; everything else gets JSON. */
export const prefersPlainText = (accept: string | undefined): boolean => {
  if (accept === undefined || accept.length > LONGEST_ACCEPT) return false;
  return qualityOf(accept, 'text/plain') > qualityOf(accept, 'application/json');
};
