import { GetResourcesCommand, type TagFilter } from '@aws-sdk/client-resource-groups-tagging-api';
import { type AwsCalls, InventoryUnknownError } from './aws-inventory-calls.ts';
import type { AwsInventoryClients } from './aws-inventory-clients.ts';
import {
  type Arn,
  CLUSTER_KEY_PREFIX,
  derivedNamesIn,
  MARK_KEY,
  type Marks,
  type ResourceKind,
  TAG_KEY,
  tagOf,
} from './aws-inventory-kind.ts';
import { belongsTo, type Scope } from './aws-inventory-scope.ts';

const ACTION = 'tag:GetResources';

/** The most that a page may hold. */
const PAGE_SIZE = 100;

/** Services of which the second word belongs to the type: `loadbalancer/net/…` is not `loadbalancer/…`. */
const SORTED_TYPES = /^(?:loadbalancer|listener|listener-rule)\/(?:net|app|gwy)(?=\/)/;

/**
 * The parts of an ARN; null for what is none
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html).
 */
export const arnOf = (arn: string): Arn | null => {
  const [prefix, , service, region = '', , ...rest] = arn.split(':');
  const path = rest.join(':');
  const type = SORTED_TYPES.exec(path)?.[0] ?? /^[^/:]+/.exec(path)?.[0];
  if (prefix !== 'arn' || !service || type === undefined) return null;
  return { arn, region, type: `${service}:${type}`, resource: path.slice(type.length + 1) };
};

/** What the tagging API named. It may be gone for hours; that, its own Describe has to say. */
export interface Nominee extends Marks {
  readonly kind: ResourceKind;
  readonly id: string;
}

/**
 * Whatever carries the tag, and what Kubernetes made in the deployment's cluster and tagged in its own way. Filters of one
 * list all have to match. A key takes 20 values, and Kubernetes' own tag has the name in the key: of many deployments it
 * is left out, as all of its load balancers are listed anyway.
 */
const filterLists = ({ ids, names, mark }: Scope): readonly (readonly TagFilter[])[] => [
  ...(mark === null ? [] : [[{ Key: MARK_KEY, Values: [mark] }, { Key: TAG_KEY }]]),
  ...(ids.length === 0 ? [] : [[{ Key: TAG_KEY, Values: [...ids] }]]),
  ...(names.length === 0 ? [] : [[{ Key: 'elbv2.k8s.aws/cluster', Values: [...names] }]]),
  ...(mark === null ? names.map((name) => [{ Key: `${CLUSTER_KEY_PREFIX}${name}`, Values: ['owned'] }]) : []),
];

export interface NominateOptions {
  readonly clients: AwsInventoryClients;
  readonly calls: AwsCalls;
  readonly region: string;
  readonly kinds: readonly ResourceKind[];
}

/** What the tagging API names within the scope. Throws `InventoryUnknownError` if one cannot be confirmed by anything here. */
export const nominate = async (options: NominateOptions, scope: Scope): Promise<readonly Nominee[]> => {
  const { clients, calls, region, kinds } = options;
  const lists = filterLists(scope).map((filters) =>
    calls.pages(ACTION, async (abortSignal, PaginationToken) => {
      const command = new GetResourcesCommand({
        TagFilters: [...filters],
        ResourcesPerPage: PAGE_SIZE,
        PaginationToken,
      });
      const answer = await clients.tagging.send(command, { abortSignal });
      return { items: answer.ResourceTagMappingList, next: answer.PaginationToken };
    }),
  );
  const named = (await Promise.all(lists)).flat();

  return named.flatMap(({ ResourceARN = '', Tags }) => {
    // It was found by a tag, so there is one.
    if (Tags === undefined || Tags.length === 0) throw new InventoryUnknownError(`${ACTION}: an answer without tags`);
    const marks = {
      tag: tagOf(Tags, TAG_KEY),
      mark: tagOf(Tags, MARK_KEY),
      derivedNames: derivedNamesIn(Tags, [ResourceARN]),
    };
    // Kubernetes' tag may stand beside another deployment's.
    if (!belongsTo(scope, marks)) return [];
    const arn = arnOf(ResourceARN);
    if (arn === null) throw new InventoryUnknownError(`${ACTION}: an ARN that is not understood`);
    const kind = kinds.find(({ arnTypes }) => arnTypes.includes(arn.type));
    if (kind === undefined) throw new InventoryUnknownError(`${arn.type}: nothing here can confirm it`);
    if (arn.region !== region) throw new InventoryUnknownError(`${arn.type}: in another region`);
    return [{ kind, id: kind.idOf(arn), ...marks }];
  });
};
