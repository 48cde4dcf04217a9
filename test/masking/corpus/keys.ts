import { core, kept, made, open, type Part, secret, secretLines, tail } from './family.ts';
import { boundary, keyBody, PRIVATE_LABELS } from './key-material.ts';
import { fill, type Random } from './random.ts';

type Shown = { readonly before?: string; readonly end?: boolean; readonly joint?: string };

/** A private key as parts: the boundaries may stay or go, of what is between them nothing stays. */
const keyParts = (random: Random, { before = '', end = true, joint = `\n${before}` }: Shown = {}): Part[] => {
  const label = random.pick(PRIVATE_LABELS);
  const lines = keyBody(random, label).split('\n');
  return [
    open(boundary('BEGIN', label)),
    ...lines.flatMap((line) => [kept(joint), secret(line)]),
    ...(end ? [kept(joint), open(boundary('END', label))] : []),
  ];
};

const pgpParts = (random: Random, before: string): Part[] => [
  open(boundary('BEGIN', 'PGP PRIVATE KEY BLOCK')),
  kept(`\n${before}`),
  open('Version: GnuPG v2'),
  kept(`\n${before}\n${before}`),
  ...secretLines(Array.from({ length: 8 }, () => fill(random, '{b64}')).join('\n'), before),
  kept(`\n${before}`),
  secret(fill(random, '={b4}')),
  kept(`\n${before}`),
  open(boundary('END', 'PGP PRIVATE KEY BLOCK')),
];

const encryptedParts = (random: Random): Part[] => [
  open(boundary('BEGIN', 'RSA PRIVATE KEY')),
  kept('\n'),
  open('Proc-Type: 4,ENCRYPTED'),
  kept('\n'),
  open(`DEK-Info: AES-128-CBC,${fill(random, '{H32}')}`),
  kept('\n\n'),
  ...secretLines(keyBody(random, 'RSA PRIVATE KEY')),
  kept('\n'),
  open(boundary('END', 'RSA PRIVATE KEY')),
];

// An escaped key is one run for the eye, so the joints belong to the secret.
const escapedKey = (random: Random, joint: string): Part[] =>
  keyParts(random, { joint }).map((part) => (part.text === joint ? open(joint) : part));

const CORE = { core: true };

