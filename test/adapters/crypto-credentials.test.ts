import t from 'tap';
import { createCryptoCredentials } from '../../src/adapters/crypto-credentials.ts';

const credentials = createCryptoCredentials('signing-key', 'owner-token');

t.test('Given a deployment, when its token is made twice, then it is the same and tells its id', async (t) => {
  const id = credentials.newId();
  t.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  t.not(credentials.newId(), id);
  const token = credentials.controlToken(id);
  t.equal(credentials.controlToken(id), token);
  t.equal(credentials.deploymentOf(token), id);
  t.ok(credentials.matches(token, credentials.hash(token)));
  t.notOk(credentials.hash(token).includes(token.slice(-20)), 'the hash does not carry the token');
});

t.test('Given tokens that are not ours, when they are looked at, then they stand for nothing', async (t) => {
  const id = credentials.newId();
  const token = credentials.controlToken(id);
  const other = createCryptoCredentials('another-key', 'owner-token').controlToken(id);
  for (const wrong of [
    '',
    '.',
    'owner-token',
    id,
    `${id}.`,
    `${token}x`,
    token.slice(0, -1),
    other,
    'x'.repeat(10_000),
  ]) {
    t.equal(credentials.deploymentOf(wrong), null, wrong.slice(0, 20));
    t.notOk(credentials.matches(wrong, credentials.hash(token)));
  }
  t.notOk(credentials.matches(token, ''), 'a stored hash that is none matches nothing');
});

t.test("Given the owner's token, when it is compared, then only it is his", async (t) => {
  t.ok(credentials.isOwner('owner-token'));
  for (const wrong of ['', 'owner-toke', 'owner-token ', 'OWNER-TOKEN']) t.notOk(credentials.isOwner(wrong));
});
