import type { GitlabAnswer } from './gitlab-exchange.ts';
import { unusable } from './gitlab-failure.ts';
import { isFields } from './json-fields.ts';

const isJson = (answer: GitlabAnswer): boolean =>
  /^application\/(?:[\w.+-]+\+)?json\b/i.test(answer.headers['content-type'] ?? '');

/** True for a web page, which is what an edge or a login puts in the place of an answer. */
export const isWebPage = (answer: GitlabAnswer): boolean =>
  /^\s*(?:text\/html|application\/xhtml)/i.test(answer.headers['content-type'] ?? '');

const parse = (answer: GitlabAnswer): unknown => {
  if (answer.isCut) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(answer.bytes));
  } catch {
    return undefined;
  }
};

/** The JSON of an answer that says it is JSON; undefined for a page, a text, or JSON that is cut or broken. */
export const jsonOf = (answer: GitlabAnswer): unknown => (isJson(answer) ? parse(answer) : undefined);

/** The JSON of a 2xx answer. Throws `DemoError` PIPELINES_UNAVAILABLE for anything else; `what` names the question. */
export const expectJson = (answer: GitlabAnswer, what: string): unknown => {
  const json = answer.status >= 200 && answer.status < 300 ? jsonOf(answer) : undefined;
  if (json === undefined) throw unusable(`${what}: ${answer.status} without usable JSON`);
  return json;
};

/** The JSON of a file in an artifact, whose content type is whatever the storage says, but not a web page. */
export const expectFile = (answer: GitlabAnswer, what: string): unknown => {
  const isFine = answer.status >= 200 && answer.status < 300 && !isWebPage(answer);
  const json = isFine ? parse(answer) : undefined;
  if (json === undefined) throw unusable(`${what}: ${answer.status} without a usable file`);
  return json;
};

const MAX_ERROR_CHARS = 300;

const textsOf = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.filter((part) => typeof part === 'string');
  return isFields(value) ? [...textsOf(value.base), ...textsOf(value.error)] : [];
};

/**
 * The text of a JSON error in any of GitLab's shapes: `{"message": "…"}`, `{"message": {"base": ["…"]}}`,
 * `{"message": {"error": "…"}}`, `{"error": "…"}`. Null when the answer is none of them. At most 300 characters.
 */
export const errorTextOf = (answer: GitlabAnswer): string | null => {
  const json = jsonOf(answer);
  if (!isFields(json)) return null;
  const texts = [...textsOf(json.message), ...textsOf(json.error)];
  return texts.length === 0 ? null : texts.join(', ').slice(0, MAX_ERROR_CHARS);
};

/**
 * True when GitLab itself says that the thing asked for does not exist. A page from the edge, an unknown route and
 * "404 Project Not Found" (which is also what a token without the project gets) say nothing about the thing.
 */
export const saysNotFound = (answer: GitlabAnswer): boolean => {
  if (answer.status !== 404 || answer.isForeign) return false;
  const json = jsonOf(answer);
  const message = isFields(json) ? json.message : undefined;
  return typeof message === 'string' && /^404 (?:(?:pipeline|job|build|artifact|file)s? )?not found$/i.test(message);
};
