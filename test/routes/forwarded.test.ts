import t from 'tap';
import { createTrust, forwardedClient } from '../../src/routes/forwarded.ts';

const isTrusted = createTrust('10.0.0.0/8');

t.test('Given X-Forwarded-For, When hops of ours end it, Then the right-most stranger asked', async (t) => {
  t.equal(forwardedClient({ xForwardedFor: '198.51.100.7' }, isTrusted), '198.51.100.7');
  t.equal(forwardedClient({ xForwardedFor: '198.51.100.7, 10.0.0.9' }, isTrusted), '198.51.100.7');
  t.equal(forwardedClient({ xForwardedFor: '1.2.3.4, 198.51.100.7, 10.0.0.9' }, isTrusted), '198.51.100.7');
  t.equal(forwardedClient({ xForwardedFor: '198.51.100.7:4711' }, isTrusted), '198.51.100.7');
});

t.test('Given Forwarded, When it is quoted, cased or with other pairs, Then its `for` is read', async (t) => {
  t.equal(forwardedClient({ forwarded: 'for=198.51.100.7' }, isTrusted), '198.51.100.7');
  t.equal(forwardedClient({ forwarded: 'by=10.0.0.1;For="198.51.100.7:80";proto=https' }, isTrusted), '198.51.100.7');
  t.equal(forwardedClient({ forwarded: 'for="[2001:db8::7]:4711"' }, isTrusted), '2001:db8::7');
  t.equal(forwardedClient({ forwarded: 'for=1.2.3.4, for=198.51.100.7;host=x' }, isTrusted), '198.51.100.7');
});

t.test('Given nothing usable, When it is read, Then nobody is named', async (t) => {
  for (const xForwardedFor of ['', 'unknown', '10.0.0.1', '198.51.100.7, ', '<script>', '198.51.100.7, 999.1.1.1']) {
    t.equal(forwardedClient({ xForwardedFor }, isTrusted), null, xForwardedFor);
  }
  for (const forwarded of ['for=unknown', 'for=_hidden', 'proto=https', '=', 'for=', 'for="']) {
    t.equal(forwardedClient({ forwarded }, isTrusted), null, forwarded);
  }
  t.equal(forwardedClient({}, isTrusted), null);
});

t.test('Given both headers, When they disagree, Then neither is believed', async (t) => {
  const spoofed = { forwarded: 'for=198.51.100.7', xForwardedFor: '203.0.113.1' };
  t.equal(forwardedClient(spoofed, isTrusted), null);
  t.equal(forwardedClient({ ...spoofed, xForwardedFor: '198.51.100.7' }, isTrusted), '198.51.100.7');
});

t.test('Given a chain beyond every bound, When it is read, Then nobody is named', async (t) => {
  const chain = (length: number): string => ['198.51.100.7', ...Array(length).fill('10.0.0.1')].join(',');
  t.equal(forwardedClient({ xForwardedFor: chain(31) }, isTrusted), '198.51.100.7');
  t.equal(forwardedClient({ xForwardedFor: chain(32) }, isTrusted), null);
  t.equal(forwardedClient({ xForwardedFor: `198.51.100.7${' '.repeat(4096)}` }, isTrusted), null);
});

t.test('Given a trusted network, When it is IPv6 or none at all, Then it is taken or refused', async (t) => {
  const six = createTrust('2001:db8:1::/48');
  t.ok(six('2001:db8:1::5'));
  t.notOk(six('2001:db8:2::5'));
  t.notOk(six('10.0.0.1'));
  t.notOk(six('no address'));
  for (const cidr of ['', '10.0.0.0', '10.0.0.0/x', 'host/8', '10.0.0.0/33']) {
    t.throws(() => createTrust(cidr), RangeError, cidr);
  }
});
