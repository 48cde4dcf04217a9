import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import t from 'tap';
import { MASK, maskSecrets } from '../../src/masking/mask.ts';

const VALUE = "Velvet&Falcon's 90/98+?";
const known = [VALUE];

t.test('Given a known value, when it is printed', async (t) => {
  t.test('then it is masked as it is, also twice on a line', async (t) => {
    t.equal(maskSecrets(`a ${VALUE} b ${VALUE}`, { known }), `a ${MASK} b ${MASK}`);
  });
  t.test('then it is masked URL-encoded, in JSON, in HTML and as a shell prints it', async (t) => {
    for (const printed of [
      encodeURIComponent(VALUE),
      encodeURIComponent(VALUE).replaceAll('%20', '+').replaceAll("'", '%27'),
      encodeURIComponent(VALUE).toLowerCase().replace('velvet', 'Velvet').replace('falcon', 'Falcon'),
      JSON.stringify(VALUE).slice(1, -1),
      VALUE.replaceAll('&', '&amp;'),
      VALUE.replaceAll("'", "'\\''"),
    ]) {
      t.equal(maskSecrets(`x ${printed} y`, { known }), `x ${MASK} y`, printed);
    }
  });
  t.test('then it is masked in base64 at every offset, with all of the base64 around it', async (t) => {
    for (const around of ['', 'u', 'us', 'user:', 'demo:user:']) {
      const text = Buffer.from(`${around}${VALUE}${around}`);
      t.equal(maskSecrets(`x ${text.toString('base64')} y`, { known }), `x ${MASK} y`);
      t.equal(maskSecrets(`x ${text.toString('base64url')} y`, { known }), `x ${MASK} y`);
    }
  });
  t.test('then each of its lines is masked, and what is too short or common is not', async (t) => {
    t.equal(maskSecrets('first-line-1 and 2nd', { known: ['first-line-1\n2nd\n'] }), `${MASK} and 2nd`);
    t.equal(maskSecrets('short words terraform', { known: ['short', 'terraform', ''] }), 'short words terraform');
    t.equal(maskSecrets('sixsix', { known: ['sixsix'] }), MASK, 'six characters are enough');
  });
  t.test('then case counts', async (t) => {
    t.equal(maskSecrets('VELVETFALCON velvetfalcon', { known: ['velvetfalcon'] }), `VELVETFALCON ${MASK}`);
  });
  t.test('then a value that is part of the mask itself does no harm', async (t) => {
    t.equal(maskSecrets('[MASKED] MASKED', { known: ['MASKED'] }), '[MASKED] MASKED');
  });
});

t.test('Given any values, when they are printed anywhere, then none of them is left', async () => {
  const values = fc.array(
    fc.stringMatching(/^[ -~äö名]{8,40}$/).filter((value) => value.trim().length >= 8 && !value.includes('[MASKED')),
    { minLength: 1, maxLength: 5 },
  );
  fc.assert(
    fc.property(values, fc.string({ maxLength: 20 }), (some, between) => {
      const printed = some.flatMap((value) => [value, Buffer.from(value.trim()).toString('base64')]);
      const masked = maskSecrets(printed.join(` ${between.replaceAll('\x1b', '')} `), { known: some });
      return printed.every((text) => !masked.includes(text.trim()));
    }),
    { numRuns: 300 },
  );
});
