import type { Page } from 'playwright-core';
import { ledgerEntry } from '../web/page/sample-entry.ts';
import { IDLE, runView, type View } from '../web/page/sample-view.ts';
import {
  after,
  BUILDING_LINES,
  BUILDING_VIEW,
  BUILT_JOBS,
  DESTROY_JOBS,
  DESTROYING,
  ENTRIES,
  ETA,
  FAILED_VIEW,
  GONE_VIEW,
  job,
  LIVE_VIEW,
  PLAN_JOB,
  QUARANTINED,
} from './page-fixtures.ts';
import { replayFixture } from './replay-fixture.ts';
import type { StubApi, StubJob } from './stub-api.ts';

/** A state of the page: where it is seen, what the server says then, and what is done to get there. */
export interface PageState {
  readonly name: string;
  readonly path: '/' | 'run';
  readonly api: Partial<StubApi>;
  /** Minutes after the run was asked for. */
  readonly atMinutes: number;
  /** Whoever looks at it has started it. */
  readonly isOwn?: boolean;
  /** The heading that says that the state is reached. */
  readonly heading: string;
  readonly act?: (page: Page, api: StubApi) => Promise<void>;
}

const running = (view: View, jobs: readonly StubJob[]): Partial<StubApi> => ({
  view,
  current: view,
  entries: [...ENTRIES],
  jobs,
  replay: replayFixture(),
});

const idle: Partial<StubApi> = { entries: [...ENTRIES], replay: replayFixture() };

/** Every state that a visitor can meet. */
export const PAGE_STATES: readonly PageState[] = [
  { name: 'idle', path: '/', api: idle, atMinutes: 0, heading: 'Nothing is running' },
  {
    name: 'dialog',
    path: '/',
    api: idle,
    atMinutes: 0,
    heading: 'Nothing is running',
    act: async (page) => {
      await page.getByRole('button', { name: 'Deploy Live Demo' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'queued',
    path: 'run',
    api: running(runView({ status: 'queued', reason: 'waiting_for_runner', eta: ETA, can_destroy: true }), []),
    atMinutes: 0.2,
    isOwn: true,
    heading: 'Waiting for a build machine',
  },
  {
    name: 'deploying',
    path: 'run',
    api: running(BUILDING_VIEW, [PLAN_JOB, job(2, 'apply', BUILDING_LINES, false)]),
    atMinutes: 6.4,
    isOwn: true,
    heading: 'Building',
  },
  {
    name: 'late',
    path: 'run',
    api: running(BUILDING_VIEW, [PLAN_JOB, job(2, 'apply', BUILDING_LINES, false)]),
    atMinutes: 19,
    heading: 'Building',
  },
  {
    name: 'live',
    path: 'run',
    api: running(LIVE_VIEW, BUILT_JOBS),
    atMinutes: 31.3,
    isOwn: true,
    heading: 'Live',
  },
  {
    name: 'failing',
    path: 'run',
    api: running(
      { ...LIVE_VIEW, reason: 'link_not_answering', live_url: null, link_failing_since: after(29) },
      BUILT_JOBS,
    ),
    atMinutes: 31.3,
    isOwn: true,
    heading: 'Live, but its link does not answer',
  },
  { name: 'destroying', path: 'run', api: running(DESTROYING, DESTROY_JOBS), atMinutes: 44, heading: 'Taking it down' },
  {
    name: 'gone',
    path: 'run',
    api: {
      ...idle,
      view: GONE_VIEW,
      entries: [
        ledgerEntry({
          id: String(GONE_VIEW.id),
          deploy_seconds: 738,
          live_seconds: 1_680,
          destroy_seconds: 1_060,
          total_seconds: 3_480,
          reason: 'visitor',
          cost_usd: 0.17,
          gone_at: after(58),
        }),
        ...ENTRIES,
      ],
    },
    atMinutes: 180,
    heading: 'Gone, and proven so',
  },
  {
    name: 'failed',
    path: 'run',
    api: { ...idle, view: FAILED_VIEW, current: { ...BUILDING_VIEW, id: '01a20c0f-0000-7000-8000-00000000000b' } },
    atMinutes: 180,
    heading: 'It failed, and everything is gone',
  },
  {
    name: 'quarantined',
    path: 'run',
    api: running(QUARANTINED, DESTROY_JOBS),
    atMinutes: 200,
    heading: 'Not yet proven gone',
  },
  {
    name: 'paused',
    path: '/',
    api: {
      ...idle,
      current: { ...IDLE, can_deploy: false, blocked_reason: 'paused', blocked_detail: 'Back on Monday.' },
    },
    atMinutes: 0,
    heading: 'Nothing is running',
  },
  { name: 'missing', path: 'run', api: idle, atMinutes: 0, heading: 'There is no such run' },
  {
    name: 'offline',
    path: 'run',
    api: running(BUILDING_VIEW, [PLAN_JOB, job(2, 'apply', BUILDING_LINES, false)]),
    atMinutes: 6.4,
    heading: 'Building',
    act: async (page, api) => {
      api.isDown = true;
      await page.locator('#connection').waitFor();
    },
  },
  {
    name: 'replay',
    path: '/',
    api: idle,
    atMinutes: 0,
    heading: 'Nothing is running',
    act: async (page) => {
      await page.getByRole('button', { name: 'Watch the last run in 90 seconds' }).click();
      await page.getByRole('button', { name: 'Pause' }).first().click();
      await page.getByRole('slider').fill('26');
      await page.locator('.player .log-line').first().waitFor();
      await page.locator('.player .log-line', { hasText: 'aws_eks_cluster' }).first().waitFor();
    },
  },
];
