import type { IncomingHttpHeaders } from 'node:http';
import type { PublicView } from '../lifecycle/view.ts';
import { etagOf, namesTag } from './etag.ts';
import { waitSecondsOf } from './prefer.ts';

/** What is needed of a request, the framework's or Node's own. */
export interface Reading {
  readonly method?: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** Whether the client has seen this view. */
export const isUnchanged = ({ headers }: Reading, view: PublicView): boolean => {
  const seen = headers['if-none-match'];
  return seen !== undefined && namesTag(seen, etagOf(view));
};

/** For how many seconds this answer is to be held; 0 for not at all. */
export const waitSecondsFor = (reading: Reading, view: PublicView): number => {
  const { prefer } = reading.headers;
  // A HEAD asks how things are, not to be told when they change.
  if (prefer === undefined || reading.method !== 'GET' || !isUnchanged(reading, view)) return 0;
  // `*` is true of every view, so no change would ever be told.
  if (reading.headers['if-none-match']?.trim() === '*') return 0;
  return waitSecondsOf(Array.isArray(prefer) ? prefer.join() : prefer);
};
