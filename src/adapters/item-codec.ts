/**
 * Both directions between our values and the plain values of an item, from one description. Writing cannot fail;
 * reading believes nothing: whatever does not fit throws with its place in the item, never with its value.
 */
export interface Codec<T> {
  readonly encode: (value: T) => unknown;
  /** Throws `BrokenItem`. `at` says where in the item this is. */
  readonly decode: (raw: unknown, at: string) => T;
}

/** One codec per field of T. */
export type Fields<T> = { readonly [K in keyof T]-?: Codec<T[K]> };

/** An item in the table is not what we write: another version wrote it, or somebody edited it by hand. */
export class BrokenItem extends Error {
  override readonly name = 'BrokenItem';

  constructor(at: string, expected: string) {
    super(`The stored ${at} is not ${expected}`);
  }
}

type Plain = Readonly<Record<string, unknown>>;

const isPlain = (raw: unknown): raw is Plain => typeof raw === 'object' && raw !== null && !Array.isArray(raw);

/** Attributes are named in snake_case, as is usual in the table's console and in Terraform. */
export const attributeName = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const checked = <T>(expected: string, holds: (raw: unknown) => raw is T): Codec<T> => ({
  encode: (value) => value,
  decode: (raw, at) => {
    if (!holds(raw)) throw new BrokenItem(at, expected);
    return raw;
  },
});

export const text: Codec<string> = checked('a text', (raw): raw is string => typeof raw === 'string');

export const flag: Codec<boolean> = checked('a yes or no', (raw): raw is boolean => typeof raw === 'boolean');

/** Ids, counts, instants and durations. */
export const integer: Codec<number> = checked('a whole number', (raw): raw is number => Number.isSafeInteger(raw));

/** Money. */
export const amount: Codec<number> = checked('a number', (raw): raw is number => Number.isFinite(raw));

/** One of the given words; the record forces every word of the type to be named. */
export const word = <T extends string>(words: Readonly<Record<T, true>>): Codec<T> =>
  checked(
    `one of ${Object.keys(words).join(', ')}`,
    (raw): raw is T => typeof raw === 'string' && Object.hasOwn(words, raw),
  );

export const nullable = <T>(codec: Codec<T>): Codec<T | null> => ({
  encode: (value) => (value === null ? null : codec.encode(value)),
  decode: (raw, at) => (raw === null ? null : codec.decode(raw, at)),
});

/**
 * For a field that records of an earlier version do not have: what is missing reads as this. While a new version
 * takes over from an old one, both work on the same record.
 */
export const addedLater = <T>(codec: Codec<T>, missing: T): Codec<T> => ({
  encode: codec.encode,
  decode: (raw, at) => (raw === undefined ? missing : codec.decode(raw, at)),
});

export const list = <T>(codec: Codec<T>): Codec<readonly T[]> => ({
  encode: (values) => values.map(codec.encode),
  decode: (raw, at) => {
    if (!Array.isArray(raw)) throw new BrokenItem(at, 'a list');
    return raw.map((element, index) => codec.decode(element, `${at}[${index}]`));
  },
});

/** Values by a key of the caller's, which is kept as it is. */
export const byKey = <T>(codec: Codec<T>): Codec<Readonly<Record<string, T>>> => ({
  encode: (values) => Object.fromEntries(Object.entries(values).map(([key, value]) => [key, codec.encode(value)])),
  decode: (raw, at) => {
    if (!isPlain(raw)) throw new BrokenItem(at, 'a map');
    return Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, codec.decode(value, `${at}.${key}`)]));
  },
});

/** The attributes of those fields of `values` that are set; what is not among the fields is never written. */
export const encodeFields = <T extends object>(fields: Fields<T>, values: Partial<T>): Record<string, unknown> => {
  const attributes: Record<string, unknown> = {};
  for (const field in fields) {
    const value = values[field];
    if (value !== undefined) attributes[attributeName(field)] = fields[field].encode(value);
  }
  return attributes;
};

/** Throws `BrokenItem` for the first field that is missing or of the wrong kind. Other attributes are ignored. */
export const decodeFields = <T extends object>(fields: Fields<T>, raw: Plain, at: string): T => {
  const values: Partial<T> = {};
  for (const field in fields) {
    const name = attributeName(field);
    values[field] = fields[field].decode(raw[name], `${at}.${name}`);
  }
  // Every field was decoded in the loop, since `Fields` names all of them.
  return values as T;
};

export const record = <T extends object>(fields: Fields<T>): Codec<T> => ({
  encode: (value) => encodeFields(fields, value),
  decode: (raw, at) => {
    if (!isPlain(raw)) throw new BrokenItem(at, 'a map');
    return decodeFields(fields, raw, at);
  },
});

/** A union of records that is told apart by the word in the field `tag`. */
export const tagged = <Tag extends string, T extends Readonly<Record<Tag, string>>>(
  tag: Tag,
  variants: { readonly [Word in T[Tag]]: Codec<Extract<T, Readonly<Record<Tag, Word>>>> },
): Codec<T> => {
  const variantOf = (value: string): Codec<T> | undefined =>
    // The variant under a word is the codec of exactly the members that carry it.
    Object.hasOwn(variants, value) ? (variants[value as T[Tag]] as unknown as Codec<T>) : undefined;
  return {
    encode: (value) => variantOf(value[tag])?.encode(value),
    decode: (raw, at) => {
      const found = isPlain(raw) ? raw[attributeName(tag)] : undefined;
      const variant = typeof found === 'string' ? variantOf(found) : undefined;
      if (variant === undefined)
        throw new BrokenItem(`${at}.${attributeName(tag)}`, `one of ${Object.keys(variants).join(', ')}`);
      return variant.decode(raw, at);
    },
  };
};
