const SAFE_CODE = /^[A-Za-z][A-Za-z0-9_]{2,50}$/;

/**
 * The code or else the name of any error, as long as it is nothing but one word: what may be said of an error whose
 * message could carry what was sent or received.
 */
export const errorCode = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return SAFE_CODE.test(code) ? code : 'unknown';
};
