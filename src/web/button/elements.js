// @ts-check
/** How the button makes its elements. Text is only ever set as text, so nothing from outside becomes markup. */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Readonly<Record<string, string>>} attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export const make = (tag, attributes, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
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

/** @param {Element} element @param {string} name @param {string} value as `setText` */
export const setAttribute = (element, name, value) => {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
};

/** A link that opens in a tab of its own, which cannot lead this page away, and says so to those who do not see it. @param {string} part */
export const makeLink = (part) => {
  const words = make('span', {});
  const hint = make('span', { class: 'visually-hidden' }, ' (opens in a new tab)');
  const arrow = make('span', { class: 'arrow', 'aria-hidden': 'true' });
  const link = make('a', { part, target: '_blank', rel: 'noreferrer' }, words, arrow, hint);
  return {
    link,
    /** @param {{ label: string, href: string } | null} target null hides it */
    show: (target) => {
      link.hidden = target === null;
      if (target === null) return;
      setText(words, target.label);
      setAttribute(link, 'href', target.href);
    },
  };
};
