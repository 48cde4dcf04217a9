import t from 'tap';
import { DEMO_ERRORS } from '../../src/lifecycle/errors.ts';
import { codeOfSlug, PROBLEM_CODES, problemKind, problemSlug } from '../../src/routes/problem-table.ts';

t.test(
  'Given every code, When it is looked up, Then it has an error status, a title and a slug of its own',
  async (t) => {
    for (const code of Object.keys(DEMO_ERRORS))
      t.ok(
        PROBLEM_CODES.some((known) => known === code),
        code,
      );
    for (const code of PROBLEM_CODES) {
      const { status, title, retryAfterSeconds } = problemKind(code);
      t.ok(status >= 400 && status < 600, `${code} has a status`);
      t.ok(title.length > 0, `${code} has a title`);
      t.equal(retryAfterSeconds !== null, status === 503, `${code} says when exactly if it is a 503`);
      t.match(problemSlug(code), /^[a-z]+(-[a-z]+)*$/);
      t.equal(codeOfSlug(problemSlug(code)), code);
    }
    for (const slug of ['', 'ALREADY_RUNNING', 'nope', '__proto__']) t.equal(codeOfSlug(slug), null);
  },
);
