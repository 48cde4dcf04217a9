import t from 'tap';
import { type ClientIpSource, createVisitorOf, shortVisitor } from '../../src/routes/visitor.ts';

const asking = (remoteAddress: string | undefined, headers: Record<string, string | string[]> = {}) => ({
  headers,
  socket: { remoteAddress },
});

const visitorOf = (source: ClientIpSource) => createVisitorOf(source, 'a key for tests only');
const bySocket = visitorOf({ kind: 'socket' });
const plain = (address: string): string => bySocket(asking(address));

t.test('Given a socket, When the client sends any header, Then only its address counts', async (t) => {
  t.equal(bySocket(asking('192.0.2.1', { 'x-forwarded-for': '203.0.113.9' })), plain('192.0.2.1'));
  t.not(plain('192.0.2.1'), plain('192.0.2.2'));
  t.match(plain('192.0.2.1'), /^[0-9a-f]{64}$/);
  t.notMatch(plain('192.0.2.1'), '192.0.2.1');
  t.type(bySocket(asking(undefined)), 'string');
});

t.test('Given IPv6, When only the host part differs, Then it is one visitor', async (t) => {
  t.equal(plain('2001:db8:1:2::1'), plain('2001:db8:1:2:ffff:ffff:ffff:ffff'));
  t.not(plain('2001:db8:1:2::1'), plain('2001:db8:1:3::1'));
  t.equal(plain('::ffff:192.0.2.1'), plain('192.0.2.1'), 'a mapped address is the IPv4 one');
});

t.test('Given another key, When the same address asks, Then it is another hash', async (t) => {
  const other = createVisitorOf({ kind: 'socket' }, 'another key');
  t.not(other(asking('192.0.2.1')), plain('192.0.2.1'));
});

t.test('Given a header of the gateway, When it holds an address, Then that counts, else the socket', async (t) => {
  const byHeader = visitorOf({ kind: 'header', name: 'X-Client-IP' });
  t.equal(byHeader(asking('10.0.0.1', { 'x-client-ip': '203.0.113.9' })), plain('203.0.113.9'));
  for (const value of ['', 'localhost', '203.0.113.9, 203.0.113.10', ['203.0.113.9', '203.0.113.10']]) {
    t.equal(byHeader(asking('10.0.0.1', { 'x-client-ip': value })), plain('10.0.0.1'));
  }
  t.equal(byHeader(asking('10.0.0.1')), plain('10.0.0.1'));
});

t.test('Given a trusted network, When the peer is inside, Then its word counts, and outside it does not', async (t) => {
  const byForwarded = visitorOf({ kind: 'forwarded', trusted: '10.0.0.0/8' });
  const says = { 'x-forwarded-for': '203.0.113.9' };
  t.equal(byForwarded(asking('10.0.0.1', says)), plain('203.0.113.9'));
  t.equal(byForwarded(asking('::ffff:10.0.0.1', says)), plain('203.0.113.9'), 'a mapped peer is inside too');
  t.equal(byForwarded(asking('192.0.2.1', says)), plain('192.0.2.1'));
  t.equal(byForwarded(asking('10.0.0.1')), plain('10.0.0.1'));
  t.equal(byForwarded(asking('10.0.0.1', { forwarded: 'for=203.0.113.9' })), plain('203.0.113.9'));
});

t.test('Given a network that is none, When it is set up, Then it throws at once', async (t) => {
  t.throws(() => visitorOf({ kind: 'forwarded', trusted: 'everyone' }), RangeError);
});

t.test('Given a hash, When it is shown in a log, Then it is short', async (t) => {
  t.equal(shortVisitor(plain('192.0.2.1')).length, 12);
});