/** Private keys in all the shapes a log gives them. */
export const KEYS = [
  made(
    'pem-plain',
    CORE,
    (random) => [kept('$ cat key.pem\n'), ...keyParts(random), kept('\n$ ls -l\n')],
    (random) => [...keyParts(random), kept('\nwritten to key.pem')],
    (random) => [kept('first\n'), ...encryptedParts(random), kept('\nlast line')],
    (random) => [kept('before\n'), ...pgpParts(random, ''), kept('\nimported 1 secret key')],
  ),
  made(
    'pem-indented',
    CORE,
    (random) => [kept('  ssh_key: |\n    '), ...keyParts(random, { before: '    ' }), kept('\n  replicas: 2')],
    (random) => [
      kept('stringData:\n  id: |-\n      '),
      ...keyParts(random, { before: '      ' }),
      kept('\ntype: Opaque'),
    ],
    (random) => [kept('\t'), ...keyParts(random, { before: '\t' }), kept('\ndone')],
    (random) => [kept('key:\n  '), ...pgpParts(random, '  '), kept('\nname: demo')],
  ),
  made(
    'pem-terraform',
    CORE,
    (random) => [
      kept('  + private_key_pem = <<-EOT\n        '),
      ...keyParts(random, { before: '        ' }),
      kept('\n    EOT\n  + rsa_bits = 2048'),
    ],
    (random) => [kept('private_key = <<EOT\n'), ...keyParts(random), kept('\n\nEOT\nregion = "eu-central-1"')],
  ),
  made(
    'pem-heredoc',
    CORE,
    (random) => [kept('+ cat > id_rsa <<EOF\n'), ...keyParts(random), kept('\nEOF\n+ chmod 600 id_rsa')],
    (random) => [kept("+ echo '"), ...keyParts(random), kept("'\n+ ssh-add -")],
    (random) => [kept('SSH_PRIVATE_KEY="'), ...keyParts(random), kept('"\nUSER=gitlab')],
  ),
  made(
    'pem-escaped',
    CORE,
    (random) => [kept('{"private_key": "'), ...escapedKey(random, '\\n'), kept('","client_id": "123"}')],
    (random) => [kept('TLS_KEY="'), ...escapedKey(random, '\\n'), kept('" make deploy')],
    (random) => [kept('{\\"key\\":\\"'), ...escapedKey(random, '\\\\n'), kept('\\",\\"port\\":22}')],
    (random) => [kept("echo -e '"), ...escapedKey(random, '\\r\\n'), kept("' into key.pem")],
    (random) => [kept('PRIVATE_KEY='), ...escapedKey(random, ' '), kept('\nNEXT=1')],
  ),
  made(
    'pem-truncated',
    CORE,
    (random) => [kept('$ head -n 9 key.pem\n'), ...keyParts(random, { end: false })],
    (random) => [...keyParts(random, { end: false }), kept('\n$ terraform plan -out demo.tfplan\nNo changes.')],
    (random) => [
      kept('  key: |\n    '),
      ...keyParts(random, { end: false, before: '    ' }),
      kept('\n  name: demo-web'),
    ],
  ),
  made('pem-carriage-returns', CORE, (random) => [
    kept('\r\n'),
    ...keyParts(random, { joint: '\r\n' }),
    kept('\r\nwritten.\r\n'),
  ]),
  made(
    'pem-behind-a-prefix',
    { core: false },
    (random) => [kept('web_1  | '), ...keyParts(random, { before: 'web_1  | ' }), kept('\nweb_1  | listening')],
    (random) => [kept('    + '), ...keyParts(random, { before: '    + ' }), kept('\n    + region')],
    (random) => [kept('remote: '), ...keyParts(random, { before: 'remote: ' }), kept('\nremote: done')],
    (random) => [kept('> '), ...keyParts(random, { before: '> ' }), kept('\n> done')],
  ),
  core(
    'pem-base64',
    'SSH_PRIVATE_KEY=«!base64Key»',
    'echo «!base64Key» | base64 -d > key.pem',
    '  key.pem: «!base64Key»',
    'user_data «!base64Key» applied',
  ),
  core(
    'jwk',
    '{"kty":"RSA","n":"«~=ab{u200}»","e":"AQAB","d":"«!={u342}»","p":"«!={u171}»","q":"«!={u171}»","dp":"«!={u171}»","dq":"«!={u171}»","qi":"«!={u171}»","kid":"«word»"}',
    '{"kty":"EC","crv":"P-256","x":"«~={u43}»","y":"«~={u43}»","d":"«!={u43}»"}',
    '{"alg":"HS256","k":"«!={u43}»","kty":"oct"}',
    '{\n  "kty": "OKP",\n  "crv": "Ed25519",\n  "d": "«!={u43}»",\n  "x": "«~={u43}»"\n}',
  ),
  tail(
    'other-key-formats',
    'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPrivate-Lines: 1\n«!={b44}»\nPrivate-MAC: «~hex64»',
    '# public key: age1«=q{a57}»\n«!=AGE-SECRET-KEY-1{A58}»',
    '[Interface]\nPrivateKey = «!={b43}=»\nAddress = «cidr»',
    'PresharedKey = «!={b43}=»',
    'untrusted comment: minisign encrypted secret key\n«!=RWRTY0Iy{b204}»',
  ),
  core('key-without-boundaries', 'GOOGLE_CREDENTIALS_PRIVATE_KEY=«!={b800}=»', 'signing_private_key: "«!={b300}=»"'),
];
