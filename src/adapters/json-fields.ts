/** A JSON object whose fields are still to be checked. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object: neither an array nor null. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
