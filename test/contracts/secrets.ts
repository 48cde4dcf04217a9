import type { Test } from 'tap';
import { SECRET_NAMES, type SecretName, type Secrets, tokenSourceOf } from '../../src/adapters/secrets.ts';

/** What every `Secrets` promises, whatever it keeps them in. `make` gives one that holds these values. */
export const defineSecretsContract = (
  t: Test,
  name: string,
  make: (values: Readonly<Record<SecretName, string>>) => Secrets,
): void => {
  const values = {
    gitlabToken: 'made-up-gitlab-token',
    ownerToken: 'made-up-owner-token',
    signingKey: 'made-up-signing-key-of-32-characters',
  };

  t.test(`${name}: given the three secrets, when they are fresh, then both ways to read give each`, async (t) => {
    const secrets = make(values);
    await secrets.freshen();
    for (const secret of SECRET_NAMES) {
      t.equal(secrets.held(secret), values[secret]);
      t.equal(await secrets.read(secret), values[secret]);
    }
  });

  t.test(`${name}: given no rotation, then there is no other value of any kind`, async (t) => {
    const secrets = make(values);
    await secrets.freshen();
    for (const secret of SECRET_NAMES) {
      t.equal(await secrets.refetch(secret, values[secret]), null);
      t.equal(await secrets.previous(secret), null);
      t.same(secrets.earlier(secret), []);
    }
  });

  t.test(`${name}: given a refused value that is not the current one, then the current one is newer`, async (t) => {
    const secrets = make(values);
    await secrets.freshen();
    t.equal(await secrets.refetch('gitlabToken', 'made-up-gitlab-token-before'), values.gitlabToken);
  });

  t.test(`${name}: given what was read, then the masker knows every value`, async (t) => {
    const secrets = make(values);
    await secrets.freshen();
    t.same([...secrets.known()].sort(), Object.values(values).sort());
  });

  t.test(`${name}: given the secrets, when GitLab's client asks for its token, then it is that one`, async (t) => {
    const source = tokenSourceOf(make(values));
    t.equal(await source.current(), values.gitlabToken);
    t.equal(await source.refresh(values.gitlabToken), null);
    t.equal(await source.previous(), null);
  });
};
