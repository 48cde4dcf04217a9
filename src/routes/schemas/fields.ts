import { type TSchemaOptions, Type } from 'typebox';

/** Fields that several schemas share. Instants are ISO 8601 in UTC with milliseconds. */

export const Instant = (options: TSchemaOptions = {}) => Type.String({ format: 'date-time', ...options });

// `type: [x, 'null']` and not `anyOf`: shorter to read in the published document and quicker to serialise.
export const NullableInstant = (options: TSchemaOptions = {}) =>
  Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'date-time', ...options });

export const NullableString = (options: TSchemaOptions = {}) =>
  Type.Unsafe<string | null>({ type: ['string', 'null'], ...options });

export const NullableInteger = (options: TSchemaOptions = {}) =>
  Type.Unsafe<number | null>({ type: ['integer', 'null'], ...options });

/** A string out of a fixed list. */
export const OneOf = <const Values extends readonly string[]>(values: Values, options: TSchemaOptions = {}) =>
  Type.Unsafe<Values[number]>({ type: 'string', enum: [...values], ...options });

/** A reference to a shared schema, typed as what it stands for. */
export const Reference = <T>(id: string) => Type.Unsafe<T>({ $ref: `${id}#` });

/** `:id` of every deployment route. Any string is taken, because an unknown id is a 404 and not a 400. */
export const DeploymentParams = Type.Object({
  id: Type.String({ description: 'A deployment id (UUID, lower case), or `current` for the running one' }),
});
