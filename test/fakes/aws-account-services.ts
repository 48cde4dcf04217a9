import {
  type AccountState,
  type AwsAnswer,
  type AwsThing,
  arnOfThing,
  element,
  jsonAnswer,
  pageOf,
  tagList,
  textElement,
  xmlAnswer,
} from './aws-account-model.ts';

const ofKind = (state: AccountState, kind: string): readonly AwsThing[] =>
  state.things.filter((thing) => thing.kind === kind);

const members = (name: string, items: readonly string[]): string =>
  element(name, items.map((item) => element('member', item)).join(''));

const tagMembers = (thing: AwsThing): string =>
  members(
    'Tags',
    tagList(thing.tags).map(({ Key, Value }) => textElement('Key', Key) + textElement('Value', Value)),
  );

const queryAnswer = (namespace: string, action: string, result: string): AwsAnswer =>
  xmlAnswer(
    200,
    `<${action}Response xmlns="${namespace}">${element(`${action}Result`, result)}<ResponseMetadata><RequestId>7c6e177f-f082-11e1-ac58-3714bEXAMPLE</RequestId></ResponseMetadata></${action}Response>`,
  );

export const queryError = (status: number, code: string): AwsAnswer =>
  xmlAnswer(
    status,
    `<ErrorResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"><Error><Type>Sender</Type><Code>${code}</Code><Message>made up, for arn:aws:sts::123456789012:assumed-role/demo</Message></Error><RequestId>f9880f01-7852-629d-a6c3-3ae2-666a4EXAMPLE</RequestId></ErrorResponse>`,
  );

export const jsonError = (status: number, type: string): AwsAnswer =>
  jsonAnswer(status, { __type: type, message: 'made up, for arn:aws:sts::123456789012:assumed-role/demo' });

export const answerOfAutoScaling = (state: AccountState, action: string, query: URLSearchParams): AwsAnswer => {
  const groups = ofKind(state, 'autoscaling:autoScalingGroup').filter(
    ({ isManaged }) => isManaged !== true || query.get('IncludeManagedResources') === 'true',
  );
  const { pageSize } = state;
  const page = pageOf(groups, { pageSize, asked: query.get('MaxRecords'), token: query.get('NextToken') });
  const items = page.items.map(
    (thing) =>
      textElement('AutoScalingGroupName', thing.id) +
      textElement('AutoScalingGroupARN', arnOfThing(thing)) +
      textElement('Status', thing.state) +
      tagMembers(thing),
  );
  const result = members('AutoScalingGroups', items) + textElement('NextToken', page.next);
  return queryAnswer('http://autoscaling.amazonaws.com/doc/2011-01-01/', action, result);
};

const ELB_NAMESPACE = 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/';

const listOfElb = (
  state: AccountState,
  query: URLSearchParams,
  list: { readonly action: string; readonly kind: string; readonly member: string; readonly set: string },
): AwsAnswer => {
  const { pageSize } = state;
  const things = ofKind(state, list.kind);
  const page = pageOf(things, { pageSize, asked: query.get('PageSize'), token: query.get('Marker') });
  const items = page.items.map(
    (thing) =>
      textElement(`${list.member}Arn`, arnOfThing(thing)) +
      textElement(`${list.member}Name`, thing.id) +
      (thing.state === undefined ? '' : element('State', textElement('Code', thing.state))),
  );
  const result = members(list.set, items) + textElement('NextMarker', page.next);
  return queryAnswer(ELB_NAMESPACE, list.action, result);
};

const arnsIn = (query: URLSearchParams, name: string): readonly string[] =>
  [...query.entries()].filter(([key]) => key.startsWith(`${name}.member.`)).map(([, arn]) => arn);

const notFoundCode = (arn: string): string => {
  if (arn.includes(':targetgroup/')) return 'TargetGroupNotFound';
  return arn.includes(':listener/') ? 'ListenerNotFound' : 'LoadBalancerNotFound';
};

const MAX_ARNS = 20;

