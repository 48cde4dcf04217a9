// Packages that one could install instead of src/masking, called so that each does what it can with a text.

/** A masker to compare with. */
export interface Peer {
  readonly name: string;
  readonly mask: (text: string) => string | Promise<string>;
}

/** A peer that is not there, and how to get it. */
export interface MissingPeer {
  readonly name: string;
  readonly install: string;
}

const isMissing = (error: unknown): boolean => (error as { code?: string }).code === 'ERR_MODULE_NOT_FOUND';

type Range = readonly [start: number, end: number];
type Lint = (request: object) => Promise<{ messages: readonly { range: Range }[] }>;

// Secretlint reports where secrets are; what it reports is replaced.
const secretlint = async (): Promise<Peer['mask']> => {
  const { lintSource }: { lintSource: Lint } = await import('@secretlint/core');
  const id = '@secretlint/secretlint-rule-preset-recommend';
  const { creator }: { creator: object } = await import('@secretlint/secretlint-rule-preset-recommend');
  const options = { noPhysicFilePath: true, config: { rules: [{ id, rule: creator }] } };
  return async (text) => {
    const source = { content: text, filePath: 'trace.log', contentType: 'text', ext: '.log' };
    const { messages } = await lintSource({ source, options });
    let masked = '';
    let end = 0;
    for (const [from, to] of messages.map(({ range }) => range).toSorted(([a], [b]) => a - b)) {
      if (from >= end) masked += `${text.slice(end, from)}[MASKED]`;
      end = Math.max(end, to);
    }
    return masked + text.slice(end);
  };
};

const npmRedact = async (): Promise<Peer['mask']> => {
  const { redactLog }: { redactLog: (text: string) => string } = await import('@npmcli/redact');
  return redactLog;
};

const dataGuardian = async (): Promise<Peer['mask']> => {
  const { maskString }: { maskString: (text: string) => string } = await import('data-guardian');
  return maskString;
};

const KNOWN_PEERS = [
  {
    name: 'secretlint',
    install: '@secretlint/core@13.1.0 @secretlint/secretlint-rule-preset-recommend@13.1.0',
    load: secretlint,
  },
  { name: 'npm redact', install: '@npmcli/redact@4.0.0', load: npmRedact },
  { name: 'data-guardian', install: 'data-guardian@1.1.4', load: dataGuardian },
];

/** Those of the peers that are installed, and those that are not. */
export const loadPeers = async (): Promise<{ peers: Peer[]; missing: MissingPeer[] }> => {
  const peers: Peer[] = [];
  const missing: MissingPeer[] = [];
  for (const { name, install, load } of KNOWN_PEERS) {
    try {
      peers.push({ name, mask: await load() });
    } catch (error) {
      if (!isMissing(error)) throw error;
      missing.push({ name, install: `npm install --no-save ${install}` });
    }
  }
  return { peers, missing };
};
