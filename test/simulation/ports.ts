import type { Instant, Policy } from '../../src/lifecycle/deployment.ts';
import { DemoError } from '../../src/lifecycle/errors.ts';
import type { ObservedPipeline } from '../../src/lifecycle/observation.ts';
import type { Inventory, LiveProbe, Pipelines, Preflight, SecondDestroyer } from '../../src/lifecycle/ports.ts';
import { createTimeoutMs } from '../../src/policies.ts';
import type { Dice } from '../fakes/dice.ts';
import type { Cloud } from './cloud.ts';
import type { Request, Send } from './delivery.ts';
import type { Events } from './events.ts';
import { type Gitlab, isTerminal, type Pipeline } from './gitlab.ts';
import type { Invariants } from './invariants.ts';
import type { RequestName } from './plan.ts';
import type { Schedules } from './second-destroyer.ts';
import type { Trouble } from './trouble.ts';

export interface PortDeps {
  readonly events: Pick<Events<unknown>, 'now'>;
  readonly dice: Dice;
  readonly trouble: Trouble;
  readonly send: Send;
  readonly cloud: Cloud;
  readonly gitlab: Gitlab;
  readonly schedules: Schedules;
  readonly invariants: Invariants;
  readonly policy: Policy;
  /** Whose record stands, without asking. */
  readonly holder: () => string | null;
}

/** What an adapter takes to give up a question, retries included. */
const ASK_TIMEOUT_MS = 21_000;
const CRAWLING_MS = 20_000;
/** GitLab ends a web request after this, so what was sent is carried out by then or never (research: 60 s). */
const GITLAB_REQUEST_MS = 60_000;
/** Less than the gap of the proof: what an inventory shows may be this old. */
const INVENTORY_LAG_MS = 4 * 60_000;

const SHA = 'a'.repeat(40);

const fails = (code: 'PIPELINES_UNAVAILABLE' | 'SECOND_DESTROYER_UNAVAILABLE') => (): never => {
  throw new DemoError(code);
};

const observed = (pipeline: Pipeline, isOdd: boolean): ObservedPipeline => {
  const { direction, deploymentId, requestId } = pipeline.request;
  const state = pipeline.state === 'canceling' || isOdd ? 'running' : pipeline.state;
  const job = { stage: direction, failureReason: null };
  const named = { ...job, id: pipeline.id * 10 + 1, name: direction, state, startedAt: pipeline.startedAt };
  const stop = { ...job, id: pipeline.id * 10 + 2, name: 'stop', state: 'running' as const, finishedAt: null };
  return {
    id: pipeline.id,
    name: `demo ${direction} ${deploymentId} ${requestId}`,
    status: isOdd ? 'of-another-kind' : pipeline.state,
    terminal: isTerminal(pipeline) && !isOdd,
    sha: SHA,
    webUrl: `https://gitlab.example/p/${pipeline.id}`,
    createdAt: pipeline.createdAt,
    startedAt: pipeline.startedAt,
    finishedAt: pipeline.finishedAt,
    jobs: [
      { ...named, finishedAt: isOdd ? null : pipeline.finishedAt },
      ...(pipeline.stopJobAt === null ? [] : [{ ...stop, startedAt: pipeline.stopJobAt }]),
    ],
  };
};

/** GitLab, as the lifecycle asks it. */
export const createPipelines = ({ events, dice, trouble, send, gitlab, invariants, policy }: PortDeps): Pipelines => {
  const ask = <T>(name: RequestName, carryOut: () => T, timeoutMs = ASK_TIMEOUT_MS): Promise<T> => {
    const isRefused = (): boolean => trouble.isOut('gitlab') || (trouble.isOut('gitlab-slow') && dice(2) === 0);
    const lost = fails('PIPELINES_UNAVAILABLE');
    return send({
      name,
      carryOut,
      isRefused,
      refused: lost,
      lost,
      hangs: () => trouble.isOut('gitlab-hangs'),
      // Correct, and only a little faster than it would be given up.
      crawlsMs: () => (trouble.isOut('gitlab-crawls') ? Math.min(timeoutMs, CRAWLING_MS) - 2_000 - dice(6_000) : 0),
      timeoutMs,
      lateMs: GITLAB_REQUEST_MS,
    });
  };
  const isHidden = ({ hiddenUntil }: Pipeline): boolean => events.now() < hiddenUntil;
  const known = (deploymentId: string): readonly Pipeline[] =>
    gitlab.of(deploymentId).filter((pipeline) => !isHidden(pipeline));
  return {
    create: (request) => {
      const send = invariants.onSend(request);
      return ask(
        'create',
        () => {
          invariants.onArrived(request, send);
          const refusal = trouble.nextRefusal();
          if (refusal?.ofTwo) gitlab.create(request);
          if (refusal !== null) return { kind: 'refused', reason: 'ref_not_found', retryable: refusal.retryable };
          const { id } = gitlab.create(request);
          return { kind: 'created', pipelineId: id, sha: SHA, webUrl: `https://gitlab.example/p/${id}` };
        },
        createTimeoutMs(policy),
      );
    },
    list: (deploymentId) =>
      ask('list', () =>
        known(deploymentId).map((pipeline) => ({
          id: pipeline.id,
          direction: pipeline.request.direction,
          requestId: pipeline.request.requestId,
          terminal: isTerminal(pipeline) && !trouble.isOut('odd-statuses'),
          running: pipeline.state === 'running',
          sha: SHA,
          webUrl: `https://gitlab.example/p/${pipeline.id}`,
        })),
      ),
    read: (id) =>
      ask('read', () => {
        const pipeline = gitlab.find(id);
        return pipeline === null || isHidden(pipeline) ? null : observed(pipeline, trouble.isOut('odd-statuses'));
      }),
    cancel: (id) =>
      ask('cancel', () => {
        const pipeline = gitlab.find(id);
        if (pipeline !== null) gitlab.cancel(pipeline);
      }),
    liveUrl: (jobId, deploymentId) =>
      ask('liveUrl', () => {
        const pipeline = gitlab.find(Math.floor(jobId / 10));
        if (pipeline?.state !== 'succeeded') return null;
        if (pipeline.behaviour.foreignLink) throw new DemoError('OUTPUTS_INVALID');
        return `https://${deploymentId.slice(-12)}.demos.example/`;
      }),
  };
};

