import { authorize } from '../../src/lifecycle/authorize.ts';
import { DemoError } from '../../src/lifecycle/errors.ts';
import type { Forecast } from '../../src/lifecycle/eta.ts';
import type { LastRun } from '../../src/lifecycle/last-run.ts';
import type { ActiveRecord, Credentials, DeploymentReader, Switch, SwitchStore } from '../../src/lifecycle/ports.ts';
import type { Recording } from '../../src/lifecycle/recording.ts';
import type { LogPage, PipelineView, Requests, StartRequest, Target, Views } from '../../src/lifecycle/requests.ts';
import type { Tombstone } from '../../src/lifecycle/tombstone.ts';
import { activeView, type Blockage, idleView, tombstoneView } from '../../src/lifecycle/view.ts';
import type { FakeClock } from './fake-clock.ts';
import { recordingOfRun } from './sample-recordings.ts';
import { sampleRecord } from './sample-records.ts';

const NO_FORECAST: Forecast = { totalsSeconds: [], stageSeconds: new Map() };

/** The whole product as HTTP sees it, in memory: what runs, what was, and who asked for what. */
export interface FakeDemo {
  active: ActiveRecord | null;
  blocked: Blockage | null;
  pipeline: PipelineView | null;
  logs: LogPage | null;
  /** Thrown by every method while it is set. */
  failure: Error | null;
  /** Where the pause switch stands. */
  position: Switch | null;
  /** How often the application said that it moved the switch. */
  switched: number;
  readonly tombstones: Map<string, Tombstone>;
  /** What reached the lifecycle, in order. */
  readonly starts: StartRequest[];
  readonly logReads: { readonly job: number | null; readonly fromLine: number }[];
  readonly requests: Requests;
  readonly views: Views;
  readonly reader: Pick<DeploymentReader, 'ledger'>;
  /** What can be watched again, and whether it is stored. */
  recording: Recording;
  recordingIsStored: boolean;
  readonly lastRun: Pick<LastRun, 'recording' | 'storedId'>;
  readonly switchStore: SwitchStore;
  readonly onSwitched: () => void;
}