export const answerOfElb = (state: AccountState, action: string, query: URLSearchParams): AwsAnswer => {
  if (action === 'DescribeLoadBalancers') {
    const kind = 'elasticloadbalancing:loadbalancer';
    return listOfElb(state, query, { action, kind, member: 'LoadBalancer', set: 'LoadBalancers' });
  }
  if (action === 'DescribeTargetGroups') {
    const kind = 'elasticloadbalancing:targetgroup';
    return listOfElb(state, query, { action, kind, member: 'TargetGroup', set: 'TargetGroups' });
  }
  const arns = arnsIn(query, action === 'DescribeTags' ? 'ResourceArns' : 'ListenerArns');
  if (arns.length > MAX_ARNS) return queryError(400, 'ValidationError');
  const things = arns.map((arn) => state.things.find((thing) => arnOfThing(thing) === arn));
  const missing = arns.find((_, index) => things[index] === undefined);
  if (missing !== undefined) return queryError(400, notFoundCode(missing));
  const known = things.filter((thing) => thing !== undefined);
  if (action === 'DescribeListeners') {
    const items = known.map((thing) => textElement('ListenerArn', arnOfThing(thing)));
    return queryAnswer(ELB_NAMESPACE, action, members('Listeners', items));
  }
  const items = known.map((thing) => textElement('ResourceArn', arnOfThing(thing)) + tagMembers(thing));
  return queryAnswer(ELB_NAMESPACE, action, members('TagDescriptions', items));
};

/** The action that a request to EKS stands for. */
export const eksAction = (path: string): string => {
  const [, clusters, cluster, nodeGroups, nodeGroup] = path.split('/');
  if (clusters !== 'clusters') return 'Unknown';
  if (cluster === undefined) return 'ListClusters';
  if (nodeGroups === undefined) return 'DescribeCluster';
  return nodeGroup === undefined ? 'ListNodegroups' : 'DescribeNodegroup';
};

type Query = Readonly<Record<string, string | undefined>>;

export const answerOfEks = (state: AccountState, path: string, query: Query): AwsAnswer => {
  const [, , cluster = '', , nodeGroup = ''] = path.split('/').map(decodeURIComponent);
  const action = eksAction(path);
  const clusters = ofKind(state, 'eks:cluster');
  const page = (items: readonly string[]) =>
    pageOf(items, { pageSize: state.pageSize, asked: query.maxResults, token: query.nextToken });
  if (action === 'ListClusters') {
    const { items, next } = page(clusters.map(({ id }) => id));
    return jsonAnswer(200, { clusters: items, nextToken: next ?? null });
  }
  if (action === 'DescribeNodegroup') {
    const thing = ofKind(state, 'eks:nodegroup').find(({ id }) => id === `${cluster}/${nodeGroup}`);
    if (thing === undefined || thing.state === 'GONE') return jsonError(404, 'ResourceNotFoundException');
    const { tags = {}, state: status = 'ACTIVE' } = thing;
    return jsonAnswer(200, { nodegroup: { nodegroupName: nodeGroup, clusterName: cluster, status, tags } });
  }
  const thing = clusters.find(({ id }) => id === cluster);
  if (thing === undefined) return jsonError(404, 'ResourceNotFoundException');
  if (action === 'ListNodegroups') {
    const own = ofKind(state, 'eks:nodegroup').filter(({ id }) => id.startsWith(`${cluster}/`));
    const { items, next } = page(own.map(({ id }) => id.slice(cluster.length + 1)));
    return jsonAnswer(200, { nodegroups: items, nextToken: next ?? null });
  }
  const { tags = {}, state: status = 'ACTIVE' } = thing;
  return jsonAnswer(200, { cluster: { name: cluster, arn: arnOfThing(thing), status, tags } });
};

interface TaggingInput {
  readonly TagFilters?: readonly { readonly Key: string; readonly Values?: readonly string[] }[];
  readonly ResourcesPerPage?: number;
  readonly PaginationToken?: string;
}

/** https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_TagFilter.html */
const MAX_TAG_VALUES = 20;

export const answerOfTagging = (state: AccountState, input: TaggingInput): AwsAnswer => {
  const { TagFilters = [], ResourcesPerPage = 50, PaginationToken } = input;
  if (TagFilters.some(({ Values = [] }) => Values.length > MAX_TAG_VALUES)) {
    return jsonError(400, 'InvalidParameterException');
  }
  const found = state.nominations.filter(({ Tags }) =>
    TagFilters.every((filter) =>
      Tags.some(({ Key, Value }) => Key === filter.Key && (filter.Values?.includes(Value) ?? true)),
    ),
  );
  const { pageSize } = state;
  const page = pageOf(found, { pageSize, asked: String(ResourcesPerPage), token: PaginationToken || null });
  const items = page.items.map(({ isWithoutTags = false, ResourceARN, Tags }) =>
    isWithoutTags ? { ResourceARN } : { ResourceARN, Tags },
  );
  return jsonAnswer(200, { PaginationToken: page.next ?? '', ResourceTagMappingList: items });
};
