import t from 'tap';
import { RESOURCE_ROWS } from '../../src/adapters/aws-inventory-table.ts';
import { CASES, EKS_PARTS } from './aws-inventory-cases.ts';
import { createAwsWorld, EMPTY_READING, OTHERS } from './aws-inventory-world.ts';
import { DEPLOYMENT } from './gitlab-answers.ts';

// One account for all, emptied each time: to make the clients takes longer than to ask them.
const { account, inventory } = createAwsWorld();
t.beforeEach(() => account.clear());

t.test('Given the table, when the cases are counted, then every kind has one', (t) => {
  const kinds = RESOURCE_ROWS.flat().map(({ type }) => type);
  t.strictSame([...kinds].sort(), [...CASES.map(({ kind }) => kind), ...EKS_PARTS].sort());
  t.end();
});

for (const { kind, tagged, named, needsNomination = false, there, deleting, gone } of CASES) {
  t.test(`Given a ${kind} with our tag, then it is seen, fresh or nominated`, async (t) => {
    account.make(tagged);
    if (needsNomination) t.same(await inventory.read(DEPLOYMENT), EMPTY_READING, 'its service cannot look for a tag');
    else t.match(await inventory.read(DEPLOYMENT), { answer: 'leftovers', count: 1 });
    account.index();
    t.match(await inventory.read(DEPLOYMENT), { answer: 'leftovers', count: 1 }, 'once, by whatever it is found');
    account.remove(kind);
    t.same(await inventory.read(DEPLOYMENT), EMPTY_READING, 'a nominee that is gone counts for nothing');
    t.same(await inventory.sweep(), []);
  });

  if (named.length > 0) {
    t.test(`Given a ${kind} that only has our name, in each way to have it, then it is seen`, async (t) => {
      account.make(...named);
      const seen = { answer: 'leftovers', count: named.length };
      t.match(await inventory.read(DEPLOYMENT), seen);
      account.remove(kind);
      account.make(...named.map((thing) => ({ ...thing, tags: { ...thing.tags, ...OTHERS } })));
      t.same(await inventory.read(DEPLOYMENT), EMPTY_READING, "with another deployment's tag it is that one's");
      account.remove(kind);
      account.make(...named.map((thing) => ({ ...thing, tags: { ...thing.tags, deployment_id: 'unreadable' } })));
      t.match(await inventory.read(DEPLOYMENT), seen, 'a tag that says nothing takes nothing away');
    });
  }

  for (const [answer, words] of [
    ['leftovers', [...there, 'a-word-of-next-year']],
    ['deleting', deleting],
    ['empty', gone],
  ] as const) {
    for (const state of words) {
      t.test(`Given a ${kind} whose state is ${state}, then the answer is ${answer}`, async (t) => {
        account.make({ ...tagged, state });
        account.index();
        t.match(await inventory.read(DEPLOYMENT), { answer, count: answer === 'empty' ? 0 : 1 });
      });
    }
  }
}

t.test("Given one of each kind that is somebody else's, then none of it is ours", async (t) => {
  account.make(...CASES.map(({ tagged }) => ({ ...tagged, tags: { Name: 'demo-applications', owner: 'somebody' } })));
  account.index();
  t.same(await inventory.read(DEPLOYMENT), EMPTY_READING);
  t.same(await inventory.sweep(), []);
});
