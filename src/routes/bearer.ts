/** Wider than RFC 6750's alphabet, because the owner chooses his token himself, up to the length that the configuration takes. */
const BEARER = /^Bearer +([\x21-\x7e]{1,4096})$/i;

/** The bearer token of an Authorization header, or null when there is none that could be one. */
export const bearerOf = (authorization: string | undefined): string | null =>
  authorization === undefined ? null : (BEARER.exec(authorization)?.[1] ?? null);
