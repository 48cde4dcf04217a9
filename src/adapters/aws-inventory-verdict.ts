import { isDeploymentId } from '../lifecycle/deployment.ts';
import type { Inventory } from '../lifecycle/ports.ts';
import { type Found, type FoundState, keyOf } from './aws-inventory-kind.ts';
import { derivedNameOf, type Scope } from './aws-inventory-scope.ts';

const MAX_DETAIL = 10;

/** A volume goes with its instance, that with its group, that with its node group; nothing here is nested deeper. */
const MAX_NESTING = 4;

/** Its state, seeing that what goes with a thing that is being deleted is being deleted as well. */
const stateOf = (thing: Found, byKey: ReadonlyMap<string, Found>, nesting = MAX_NESTING): FoundState => {
  if (thing.state !== 'there' || nesting === 0) return thing.state;
  const makers = thing.goesWith.flatMap((key) => byKey.get(key) ?? []);
  return makers.some((maker) => stateOf(maker, byKey, nesting - 1) === 'deleting') ? 'deleting' : 'there';
};

type Reading = Awaited<ReturnType<Inventory['read']>>;

/** The answer to what one deployment has left. What is not being deleted is named first. */
export const readingOf = (found: readonly Found[]): Reading => {
  const byKey = new Map(found.map((thing) => [keyOf(thing.kind, thing.id), thing]));
  const states = [...byKey.values()].map((thing) => ({ label: thing.label, state: stateOf(thing, byKey) }));
  const there = states.filter(({ state }) => state === 'there');
  const deleting = states.filter(({ state }) => state === 'deleting');
  const left = [...there, ...deleting];
  const detail = left.slice(0, MAX_DETAIL).map(({ label }) => label);
  if (left.length === 0) return { answer: 'empty', count: 0, detail };
  return { answer: there.length > 0 ? 'leftovers' : 'deleting', count: left.length, detail };
};

export interface Owners {
  /** Of which anything exists. */
  readonly deploymentIds: readonly string[];
  /** Labels of what exists and is ours, but of which it is not known which deployment's it is. */
  readonly ownerless: readonly string[];
}

/**
 * Whose the things are, all of which are ours. One without a readable tag is that deployment's whose name it carries, if
 * its whole id is known or anything, even what is gone, tells it: of a name, only the last 12 digits are known.
 */
export const ownersOf = (found: readonly Found[], scope: Scope): Owners => {
  const ids = [...new Set([...scope.ids, ...found.map(({ tag }) => tag).filter(isDeploymentId)])];
  const owners = found
    .filter(({ state }) => state !== 'gone')
    .map((thing) => {
      if (isDeploymentId(thing.tag)) return { label: thing.label, owner: thing.tag };
      const candidates = ids.filter((id) => thing.derivedNames.includes(derivedNameOf(id)));
      return { label: thing.label, owner: candidates.length === 1 ? candidates[0] : undefined };
    });
  return {
    deploymentIds: [...new Set(owners.flatMap(({ owner }) => owner ?? []))].toSorted(),
    ownerless: owners.filter(({ owner }) => owner === undefined).map(({ label }) => label),
  };
};
