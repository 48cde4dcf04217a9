import { isDeploymentId } from '../lifecycle/deployment.ts';
import { derivedNamesIn, type Marks } from './aws-inventory-kind.ts';

/** What a deployment's things are named after: `demo-` and the last 12 hex digits of its id. */
export const derivedNameOf = (deploymentId: string): string => `demo-${deploymentId.slice(-12)}`;

/** Whose things are looked for. Everybody else's are none of ours, however many there are and whatever they carry. */
export interface Scope {
  /** Deployments that are known to be ours: the one that is read, or the latest. At most 20, as a filter takes no more. */
  readonly ids: readonly string[];
  /** What they are named after. */
  readonly names: readonly string[];
  /** For filters that understand `*`. They may match more than our names; what came is looked at again. */
  readonly patterns: readonly string[];
  /** What things carry in the tag `demo_installation` that are ours whatever their id; null when only the ids count. */
  readonly mark: string | null;
}

const scopeWith = (ids: readonly string[], mark: string | null): Scope => {
  const names = ids.map(derivedNameOf);
  return { ids, names, patterns: names.map((name) => `*${name}*`), mark };
};

/**
 * The scope of one deployment's reading. Its id was made by us, at random, and is nobody else's: so what carries it counts
 * whatever mark is beside it, and a mark that was forgotten hides nothing.
 */
export const scopeOf = (deploymentId: string): Scope => scopeWith([deploymentId], null);

/** The scope of a sweep: what carries our mark, and what carries the id or the name of any of these of ours. */
export const everyDeployment = (mark: string, ids: readonly string[]): Scope => scopeWith(ids, mark);

export const isNamed = ({ names }: Scope, text: string | undefined): boolean =>
  derivedNamesIn(undefined, [text]).some((name) => names.includes(name));

/**
 * Whether it is looked for. A tag that can be read decides, whatever the name: with an id that is not known to be ours it
 * is ours only by the mark. The mark alone says nothing of a demo: what stays between demos carries it as well.
 */
export const belongsTo = ({ ids, names, mark }: Scope, thing: Marks): boolean => {
  const isMarked = mark !== null && thing.mark === mark;
  if (isDeploymentId(thing.tag)) return isMarked || ids.includes(thing.tag);
  if (thing.derivedNames.some((name) => names.includes(name))) return true;
  return isMarked && (thing.tag !== null || thing.derivedNames.length > 0);
};
