import t from 'tap';
import type { DeploymentReader, LedgerQuery } from '../../src/lifecycle/ports.ts';
import { createSharedReader } from '../../src/lifecycle/shared-reader.ts';
import type { Tombstone } from '../../src/lifecycle/tombstone.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { tombstoneOfRun } from '../fakes/records.ts';

const FIRST: LedgerQuery = { limit: 20, before: null };

const setUp = () => {
  const clock = createFakeClock();
  const asked: string[] = [];
  const world = { tombstone: tombstoneOfRun() as Tombstone | null, isDown: false };
  const answer = async <T>(what: string, value: T): Promise<T> => {
    asked.push(what);
    if (world.isDown) throw new Error('down');
    return value;
  };
  const reader: DeploymentReader = {
    active: () => answer('active', null),
    tombstone: (id) => answer(id, world.tombstone),
    ledger: () => answer('ledger', { tombstones: [], next: null }),
  };
  return { clock, world, reader: createSharedReader(reader, clock), asked: () => asked.splice(0) };
};

t.test('Given a crowd at one permalink, when all look within ten seconds, then the store is asked once', async (t) => {
  const { reader, asked, clock } = setUp();
  const all = await Promise.all(Array.from({ length: 500 }, () => reader.tombstone('a')));
  t.equal(new Set(all).size, 1);
  clock.advance(9_999);
  await reader.tombstone('a');
  t.same(asked(), ['a']);
  clock.advance(1);
  await reader.tombstone('a');
  await reader.tombstone('b');
  t.same(asked(), ['a', 'b']);
});

t.test('Given nothing is found, when it is looked for again, then the store is asked again', async (t) => {
  const { reader, asked, world } = setUp();
  world.tombstone = null;
  t.equal(await reader.tombstone('a'), null);
  world.tombstone = tombstoneOfRun();
  t.not(await reader.tombstone('a'), null);
  t.same(asked(), ['a', 'a']);
});

t.test('Given the same page of the ledger, when many read it, then it is read once in two seconds', async (t) => {
  const { reader, asked, clock } = setUp();
  await Promise.all(Array.from({ length: 50 }, () => reader.ledger(FIRST)));
  await reader.ledger({ ...FIRST, limit: 21 });
  await reader.ledger({ ...FIRST, before: { createdAt: 1, id: 'a' } });
  t.equal(asked().length, 3, 'other pages are other reads');
  clock.advance(1_999);
  await reader.ledger(FIRST);
  t.equal(asked().length, 0);
  clock.advance(1);
  await reader.ledger(FIRST);
  t.equal(asked().length, 1);
});

t.test('Given the store is down, when it is back, then a failure is not held', async (t) => {
  const { reader, asked, world } = setUp();
  world.isDown = true;
  await t.rejects(reader.tombstone('a'));
  await t.rejects(reader.ledger(FIRST));
  world.isDown = false;
  await reader.tombstone('a');
  await reader.ledger(FIRST);
  t.equal(asked().length, 4);
});

t.test('Given more keys than are held, when the first is asked for, then it was let go', async (t) => {
  const { reader, asked } = setUp();
  for (let index = 0; index < 100; index += 1) await reader.tombstone(`id-${index}`);
  asked();
  await reader.tombstone('id-0');
  t.same(asked(), [], 'a hundred are held');
  await reader.tombstone('id-100');
  await reader.tombstone('id-0');
  t.same(asked(), ['id-100', 'id-0']);
  await reader.active();
  await reader.active();
  t.same(asked(), ['active', 'active'], 'the record is shared elsewhere');
});
