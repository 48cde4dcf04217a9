import fc from 'fast-check';
import t from 'tap';
import { createLiteralAutomaton } from '../../src/masking/literal-automaton.ts';

function found(literals: readonly string[], text: string): string[] {
  const hits: string[] = [];
  createLiteralAutomaton(literals).scan(text, (literal, start, end) => hits.push(`${literal} ${start} ${end}`));
  return hits.toSorted();
}

function expected(literals: readonly string[], text: string): string[] {
  return literals
    .flatMap((literal, number) =>
      Array.from({ length: text.length }, (_, start) => start)
        .filter((start) => text.toLowerCase().startsWith(literal.toLowerCase(), start))
        .map((start) => `${number} ${start} ${start + literal.length}`),
    )
    .toSorted();
}

t.test('Given any literals and text, when scanned, then every occurrence is reported, whatever the case', async () => {
  const word = fc.stringMatching(/^[abAB-]{1,5}$/);
  fc.assert(
    fc.property(
      fc.uniqueArray(word, { minLength: 1, maxLength: 8, selector: (literal) => literal.toLowerCase() }),
      fc.stringMatching(/^[abAB-]{0,40}$/),
      (literals, text) => {
        return JSON.stringify(found(literals, text)) === JSON.stringify(expected(literals, text));
      },
    ),
    { numRuns: 500 },
  );
});

t.test('Given literals inside each other, when scanned, then each is reported', async (t) => {
  t.strictSame(found(['token', 'private_token', 'oken'], 'PRIVATE_TOKEN'), ['0 8 13', '1 0 13', '2 9 13']);
  t.strictSame(found(['a'], ''), []);
  t.strictSame(found([], 'text'), []);
});
