import { createGuardedRequest, type GuardOptions } from './http-guarded-request.ts';

export interface GuardedAnswer {
  readonly status: number;
  /** At most the first 64 KB. */
  readonly text: string;
}

/** One GET; null when there is no answer, or none may be asked for. Never throws. */
export type GuardedGet = (url: URL) => Promise<GuardedAnswer | null>;

/** Makes a GET for addresses that came from outside, with the guards of every such request and without credentials. */
export const createGuardedGet = (options: GuardOptions): GuardedGet => {
  const send = createGuardedRequest(options);
  const headers = { accept: '*/*', 'accept-encoding': 'identity' };
  return async (url) => {
    const outcome = await send({ method: 'GET', url, headers, wantsText: true });
    return outcome.kind === 'answered' ? outcome : null;
  };
};
