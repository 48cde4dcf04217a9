import type { Clock } from '../lifecycle/ports.ts';

/** Where the access token comes from. The previous version helps while a rotation has not reached everybody. */
export interface TokenSource {
  /** May be cached. */
  current(): Promise<string>;
  /** A newer one than the one that was refused, past every cache; null if there is none. */
  refresh(refused: string): Promise<string | null>;
  /** The version before the newest; null if there is none. */
  previous(): Promise<string | null>;
}

/** For so long the previous version is tried first once it worked, so that not every request begins with a 401. */
const FALLBACK_MS = 60_000;

/** The tokens to try for one request, and the memory of which one worked. */
export interface TokenOrder {
  /** At most four, each a different one; asked for lazily. Rejects as the source does. */
  candidates(): AsyncGenerator<string, void, undefined>;
  /** The token was accepted. */
  accepted(token: string): void;
}

/** Makes the order: what worked lately in place of the current one, the current, the newest, the previous version. */
export const createTokenOrder = (source: TokenSource, clock: Pick<Clock, 'monotonicMs'>): TokenOrder => {
  let fallback: { readonly token: string; readonly untilMs: number } | null = null;
  let firstChoice: string | null = null;

  return {
    async *candidates() {
      const tried = new Set<string>();
      const isNew = (token: string | null): token is string => {
        if (token === null || tried.has(token)) return false;
        tried.add(token);
        return true;
      };
      if (fallback !== null && clock.monotonicMs() >= fallback.untilMs) fallback = null;
      if (fallback !== null && isNew(fallback.token)) yield fallback.token;
      const current = await source.current();
      firstChoice = current;
      if (isNew(current)) yield current;
      const newest = await source.refresh(current);
      if (newest !== null) firstChoice = newest;
      if (isNew(newest)) yield newest;
      const previous = await source.previous();
      if (isNew(previous)) yield previous;
    },
    accepted(token) {
      if (token === fallback?.token) return;
      fallback = token === firstChoice ? null : { token, untilMs: clock.monotonicMs() + FALLBACK_MS };
    },
  };
};
