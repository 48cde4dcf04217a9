import type { GitlabClient } from './gitlab-client.ts';
import type { GitlabAnswer } from './gitlab-exchange.ts';
import { unusable } from './gitlab-failure.ts';
import { expectJson } from './gitlab-json.ts';

/** GitLab's largest page (https://docs.gitlab.com/api/rest/#pagination). */
const PER_PAGE = 100;

/**
 * The number of the page after this one, null on the last. `x-next-page` says it, else the `link` header does, else
 * a full page is taken to have a successor. The link itself is never followed: only its page number is used.
 */
const nextPage = (answer: GitlabAnswer, page: number, rows: number): number | null => {
  const next = answer.headers['x-next-page'];
  if (next !== undefined) return next === '' ? null : Number(next);
  const link = answer.headers.link;
  if (link === undefined) return rows < PER_PAGE ? null : page + 1;
  const target = /<([^>]{1,2000})>;\s*rel="?next"?/.exec(link)?.[1];
  return target === undefined ? null : Number(URL.parse(target, 'https://gitlab.invalid/')?.searchParams.get('page'));
};

/**
 * Every row of a list, over all its pages. A list of more than `maxPages` pages, or one whose paging makes no sense,
 * throws `DemoError` PIPELINES_UNAVAILABLE: a part of a list proves nothing.
 */
export const readPages = async (
  client: GitlabClient,
  list: { readonly path: string; readonly query: Readonly<Record<string, string>>; readonly maxPages: number },
): Promise<readonly unknown[]> => {
  const rows: unknown[] = [];
  let page: number | null = 1;
  for (let read = 0; page !== null; read += 1) {
    if (read === list.maxPages) throw unusable(`${list.path}: more than ${list.maxPages} pages`);
    const query = { ...list.query, per_page: PER_PAGE, page };
    const answer = await client.send({ method: 'GET', path: list.path, query, isRepeatable: true });
    const json = expectJson(answer, list.path);
    if (!Array.isArray(json)) throw unusable(`${list.path}: not a list`);
    rows.push(...json);
    const next = nextPage(answer, page, json.length);
    if (next !== null && !(Number.isSafeInteger(next) && next > page)) throw unusable(`${list.path}: no next page`);
    page = next;
  }
  return rows;
};
