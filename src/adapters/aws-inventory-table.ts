import { autoScalingGroup } from './aws-inventory-auto-scaling.ts';
import { instance, launchTemplate, volume } from './aws-inventory-ec2.ts';
import { EKS_PARTS, eksCluster, eksNodegroup } from './aws-inventory-eks.ts';
import { listener, loadBalancer, targetGroup } from './aws-inventory-elb.ts';
import type { ResourceKind } from './aws-inventory-kind.ts';
import { elasticIp, natGateway, networkInterface, securityGroup, securityGroupRule } from './aws-inventory-network.ts';

/**
 * Every kind of thing that a demo may leave behind. A row is asked when the row above it has answered, and whatever makes
 * things stands above what it makes. So nothing can slip through between two requests: what did not exist when its row was
 * asked makes nothing any more, and what it had made before is seen by a later row.
 *
 * A new kind is an entry here, its requests in the file of its service, and its actions in `aws-actions.ts`.
 * What the demo makes and what stands here have to agree: a tagged thing of any other type makes every reading `unknown`.
 */
export const RESOURCE_ROWS: readonly (readonly ResourceKind[])[] = [
  [eksCluster, loadBalancer],
  [eksNodegroup, ...EKS_PARTS, listener, targetGroup],
  [autoScalingGroup, launchTemplate],
  [instance, natGateway],
  [volume, networkInterface, elasticIp, securityGroup, securityGroupRule],
];
