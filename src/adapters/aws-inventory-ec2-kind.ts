import type { EC2Client, Filter } from '@aws-sdk/client-ec2';
import type { InventoryAction } from './aws-actions.ts';
import { type AwsCalls, InventoryUnknownError, type Page } from './aws-inventory-calls.ts';
import {
  CLUSTER_KEY_PREFIX,
  type Found,
  MARK_KEY,
  type Question,
  type ResourceKind,
  TAG_KEY,
  type Tag,
  tagOf,
} from './aws-inventory-kind.ts';
import type { Scope } from './aws-inventory-scope.ts';

/** A filter takes 200 values at most (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html). */
const VALUES_PER_FILTER = 100;

/** Allowed by every list here that has pages at all. */
export const PAGE_SIZE = 200;

/** The values in filters of that name, as few as they fit into. */
export const filtersFor = (name: string, values: readonly string[]): readonly Filter[] =>
  Array.from({ length: Math.ceil(values.length / VALUES_PER_FILTER) }, (_, index) => ({
    Name: name,
    Values: values.slice(index * VALUES_PER_FILTER, (index + 1) * VALUES_PER_FILTER),
  }));

/** The filters for the tags by which it is known whose a thing is. */
const byTag = ({ ids, mark }: Scope): readonly Filter[] => [
  ...filtersFor(`tag:${TAG_KEY}`, ids),
  ...filtersFor(`tag:${MARK_KEY}`, mark === null ? [] : [mark]),
];

/** The filters for names; none when there is no name to look for, as a filter without values is refused. */
const byName = (nameFilters: readonly string[], hasClusterKey: boolean, { patterns }: Scope): readonly Filter[] => [
  ...['tag:Name', ...nameFilters].flatMap((name) => filtersFor(name, patterns)),
  ...(hasClusterKey
    ? filtersFor(
        'tag-key',
        patterns.map((pattern) => `${CLUSTER_KEY_PREFIX}${pattern}`),
      )
    : []),
];

/** Whether tags are what such a filter found it by. If they are not to be read, nobody could tell whose it is. */
const isUnreadable = ({ Name = '' }: Filter, tags: readonly Tag[] | undefined): boolean => {
  if (Name.startsWith('tag:')) return tagOf(tags, Name.slice('tag:'.length)) === null;
  return Name === 'tag-key' && (tags ?? []).length === 0;
};

export type SendPage<Item> = (
  ec2: Pick<EC2Client, 'send'>,
  filter: Filter,
  options: { readonly abortSignal: AbortSignal; readonly NextToken: string | undefined },
) => Promise<Page<Item>>;

/**
 * A kind of EC2, whose lists all have filters. Each mark is asked for by itself, as filters of several names would all
 * have to match. Values may hold wildcards
 * (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html).
 */
export const ec2Kind = <Item>(spec: {
  readonly type: string;
  readonly arnTypes?: readonly string[];
  readonly action: InventoryAction;
  /** Filters in which a derived name may stand, besides the tag `Name`. */
  readonly nameFilters?: readonly string[];
  /** Whether Kubernetes may have made it, or EKS. */
  readonly hasClusterKey?: boolean;
  /** The filter for ids; without one `describeOne` asks. */
  readonly idFilter?: string;
  send: SendPage<Item>;
  describeOne?(calls: AwsCalls, ec2: Pick<EC2Client, 'send'>, id: string): Promise<readonly Item[]>;
  tagsOf(item: Item): readonly Tag[] | undefined;
  /** Further filters that need to know what was found before. */
  following?(question: Question): readonly Filter[];
  found(item: Item, question: Question): Found;
}): ResourceKind => ({
  type: spec.type,
  arnTypes: spec.arnTypes ?? [spec.type],
  idOf: ({ resource }) => resource,

  async find(question) {
    const { calls, clients, scope, nominated } = question;
    const { idFilter, describeOne, nameFilters = [], hasClusterKey = false } = spec;
    const filters: readonly Filter[] = [
      ...byTag(scope),
      ...byName(nameFilters, hasClusterKey, scope),
      ...(idFilter === undefined ? [] : filtersFor(idFilter, nominated)),
      ...(spec.following?.(question) ?? []),
    ];
    const lists = filters.map(async (filter) => {
      const listed = await calls.pages(spec.action, (abortSignal, NextToken) =>
        spec.send(clients.ec2, filter, { abortSignal, NextToken }),
      );
      if (listed.some((item) => isUnreadable(filter, spec.tagsOf(item)))) {
        throw new InventoryUnknownError(`${spec.action}: an answer without tags`);
      }
      return listed;
    });
    const single = describeOne ? nominated.map((id) => describeOne(calls, clients.ec2, id)) : [];
    const items = (await Promise.all([...lists, ...single])).flat();
    const found = items.map((item) => spec.found(item, question));
    return [...new Map(found.map((thing) => [thing.id, thing])).values()];
  },
});
