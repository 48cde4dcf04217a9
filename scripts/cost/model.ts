// What the service costs in a month, from one file of prices and one of usage. Pure: reads nothing and prints nothing.
import { DEMO, FREE_CLOUDWATCH, FREE_GITLAB_MINUTES, IDLE, ON_LAMBDA, ORIGINAL } from './usage.ts';

const MILLION = 1_000_000;

/** Prices of one day in one region. */
export interface Prices {
  readonly hours_a_month: number;
  readonly prices: Readonly<Record<string, { readonly usd: number; readonly source: string }>>;
}

/** Amounts of a month or an hour by what they are for, in US dollars. */
export type Amounts = Readonly<Record<string, number>>;

export type Build = 'ours' | 'spot' | 'balancer' | 'lambda';

export interface CostModel {
  /** What is there all the time, by build and by what it is for. */
  readonly idle: Readonly<Record<Build, Amounts>>;
  readonly idleUsd: Readonly<Record<Build, number>>;
  /** What an account gets free that has no other alarms. */
  readonly freeUsd: number;
  /** A demo, by what it is made of, for an hour. */
  readonly hourly: Amounts;
  readonly hourlyUsd: number;
  /** One demo of an hour, with building and destroying it. */
  readonly demoUsd: number;
  /** What so many demos add in a month, GitLab's minutes apart. */
  demos(count: number): { readonly aws: number; readonly gitlab: number };
  /** The longest build of the second destroyer. */
  readonly destroyerUsd: number;
  /** The rows in which the original tells its cost: its own and ours, at ten deployments a month. */
  readonly rows: Readonly<Record<string, readonly [original: number, ours: number]>>;
  /** The most that a table with these ceilings can cost in a month, in units a second. */
  ceilingUsd(reads: number, writes: number): number;
}

const sum = (items: Amounts): number => Object.values(items).reduce((total, usd) => total + usd, 0);

const perBuild = <Value>(of: (build: Build) => Value): Readonly<Record<Build, Value>> => ({
  ours: of('ours'),
  spot: of('spot'),
  balancer: of('balancer'),
  lambda: of('lambda'),
});

/** How busy a load balancer that hardly anybody asks is, in units of capacity. */
const BALANCER_UNITS = 0.1;

const pricing =
  ({ prices }: Prices) =>
  (name: string): number => {
    const usd: unknown = prices[name]?.usd;
    if (typeof usd !== 'number' || !(usd > 0)) throw new Error(`no price for ${name}`);
    return usd;
  };

/**
 * Makes the model out of a file of prices.
 *
 * @throws Error for a price that is missing or is no positive number
 */
