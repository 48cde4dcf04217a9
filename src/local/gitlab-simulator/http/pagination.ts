import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendParameterError } from './api-errors.ts';
import { queryOf } from './query.ts';

const DEFAULT_PER_PAGE = 20;
const MAX_PER_PAGE = 100;

function positive(text: string | undefined, otherwise: number): number | null {
  if (text === undefined) return otherwise;
  return /^\d{1,9}$/.test(text) && Number(text) > 0 ? Number(text) : null;
}

function linkHeader(url: URL, pages: Readonly<Record<string, number | null>>): string {
  return Object.entries(pages)
    .flatMap(([relation, page]) => {
      if (page === null) return [];
      url.searchParams.set('page', String(page));
      return [`<${url.href}>; rel="${relation}"`];
    })
    .join(', ');
}

/**
 * Sends one page of a list with GitLab's offset pagination headers: `x-next-page` is empty on the last page and `link`
 * carries first, last and, where there are such, next and prev. `view` is asked only for the items of the page.
 */
export function sendPage<Item>(
  request: FastifyRequest,
  reply: FastifyReply,
  items: readonly Item[],
  view: (item: Item) => unknown,
): FastifyReply {
  const query = queryOf(request);
  const page = positive(query.page, 1);
  const wanted = positive(query.per_page, DEFAULT_PER_PAGE);
  if (page === null) return sendParameterError(reply, 'page is invalid');
  if (wanted === null) return sendParameterError(reply, 'per_page is invalid');
  const perPage = Math.min(wanted, MAX_PER_PAGE);
  const totalPages = Math.max(1, Math.ceil(items.length / perPage));
  const next = page < totalPages ? page + 1 : null;
  const previous = page > 1 ? page - 1 : null;
  const url = new URL(request.url, `http://${request.host}`);
  url.searchParams.set('per_page', String(perPage));
  return reply
    .headers({
      'x-page': String(page),
      'x-per-page': String(perPage),
      'x-next-page': String(next ?? ''),
      'x-prev-page': String(previous ?? ''),
      'x-total': String(items.length),
      'x-total-pages': String(totalPages),
      link: linkHeader(url, { prev: previous, next, first: 1, last: totalPages }),
    })
    .send(items.slice((page - 1) * perPage, page * perPage).map(view));
}
