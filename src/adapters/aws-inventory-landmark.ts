import { DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2';
import { type AwsCalls, InventoryUnknownError } from './aws-inventory-calls.ts';
import type { AwsInventoryClients } from './aws-inventory-clients.ts';
import { MARK_KEY, TAG_KEY, tagOf } from './aws-inventory-kind.ts';

/** As few as a page may hold. */
const PAGE_SIZE = 5;

/**
 * Looks for what is always there: a security group that carries our mark and is of no deployment. The part of the
 * infrastructure that stays between demos makes it, in the network that every demo is built in. Whoever cannot see it
 * looks at another account or region, or asks for another tag than is written, and would take all of it for empty.
 * Throws `InventoryUnknownError` when it is not seen.
 */
export const checkLandmark = async (options: {
  readonly clients: Pick<AwsInventoryClients, 'ec2'>;
  readonly calls: AwsCalls;
  readonly installation: string;
}): Promise<void> => {
  const { clients, calls, installation } = options;
  const action = 'ec2:DescribeSecurityGroups';
  const groups = await calls.pages(action, async (abortSignal, NextToken) => {
    const Filters = [{ Name: `tag:${MARK_KEY}`, Values: [installation] }];
    const command = new DescribeSecurityGroupsCommand({ Filters, MaxResults: PAGE_SIZE, NextToken });
    const answer = await clients.ec2.send(command, { abortSignal });
    return { items: answer.SecurityGroups, next: answer.NextToken };
  });
  const isThere = groups.some(({ Tags }) => tagOf(Tags, MARK_KEY) === installation && tagOf(Tags, TAG_KEY) === null);
  if (!isThere) throw new InventoryUnknownError(`${action}: the security group that is always there is not`);
};