export const createCostModel = (file: Prices): CostModel => {
  const price = pricing(file);
  const hours = file.hours_a_month;
  const millions = (count: number, name: string): number => (count / MILLION) * price(name);

  const table = ({ tableReads, tableWrites }: { tableReads: number; tableWrites: number }): number =>
    millions(tableReads, 'dynamodb_read_million') + millions(tableWrites, 'dynamodb_write_million');
  const secrets = (count: number, reads: number): number =>
    count * price('secret_month') + (reads / 10_000) * price('secret_calls_10000');
  const watching = ({ logGb, alarms, metrics }: { logGb: number; alarms: number; metrics: number }): number =>
    logGb * price('log_gb') + alarms * price('alarm_month') + metrics * price('metric_month');
  const address = hours * price('public_ipv4_hour');

  const fargate = hours * (IDLE.vcpu * price('fargate_arm_vcpu_hour') + IDLE.memoryGb * price('fargate_arm_gb_hour'));
  const lambda = (requests: number, seconds: number, memoryGb: number): number =>
    millions(requests, 'lambda_request_million') + requests * seconds * memoryGb * price('lambda_arm_gb_second');

  /** What every build of it has. */
  const common = {
    secrets: secrets(IDLE.secrets, IDLE.secretReads),
    watching: watching(IDLE),
    table: table(IDLE),
    zone: price('hosted_zone_month'),
  };
  const gateway = {
    api: millions(IDLE.requests, 'http_api_million'),
    probe: millions(IDLE.probes, 'api_destination_million'),
  };
  const discovery =
    price('cloud_map_instance_month') +
    price('hosted_zone_month') +
    millions(IDLE.requests, 'cloud_map_lookup_million');
  const images = IDLE.imagesGb * price('ecr_gb_month');

  const ours = (compute: number) => ({ compute, address, ...gateway, discovery, images, ...common });

  /** Idle, by build and by what it is for. */
  const idle: Readonly<Record<Build, Amounts>> = {
    ours: ours(fargate),
    spot: ours(fargate * price('fargate_spot_share')),
    balancer: {
      compute: fargate,
      balancer: hours * (price('alb_hour') + price('lcu_hour') * BALANCER_UNITS) + 2 * address,
      nat: hours * price('nat_gateway_hour') + address,
      images,
      ...common,
    },
    lambda: {
      compute:
        lambda(IDLE.requests, ON_LAMBDA.requestSeconds, ON_LAMBDA.memoryGb) +
        lambda(ON_LAMBDA.sweeps, ON_LAMBDA.sweepSeconds, ON_LAMBDA.memoryGb),
      ...gateway,
      images,
      ...common,
    },
  };

  const hourly = {
    'EKS control plane': price('eks_hour'),
    'two small nodes': DEMO.nodes * price('t4g_small_hour'),
    'network load balancer': price('nlb_hour') + price('nlb_lcu_hour'),
    'public addresses': DEMO.publicAddresses * price('public_ipv4_hour'),
    disks: (DEMO.nodes * DEMO.diskGb * price('gp3_gb_month')) / hours,
  };
  const traffic = table(DEMO) + millions(DEMO.requests, 'http_api_million');
  const demoUsd = sum(hourly) * DEMO.hours + traffic;

  /** What so many demos add in a month, GitLab's minutes included. */
  const demos = (count: number) => {
    const minutes = Math.max(0, count * DEMO.gitlabMinutes - FREE_GITLAB_MINUTES);
    return { aws: count * demoUsd, gitlab: (minutes / 1_000) * price('gitlab_minutes_1000') };
  };

  const free =
    Math.min(IDLE.alarms, FREE_CLOUDWATCH.alarms) * price('alarm_month') +
    Math.min(IDLE.metrics, FREE_CLOUDWATCH.metrics) * price('metric_month');

  /** The rows that the original gives its cost in, at ten deployments a month; without what the demos themselves cost. */
  const rows: CostModel['rows'] = {
    'API Gateway': [millions(ORIGINAL.requests, 'http_api_million'), gateway.api + gateway.probe],
    Lambda: [lambda(ORIGINAL.requests, ORIGINAL.requestSeconds, ORIGINAL.memoryGb), 0],
    DynamoDB: [table(ORIGINAL), common.table + ORIGINAL.deployments * table(DEMO)],
    'Secrets Manager': [secrets(ORIGINAL.secrets, ORIGINAL.secretReads), common.secrets],
    CloudWatch: [watching(ORIGINAL), common.watching],
    'a task that is always there: Fargate, its address, Cloud Map': [0, fargate + address + discovery],
    'images, and the zone of the demos': [0, images + common.zone],
  };

  return {
    idle,
    idleUsd: perBuild((build) => sum(idle[build])),
    freeUsd: free,
    hourly,
    hourlyUsd: sum(hourly),
    demoUsd,
    demos,
    destroyerUsd: 60 * price('codebuild_arm_small_minute'),
    rows,
    /** The most that the table's ceilings let through, day and night for a month. */
    ceilingUsd: (reads, writes) =>
      hours *
      3_600 *
      (reads * (price('dynamodb_read_million') / MILLION) + writes * (price('dynamodb_write_million') / MILLION)),
  };
};
