import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { InventoryAction } from './aws-inventory-actions.ts';
import { InventoryUnknownError, listOf, type Page } from './aws-inventory-calls.ts';
import { type Found, foundThing, isNamed, type Question, type ResourceKind } from './aws-inventory-kind.ts';

const LISTENER = 'elasticloadbalancing:listener';

/** The most that a page may hold. */
const PAGE_SIZE = 400;

const ABSENT = ['LoadBalancerNotFoundException', 'TargetGroupNotFoundException', 'ListenerNotFoundException'];

/** The tags of one, as a thing found. One at a time, because a single one that is gone spoils the answer of all. */
const withTags = async (
  { calls, clients }: Question,
  { kind, arn, name }: { readonly kind: string; readonly arn: string; readonly name: string | undefined },
): Promise<readonly Found[]> => {
  const answer = await calls.askOrAbsent('elasticloadbalancing:DescribeTags', ABSENT, (abortSignal) =>
    clients.loadBalancing.send(new DescribeTagsCommand({ ResourceArns: [arn] }), { abortSignal }),
  );
  if (answer === null) return [];
  const tags = answer.TagDescriptions?.find(({ ResourceArn }) => ResourceArn === arn)?.Tags;
  if (tags === undefined) throw new InventoryUnknownError('elasticloadbalancing:DescribeTags: an answer without tags');
  return [foundThing({ kind, id: arn, shownAs: name ?? 'without a name', tags, names: [name] })];
};

interface NamedArn {
  readonly arn: string | undefined;
  readonly name: string | undefined;
}

/**
 * A kind whose list has neither tags nor a filter for them: all are listed, and of those that are named like ours or
 * were nominated the tags are read. Whatever is listed is there; they have no state of being deleted.
 */
const taggedApart = (spec: {
  readonly type: string;
  readonly arnTypes: readonly string[];
  readonly action: InventoryAction;
  page(question: Question, abortSignal: AbortSignal, Marker: string | undefined): Promise<Page<NamedArn>>;
}): ResourceKind => ({
  type: spec.type,
  arnTypes: spec.arnTypes,
  idOf: ({ arn }) => arn,

  async find(question) {
    const { calls, scope, nominated } = question;
    const listed = await calls.pages(spec.action, (signal, marker) => spec.page(question, signal, marker));
    const found = listed.map(async ({ arn, name }) => {
      if (arn === undefined) throw new InventoryUnknownError(`${spec.action}: one without an ARN`);
      if (!isNamed(scope, name) && !nominated.includes(arn)) return [];
      return withTags(question, { kind: spec.type, arn, name });
    });
    return (await Promise.all(found)).flat();
  },
});

/** The network and application ones; a classic one is another service's, which is not asked. */
export const loadBalancer = taggedApart({
  type: 'elasticloadbalancing:loadbalancer',
  arnTypes: ['net', 'app', 'gwy'].map((sort) => `elasticloadbalancing:loadbalancer/${sort}`),
  action: 'elasticloadbalancing:DescribeLoadBalancers',
  page: async ({ clients }, abortSignal, Marker) => {
    const command = new DescribeLoadBalancersCommand({ PageSize: PAGE_SIZE, Marker });
    const { LoadBalancers, NextMarker } = await clients.loadBalancing.send(command, { abortSignal });
    const items = LoadBalancers?.map(({ LoadBalancerArn, LoadBalancerName }) => ({
      arn: LoadBalancerArn,
      name: LoadBalancerName,
    }));
    return { items, next: NextMarker };
  },
});

export const targetGroup = taggedApart({
  type: 'elasticloadbalancing:targetgroup',
  arnTypes: ['elasticloadbalancing:targetgroup'],
  action: 'elasticloadbalancing:DescribeTargetGroups',
  page: async ({ clients }, abortSignal, Marker) => {
    const command = new DescribeTargetGroupsCommand({ PageSize: PAGE_SIZE, Marker });
    const { TargetGroups, NextMarker } = await clients.loadBalancing.send(command, { abortSignal });
    const items = TargetGroups?.map(({ TargetGroupArn, TargetGroupName }) => ({
      arn: TargetGroupArn,
      name: TargetGroupName,
    }));
    return { items, next: NextMarker };
  },
});

const describeListener = async ({ calls, clients }: Question, arn: string): Promise<readonly Found[]> => {
  const action = 'elasticloadbalancing:DescribeListeners';
  const answer = await calls.askOrAbsent(action, ABSENT, (abortSignal) =>
    clients.loadBalancing.send(new DescribeListenersCommand({ ListenerArns: [arn] }), { abortSignal }),
  );
  if (answer === null) return [];
  return listOf(action, answer.Listeners).map(({ ListenerArn }) =>
    foundThing({ kind: LISTENER, id: ListenerArn, shownAs: `of ${arn.split('/')[2]}` }),
  );
};

/**
 * Those that were nominated. Nobody else is asked for: a listener ends with its load balancer, but the tagging API names
 * it for hours after that (https://github.com/aws/aws-sdk/issues/676).
 */
export const listener: ResourceKind = {
  type: LISTENER,
  arnTypes: ['net', 'app', 'gwy'].map((sort) => `${LISTENER}/${sort}`),
  idOf: ({ arn }) => arn,
  find: async (question) =>
    (await Promise.all(question.nominated.map((arn) => describeListener(question, arn)))).flat(),
};
