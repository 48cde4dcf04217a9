// @ts-check
/** Addresses from outside, and the visitor's clipboard. */

/**
 * An address that may become a link: http or https, whatever the server says; else null.
 *
 * @param {string | null} text
 * @returns {string | null}
 */
export const safeUrl = (text) => {
  if (text === null || !URL.canParse(text)) return null;
  const url = new URL(text);
  // A name before the host can make another host look like a trusted one.
  const isPlain = url.username === '' && url.password === '';
  return isPlain && (url.protocol === 'https:' || url.protocol === 'http:') ? url.href : null;
};

/**
 * Puts a text on the clipboard.
 *
 * @param {string} text
 * @returns {Promise<boolean>} false where the browser does not allow it, as on plain http
 */
export const copyText = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
};
