import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { InventoryAction } from './aws-actions.ts';
import { InventoryUnknownError, listOf, type Page } from './aws-inventory-calls.ts';
import { type Found, foundThing, type Question, type ResourceKind } from './aws-inventory-kind.ts';
import { isNamed } from './aws-inventory-scope.ts';

const LISTENER = 'elasticloadbalancing:listener';

/** The most that a page may hold. */
const PAGE_SIZE = 400;

const ABSENT = ['LoadBalancerNotFoundException', 'TargetGroupNotFoundException', 'ListenerNotFoundException'];

/** The most that are asked for at once (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTags.html). */
const ARNS_AT_ONCE = 20;

/** So many are asked for their tags, and no more: an account may have 50 of each sort by itself. */
const MAX_ASKED = 400;

interface Listed {
  readonly arn: string | undefined;
  readonly name: string | undefined;
}

interface Named {
  readonly arn: string;
  readonly name: string | undefined;
}

/** These with their tags; null when one of them is gone, which spoils the answer of all. */
const tagged = async ({ calls, clients }: Question, kind: string, some: readonly Named[]) => {
  const action = 'elasticloadbalancing:DescribeTags';
  const command = new DescribeTagsCommand({ ResourceArns: some.map(({ arn }) => arn) });
  const answer = await calls.askOrAbsent(action, ABSENT, (abortSignal) =>
    clients.loadBalancing.send(command, { abortSignal }),
  );
  if (answer === null) return null;
  return some.map(({ arn, name }) => {
    const tags = answer.TagDescriptions?.find(({ ResourceArn }) => ResourceArn === arn)?.Tags;
    if (tags === undefined) throw new InventoryUnknownError(`${action}: an answer without tags`);
    return foundThing({ kind, id: arn, shownAs: name ?? 'without a name', tags, names: [name] });
  });
};

/** As many at once as may be; one by one where one of them went meanwhile. */
const withTags = async (question: Question, kind: string, all: readonly Named[]): Promise<readonly Found[]> => {
  const chunks = Array.from({ length: Math.ceil(all.length / ARNS_AT_ONCE) }, (_, index) =>
    all.slice(index * ARNS_AT_ONCE, (index + 1) * ARNS_AT_ONCE),
  );
  const found = chunks.map(async (some) => {
    const together = await tagged(question, kind, some);
    if (together !== null) return together;
    return (await Promise.all(some.map((one) => tagged(question, kind, [one])))).flatMap((one) => one ?? []);
  });
  return (await Promise.all(found)).flat();
};

/**
 * A kind whose list has neither tags nor a filter for them: all are listed, and the tags are read of all of them, or only
 * of those that are named like ours or were nominated. Whatever is listed is there; they have no state of being deleted.
 */
const taggedApart = (spec: {
  readonly type: string;
  readonly arnTypes: readonly string[];
  readonly action: InventoryAction;
  /** Whether the tags of all are read, so that what costs money is seen before the tagging API knows of it. */
  readonly asksAll: boolean;
  page(question: Question, abortSignal: AbortSignal, Marker: string | undefined): Promise<Page<Listed>>;
}): ResourceKind => ({
  type: spec.type,
  arnTypes: spec.arnTypes,
  idOf: ({ arn }) => arn,

  async find(question) {
    const { calls, scope, nominated } = question;
    const listed = await calls.pages(spec.action, (signal, marker) => spec.page(question, signal, marker));
    const asked = listed.flatMap(({ arn, name }) => {
      if (arn === undefined) throw new InventoryUnknownError(`${spec.action}: one without an ARN`);
      return spec.asksAll || isNamed(scope, name) || nominated.includes(arn) ? [{ arn, name }] : [];
    });
    if (asked.length > MAX_ASKED) throw new InventoryUnknownError(`${spec.action}: more than ${MAX_ASKED}`);
    return withTags(question, spec.type, asked);
  },
});

/** The network and application ones; a classic one is another service's, which is not asked. */
export const loadBalancer = taggedApart({
  type: 'elasticloadbalancing:loadbalancer',
  arnTypes: ['net', 'app', 'gwy'].map((sort) => `elasticloadbalancing:loadbalancer/${sort}`),
  action: 'elasticloadbalancing:DescribeLoadBalancers',
  asksAll: true,
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

/** They cost nothing, and an account may have thousands of them. */
export const targetGroup = taggedApart({
  type: 'elasticloadbalancing:targetgroup',
  arnTypes: ['elasticloadbalancing:targetgroup'],
  action: 'elasticloadbalancing:DescribeTargetGroups',
  asksAll: false,
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
