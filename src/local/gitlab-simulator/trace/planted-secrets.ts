import {
  ALPHANUMERIC,
  BASE64_CHARACTERS,
  BASE64URL_CHARACTERS,
  createSeededRandom,
  LOWER_ALPHANUMERIC,
  type SeededRandom,
} from '../random.ts';

/**
 * The secrets that the recorded-looking logs leak on purpose, so that masking can be seen and tested. None of them
 * opens anything: they are made from the seed, and prefixes are put together from pieces.
 */
export interface PlantedSecrets {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly temporaryKeyId: string;
  readonly temporarySecretKey: string;
  readonly sessionToken: string;
  readonly personalToken: string;
  readonly jobToken: string;
  readonly deployToken: string;
  readonly serviceAccountJwt: string;
  readonly clusterBearer: string;
  readonly kubeconfigToken: string;
  readonly requestBearer: string;
  readonly adminPassword: string;
  readonly environmentPassword: string;
  readonly yamlPassword: string;
  readonly jsonPassword: string;
  readonly argumentPassword: string;
  readonly urlPassword: string;
  readonly encodedPassword: string;
  readonly registryPassword: string;
  readonly ownerEmail: string;
  readonly committerEmail: string;
  /** The lines between BEGIN and END. */
  readonly privateKeyLines: readonly string[];
}

export const DEFAULT_SEED = 1;

const AWS_KEY_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** The session tokens of AWS's security token service begin with this. */
const SESSION_TOKEN_START = ['IQoJ', 'b3JpZ2lu', 'X2Vj'].join('');

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function jwt(random: SeededRandom, claims: Readonly<Record<string, unknown>>): string {
  const header = encode({ alg: 'RS256', kid: random.characters(BASE64URL_CHARACTERS, 43) });
  return `${header}.${encode(claims)}.${random.characters(BASE64URL_CHARACTERS, 342)}`;
}

function password(random: SeededRandom): string {
  return `${random.characters(ALPHANUMERIC, 11)}-${random.characters(ALPHANUMERIC, 8)}7`;
}

function clusterBearer(random: SeededRandom): string {
  const query = new URLSearchParams({
    Action: 'GetCallerIdentity',
    Version: '2011-06-15',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Expires': '60',
    'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
    'X-Amz-Signature': random.hex(64),
  });
  const url = `https://sts.eu-central-1.amazonaws.com/?${query.toString()}`;
  return ['k8s-aws', `v1.${Buffer.from(url).toString('base64url')}`].join('-');
}

function privateKeyLines(random: SeededRandom): readonly string[] {
  const full = Array.from({ length: 24 }, () => random.characters(BASE64_CHARACTERS, 64));
  return [...full, `${random.characters(BASE64_CHARACTERS, 46)}==`];
}

function gitlabTokens(random: SeededRandom): Pick<PlantedSecrets, 'personalToken' | 'jobToken' | 'deployToken'> {
  return {
    personalToken: ['glpat', random.characters(BASE64URL_CHARACTERS, 20)].join('-'),
    jobToken: ['glcbt', `64_${random.characters(BASE64URL_CHARACTERS, 20)}`].join('-'),
    deployToken: ['gldt', random.characters(BASE64URL_CHARACTERS, 20)].join('-'),
  };
}

function passwords(random: SeededRandom) {
  return {
    adminPassword: password(random),
    environmentPassword: password(random),
    yamlPassword: password(random),
    jsonPassword: password(random),
    argumentPassword: password(random),
    urlPassword: password(random),
    encodedPassword: password(random),
    registryPassword: password(random),
  };
}

/** The secrets in the logs of one deployment; the same seed and id always give the same ones. */
export function createPlantedSecrets(deploymentId: string, seed: number): PlantedSecrets {
  const random = createSeededRandom(`${seed} ${deploymentId} secrets`);
  const account = { iss: 'kubernetes/serviceaccount', sub: 'system:serviceaccount:demo:web', jti: random.hex(32) };
  return {
    accessKeyId: ['AK', 'IA', random.characters(AWS_KEY_CHARACTERS, 16)].join(''),
    secretAccessKey: random.characters(BASE64_CHARACTERS, 40),
    temporaryKeyId: ['AS', 'IA', random.characters(AWS_KEY_CHARACTERS, 16)].join(''),
    temporarySecretKey: random.characters(BASE64_CHARACTERS, 40),
    sessionToken: `${SESSION_TOKEN_START}${random.characters(BASE64_CHARACTERS, 720)}`,
    ...gitlabTokens(random),
    serviceAccountJwt: jwt(random, account),
    clusterBearer: clusterBearer(random),
    kubeconfigToken: jwt(random, { ...account, aud: ['https://kubernetes.default.svc'] }),
    requestBearer: random.characters(BASE64URL_CHARACTERS, 43),
    ...passwords(random),
    ownerEmail: `owner.${random.characters(LOWER_ALPHANUMERIC, 6)}@portfolio-example.com`,
    committerEmail: `ada.${random.characters(LOWER_ALPHANUMERIC, 5)}@portfolio-example.com`,
    privateKeyLines: privateKeyLines(random),
  };
}

/** `user:password` of the registry as it stands, base64-encoded, in a Docker configuration. */
export function registryAuth(secrets: PlantedSecrets): string {
  return Buffer.from(`demo-puller:${secrets.registryPassword}`).toString('base64');
}

/** The value of a `.dockerconfigjson` key. */
export function dockerConfig(secrets: PlantedSecrets): string {
  const auths = {
    'registry.gitlab.com': {
      username: 'demo-puller',
      password: secrets.registryPassword,
      auth: registryAuth(secrets),
    },
  };
  return Buffer.from(JSON.stringify({ auths })).toString('base64');
}

/**
 * Every text that must never be seen by a visitor of that deployment: each secret as it is, in the encodings in which
 * the logs carry it, and a private key line by line.
 */
export function plantedSecrets(deploymentId: string, seed: number = DEFAULT_SEED): readonly string[] {
  const { privateKeyLines: lines, ...single } = createPlantedSecrets(deploymentId, seed);
  const secrets = { ...single, privateKeyLines: lines };
  return [
    ...Object.values(single),
    ...lines,
    registryAuth(secrets),
    dockerConfig(secrets),
    Buffer.from(single.encodedPassword).toString('base64'),
  ];
}
