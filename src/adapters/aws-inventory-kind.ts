import { isDeploymentId } from '../lifecycle/deployment.ts';
import { type AwsCalls, InventoryUnknownError } from './aws-inventory-calls.ts';
import type { AwsInventoryClients } from './aws-inventory-clients.ts';

/** The tag that carries a deployment's whole id, on everything that can be tagged. */
export const TAG_KEY = 'deployment_id';

/** Tags in whose value a deployment's derived name may stand. Those of EKS and of its parts hold the cluster's name. */
const NAMING_TAGS: ReadonlySet<string> = new Set([
  'Name',
  'eks:cluster-name',
  'aws:eks:cluster-name',
  'cluster.k8s.amazonaws.com/name',
  'elbv2.k8s.aws/cluster',
  'KubernetesCluster',
]);

/** Kubernetes puts the cluster's name into the tag's key. */
export const CLUSTER_KEY_PREFIX = 'kubernetes.io/cluster/';

const DERIVED_NAME = /(?<![0-9a-z])demo-[0-9a-f]{12}(?![0-9a-z])/g;
const MAX_LABEL_CHARS = 120;

/** What a deployment's things are named after: `demo-` and the last 12 hex digits of its id. */
export const derivedNameOf = (deploymentId: string): string => `demo-${deploymentId.slice(-12)}`;

/** Whose things are looked for: one deployment's, or those of every deployment (`deploymentId` null). */
export interface Scope {
  readonly deploymentId: string | null;
  /** Null when any deployment's name will do. */
  readonly name: string | null;
  /** For filters that understand `*`. It may match more than our names; what came is looked at again. */
  readonly pattern: string;
}

export const scopeOf = (deploymentId: string): Scope => {
  const name = derivedNameOf(deploymentId);
  return { deploymentId, name, pattern: `*${name}*` };
};

export const EVERY_DEPLOYMENT: Scope = { deploymentId: null, name: null, pattern: '*demo-*' };

/** `gone` is what AWS still lists although nothing is left of it. Every state word that is not known is `there`. */
export type FoundState = 'there' | 'deleting' | 'gone';

export interface Found {
  /** The `type` of its kind. */
  readonly kind: string;
  /** Unique within its kind. */
  readonly id: string;
  /** What the owner is shown. */
  readonly label: string;
  /** What its tag `deployment_id` says, whatever that is. */
  readonly tag: string | null;
  /** The derived names it carries, in its own name or in a tag. */
  readonly derivedNames: readonly string[];
  readonly state: FoundState;
  /** Keys of things whose deletion takes it along: while one of them is being deleted, so is this. */
  readonly goesWith: readonly string[];
}

export const keyOf = (kind: string, id: string): string => `${kind} ${id}`;

/** A tag as every service but EKS gives it. */
export interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

type Tags = readonly Tag[] | undefined;

export const tagOf = (tags: Tags, key: string): string | null => tags?.find(({ Key }) => Key === key)?.Value ?? null;

/** The derived names in these texts and in the tags that name things. */
export const derivedNamesIn = (tags: Tags, texts: readonly (string | undefined)[]): readonly string[] => {
  const named = (tags ?? []).flatMap(({ Key = '', Value }) => {
    if (Key.startsWith(CLUSTER_KEY_PREFIX)) return [Key];
    return NAMING_TAGS.has(Key) ? [Value] : [];
  });
  return [...new Set([...texts, ...named].flatMap((text) => text?.match(DERIVED_NAME) ?? []))];
};

export const isNamed = (scope: Scope, text: string | undefined): boolean => {
  const names = derivedNamesIn(undefined, [text]);
  return scope.name === null ? names.length > 0 : names.includes(scope.name);
};

/** Puts together what was found. Throws `InventoryUnknownError` for a thing without an id. */
export const foundThing = (thing: {
  readonly kind: string;
  readonly id: string | undefined;
  /** What to show instead of the id. */
  readonly shownAs?: string | undefined;
  readonly tags?: Tags;
  /** Texts in which a derived name may stand. */
  readonly names?: readonly (string | undefined)[];
  readonly state?: FoundState;
  readonly goesWith?: readonly string[];
}): Found => {
  const { kind, id, tags, names = [], state = 'there', goesWith = [] } = thing;
  if (id === undefined || id === '') throw new InventoryUnknownError(`${kind}: one without an id`);
  return {
    kind,
    id,
    label: `${kind} ${thing.shownAs ?? id}`.slice(0, MAX_LABEL_CHARS),
    tag: tagOf(tags, TAG_KEY),
    derivedNames: derivedNamesIn(tags, names),
    state,
    goesWith,
  };
};

/** The same thing, with what another one tells of it: a tag of its own that can be read comes first. */
export const inheriting = (found: Found, from: Pick<Found, 'tag' | 'derivedNames'> | undefined): Found =>
  from === undefined
    ? found
    : {
        ...found,
        tag: isDeploymentId(found.tag) ? found.tag : (from.tag ?? found.tag),
        derivedNames: [...new Set([...found.derivedNames, ...from.derivedNames])],
      };

/** Whether it is looked for. What carries another deployment's tag is that one's, whatever it is named. */
export const belongsTo = (scope: Scope, { tag, derivedNames }: Pick<Found, 'tag' | 'derivedNames'>): boolean => {
  if (isDeploymentId(tag)) return scope.deploymentId === null || tag === scope.deploymentId;
  return scope.name === null ? derivedNames.length > 0 : derivedNames.includes(scope.name);
};

export interface Question {
  readonly clients: AwsInventoryClients;
  readonly calls: AwsCalls;
  readonly scope: Scope;
  /** Ids of this kind that the tagging API named. Each has to be asked for by itself: it may be gone for hours. */
  readonly nominated: readonly string[];
  /** What the rows above found within the scope, what is gone included. */
  readonly before: readonly Found[];
}

/** An ARN in parts: `arn:aws:ec2:us-east-1:123456789012:volume/vol-0a1b` has type `ec2:volume`, resource `vol-0a1b`. */
export interface Arn {
  readonly arn: string;
  readonly region: string;
  readonly type: string;
  readonly resource: string;
}

/** One kind of thing that a demo may leave behind. */
export interface ResourceKind {
  /** Shown to the owner, and part of the key. */
  readonly type: string;
  /** The types of ARN by which the tagging API names it. */
  readonly arnTypes: readonly string[];
  /** The id that `find` gives to the thing with this ARN. */
  idOf(arn: Arn): string;
  /**
   * Everything of this kind that carries the scope's tag or name, and whichever of the nominated still exist; more than
   * that does no harm. Throws `InventoryUnknownError`.
   */
  find(question: Question): Promise<readonly Found[]>;
}
