/** A light of one of four colours with white words on it, as the button's in its light theme. */
export type BadgeMood = 'good' | 'busy' | 'rest' | 'trouble';

/** White on each of them has a contrast of 4.5 or more (WCAG 2.2, 1.4.3). */
export const BADGE_COLOURS: Readonly<Record<BadgeMood | 'label', string>> = Object.freeze({
  label: '#16202e',
  good: '#137a3f',
  busy: '#0b57d0',
  rest: '#54606f',
  trouble: '#b3261e',
});

const LABEL = 'live demo';
const PADDING = 7;
const HEIGHT = 20;
const RADIUS = 4;

/** The usual widths of sans-serif letters at 11 pixels; `textLength` makes any font keep to the sum. */
const WIDE = /[mwMW@%~]/;
const NARROW = /[ijlftrI.,:;'|!()\s]/;
const CAPITAL = /[A-Z]/;

const widthOf = (character: string): number => {
  if (WIDE.test(character)) return 9.5;
  if (NARROW.test(character)) return 3.9;
  return CAPITAL.test(character) ? 7.8 : 6.6;
};

const textWidth = (text: string): number =>
  Math.round([...text].reduce((sum, character) => sum + widthOf(character), 0));

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

const corner = (direction: 1 | -1): string => `a${RADIUS} ${RADIUS} 0 0 1 ${direction * RADIUS} ${RADIUS}`;

/**
 * The badge: "live demo", and beside it the state in words on the colour of its mood. It has no script, no style and no
 * link of its own, and is under 1.5 kB for texts of up to 60 characters.
 */
export const drawBadge = (words: string, mood: BadgeMood): string => {
  const [labelLength, wordsLength] = [textWidth(LABEL), textWidth(words)];
  const labelWidth = labelLength + 2 * PADDING;
  const width = labelWidth + wordsLength + 2 * PADDING;
  const title = `${LABEL}: ${escaped(words)}`;
  const text = (x: number, length: number, content: string): string =>
    `<text x="${x}" y="14" textLength="${length}" lengthAdjust="spacingAndGlyphs">${content}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT}" role="img" aria-label="${title}">`,
    `<title>${title}</title>`,
    `<rect width="${width}" height="${HEIGHT}" rx="${RADIUS}" fill="${BADGE_COLOURS.label}"/>`,
    // Round on the right only. No clip path: its id would meet those of other pictures in one document.
    `<path d="M${labelWidth} 0h${width - labelWidth - RADIUS}${corner(1)}v${HEIGHT - 2 * RADIUS}${corner(-1)}H${labelWidth}z" fill="${BADGE_COLOURS[mood]}"/>`,
    '<g fill="#fff" font-family="Verdana,DejaVu Sans,system-ui,sans-serif" font-size="11" aria-hidden="true">',
    text(PADDING, labelLength, LABEL),
    text(labelWidth + PADDING, wordsLength, escaped(words)),
    '</g></svg>',
  ].join('');
};
