import t from 'tap';
import {
  createPlantedSecrets,
  dockerConfig,
  plantedSecrets,
  registryAuth,
} from '../../../src/local/gitlab-simulator/trace/planted-secrets.ts';
import { DEPLOYMENT, OTHER_DEPLOYMENT } from './driver.ts';

t.test('Given a deployment and a seed, then the secrets are always the same and nobody else’s', async (t) => {
  const own = plantedSecrets(DEPLOYMENT, 5);
  t.same(plantedSecrets(DEPLOYMENT, 5), own);
  t.same(plantedSecrets(DEPLOYMENT), plantedSecrets(DEPLOYMENT, 1), 'the default seed');
  const foreign = new Set([...plantedSecrets(DEPLOYMENT, 6), ...plantedSecrets(OTHER_DEPLOYMENT, 5)]);
  t.same(
    own.filter((secret) => foreign.has(secret)),
    [],
  );
  t.equal(new Set(own).size, own.length, 'each is listed once');
  t.ok(
    own.every((secret) => secret.length >= 12),
    'long enough not to be found by chance',
  );
});

t.test('Given the secrets, then each has the shape of its family', async (t) => {
  const secrets = createPlantedSecrets(DEPLOYMENT, 1);
  t.match(secrets.accessKeyId, /^AKIA[A-Z2-7]{16}$/);
  t.match(secrets.temporaryKeyId, /^ASIA[A-Z2-7]{16}$/);
  t.match(secrets.secretAccessKey, /^[A-Za-z0-9+/]{40}$/);
  t.match(secrets.sessionToken, /^IQoJb3JpZ2luX2Vj[A-Za-z0-9+/]{720}$/);
  t.match(secrets.personalToken, /^glpat-[\w-]{20}$/);
  t.match(secrets.jobToken, /^glcbt-64_[\w-]{20}$/);
  t.match(secrets.deployToken, /^gldt-[\w-]{20}$/);
  t.match(secrets.clusterBearer, /^k8s-aws-v1\.aHR0cHM6Ly9zdHMu/);
  t.match(secrets.ownerEmail, /^[^@\s]+@[a-z-]+\.com$/);
  t.equal(secrets.privateKeyLines.length, 25);
  for (const token of [secrets.serviceAccountJwt, secrets.kubeconfigToken]) {
    const [header, claims, signature] = token.split('.');
    t.match(JSON.parse(Buffer.from(String(header), 'base64url').toString()), { alg: 'RS256' });
    t.match(JSON.parse(Buffer.from(String(claims), 'base64url').toString()), { sub: /serviceaccount/ });
    t.equal(signature?.length, 342);
  }
  const config = JSON.parse(Buffer.from(dockerConfig(secrets), 'base64').toString());
  t.equal(config.auths['registry.gitlab.com'].auth, registryAuth(secrets));
});