type Looked<T> = Pick<Request<T>, 'name' | 'carryOut' | 'isRefused' | 'refused'>;

/** The account and the public link, as the lifecycle looks at them. They answer whatever happens. */
export const createLooks = ({ events, trouble, send, cloud, holder }: PortDeps) => {
  const look = <T>({ refused, ...request }: Looked<T>): Promise<T> =>
    send({ ...request, refused, lost: refused, timeoutMs: ASK_TIMEOUT_MS, lateMs: 0 });
  const asOf = (): Instant => events.now() - (trouble.isOut('inventory-lags') ? INVENTORY_LAG_MS : 0);
  const isUnknown = (): boolean => trouble.isOut('inventory-unknown');

  const inventory: Inventory = {
    read: (deploymentId) =>
      look<Awaited<ReturnType<Inventory['read']>>>({
        name: 'inventory',
        isRefused: isUnknown,
        refused: () => ({ answer: 'unknown', count: 0, detail: ['a page is missing'] }),
        carryOut: () => {
          const answer = trouble.nextIsBlind() ? 'empty' : cloud.answer(deploymentId, asOf());
          return { answer, count: answer === 'empty' ? 0 : 1, detail: answer === 'empty' ? [] : ['eks-cluster demo'] };
        },
      }),
    sweep: () =>
      look<readonly string[] | null>({
        name: 'sweep',
        isRefused: isUnknown,
        refused: () => null,
        carryOut: () => cloud.existing(),
      }),
  };

  const probe: LiveProbe = {
    probe: (_url, deploymentId) =>
      look({
        name: 'probe',
        isRefused: () => trouble.isOut('probe-unknown'),
        refused: () => 'unknown' as const,
        carryOut: () => (cloud.exists(deploymentId) && !trouble.isOut('probe-absent') ? 'found' : 'absent'),
      }),
  };

  const fails = (): { failed: readonly string[] } => ({ failed: ['something'] });
  const preflight: Preflight = {
    standing: () => ({ failed: [] }),
    run: () =>
      look({
        name: 'preflight',
        isRefused: () => trouble.isOut('gitlab') || isUnknown() || trouble.isOut('second-destroyer'),
        refused: fails,
        carryOut: () => ({ failed: cloud.existing().some((id) => id !== holder()) ? ['inventory'] : [] }),
      }),
  };
  return { inventory, probe, preflight };
};

/** The second destroyer, as the lifecycle tells it what to do. */
export const createSecondDestroyer = ({ trouble, send, schedules }: PortDeps): SecondDestroyer => {
  const lost = fails('SECOND_DESTROYER_UNAVAILABLE');
  const tell = <T>(name: RequestName, carryOut: () => T): Promise<T> => {
    const isRefused = (): boolean => trouble.isOut('second-destroyer');
    return send({ name, carryOut, isRefused, refused: lost, lost, timeoutMs: ASK_TIMEOUT_MS, lateMs: ASK_TIMEOUT_MS });
  };
  return {
    arm: (deploymentId: string, firstRunAt: Instant, everyMs: number) =>
      tell('arm', () => schedules.arm(deploymentId, firstRunAt, everyMs)),
    disarm: (deploymentId) => tell('disarm', () => schedules.disarm(deploymentId)),
    hasten: (deploymentId) =>
      tell('hasten', () => {
        if (!schedules.hasten(deploymentId)) lost();
      }),
    list: () => tell('list-armed', () => schedules.armed()),
  };
};
