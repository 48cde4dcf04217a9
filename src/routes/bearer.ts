/** Wider than RFC 6750's alphabet, because the owner chooses his token himself; with an end, as all tokens are short. */
const BEARER = /^Bearer +([\x21-\x7e]{1,512})$/i;

/** The bearer token of an Authorization header, or null when there is none that could be one. */
export const bearerOf = (authorization: string | undefined): string | null =>
  authorization === undefined ? null : (BEARER.exec(authorization)?.[1] ?? null);
