import t from 'tap';
import { type ProblemFacts, problemBody } from '../../src/routes/problem.ts';
import { PROBLEM_DETAILS } from '../../src/routes/problem-details.ts';
import type { ProblemCode } from '../../src/routes/problem-table.ts';

const TOKEN = ['gl', 'pat-', 'Zx9Kq2Lm7Rt4Wv8Yb3Nc'].join('');

const bodyOf = (facts: ProblemFacts) => problemBody(facts, 'https://demo.example.com', '/v1/deployments', 'request-1');

t.test('Given a secret in what a library says, when a problem is written down, then it is masked', async (t) => {
  const body = bodyOf({
    code: 'VALIDATION_FAILED',
    detail: `cannot read ${TOKEN}`,
    errors: [{ field: `/${TOKEN}`, rule: 'type', message: `${TOKEN} is no number` }],
  });
  t.equal(body.detail, 'cannot read [MASKED]');
  t.same(body.errors, [{ field: '/[MASKED]', rule: 'type', message: '[MASKED] is no number' }]);
  t.notMatch(JSON.stringify(body), TOKEN);
});

t.test('Given our own words, when a problem is written down, then they stay', async (t) => {
  for (const code of Object.keys(PROBLEM_DETAILS) as ProblemCode[]) {
    t.equal(bodyOf({ code, detail: PROBLEM_DETAILS[code] }).detail, PROBLEM_DETAILS[code], code);
  }
});
