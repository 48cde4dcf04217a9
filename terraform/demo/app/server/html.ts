/** Text that is HTML already, so that it is not escaped twice. */
export interface Html {
  readonly html: string;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

type Part = Html | string | number | null | readonly Html[];

const textOf = (part: Part): string => {
  if (part === null) return '';
  if (typeof part === 'string' || typeof part === 'number') {
    return String(part).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
  }
  return 'html' in part ? part.html : part.map(({ html }) => html).join('');
};

/** A template whose values are text unless they are `Html` themselves. Attributes have to stand in double quotes. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  html: strings.reduce((all, string, index) => `${all}${textOf(parts[index - 1] ?? null)}${string}`),
});
