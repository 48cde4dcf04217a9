// @ts-check
/** The few things done to the document. Text is only ever set as text, so nothing from outside becomes markup. */

/** @param {string} id @returns {HTMLElement} throws when the page has no such element */
export const byId = (id) => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no element #${id}`);
  return found;
};

/**
 * Sets a text only where it differs, so that selections and screen readers are left alone.
 *
 * @param {Element} element
 * @param {string} text
 */
export const setText = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};

/**
 * Sets a path that may be broken behind each slash, and is still copied as it is.
 *
 * @param {Element} element
 * @param {string} path
 */
export const setPath = (element, path) => {
  if (element.textContent === path) return;
  element.replaceChildren(...path.split(/(?<=\/)/).flatMap((part) => [part, document.createElement('wbr')]));
};

/** @param {HTMLElement} element @param {boolean} isShown */
export const show = (element, isShown) => {
  if (element.hidden === isShown) element.hidden = !isShown;
};

/**
 * @param {string} tag
 * @param {string} className
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
export const make = (tag, className, ...children) => {
  const element = document.createElement(tag);
  if (className !== '') element.className = className;
  element.append(...children);
  return element;
};

const SVG = 'http://www.w3.org/2000/svg';

/**
 * @param {string} tag
 * @param {Readonly<Record<string, string | number>>} attributes
 * @param {...Node} children
 * @returns {SVGElement}
 */
export const makeSvg = (tag, attributes, ...children) => {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return /** @type {SVGElement} */ (element);
};

/** @param {string} selector @param {ParentNode} parent @returns {HTMLElement} throws when there is none */
export const within = (selector, parent) => {
  const found = parent.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`There is no ${selector}`);
  return found;
};

/**
 * Opens a dialog and waits for the answer; Escape and a click beside it are a no.
 *
 * @param {HTMLDialogElement} dialog with one button whose value is `yes`
 * @returns {Promise<boolean>}
 */
export const ask = (dialog) =>
  new Promise((resolve) => {
    dialog.returnValue = '';
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
    dialog.showModal();
  });

/** Lets the buttons of a dialog, and a click beside it, close it. @param {HTMLDialogElement} dialog */
export const wireDialog = (dialog) => {
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close('');
    if (event.target instanceof HTMLButtonElement) dialog.close(event.target.value);
  });
};
