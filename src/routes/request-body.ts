import type { IncomingHttpHeaders } from 'node:http';

/** Whether a body comes with a request. One that says nothing of it has none (RFC 9112 section 6.3). */
export const announcesBody = ({ headers }: { readonly headers: IncomingHttpHeaders }): boolean =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
