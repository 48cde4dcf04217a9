import {
  type AccountState,
  type AwsAnswer,
  type AwsThing,
  element,
  pageOf,
  tagList,
  textElement,
  xmlAnswer,
} from './aws-account-model.ts';

const NAMESPACE = 'http://ec2.amazonaws.com/doc/2016-11-15/';

/** The filters that each list documents, among those that could matter here; another one is refused. */
interface ListOfEc2 {
  readonly kind: string;
  readonly set: string;
  readonly idFilter?: string;
  readonly nameFilter?: string;
  readonly hasTagKey: boolean;
  readonly hasPages: boolean;
  item(thing: AwsThing): string;
}

const tagSet = (thing: AwsThing): string => (thing.isWithoutTags === true ? '' : tagElement(thing));

const tagElement = (thing: AwsThing): string =>
  element(
    'tagSet',
    tagList(thing.tags)
      .map(({ Key, Value }) => element('item', textElement('key', Key) + textElement('value', Value)))
      .join(''),
  );

const attachment = ({ instanceId }: AwsThing, deleteOnTermination = 'true'): string =>
  textElement('instanceId', instanceId) + textElement('deleteOnTermination', deleteOnTermination);

const LISTS: Readonly<Record<string, ListOfEc2>> = {
  DescribeInstances: {
    kind: 'ec2:instance',
    set: 'reservationSet',
    idFilter: 'instance-id',
    hasTagKey: true,
    hasPages: true,
    item: (thing) =>
      textElement('reservationId', `r-${thing.id.slice(2)}`) +
      element(
        'instancesSet',
        element(
          'item',
          textElement('instanceId', thing.id) +
            element('instanceState', textElement('code', '16') + textElement('name', thing.state ?? 'running')) +
            tagSet(thing),
        ),
      ),
  },
  DescribeVolumes: {
    kind: 'ec2:volume',
    set: 'volumeSet',
    idFilter: 'volume-id',
    hasTagKey: true,
    hasPages: true,
    item: (thing) =>
      textElement('volumeId', thing.id) +
      textElement('status', thing.state ?? 'in-use') +
      element('attachmentSet', thing.instanceId === undefined ? '' : element('item', attachment(thing))) +
      tagSet(thing),
  },
  DescribeNetworkInterfaces: {
    kind: 'ec2:network-interface',
    set: 'networkInterfaceSet',
    idFilter: 'network-interface-id',
    nameFilter: 'description',
    hasTagKey: true,
    hasPages: true,
    item: (thing) =>
      textElement('networkInterfaceId', thing.id) +
      textElement('description', thing.name ?? '') +
      textElement('status', thing.state ?? 'available') +
      (thing.instanceId === undefined ? '' : element('attachment', attachment(thing))) +
      tagSet(thing),
  },
  DescribeAddresses: {
    kind: 'ec2:elastic-ip',
    set: 'addressesSet',
    idFilter: 'allocation-id',
    hasTagKey: true,
    hasPages: false,
    item: (thing) => textElement('publicIp', '192.0.2.1') + textElement('allocationId', thing.id) + tagSet(thing),
  },
  DescribeNatGateways: {
    kind: 'ec2:natgateway',
    set: 'natGatewaySet',
    idFilter: 'nat-gateway-id',
    hasTagKey: true,
    hasPages: true,
    item: (thing) =>
      textElement('natGatewayId', thing.id) + textElement('state', thing.state ?? 'available') + tagSet(thing),
  },
  DescribeLaunchTemplates: {
    kind: 'ec2:launch-template',
    set: 'launchTemplates',
    nameFilter: 'launch-template-name',
    hasTagKey: true,
    hasPages: true,
    item: (thing) =>
      textElement('launchTemplateId', thing.id) +
      textElement('launchTemplateName', thing.name ?? thing.id) +
      tagSet(thing),
  },
  DescribeSecurityGroups: {
    kind: 'ec2:security-group',
    set: 'securityGroupInfo',
    idFilter: 'group-id',
    nameFilter: 'group-name',
    hasTagKey: true,
    hasPages: true,
    item: (thing) =>
      textElement('groupId', thing.id) + textElement('groupName', thing.name ?? thing.id) + tagSet(thing),
  },
  DescribeSecurityGroupRules: {
    kind: 'ec2:security-group-rule',
    set: 'securityGroupRuleSet',
    idFilter: 'security-group-rule-id',
    hasTagKey: false,
    hasPages: true,
    item: (thing) =>
      textElement('securityGroupRuleId', thing.id) + textElement('groupId', 'sg-0a1b2c3d') + tagSet(thing),
  },
};

