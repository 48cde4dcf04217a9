import type { AwsCalls } from './aws-inventory-calls.ts';
import type { AwsInventoryClients } from './aws-inventory-clients.ts';
import { type Found, foundThing, inheriting, type ResourceKind } from './aws-inventory-kind.ts';
import { belongsTo, type Scope } from './aws-inventory-scope.ts';
import { RESOURCE_ROWS } from './aws-inventory-table.ts';
import { type Nominee, nominate } from './aws-inventory-tags.ts';

const KINDS = RESOURCE_ROWS.flat();

export interface SurveyOptions {
  readonly clients: AwsInventoryClients;
  readonly calls: AwsCalls;
  readonly region: string;
}

/** A nominee that its own Describe does not know. It is gone, but still tells which deployment it was of. */
const goneNominee = ({ kind, id, tag, mark, derivedNames }: Nominee): Found => ({
  ...foundThing({ kind: kind.type, id, state: 'gone' }),
  tag,
  mark,
  derivedNames,
});

/** What was found, knowing also what the tagging API says of it, and what it named that is gone. */
const withNominees = (found: readonly Found[], nominees: readonly Nominee[]): readonly Found[] => {
  const nominated = new Map(nominees.map((nominee) => [nominee.id, nominee]));
  const known = new Set(found.map(({ id }) => id));
  return [
    ...found.map((thing) => inheriting(thing, nominated.get(thing.id))),
    ...[...nominated.values()].filter(({ id }) => !known.has(id)).map(goneNominee),
  ];
};

/**
 * Everything within the scope that any service knows, what is gone included: asked kind by kind in the order of the
 * table. Throws `InventoryUnknownError` if any of it is not known for sure.
 */
export const survey = async (options: SurveyOptions, scope: Scope): Promise<readonly Found[]> => {
  const { clients, calls } = options;
  const nominees = await nominate({ ...options, kinds: KINDS }, scope);
  let before: readonly Found[] = [];

  const ask = async (kind: ResourceKind): Promise<readonly Found[]> => {
    const own = nominees.filter((nominee) => nominee.kind === kind);
    const nominated = [...new Set(own.map(({ id }) => id))];
    const found = await kind.find({ clients, calls, scope, nominated, before });
    return withNominees(found, own).filter((thing) => belongsTo(scope, thing));
  };

  for (const row of RESOURCE_ROWS) {
    const found = await Promise.all(row.map(ask));
    before = [...before, ...found.flat()];
  }
  return before;
};
