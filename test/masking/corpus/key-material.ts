import { fill, type Random } from './random.ts';

/** Lines as in a key file: 64 characters each, the last one shorter and padded. */
const body = (random: Random, start: string, lines: number): string => {
  const first = start + fill(random, `{b${64 - start.length}}`);
  const middle = Array.from({ length: lines }, () => fill(random, '{b64}'));
  return [first, ...middle, fill(random, '{b22-50}==')].join('\n');
};

const rsa = (random: Random): string => body(random, 'MIIEpAIBAAKCAQEA', random.between(4, 24));
const openssh = (random: Random): string => body(random, 'b3BlbnNzaC1rZXktdjEAAAAABG5vbmU', random.between(4, 8));

/** The line that opens or closes a block. Put together here, so that no file holds one. */
export const boundary = (side: 'BEGIN' | 'END', label: string): string =>
  `${'-'.repeat(5)}${side} ${label}${'-'.repeat(5)}`;

export const PRIVATE_LABELS = [
  'PRIVATE KEY',
  'RSA PRIVATE KEY',
  'EC PRIVATE KEY',
  'DSA PRIVATE KEY',
  'OPENSSH PRIVATE KEY',
  'ENCRYPTED PRIVATE KEY',
] as const;

/** The lines between the boundaries of a private key of this kind. */
export const keyBody = (random: Random, label: string): string => {
  if (label === 'OPENSSH PRIVATE KEY') return openssh(random);
  if (label === 'EC PRIVATE KEY') return body(random, 'MHcCAQEEI', 1);
  return rsa(random);
};

/** A private key, boundaries and all, as one text. */
export const wholeKey = (random: Random): string => {
  const label = random.pick(PRIVATE_LABELS);
  return `${boundary('BEGIN', label)}\n${keyBody(random, label)}\n${boundary('END', label)}\n`;
};

/** A certificate: public, so it stays. */
const certificate = (random: Random): string =>
  `${boundary('BEGIN', 'CERTIFICATE')}\n${body(random, 'MIIDdzCCAl+gAwIBAgIE', random.between(3, 9))}\n${boundary('END', 'CERTIFICATE')}`;

const encode = (text: string): string => Buffer.from(text).toString('base64');

export const VALUES_OF_KEYS: Readonly<Record<string, (random: Random) => string>> = {
  rsaBody: rsa,
  base64Key: (random) => encode(wholeKey(random)),
  certificate,
  certificateLine: (random) => certificate(random).replaceAll('\n', '\\n'),
  base64Certificate: (random) => encode(`${certificate(random)}\n`),
  publicKeyBlock: (random) =>
    `${boundary('BEGIN', 'PUBLIC KEY')}\n${body(random, 'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A', 3)}\n${boundary('END', 'PUBLIC KEY')}`,
  sshPublicRsa: (random) => `ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ${fill(random, '{b338}')}==`,
  sshPublicEd25519: (random) => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${fill(random, '{b43}')}`,
};
