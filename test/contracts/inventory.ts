import type { Test } from 'tap';
import type { Inventory } from '../../src/lifecycle/ports.ts';
import { DEPLOYMENT, OTHER_DEPLOYMENT } from '../adapters/gitlab-answers.ts';

/** An inventory, and what happens in the account it reads. */
export interface InventoryUnderTest {
  readonly inventory: Inventory;
  /** Something of the deployment exists from here on. */
  build(deploymentId: string): Promise<void>;
  /** All that is left of it is being deleted. */
  beginDeleting(deploymentId: string): Promise<void>;
  /** Nothing of it exists any more. */
  finishDeleting(deploymentId: string): Promise<void>;
  /** From here on, or no longer, the account cannot be read, or not as a whole. */
  setUnreadable(isUnreadable: boolean): void;
}

const MAX_DETAIL = 10;
const MAX_DETAIL_CHARS = 120;
const EMPTY = { answer: 'empty', count: 0, detail: [] };

/** What every `Inventory` promises. `make` gives one of an account in which nothing of any deployment exists. */
export const defineInventoryContract = (
  t: Test,
  name: string,
  make: (t: Test) => Promise<InventoryUnderTest>,
): void => {
  t.test(`${name}: given nothing exists, then it is empty and the sweep finds nobody`, async (t) => {
    const { inventory } = await make(t);
    t.same(await inventory.read(DEPLOYMENT), EMPTY);
    t.same(await inventory.sweep(), []);
  });

  t.test(`${name}: given something exists, then there are leftovers, named in few and short words`, async (t) => {
    const { inventory, build } = await make(t);
    await build(DEPLOYMENT);
    const { answer, count, detail } = await inventory.read(DEPLOYMENT);
    t.equal(answer, 'leftovers');
    t.ok(count >= 1);
    t.equal(detail.length, Math.min(count, MAX_DETAIL));
    for (const line of detail) {
      t.ok(line.length > 0 && line.length <= MAX_DETAIL_CHARS, line);
      t.notMatch(line, /arn:|\b\d{12}\b/);
    }
    t.same(await inventory.sweep(), [DEPLOYMENT]);
  });

  t.test(`${name}: given a neighbour, when one of the two is gone, then the other is still there`, async (t) => {
    const { inventory, build, finishDeleting } = await make(t);
    await build(OTHER_DEPLOYMENT);
    t.same(await inventory.read(DEPLOYMENT), EMPTY, "another deployment's things are not ours");
    await build(DEPLOYMENT);
    t.same([...((await inventory.sweep()) ?? [])].sort(), [DEPLOYMENT, OTHER_DEPLOYMENT]);
    await finishDeleting(DEPLOYMENT);
    t.same(await inventory.read(DEPLOYMENT), EMPTY);
    t.match(await inventory.read(OTHER_DEPLOYMENT), { answer: 'leftovers' });
    t.same(await inventory.sweep(), [OTHER_DEPLOYMENT]);
  });

  t.test(`${name}: given all of it is being deleted, then it is not gone yet`, async (t) => {
    const { inventory, build, beginDeleting, finishDeleting } = await make(t);
    await build(DEPLOYMENT);
    await beginDeleting(DEPLOYMENT);
    const { answer, count } = await inventory.read(DEPLOYMENT);
    t.equal(answer, 'deleting');
    t.ok(count >= 1);
    t.same(await inventory.sweep(), [DEPLOYMENT]);
    await finishDeleting(DEPLOYMENT);
    t.same(await inventory.read(DEPLOYMENT), EMPTY);
    t.same(await inventory.sweep(), []);
  });

  for (const exists of [false, true]) {
    const what = exists ? 'something' : 'nothing';
    t.test(`${name}: given the account cannot be read and ${what} exists, then nothing is known`, async (t) => {
      const { inventory, build, setUnreadable } = await make(t);
      if (exists) await build(DEPLOYMENT);
      setUnreadable(true);
      const { answer, count, detail } = await inventory.read(DEPLOYMENT);
      t.same([answer, count, detail.length], ['unknown', 0, 1]);
      t.notMatch(detail[0], /arn:|\b\d{12}\b/);
      t.ok((detail[0] ?? '').length <= MAX_DETAIL_CHARS);
      t.equal(await inventory.sweep(), null);
      setUnreadable(false);
      t.match(await inventory.read(DEPLOYMENT), { answer: exists ? 'leftovers' : 'empty' });
    });
  }
};
