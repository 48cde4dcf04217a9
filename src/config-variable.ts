import { type TSchema, Type } from 'typebox';

export type Mode = 'aws' | 'local';

/** What a variable is when it is not set: a value, written as one would set it, or one of the other three. */
export type Default =
  | { readonly kind: 'value'; readonly text: string }
  /** Nothing, and what that means. */
  | { readonly kind: 'none'; readonly meaning: string }
  /** It has to be set. */
  | { readonly kind: 'needed' }
  /** It must not be set: it has no meaning in this mode. */
  | { readonly kind: 'refused' };

export const NEEDED: Default = Object.freeze({ kind: 'needed' });
export const REFUSED: Default = Object.freeze({ kind: 'refused' });

/** The default is this value. */
export const value = (text: string | number): Default => ({ kind: 'value', text: String(text) });

/** There is no value by default, and that means this. */
export const none = (meaning: string): Default => ({ kind: 'none', meaning });

/** A text taken as a value, or the part of it that could not be. */
export type Reading =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly offending: string };

/** What one variable of the environment is called, means, accepts and defaults to. */
export interface Variable {
  readonly name: string;
  readonly purpose: string;
  readonly aws: Default;
  readonly local: Default;
  /** What is accepted, to be read after "expected". */
  readonly allowed: string;
  /** True when what was found must never be shown. */
  readonly secret: boolean;
  readonly whenUnset: null | readonly never[];
  /** Takes the text as a value; whether that value is in range is for the schema to say. */
  read(text: string): Reading;
}

/** What is said about a variable where it stands in the schema; the rest follows from its kind. */
export type Details = Pick<Variable, 'name' | 'purpose' | 'aws' | 'local'>;

/** Names a variable and says what it is for, with its default in both modes. */
export const details = (name: string, aws: Default, local: Default, purpose: string): Details => ({
  name,
  aws,
  local,
  purpose,
});

/** The same with one default for both modes. */
export const detailsOfBoth = (name: string, standard: string | number, purpose: string): Details =>
  details(name, value(standard), value(standard), purpose);

const KEYWORD = 'variable';

const isVariable = (candidate: unknown): candidate is Variable =>
  typeof candidate === 'object' && candidate !== null && 'read' in candidate && 'purpose' in candidate;

/** The variable that a part of the schema is read from; null for a group of them. */
export const variableOf = (schema: TSchema): Variable | null => {
  const candidate: unknown = KEYWORD in schema ? schema[KEYWORD] : null;
  return isVariable(candidate) ? candidate : null;
};

/** A reader of the whole text, made of a function that answers undefined for what it does not understand. */
export const wholly =
  (understand: (text: string) => unknown) =>
  (text: string): Reading => {
    const understood = understand(text);
    return understood === undefined ? { ok: false, offending: text } : { ok: true, value: understood };
  };

/** Schema options that make a schema a variable. */
export const variable = (
  about: Details,
  kind: Pick<Variable, 'allowed' | 'read'> & Partial<Pick<Variable, 'secret' | 'whenUnset'>>,
) => {
  const complete: Variable = Object.freeze({ secret: false, whenUnset: null, ...about, ...kind });
  return { [KEYWORD]: complete };
};

/** The same variable, which may also be null because it has no value by default. */
export const orNull = <Schema extends TSchema>(schema: Schema) =>
  Type.Union([schema, Type.Null()], { [KEYWORD]: variableOf(schema) });

const childrenOf = (schema: TSchema): readonly [string, TSchema][] =>
  Type.IsObject(schema) ? Object.entries(schema.properties) : [];

/** Builds the object that a schema describes, group by group, from one value per variable. */
export const build = (schema: TSchema, leaf: (schema: TSchema, variable: Variable) => unknown): unknown => {
  const found = variableOf(schema);
  if (found !== null) return leaf(schema, found);
  return Object.fromEntries(childrenOf(schema).map(([key, child]) => [key, build(child, leaf)]));
};
