import { isDeploymentId } from '../lifecycle/deployment.ts';
import { type AwsCalls, InventoryUnknownError } from './aws-inventory-calls.ts';
import type { AwsInventoryClients } from './aws-inventory-clients.ts';
import type { Scope } from './aws-inventory-scope.ts';

/** The tag that carries a deployment's whole id, on everything that can be tagged. */
export const TAG_KEY = 'deployment_id';

/**
 * The tag that says which installation made a thing: whoever else runs this, or uses the tag above, in the same account
 * does not carry our word in it (docs/adr/0017).
 */
export const MARK_KEY = 'demo_installation';

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
  /** What its tag `demo_installation` says. */
  readonly mark: string | null;
  /** The derived names it carries, in its own name or in a tag. */
  readonly derivedNames: readonly string[];
  readonly state: FoundState;
  /** Keys of things whose deletion takes it along: while one of them is being deleted, so is this. */
  readonly goesWith: readonly string[];
}

/** By what it is told whose a thing is. */
export type Marks = Pick<Found, 'tag' | 'mark' | 'derivedNames'>;

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
    mark: tagOf(tags, MARK_KEY),
    derivedNames: derivedNamesIn(tags, names),
    state,
    goesWith,
  };
};

/** The same thing, with what another one tells of it: a tag of its own that can be read comes first. */
export const inheriting = (found: Found, from: Marks | undefined): Found =>
  from === undefined
    ? found
    : {
        ...found,
        tag: isDeploymentId(found.tag) ? found.tag : (from.tag ?? found.tag),
        mark: found.mark ?? from.mark,
        derivedNames: [...new Set([...found.derivedNames, ...from.derivedNames])],
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
