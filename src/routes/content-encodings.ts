import { createHash } from 'node:crypto';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** One form of a text that never changes while the process runs. */
export interface EncodedText {
  readonly body: Buffer;
  /** Strong, so every form has its own. */
  readonly etag: string;
  /** Null for the text as it is. */
  readonly encoding: 'br' | 'gzip' | null;
}

const COMPRESS = {
  br: (plain: Buffer): Buffer =>
    brotliCompressSync(plain, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      },
    }),
  gzip: (plain: Buffer): Buffer => gzipSync(plain, { level: constants.Z_BEST_COMPRESSION }),
};

/** In the order in which they are preferred. */
const ENCODINGS = ['br', 'gzip'] as const;

/** Below this a compressed text is hardly smaller, and sometimes larger. */
const SMALLEST_BYTES = 256;

const encoded = (body: Buffer, encoding: EncodedText['encoding']): EncodedText => ({
  body,
  etag: `"${createHash('sha256').update(body).digest('base64url')}"`,
  encoding,
});

/** A longer header is taken to name nothing. */
const LONGEST_HEADER = 1_024;

/**
 * Whether an `Accept-Encoding` names a coding with a weight above zero (RFC 9110 section 12.5.3). `*` is not taken for
 * a name: who sends it alone may not know brotli.
 */
export const acceptsEncoding = (header: string | string[] | undefined, coding: string): boolean => {
  const listed = Array.isArray(header) ? header.join() : (header ?? '');
  if (listed.length > LONGEST_HEADER) return false;
  return listed.split(',').some((part) => {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    return name === coding && (weight === undefined || Number(weight.slice(2)) > 0);
  });
};

/**
 * Makes the function that gives a text in the form a client accepts. A form is made when it is first asked for, so that
 * a start costs nothing, and kept: three at most. `codings` are those that it may have, the preferred first.
 */
export const createEncodedText = (
  text: string,
  codings: readonly (keyof typeof COMPRESS)[] = ENCODINGS,
): ((acceptEncoding: string | string[] | undefined) => EncodedText) => {
  const plain = encoded(Buffer.from(text), null);
  const made = new Map<string, EncodedText>();
  return (acceptEncoding) => {
    const coding = codings.find((name) => acceptsEncoding(acceptEncoding, name));
    if (coding === undefined || plain.body.length < SMALLEST_BYTES) return plain;
    const form = made.get(coding) ?? encoded(COMPRESS[coding](plain.body), coding);
    made.set(coding, form);
    return form;
  };
};
