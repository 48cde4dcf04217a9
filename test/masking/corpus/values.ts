import { VALUES_OF_KEYS } from './key-material.ts';
import { ALPHABETS, fill, type Random } from './random.ts';

type Draw = (random: Random) => string;

const CONSONANTS = 'bdfgklmnprstvz';
const VOWELS = 'aeiou';

/** A word that no language has, so that it stands nowhere else in a sample. */
const word: Draw = (random) =>
  Array.from({ length: random.between(3, 4) }, () => random.chars(CONSONANTS, 1) + random.chars(VOWELS, 1)).join('');

const capital: Draw = (random) => {
  const plain = word(random);
  return plain.charAt(0).toUpperCase() + plain.slice(1);
};

const pattern =
  (text: string): Draw =>
  (random) =>
    fill(random, text);

const oneOf =
  (...list: readonly string[]): Draw =>
  (random) =>
    random.pick(list);

/** Letters of both cases and digits with one of `marks` inside, where no syntax can take it for an end. */
const strong = (random: Random, marks: string): string =>
  fill(random, `{L1}{w4-6}{l1}`) +
  random.chars(marks, 1) +
  fill(random, `{w2-5}{d1}`) +
  (random.dice(2) === 0 ? random.chars(marks, 1) : '') +
  fill(random, `{w2-3}{d1}`);

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const base64url = (text: string): string => Buffer.from(text).toString('base64url');

const password: Draw = (random) => strong(random, '!#%^*_-.+~');

const jwt: Draw = (random) => {
  const header = random.pick([
    { alg: 'RS256', kid: fill(random, '{u27}'), typ: 'JWT' },
    { typ: 'JWT', alg: 'HS256' },
    { kid: fill(random, '{u16}'), alg: 'ES256' },
  ]);
  const claims = {
    iss: `https://${word(random)}.example.com`,
    sub: word(random),
    exp: 1_790_000_000 + random.dice(9_999),
    jti: fill(random, '{h32}'),
  };
  return `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(claims))}.${fill(random, random.pick(['{u43}', '{u86}', '{u342}']))}`;
};

const presignedQuery = (random: Random, action: string): string =>
  `Action=${action}&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${fill(random, 'ASIA{x16}')}%2F20260504` +
  `%2Feu-central-1%2Fsts%2Faws4_request&X-Amz-Date=20260504T091233Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id` +
  `&X-Amz-Signature=${fill(random, '{h64}')}`;

const SECRETS: Readonly<Record<string, Draw>> = {
  awsSecret: (random) => fill(random, '{w6}') + fill(random, '{b33}') + fill(random, '{w1}'),
  awsSession: (random) => base64('!\n\torigin_ec') + fill(random, random.pick(['{b320}', '{b722}==', '{b1283}='])),
  awsSessionOld: (random) => fill(random, 'FwoGZXIvYXdzE{b300-480}='),
  eksToken: (random) =>
    base64url(`https://sts.eu-central-1.amazonaws.com/?${presignedQuery(random, 'GetCallerIdentity')}`),
  ecrPassword: (random) =>
    base64(
      JSON.stringify({
        payload: fill(random, '{b900}=='),
        datakey: fill(random, '{b200}='),
        version: '2',
        type: 'DATA_KEY',
        expiration: 1_790_000_000 + random.dice(9_999),
      }),
    ),
  ecrAuth: (random) => base64(`AWS:${SECRETS.ecrPassword?.(random)}`),
  jwt,
  password,
  weak: (random) => capital(random) + fill(random, '{d2-4}'),
  lower: (random) => word(random) + word(random),
  short: (random) => `${fill(random, '{L1}{d1}{l1}')}${random.chars('!#%*', 1)}${fill(random, '{w1}')}`,
  pin: pattern('{d6}'),
  special: (random) => strong(random, '!@#%^&*()=+[]{}|:,.<>?/~;'),
  dollar: (random) => strong(random, '$!&'),
  spaced: (random) => `${word(random)} ${capital(random)} ${word(random)}${fill(random, '{d2}')}`,
  encoded: (random) => strong(random, '_-.~').replace(/[._~-]/, () => random.pick(['%40', '%23', '%2F', '%21'])),
  token: pattern('{l1}{w12-20}{d2}{w9-16}'),
  base64Password: (random) => base64(password(random)),
  base64Token: (random) => base64(fill(random, '{w20-40}')),
  basic: (random) => base64(`${word(random)}:${password(random)}`),
  dockerConfig: (random) =>
    base64(
      JSON.stringify({ auths: { 'registry.example.com': { username: word(random), password: password(random) } } }),
    ),
  email: (random) =>
    `${word(random)}${random.pick(['.', '_', '-', '+'])}${word(random)}@${word(random)}.${random.pick(['com', 'org', 'io', 'de', 'co.uk', 'dev'])}`,
};

const HARMLESS: Readonly<Record<string, Draw>> = {
  word,
  Word: capital,
  user: (random) => word(random),
  name: (random) => `${word(random)}-${random.pick(['api', 'web', 'worker', 'controller', 'proxy', 'demo'])}`,
  host: (random) => `${random.pick(['db', 'api', 'registry', 'vault', 'www'])}.${word(random)}.example.com`,
  region: oneOf('eu-central-1', 'us-east-1', 'eu-west-3', 'ap-southeast-2', 'us-gov-west-1'),
  zone: oneOf('eu-central-1a', 'eu-central-1b', 'us-east-1c', 'eu-west-3a'),
  account: pattern('{d12}'),
  sha: pattern('{h40}'),
  sha7: pattern('{h7}'),
  sha8: pattern('{h8}'),
  digest: pattern('sha256:{h64}'),
  hex64: pattern('{h64}'),
  md5: pattern('{h32}'),
  uuid: pattern('{h8}-{h4}-4{h3}-a{h3}-{h12}'),
  id17: pattern('0{h16}'),
  pod: (random) => `${word(random)}-${random.chars(ALPHABETS.k ?? '', 9)}-${random.chars(ALPHABETS.k ?? '', 5)}`,
  ip: (random) => `10.${random.dice(256)}.${random.dice(256)}.${random.dice(256)}`,
  cidr: (random) => `10.${random.dice(256)}.${random.dice(256)}.0/24`,
  port: oneOf('5432', '6443', '8080', '3306', '443'),
  n: (random) => String(random.between(1, 999)),
  n9: (random) => String(random.between(100_000_000, 2_000_000_000)),
  seconds: (random) => `${random.between(1, 59)}s`,
  version: (random) => `${random.dice(20)}.${random.dice(40)}.${random.dice(20)}`,
  clock: (random) => `${fill(random, '1{d1}')}:${fill(random, '4{d1}')}:${fill(random, '3{d1}')}`,
  instant: (random) =>
    `2026-05-0${random.between(1, 9)}T${fill(random, '1{d1}')}:${fill(random, '2{d1}')}:${fill(random, '3{d1}')}Z`,
  integrity: (random) => `sha512-${fill(random, '{b86}')}==`,
  sha256base64: (random) => `${fill(random, '{b43}')}=`,
  hostId: (random) => `${fill(random, '{b75}')}=`,
  // A presigned URL's date, an object's version, an entity tag: long and random, and nobody's secret.
  objectVersion: pattern('{w10}.{w21}'),
};

/** What templates may name. */
export const VALUES: Readonly<Record<string, Draw>> = { ...HARMLESS, ...SECRETS, ...VALUES_OF_KEYS };
