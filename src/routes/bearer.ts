/** RFC 6750 section 2.1, with an end: our tokens are far shorter. */
const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]{1,512}=*)$/i;

/** The bearer token of an Authorization header, or null when there is none that could be one. */
export const bearerOf = (authorization: string | undefined): string | null =>
  authorization === undefined ? null : (BEARER.exec(authorization)?.[1] ?? null);
