import t from 'tap';
import { createLineIndex } from '../../src/masking/line-index.ts';
import { maskSecrets } from '../../src/masking/mask.ts';
import { RULES, RULES_WITH_ACCOUNTS } from '../../src/masking/rules.ts';
import { applyRule } from '../../src/masking/scanner.ts';

t.test('Given the table of rules, when it is walked', async (t) => {
  t.equal(new Set(RULES_WITH_ACCOUNTS.map((rule) => rule.name)).size, RULES_WITH_ACCOUNTS.length, 'names are unique');
  t.ok(RULES.length > 30, 'the families are there');

  for (const rule of RULES_WITH_ACCOUNTS) {
    const options = { accountIds: !RULES.includes(rule) };
    t.test(`then ${rule.name} does what its examples say`, async (t) => {
      t.ok(rule.literals.length > 0 && rule.literals.every((literal) => literal.length > 0), 'has literals');
      t.ok(rule.matches.length > 0 && rule.leaves.length > 0, 'has examples of both kinds');
      if ('pattern' in rule) {
        t.ok(rule.pattern.sticky, 'the pattern is anchored where the literal is');
        t.notMatch(rule.pattern.source, /(?<!\\)[*+](?![^[]*\])|\{\d+,\}/, 'every quantifier is bounded');
      }
      for (const example of rule.matches) {
        const expected = example.replaceAll(/«[^»]*»/g, '[MASKED]');
        const masked = maskSecrets(example.replaceAll(/[«»]/g, ''), options);
        t.equal(masked, expected, 'masks exactly the marked parts');
        t.equal(maskSecrets(masked, options), masked, 'masking again changes nothing');
      }
      for (const example of rule.leaves) t.equal(maskSecrets(example, options), example, 'leaves what is no secret');
    });
  }
});

t.test(
  'Given a rule whose secret starts a word, when a letter or a digit stands in front, then it is none',
  async (t) => {
    for (const rule of RULES) {
      if (!('pattern' in rule) || rule.startsWord === undefined) continue;
      const examples = rule.matches.map((example) => example.replaceAll(/[«»]/g, ''));
      const places = examples.flatMap((text) =>
        rule.literals.map((literal) => ({ text, at: text.toLowerCase().indexOf(literal.toLowerCase()) })),
      );
      const found = places.filter(
        ({ text, at }) => at >= 0 && applyRule(rule, createLineIndex(text), at, at + 1).length > 0,
      );
      t.ok(found.length > 0, `${rule.name} is tried`);
      for (const { text, at } of found) {
        for (const letter of ['a', 'Z', '0']) {
          const word = text.slice(0, at) + letter + text.slice(at);
          t.same(applyRule(rule, createLineIndex(word), at + 1, at + 2), [], rule.name);
        }
      }
    }
  },
);

t.test('Given account ids, when nobody asked to mask them, then they stay', async (t) => {
  const line = 'arn:aws:iam::123456789012:role/demo';
  t.equal(maskSecrets(line), line);
  t.equal(maskSecrets(line, { accountIds: true }), 'arn:aws:iam::[MASKED]:role/demo');
});
