import { type Static, Type } from 'typebox';
import { DeploymentReference } from './deployment.ts';
import { Instant, Reference } from './fields.ts';

/** An error, RFC 9457. Everything but the first five members is an extension member of ours. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String({ format: 'uri-reference', description: 'Stable; the page behind it explains the problem' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'For a person to read' }),
    instance: Type.String({ description: 'The path that was asked for' }),
    code: Type.String({ description: 'The last segment of `type` in capitals, for programs' }),
    request_id: Type.String({
      description: 'Quote it when you report the problem; the X-Request-Id header repeats it',
    }),
    errors: Type.Optional(
      Type.Array(Type.Object({ field: Type.String(), rule: Type.String(), message: Type.String() })),
    ),
    until: Type.Optional(Instant({ description: 'The time the problem is about, where there is one' })),
    retry_after_seconds: Type.Optional(Type.Integer({ description: 'As the Retry-After header' })),
    deployment: Type.Optional(DeploymentReference),
  },
  { $id: 'Problem' },
);

export type ProblemJson = Static<typeof ProblemSchema>;

const ProblemReference = Reference<ProblemJson>('Problem');

/** Why a route may answer with that status, for the published document. */
const MEANINGS = {
  400: 'The request is not usable; `errors` names the fields',
  401: 'A token is needed',
  403: 'The token may not do that, or the origin is not allowed',
  404: 'There is nothing like that',
  409: 'The state does not allow it; `deployment` is the state, where there is one',
  412: 'The deployment has changed since',
  413: 'The body is larger than 16 KB',
  414: 'The URL is too long',
  415: 'The body must be JSON and say so',
  422: 'Understood, but not possible',
  428: 'If-Match is needed on the alias',
  429: 'Too many requests; see Retry-After',
  500: 'Something went wrong on our side',
  503: 'Not now; see Retry-After',
} as const;

export type ProblemStatus = keyof typeof MEANINGS;

const RETRY_AFTER = { 'Retry-After': { type: 'integer', description: 'Seconds' } };

/** Where waiting helps, or where what runs will end. */
const SAYS_WHEN: readonly ProblemStatus[] = [409, 429, 503];

const responseOf = (status: ProblemStatus) => ({
  description: MEANINGS[status],
  ...(SAYS_WHEN.includes(status) ? { headers: RETRY_AFTER } : {}),
  content: { 'application/problem+json': { schema: ProblemReference } },
});

/** Can happen to every route: a bad URL, the rate limit, the unexpected, the closing server. */
const ALWAYS = [400, 414, 429, 500, 503] as const;

/** The problem responses of a route: those it names and those that can happen to every route. */
export const problems = <Status extends ProblemStatus = never>(
  ...statuses: readonly Status[]
): Record<Status | (typeof ALWAYS)[number], ReturnType<typeof responseOf>> => {
  const all = [...new Set<Status | (typeof ALWAYS)[number]>([...statuses, ...ALWAYS])].sort((a, b) => a - b);
  return Object.fromEntries(all.map((status) => [status, responseOf(status)])) as Record<
    Status | (typeof ALWAYS)[number],
    ReturnType<typeof responseOf>
  >;
};
