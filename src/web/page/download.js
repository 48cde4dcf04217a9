// @ts-check
/** Hands texts to the visitor as files. */

/** Long enough for the browser to have taken the file over. */
const KEPT_MS = 60_000;

/**
 * Saves a text as a file, from memory and without asking anybody.
 *
 * @param {string} name
 * @param {string} text
 */
export const saveText = (name, text) => {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
};
