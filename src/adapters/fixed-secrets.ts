import { SECRET_NAMES, type SecretName, type Secrets } from './secrets.ts';

/** Makes the secrets of local mode: given once, and the same until the process ends. */
export const createFixedSecrets = (values: Readonly<Record<SecretName, string>>): Secrets => ({
  freshen: async () => undefined,
  read: async (name) => values[name],
  held: (name) => values[name],
  earlier: () => [],
  refetch: async (name, refused) => (values[name] === refused ? null : values[name]),
  previous: async () => null,
  known: () => SECRET_NAMES.map((name) => values[name]),
});
