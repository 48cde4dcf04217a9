import { inspect } from 'node:util';

const HIDDEN = '[hidden]';

/** A value that must not leak by accident: whoever needs it says `reveal()`, everything else sees `[hidden]`. */
export interface Secret {
  reveal(): string;
  toString(): string;
  toJSON(): string;
}

/**
 * Wraps a value. `JSON.stringify`, `String`, template literals and `util.inspect` (so console and error reports too)
 * show `[hidden]`; the value itself lives in a closure and is no property that could be listed or copied.
 */
export const createSecret = (value: string): Secret =>
  Object.freeze({
    reveal: () => value,
    toString: () => HIDDEN,
    toJSON: () => HIDDEN,
    [inspect.custom]: () => HIDDEN,
  });