export const ec2Error = (status: number, code: string): AwsAnswer =>
  xmlAnswer(
    status,
    `<Response><Errors><Error><Code>${code}</Code><Message>made up, for arn:aws:sts::123456789012:assumed-role/demo</Message></Error></Errors><RequestID>8f7724cf-496f-496e-8fe3-example</RequestID></Response>`,
  );

/** `*` is anything, `?` is one character at most, and case matters. */
const matches = (pattern: string, value: string): boolean => {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.?');
  return new RegExp(`^${source}$`, 's').test(value);
};

/** What a thing has under the name of a filter; null when the list knows no such filter. */
const filterValues = (list: ListOfEc2, filter: string, thing: AwsThing): readonly string[] | null => {
  const tags = thing.tags ?? {};
  if (filter.startsWith('tag:')) return [tags[filter.slice('tag:'.length)] ?? []].flat();
  if (filter === 'tag-key' && list.hasTagKey) return Object.keys(tags);
  if (filter === list.idFilter) return [thing.id];
  if (filter === list.nameFilter) return [thing.name ?? []].flat();
  return null;
};

const filtersIn = (query: URLSearchParams): readonly { readonly name: string; readonly values: readonly string[] }[] =>
  [...query.entries()].flatMap(([key, name]) => {
    const index = /^Filter\.(\d+)\.Name$/.exec(key)?.[1];
    if (index === undefined) return [];
    const values = [...query.entries()].filter(([other]) => other.startsWith(`Filter.${index}.Value.`));
    return [{ name, values: values.map(([, value]) => value) }];
  });

const launchTemplatesById = (state: AccountState, ids: readonly string[]): readonly AwsThing[] | null => {
  const known = ids.map((id) => state.things.find((thing) => thing.kind === 'ec2:launch-template' && thing.id === id));
  return known.every((thing) => thing !== undefined) ? known : null;
};

/** What EC2 answers to a Describe. */
export const answerOfEc2 = (state: AccountState, action: string, query: URLSearchParams): AwsAnswer => {
  const list = LISTS[action];
  if (list === undefined) return ec2Error(400, 'InvalidAction');
  if (!list.hasPages && query.has('MaxResults')) return ec2Error(400, 'UnknownParameter');
  const ids = [...query.entries()].filter(([key]) => key.startsWith('LaunchTemplateId.')).map(([, id]) => id);
  const chosen =
    ids.length > 0 ? launchTemplatesById(state, ids) : state.things.filter(({ kind }) => kind === list.kind);
  if (chosen === null) return ec2Error(400, 'InvalidLaunchTemplateId.NotFound');

  const filters = filtersIn(query);
  const probe: AwsThing = { kind: list.kind, id: '' };
  if (filters.some(({ name, values }) => filterValues(list, name, probe) === null || values.length > 200)) {
    return ec2Error(400, 'InvalidParameterValue');
  }
  const isAsked = (thing: AwsThing): boolean =>
    filters.every(({ name, values }) =>
      (filterValues(list, name, thing) ?? []).some((own) => values.some((value) => matches(value, own))),
    );
  const showsManaged = query.get('IncludeManagedResources') === 'true';
  const found = chosen.filter((thing) => isAsked(thing) && (showsManaged || thing.isManaged !== true));
  const size = list.hasPages ? state.pageSize : Number.POSITIVE_INFINITY;
  const asked = list.hasPages ? query.get('MaxResults') : String(Number.MAX_SAFE_INTEGER);
  const page = pageOf(found, { pageSize: size, asked, token: query.get('NextToken') });
  const items = page.items.map((thing) => element('item', list.item(thing))).join('');
  return xmlAnswer(
    200,
    `<${action}Response xmlns="${NAMESPACE}"><requestId>59dbff89-35bd-4eac-99ed-be587EXAMPLE</requestId>${element(list.set, items)}${textElement('nextToken', page.next)}</${action}Response>`,
  );
};
