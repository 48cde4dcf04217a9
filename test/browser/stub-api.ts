import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page, Request, Route } from 'playwright-core';
import type { DeploymentJson } from '../../src/routes/schemas/deployment.ts';
import type { LedgerJson } from '../../src/routes/schemas/ledger.ts';
import type { LogsJson } from '../../src/routes/schemas/logs.ts';
import type { PipelineJson } from '../../src/routes/schemas/pipeline.ts';
import { IDLE } from '../web/page/sample-view.ts';
import { type ReplayJson, replayFixture } from './replay-fixture.ts';

export interface StubJob {
  readonly id: number;
  readonly name: string;
  readonly lines: string[];
  readonly isComplete: boolean;
}

/** What the server is to say. May be changed while a page looks at it; held answers then end. */
export interface StubApi {
  /** The run at its permalink; null: there is none. */
  view: DeploymentJson | null;
  current: DeploymentJson;
  entries: LedgerJson['entries'];
  jobs: readonly StubJob[];
  pipelineUrl: string | null;
  replay: ReplayJson | null;
  /** How long an unchanged answer is held, and whether it is said that it was. */
  holdMs: number;
  /** Nothing is answered. */
  isDown: boolean;
  /** Every request, in order. */
  readonly requests: Request[];
  /** How many questions for a view are open at this moment, and the most there ever were. */
  open: number;
  mostOpen: number;
}

const LINES_PER_PAGE = 1_000;

const json = (body: unknown, headers: Readonly<Record<string, string>> = {}) => ({
  status: 200,
  contentType: 'application/json',
  headers,
  body: JSON.stringify(body),
});

const problem = (status: number) => ({
  status,
  contentType: 'application/problem+json',
  body: JSON.stringify({ title: 'Not here', status }),
});

const tagOf = (view: DeploymentJson): string =>
  `W/"${createHash('sha256').update(JSON.stringify(view)).digest('base64url')}"`;

const answerView = async (route: Route, api: StubApi, viewOf: () => DeploymentJson | null): Promise<void> => {
  const headers = route.request().headers();
  const isHeld = headers.prefer !== undefined;
  const until = performance.now() + (isHeld ? api.holdMs : 0);
  const isSeen = () => {
    const view = viewOf();
    return view !== null && headers['if-none-match'] === tagOf(view);
  };
  while (isSeen() && !api.isDown && performance.now() < until) await delay(20);
  const view = viewOf();
  if (api.isDown) return route.abort('connectionrefused');
  if (view === null) return route.fulfill(problem(404));
  const applied: Readonly<Record<string, string>> = isHeld ? { 'preference-applied': 'wait=20' } : {};
  if (isSeen()) return route.fulfill({ status: 304, headers: { etag: tagOf(view), ...applied } });
  return route.fulfill(json(view, { etag: tagOf(view), ...applied }));
};

const pipelineOf = ({ jobs, pipelineUrl }: StubApi): Partial<PipelineJson> => ({
  web_url: pipelineUrl,
  stages: jobs.map(({ id, name }) => ({
    name,
    state: 'running',
    started_at: '2026-11-24T13:02:00.000Z',
    finished_at: null,
    jobs: [
      { id, name, state: 'running', started_at: '2026-11-24T13:02:00.000Z', finished_at: null, failure_reason: null },
    ],
  })),
});

const logsOf = ({ jobs }: StubApi, query: URLSearchParams): LogsJson | null => {
  const job = jobs.find(({ id }) => String(id) === query.get('job'));
  if (job === undefined) return null;
  const from = Number(query.get('cursor') ?? 0);
  const lines = job.lines.slice(from, from + LINES_PER_PAGE);
  const next = from + lines.length;
  return {
    job: { id: job.id, name: job.name },
    lines,
    next_cursor: String(next),
    complete: job.isComplete && next === job.lines.length,
  };
};

const answer = async (route: Route, api: StubApi): Promise<void> => {
  const request = route.request();
  const { pathname, searchParams } = new URL(request.url());
  const [, id, sub] = /^\/v1\/deployments(?:\/([^/]+))?(?:\/(\w+))?$/.exec(pathname) ?? [];
  api.requests.push(request);
  if (api.isDown) return route.abort('connectionrefused');
  if (id === undefined) return route.fulfill(json({ entries: api.entries, next_cursor: null }));
  if (sub === 'replay') return route.fulfill(api.replay === null ? problem(404) : json(api.replay));
  if (sub === 'pipeline') return route.fulfill(json(pipelineOf(api)));
  if (sub === 'logs') {
    const logs = logsOf(api, searchParams);
    return route.fulfill(logs === null ? problem(404) : json(logs));
  }
  api.open += 1;
  api.mostOpen = Math.max(api.mostOpen, api.open);
  try {
    await answerView(route, api, () => (id === 'current' ? api.current : api.view));
  } finally {
    api.open -= 1;
  }
};

/** Answers a page's questions from what the test says, in the shapes of the API's own schemas. */
export const stubApi = async (page: Page, said: Partial<StubApi> = {}): Promise<StubApi> => {
  const api: StubApi = {
    view: null,
    current: IDLE,
    entries: [],
    jobs: [],
    pipelineUrl: null,
    replay: replayFixture(),
    holdMs: 1_000,
    isDown: false,
    requests: [],
    open: 0,
    mostOpen: 0,
    ...said,
  };
  await page.route('**/v1/**', async (route) => {
    // A page that was closed, or that gave a question up, takes no answer.
    await answer(route, api).catch(() => {});
  });
  return api;
};
