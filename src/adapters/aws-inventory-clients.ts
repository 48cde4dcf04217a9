import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { EC2Client, type EC2ClientConfig } from '@aws-sdk/client-ec2';
import { EKSClient } from '@aws-sdk/client-eks';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { boundedClientSettings } from './aws-connections.ts';

/** A Describe answers within a few hundred milliseconds; one that takes longer is better asked again. */
const REQUEST_TIMEOUT_MS = 2_500;

/** Pinned, because the SDK's defaults change. Whoever wants a reading comes again anyway. */
const MAX_ATTEMPTS = 3;

/** As many as one reading has under way at once. A sweep beside a reading waits its turn. */
const MAX_SOCKETS = 4;

export interface AwsInventoryClientOptions {
  /** The region everything is asked in. What exists in another one is not seen. */
  readonly region: string;
  /** Without them the task role's are asked for. */
  readonly credentials?: EC2ClientConfig['credentials'] | undefined;
  /** Stands in for the HTTP handler of every client, so that a test can play a whole account. */
  readonly requestHandler?: EC2ClientConfig['requestHandler'] | undefined;
  /** Another number of tries, for a test that counts requests. */
  readonly maxAttempts?: number | undefined;
}

/** What the inventory needs of them. */
export interface AwsInventoryClients {
  readonly autoScaling: Pick<AutoScalingClient, 'send'>;
  readonly ec2: Pick<EC2Client, 'send'>;
  readonly eks: Pick<EKSClient, 'send'>;
  readonly loadBalancing: Pick<ElasticLoadBalancingV2Client, 'send'>;
  readonly tagging: Pick<ResourceGroupsTaggingAPIClient, 'send'>;
}

/**
 * The bare clients of the services that the inventory asks, without the SDK's aggregates of all their commands: a
 * bundle then holds only the commands that are used. Every request ends in bounded time.
 */
export const createAwsInventoryClients = (options: AwsInventoryClientOptions) => {
  const settings = () =>
    boundedClientSettings<EC2ClientConfig>(options, {
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      maxAttempts: options.maxAttempts ?? MAX_ATTEMPTS,
      maxSockets: MAX_SOCKETS,
    });
  return {
    autoScaling: new AutoScalingClient(settings()),
    ec2: new EC2Client(settings()),
    eks: new EKSClient(settings()),
    loadBalancing: new ElasticLoadBalancingV2Client(settings()),
    tagging: new ResourceGroupsTaggingAPIClient(settings()),
  } satisfies AwsInventoryClients;
};
