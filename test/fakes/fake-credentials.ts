import type { Credentials } from '../../src/lifecycle/ports.ts';

/** Ids that count up in the shape of a UUIDv7, and tokens that say what they are. */
export const createFakeCredentials = (): Credentials => {
  let count = 0;
  const hash = (token: string): string => `hash:${token}`;
  return {
    newId: () => {
      count += 1;
      return `01930000-0000-7000-8000-${count.toString(16).padStart(12, '0')}`;
    },
    controlToken: (deploymentId) => `control:${deploymentId}`,
    recoverControlToken: async (deploymentId, stored) =>
      hash(`control:${deploymentId}`) === stored ? `control:${deploymentId}` : null,
    hash,
    isOwner: (token) => token === 'owner',
    matches: (token, stored) => hash(token) === stored,
    deploymentOf: (token) => (token.startsWith('control:') ? token.slice('control:'.length) : null),
  };
};
