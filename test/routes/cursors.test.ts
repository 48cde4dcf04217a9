import fc from 'fast-check';
import t, { type Test } from 'tap';
import { isDemoError } from '../../src/lifecycle/errors.ts';
import { ledgerCursor, logCursor, readLedgerCursor, readLogCursor } from '../../src/routes/cursors.ts';

const ID = '01930000-0000-7000-8000-000000000001';
const encoded = (text: string): string => Buffer.from(text).toString('base64url');

const throwsBadCursor = (t: Test, read: () => unknown, name: string): void => {
  try {
    read();
    t.fail(`${name} was taken`);
  } catch (error) {
    t.ok(isDemoError(error, 'BAD_CURSOR'), name);
  }
};

t.test('Given a position, When its cursor is read, Then it is the same position', async (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e15 - 1 }), fc.integer({ min: 0, max: 999_999_999 }), (jobId, line) => {
      const read = readLogCursor(logCursor({ jobId, line }), null);
      return read.jobId === jobId && read.line === line;
    }),
  );
  const position = { createdAt: 1_795_000_000_000, id: ID };
  t.same(readLedgerCursor(ledgerCursor(position)), position);
});

t.test('Given a cursor of another job, When a job is named, Then it is refused', async (t) => {
  const cursor = logCursor({ jobId: 7, line: 3 });
  t.same(readLogCursor(cursor, 7), { jobId: 7, line: 3 });
  throwsBadCursor(t, () => readLogCursor(cursor, 8), 'another job');
});

t.test('Given what is no cursor of ours, When it is read, Then it is refused', async (t) => {
  const lies = [
    '',
    '!',
    '__proto__',
    encoded('7'),
    encoded('07:1'),
    encoded('7:-1'),
    encoded('7:1 '),
    encoded('7:1e3'),
  ];
  const forms = [`${encoded('7:1')}=`, encoded(`${'9'.repeat(16)}:1`), encoded(`7:${'9'.repeat(10)}`), encoded('\0')];
  for (const lie of [...lies, ...forms]) {
    throwsBadCursor(t, () => readLogCursor(lie, null), `log: ${lie}`);
    throwsBadCursor(t, () => readLedgerCursor(lie), `ledger: ${lie}`);
  }
  throwsBadCursor(t, () => readLedgerCursor(encoded('1:ACTIVE')), 'an id that is none');
});

t.test('Given any text, When it is read, Then it is a position or refused, and never anything else', async (t) => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const read of [() => readLogCursor(text, null), () => readLedgerCursor(text)]) {
        try {
          read();
        } catch (error) {
          if (!isDemoError(error, 'BAD_CURSOR')) return false;
        }
      }
      return true;
    }),
  );
  t.pass('held for every text');
});
