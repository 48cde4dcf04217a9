import { PROBLEM_CODES, problemKind, problemSlug } from '../../../src/routes/problem-table.ts';
import { type Answered, idsWithResources, type Look } from './facts.ts';

/** Health answers in its own form while it is not well. */
const HEALTH_PATHS = ['/healthz', '/readyz'];

const DOCUMENTED_503 = PROBLEM_CODES.filter((code) => problemKind(code).status === 503).map(problemSlug);

const parsed = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
};

/** Nobody is told that something went wrong on our side, but that he should come again and when. */
export const isDocumented = ({ status, path, contentType, text }: Answered): boolean => {
  if (status < 500) return true;
  if (HEALTH_PATHS.includes(path)) return status === 503;
  const slug =
    String(parsed(text).type ?? '')
      .split('/')
      .at(-1) ?? '';
  return status === 503 && contentType.startsWith('application/problem+json') && DOCUMENTED_503.includes(slug);
};

/** The id of a start that was taken; null for any other answer. */
export const startedBy = ({ method, path, status, text }: Answered): string | null =>
  method === 'POST' && path === '/v1/deployments' && status === 201 ? String(parsed(text).id) : null;

/** A view may be a second old, and the clock that counts it runs on while the answer is on its way. */
const VIEW_AGE_MS = 1_250;
const LOOKS_KEPT = 400;

const saysIdle = ({ method, path, status, text }: Answered): boolean =>
  method === 'GET' && path === '/v1/deployments/current' && status === 200 && parsed(text).status === 'idle';

/**
 * Makes the rule about `idle`: nobody is told so while anything exists. An answer is held against the looks from before
 * it can have been read until after it came; what is in all of them was there whenever it was read.
 */
export const createIdleRule = () => {
  const looks: Look[] = [];
  let waiting: readonly Answered[] = [];

  const breaks = (answer: Answered): readonly string[] => {
    const first = looks.findLastIndex(({ at }) => at <= answer.sentAt - VIEW_AGE_MS);
    const last = looks.findIndex(({ at }) => at >= answer.at);
    if (first === -1 || last === -1) return [];
    const sets = looks.slice(first, last + 1).map(({ after }) => idsWithResources(after));
    const always = [...(sets[0] ?? [])].filter((id) => sets.every((set) => set.has(id)));
    return always.map((id) => `${answer.seat} says idle while something of ${id} exists`);
  };

  return {
    answered: (answer: Answered): void => {
      if (saysIdle(answer)) waiting = [...waiting, answer];
    },
    looked: (look: Look): readonly string[] => {
      looks.push(look);
      if (looks.length > LOOKS_KEPT) looks.shift();
      const due = waiting.filter(({ at }) => at <= look.at);
      waiting = waiting.filter(({ at }) => at > look.at);
      return due.flatMap(breaks);
    },
  };
};
