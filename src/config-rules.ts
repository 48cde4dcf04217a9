import { isLoopback } from './config-formats.ts';
import type { Settings } from './config-schema.ts';
import { LOCAL_POLICY, REAL_POLICY } from './policies.ts';

/** What a rule may look at. */
export interface Surroundings {
  readonly settings: Settings;
  /** True when the environment has a variable of that name which is not empty. */
  isSet(name: string): boolean;
}

/** Something that several variables have to agree on. */
export interface Rule {
  /** The variables it is about; the first one is blamed. Not looked at while one of them is unusable by itself. */
  readonly about: readonly [string, ...string[]];
  /** What is wrong, to be read after the blamed variable's name; null when nothing is. */
  problem(surroundings: Surroundings): string | null;
}

// Set by the agent of Amazon ECS in every task and nowhere else.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4.html
const ECS_VARIABLES = [
  'ECS_CONTAINER_METADATA_URI_V4',
  'ECS_CONTAINER_METADATA_URI',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
];

const inMinutes = (durationMs: number): string => `${durationMs / 60_000}`;

/** In one mode only. */
const inMode = (mode: Settings['mode'], rule: Rule): Rule => ({
  about: rule.about,
  problem: (surroundings) => (surroundings.settings.mode === mode ? rule.problem(surroundings) : null),
});

const notAboveOther = (
  lower: string,
  upper: string,
  read: (settings: Settings) => readonly [number, number],
): Rule => ({
  about: [lower, upper],
  problem: ({ settings }) => {
    const [lowerMs, upperMs] = read(settings);
    if (lowerMs <= upperMs) return null;
    return `expected at most ${upper} (${inMinutes(upperMs)}), found ${inMinutes(lowerMs)}`;
  },
});

const onlyHttps = (name: string, read: (settings: Settings) => readonly (string | null)[]): Rule =>
  inMode('aws', {
    about: [name],
    problem: ({ settings }) => {
      const offending = read(settings).find((found) => found !== null && !found.startsWith('https://'));
      return offending === undefined ? null : `expected https:// with MODE=aws, found "${offending}"`;
    },
  });

/** The region that an ARN names; null for a plain name. */
const regionOfArn = (text: string | null): string | null => /^arn:[^:]*:[^:]*:([^:]+):/.exec(text ?? '')?.[1] ?? null;

/** What is asked by its ARN is asked in the region of the client, and would never be found in another one. */
const inRegion = (name: string, read: (settings: Settings) => string | null): Rule =>
  inMode('aws', {
    about: [name, 'AWS_REGION'],
    problem: ({ settings }) => {
      const found = regionOfArn(read(settings));
      const { region } = settings.store;
      return found === null || found === region ? null : `expected an ARN in AWS_REGION (${region}), found ${found}`;
    },
  });

/** Locally, one variable without another would fall back silently to something simulated. */
const halfConfigured = (missing: string, because: string): Rule =>
  inMode('local', {
    about: [missing, because],
    problem: ({ isSet }) =>
      isSet(because) && !isSet(missing) ? `needed because ${because} is set, found nothing` : null,
  });

const notInATask: Rule = inMode('local', {
  about: ['MODE'],
  problem: ({ isSet }) => {
    const found = ECS_VARIABLES.find(isSet);
    return found === undefined ? null : `expected aws, because this is an ECS task (${found} is set), found local`;
  },
});

const reachable: Rule = inMode('local', {
  about: ['PUBLIC_URL', 'HOST'],
  problem: ({ settings }) => {
    if (settings.server.publicUrl !== null || isLoopback(settings.server.host)) return null;
    return `needed because HOST (${settings.server.host}) is not this machine alone, found nothing`;
  },
});

const provable: Rule = {
  about: ['START_DEADLINE_MINUTES'],
  problem: ({ settings }) => {
    const { absenceProofMs } = settings.mode === 'aws' ? REAL_POLICY : LOCAL_POLICY;
    const found = settings.policy.startDeadlineMs;
    if (found > absenceProofMs) return null;
    return `expected more than ${inMinutes(absenceProofMs)}, in which a lost request is looked for, found ${inMinutes(found)}`;
  },
};

const somethingMoves: Rule = inMode('aws', {
  about: ['RECONCILE_TIMER', 'CRON_JOBS'],
  problem: ({ settings }) =>
    settings.timers.reconcile || settings.timers.cronJobs
      ? null
      : 'expected on where CRON_JOBS is off, or nothing would be taken down, found off',
});

/** Behind a gateway every request comes from its addresses: all visitors would share one limit and one quota. */
const tellsVisitorsApart: Rule = inMode('aws', {
  about: ['CLIENT_IP_SOURCE'],
  problem: ({ settings }) =>
    settings.server.clientAddressSource?.kind === 'socket'
      ? 'expected header:<name> or forwarded:<trusted CIDR> with MODE=aws, because behind the gateway all visitors would have one address, found socket'
      : null,
});

/** Every rule that takes more than one variable to see, or a variable and the mode. */
export const RULES: readonly Rule[] = Object.freeze([
  notInATask,
  onlyHttps('PUBLIC_URL', ({ server }) => [server.publicUrl]),
  onlyHttps('GITLAB_URL', ({ gitlab }) => [gitlab.url]),
  onlyHttps('DYNAMODB_ENDPOINT', ({ store }) => [store.endpoint]),
  onlyHttps('LIVE_ORIGINS', ({ gitlab }) => gitlab.liveOrigins),
  inRegion('GITLAB_TOKEN_SECRET', ({ secrets }) => secrets.gitlabToken),
  inRegion('OWNER_TOKEN_SECRET', ({ secrets }) => secrets.ownerToken),
  inRegion('SIGNING_KEY_SECRET', ({ secrets }) => secrets.signingKey),
  inRegion('WEBHOOK_SECRET', ({ secrets }) => secrets.webhook),
  inRegion('SECOND_DESTROYER_DEAD_LETTER_QUEUE_ARN', ({ secondDestroyer }) => secondDestroyer.deadLetterQueueArn),
  reachable,
  halfConfigured('DYNAMODB_ENDPOINT', 'TABLE_NAME'),
  ...['GITLAB_PROJECT', 'GITLAB_REF', 'LIVE_ORIGINS', 'LOCAL_GITLAB_TOKEN'].map((name) =>
    halfConfigured(name, 'GITLAB_URL'),
  ),
  ...['GITLAB_PROJECT', 'GITLAB_REF', 'LIVE_ORIGINS', 'PROBE_ORIGIN'].map((name) => halfConfigured('GITLAB_URL', name)),
  halfConfigured('LOCAL_WEBHOOK_KEY', 'LOCAL_WEBHOOK_URL'),
  halfConfigured('LOCAL_WEBHOOK_URL', 'LOCAL_WEBHOOK_KEY'),
  notAboveOther('DEMO_TTL_MINUTES', 'DEMO_MAX_LIFETIME_MINUTES', ({ policy }) => [policy.ttlMs, policy.maxLifetimeMs]),
  notAboveOther('START_DEADLINE_MINUTES', 'DEPLOY_DEADLINE_MINUTES', ({ policy }) => [
    policy.startDeadlineMs,
    policy.deployDeadlineMs,
  ]),
  provable,
  somethingMoves,
  tellsVisitorsApart,
]);
