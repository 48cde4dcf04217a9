import type { InventoryAction } from './aws-actions.ts';
import { errorCode } from './error-code.ts';

/** So many requests of one reading are under way at once; AWS counts them per account, and others share it. */
const MAX_IN_FLIGHT = 4;

/** A list longer than this is not the list of somebody who runs one demo at a time; whether it ends is not known. */
const MAX_PAGES = 20;

/** Nothing is known for sure, and why: an IAM action and one word of an error, never an account id or an ARN. */
export class InventoryUnknownError extends Error {
  override readonly name = 'InventoryUnknownError';
}

export interface Page<Item> {
  /** Undefined when the answer had no such list. */
  readonly items: readonly Item[] | undefined;
  readonly next: string | undefined;
}

/** How the kinds ask. Whatever cannot be relied on throws `InventoryUnknownError`. */
export interface AwsCalls {
  /** Null when the service answers with one of these errors, by which it says that there is no such thing. */
  askOrAbsent<Answer>(
    action: InventoryAction,
    absentErrors: readonly string[],
    send: (signal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer | null>;
  /** The whole list; it ends where the service says that there is no such thing, by one of these errors. */
  pages<Item>(
    action: InventoryAction,
    send: (signal: AbortSignal, token: string | undefined) => Promise<Page<Item>>,
    absentErrors?: readonly string[],
  ): Promise<readonly Item[]>;
}

/**
 * The list that an answer must have. The SDK reads a body that is empty, or that is some other document, as an answer
 * without any fields and without an error, and that must never look like an empty list.
 */
export const listOf = <Item>(action: InventoryAction, items: readonly Item[] | undefined): readonly Item[] => {
  if (items === undefined) throw new InventoryUnknownError(`${action}: an answer without its list`);
  return items;
};

/** Lets so many through at once, the others in the order in which they came. */
const createGate = (places: number) => {
  let free = places;
  const waiting: (() => void)[] = [];
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
};

/** Makes the calls of one reading. After the signal nothing more is sent. */
export const createAwsCalls = (signal: AbortSignal): AwsCalls => {
  const gate = createGate(MAX_IN_FLIGHT);

  const attempt = async <Answer>(
    action: InventoryAction,
    absentErrors: readonly string[],
    send: (signal: AbortSignal) => Promise<Answer>,
  ): Promise<{ readonly answer: Answer } | null> => {
    try {
      return await gate(async () => {
        signal.throwIfAborted();
        return { answer: await send(signal) };
      });
    } catch (error) {
      if (error instanceof Error && absentErrors.includes(error.name)) return null;
      throw new InventoryUnknownError(`${action}: ${errorCode(error)}`);
    }
  };

  return {
    askOrAbsent: async (action, absentErrors, send) => (await attempt(action, absentErrors, send))?.answer ?? null,

    pages: async <Item>(
      action: InventoryAction,
      send: (signal: AbortSignal, token: string | undefined) => Promise<Page<Item>>,
      absentErrors: readonly string[] = [],
    ) => {
      const items: Item[] = [];
      const tokens = new Set<string>();
      let token: string | undefined;
      for (let page = 0; page < MAX_PAGES; page += 1) {
        const attempted = await attempt(action, absentErrors, (pageSignal) => send(pageSignal, token));
        if (attempted === null) return items;
        const { items: more, next } = attempted.answer;
        items.push(...listOf(action, more));
        // Some services end with an empty token, others with none.
        if (next === undefined || next === '') return items;
        if (tokens.has(next)) throw new InventoryUnknownError(`${action}: a page that leads back`);
        tokens.add(next);
        token = next;
      }
      throw new InventoryUnknownError(`${action}: more than ${MAX_PAGES} pages`);
    },
  };
};