export const createFakeDemo = (clock: FakeClock, credentials: Credentials): FakeDemo => {
  const replays = new Map<string, { readonly id: string; readonly createdAt: number; readonly bodyHash: string }>();

  const failIfTold = (): void => {
    if (demo.failure !== null) throw demo.failure;
  };

  const runningAt = (target: Target): ActiveRecord | null =>
    target.kind === 'current' || demo.active?.deployment.owner === target.id ? demo.active : null;

  const requireRunning = (target: Target, bearer: string | null): ActiveRecord | Tombstone => {
    failIfTold();
    const record = runningAt(target);
    if (record !== null) {
      const { owner: id, controlTokenHash } = record.deployment;
      authorize(credentials, bearer, { id, controlTokenHash });
      return record;
    }
    const tombstone = target.kind === 'id' ? (demo.tombstones.get(target.id) ?? null) : null;
    authorize(credentials, bearer, tombstone);
    if (target.kind === 'current') throw new DemoError('NOTHING_TO_DESTROY', { detail: 'The state is idle.' });
    if (tombstone === null) throw new DemoError('NOT_FOUND');
    return tombstone;
  };

  const checkPrecondition = (
    record: ActiveRecord,
    { target, bearer, precondition }: Parameters<Requests['teardown']>[0],
  ): void => {
    if (target.kind === 'current' && bearer === 'owner' && precondition === null) {
      throw new DemoError('PRECONDITION_NEEDED', { field: 'If-Match' });
    }
    if (precondition !== null && !precondition(record)) {
      throw new DemoError('PRECONDITION_FAILED', { field: 'If-Match' });
    }
  };

  const change = (record: ActiveRecord, set: Partial<ActiveRecord['deployment']>): ActiveRecord => {
    const { deployment } = record;
    demo.active = { ...record, deployment: { ...deployment, ...set, version: deployment.version + 1 } };
    return demo.active;
  };

  const requests: Requests = {
    start: async (request) => {
      failIfTold();
      demo.starts.push(request);
      const known = request.idempotency === null ? undefined : replays.get(request.idempotency.key);
      if (known !== undefined) {
        if (known.bodyHash !== request.idempotency?.bodyHash) throw new DemoError('IDEMPOTENCY_MISMATCH');
        const { id, createdAt } = known;
        return { id, createdAt, controlToken: credentials.controlToken(id), replayed: true };
      }
      if (demo.active !== null) throw new DemoError('ALREADY_RUNNING', { holder: demo.active });
      if (demo.blocked?.until != null) throw new DemoError('NIGHTLY_WINDOW', { until: demo.blocked.until });
      const id = credentials.newId();
      const createdAt = clock.now();
      const controlToken = credentials.controlToken(id);
      demo.active = sampleRecord(id, { createdAt, controlTokenHash: credentials.hash(controlToken) });
      if (request.idempotency !== null) {
        replays.set(request.idempotency.key, { id, createdAt, bodyHash: request.idempotency.bodyHash });
      }
      return { id, createdAt, controlToken, replayed: false };
    },
    teardown: async (request) => {
      const found = requireRunning(request.target, request.bearer);
      if ('id' in found) return { kind: 'already-gone', tombstone: found };
      checkPrecondition(found, request);
      if (found.deployment.goal.direction === 'down') return { kind: 'accepted', record: found };
      const goal = { direction: 'down', reason: 'visitor', since: clock.now() } as const;
      return { kind: 'accepted', record: change(found, { goal }) };
    },
    extend: async (request) => {
      const found = requireRunning(request.target, request.bearer);
      if ('id' in found || found.deployment.maxExpiresAt === null) throw new DemoError('NOT_EXTENDABLE');
      checkPrecondition(found, request);
      const { maxExpiresAt } = found.deployment;
      if (!(request.expiresAt > clock.now() && request.expiresAt <= maxExpiresAt)) {
        throw new DemoError('EXPIRY_OUT_OF_RANGE', { field: 'expires_at', until: maxExpiresAt });
      }
      return change(found, { expiresAt: request.expiresAt });
    },
  };

  const views: Views = {
    view: async (target) => {
      failIfTold();
      const record = runningAt(target);
      if (record !== null) return activeView(record, NO_FORECAST, clock.now());
      if (target.kind === 'current') return idleView(demo.blocked, clock.now());
      const tombstone = demo.tombstones.get(target.id);
      return tombstone === undefined ? null : tombstoneView(tombstone, NO_FORECAST);
    },
    glance: () => null,
    ofRecord: async (record) => activeView(record, NO_FORECAST, clock.now()),
    ofTombstone: async (tombstone) => tombstoneView(tombstone, NO_FORECAST),
    pipeline: async (target) => {
      failIfTold();
      if (runningAt(target) === null) throw new DemoError('NOT_FOUND');
      if (demo.pipeline === null) throw new DemoError('NO_PIPELINE');
      return demo.pipeline;
    },
    logs: async (target, job, fromLine) => {
      failIfTold();
      demo.logReads.push({ job, fromLine });
      if (runningAt(target) === null) throw new DemoError('NOT_FOUND');
      if (demo.logs === null) throw new DemoError('NO_PIPELINE');
      if (job !== null && job !== demo.logs.jobId) throw new DemoError('UNKNOWN_JOB');
      const lines = demo.logs.lines.slice(fromLine);
      return { ...demo.logs, lines, nextLine: fromLine + lines.length };
    },
    invalidate: () => undefined,
  };

  const reader: FakeDemo['reader'] = {
    ledger: async ({ limit, before }) => {
      failIfTold();
      const all = [...demo.tombstones.values()].sort((a, b) => b.createdAt - a.createdAt);
      const older = before === null ? all : all.filter(({ createdAt }) => createdAt < before.createdAt);
      const tombstones = older.slice(0, limit);
      const last = tombstones.at(-1);
      const next = last === undefined || older.length <= limit ? null : { createdAt: last.createdAt, id: last.id };
      return { tombstones, next };
    },
  };

  const switchStore: SwitchStore = {
    read: async () => {
      failIfTold();
      return demo.position;
    },
    write: async (state) => {
      failIfTold();
      demo.position = state;
    },
  };

  const lastRun: FakeDemo['lastRun'] = {
    recording: async () => {
      failIfTold();
      return demo.recording;
    },
    storedId: async () => (demo.recordingIsStored ? demo.recording.id : null),
  };

  const demo: FakeDemo = {
    recording: recordingOfRun(),
    recordingIsStored: false,
    lastRun,
    active: null,
    blocked: null,
    pipeline: null,
    logs: null,
    failure: null,
    position: null,
    switched: 0,
    tombstones: new Map(),
    starts: [],
    logReads: [],
    requests,
    views,
    reader,
    switchStore,
    onSwitched: () => {
      demo.switched += 1;
    },
  };
  return demo;
};
