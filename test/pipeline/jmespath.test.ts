import t from 'tap';
import { asText, type Json, search } from './jmespath.ts';

const TAGGED = { Id: 'a', Tags: [{ Key: 'id', Value: 'x' }, { Key: 'Name', Value: 'n' }, { Key: 'empty' }] };
const BARE = { Id: 'b' };

/** Each answer is what jmespath 1.1 of AWS's own tool gives. */
const CASES: readonly (readonly [string, Json, Json])[] = [
  ['a.b', { a: { b: 1 } }, 1],
  ['a.b', { a: null }, null],
  ['L[].[Id]', { L: [TAGGED, BARE] }, [['a'], ['b']]],
  ['L[].[Id]', {}, null],
  ['L[].M[].[Id]', { L: [{ M: [TAGGED] }, { M: [] }, {}, { M: [BARE] }] }, [['a'], ['b']]],
  [
    "L[].[Id, Tags[?Key=='id'].Value | [0]]",
    { L: [TAGGED, BARE] },
    [
      ['a', 'x'],
      ['b', null],
    ],
  ],
  ["L[?Tags[?Key=='id']].[Id]", { L: [TAGGED, BARE] }, [['a']]],
  ["L[?!(Tags[?Key=='id'])].[Id]", { L: [TAGGED, BARE] }, [['b']]],
  ["L[?Id=='a' && Tags] | [0].Id", { L: [TAGGED, BARE] }, 'a'],
  ['L[?Nothing].[Id]', { L: [TAGGED, BARE] }, []],
  ["join(' ', ['n=', nothing, Tags[].Value][])", TAGGED, 'n= x n'],
  ["join('', ['t=', not_null(Tags[?Key=='none'].Value | [0], Id, '')])", TAGGED, 't=a'],
  ["not_null(Tags, `[]`)[?contains(['Name', 'other'], Key)].Value", TAGGED, ['n']],
  ["not_null(Tags, `[]`)[?starts_with(Key, 'N')].Key", BARE, []],
  ['[Id, to_string(Flag)]', { Id: 'a', Flag: true }, ['a', 'true']],
  ['names[].[@]', { names: ['a', 'b'] }, [['a'], ['b']]],
];

for (const [query, document, expected] of CASES) {
  t.test(`Given ${JSON.stringify(document)}, when ${query} is asked, then it is as AWS's tool answers`, async (t) => {
    t.strictSame(search(query, document), expected);
  });
}

t.test(
  'Given a query that is not understood, when it is asked, then it is an error and not an empty answer',
  async (t) => {
    for (const query of ['a[', 'sort(a)', 'a b', 'a ? b', "join(' ', a)", 'a[?b']) {
      t.throws(() => search(query, { a: null }), /JMESPath/);
    }
  },
);

t.test("Given answers, when they are printed as text, then they are as AWS's tool prints them", async (t) => {
  t.equal(asText([]), '');
  t.equal(
    asText([
      ['a', null],
      ['b', true],
    ]),
    'a\tNone\nb\tTrue\n',
  );
  t.equal(asText(['a', 'b']), 'a\tb\n');
  t.equal(asText('a'), 'a\n');
  t.throws(() => asText([[['nested']]]));
});
