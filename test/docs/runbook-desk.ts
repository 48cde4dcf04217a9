import type { Test } from 'tap';
import { buildApp } from '../../src/app.ts';
import type { Policy } from '../../src/lifecycle/deployment.ts';
import { createLastRun } from '../../src/lifecycle/last-run.ts';
import { SIMULATOR_TOKEN } from '../../src/local/gitlab-simulator/simulator.ts';
import { sampleRecording } from '../../src/local/sample-recording.ts';
import { createLogger } from '../../src/logger.ts';
import { createMetrics } from '../../src/metrics.ts';
import { createHeldReads } from '../../src/routes/held-reads.ts';
import type { HealthJson } from '../../src/routes/schemas/health.ts';
import { createFakeTimers } from '../fakes/fake-timers.ts';
import { createScene } from '../faults/scene.ts';

const JSON_BODY = { 'content-type': 'application/json' };
const OWNER = { authorization: 'Bearer owner' };
const PUBLIC_URL = 'https://demo.example';

/**
 * The desk of whoever is woken up: the real application over the real lifecycle and the simulator, and nothing but what
 * he has too, which is curl, GitLab's API and the account.
 */
export const sitDown = async (t: Test, policy?: Policy) => {
  const scene = await createScene(t, policy);
  const { clock, views, health } = scene;
  const heldReads = createHeldReads({ views, clock, timers: createFakeTimers(clock) });
  const sources = {
    report: health.report,
    status: () => null,
    statusSince: () => null,
    waitingReads: heldReads.waiting,
  };
  const invalidate = (): void => {
    scene.guards.invalidate();
    views.invalidate();
  };
  const app = await buildApp(
    {
      requests: { start: scene.start, teardown: scene.teardown, extend: scene.extend },
      views,
      reader: scene.store,
      lastRun: createLastRun({ recordings: scene.store.recordings, sample: sampleRecording, clock }),
      health,
      credentials: scene.credentials,
      clock,
      switchStore: scene.store.switch,
      onSwitched: invalidate,
      knownSecrets: () => [],
      heldReads,
      pressure: { isHigh: () => false },
      metrics: createMetrics({ version: '1.2.3', sources, withProcess: false }),
    },
    {
      publicUrl: PUBLIC_URL,
      allowedOrigins: [],
      clientIpSource: { kind: 'socket' },
      rateLimit: { perSecond: 10_000, burst: 10_000, readFactor: 10 },
      visitorKey: 'a key for tests only',
      logger: createLogger({ level: 'silent', known: () => [] }),
      version: '1.2.3',
      localMode: false,
      showPipelineLink: false,
    },
  );
  t.teardown(() => app.close());

  const control = async (method: 'PUT' | 'DELETE', path: string, payload: object = {}): Promise<void> => {
    const { statusCode } = await scene.simulator.inject({
      method,
      url: `/control/${path}`,
      headers: JSON_BODY,
      payload,
    });
    if (statusCode > 299) throw new Error(`${method} ${path} answers ${statusCode}`);
  };

  return {
    ...scene,
    control,
    /** Lets one round of checks pass, and says what `/healthz` complains about. */
    round: async (): Promise<readonly string[]> => {
      clock.advance(25_000);
      return scene.healthz();
    },
    /** `curl /healthz` with the owner's token. */
    report: async (): Promise<HealthJson> => (await app.inject({ url: '/healthz', headers: OWNER })).json(),
    healthStatus: async (): Promise<number> => (await app.inject('/healthz')).statusCode,
    /** `curl -X POST /v1/deployments`; the status, and the code of the refusal. */
    pressByHttp: async (): Promise<readonly [number, string | undefined]> => {
      invalidate();
      const answer = await app.inject({ method: 'POST', url: '/v1/deployments', headers: JSON_BODY, payload: {} });
      return [answer.statusCode, answer.json<{ code?: string }>().code];
    },
    /** "Stop everything", its second part. */
    destroyByHttp: async (): Promise<number> => {
      invalidate();
      const etag = (await app.inject('/v1/deployments/current')).headers.etag ?? '';
      const headers = { ...OWNER, 'if-match': String(etag) };
      return (await app.inject({ method: 'DELETE', url: '/v1/deployments/current', headers })).statusCode;
    },
    pauseByHttp: async (paused: boolean): Promise<number> => {
      const payload = paused ? { paused, reason: 'Back on Monday.' } : { paused };
      return (await app.inject({ method: 'PUT', url: '/v1/switch', headers: { ...OWNER, ...JSON_BODY }, payload }))
        .statusCode;
    },
    /** A destroy pipeline that a person runs in GitLab. */
    destroyInGitlab: async (deploymentId: string): Promise<number> => {
      const inputs = { action: 'destroy', deployment_id: deploymentId, request_id: 'by-hand', start_before: 'none' };
      const answer = await scene.simulator.inject({
        method: 'POST',
        url: '/api/v4/projects/1001/pipeline',
        headers: { ...JSON_BODY, 'private-token': SIMULATOR_TOKEN },
        payload: { ref: 'demo-v1', inputs },
      });
      return answer.statusCode;
    },
    /** What of that name was logged, with its level. */
    logged: (name: string) => scene.events.filter((event) => event.name === name),
  };
};

export type Desk = Awaited<ReturnType<typeof sitDown>>;

/** The button is pressed and taken, with the checks as fresh as can be. */
export const pressed = async (t: Test, desk: Desk): Promise<void> => {
  await desk.round();
  t.same(await desk.pressByHttp(), [201, undefined]);
};

/** Presses, and waits until it is live. */
export const live = async (t: Test, desk: Desk): Promise<void> => {
  await pressed(t, desk);
  await desk.until('live');
};

/** It is told in the second round in which it is so, and `/healthz` shows it. */
export const fails = async (t: Test, desk: Desk, check: string): Promise<void> => {
  t.ok((await desk.round()).includes(check), `${check} fails`);
  t.ok((await desk.round()).includes(check));
  t.ok(
    desk.logged('check.failing').some(({ fields }) => fields.check === check),
    `check.failing ${check}`,
  );
};

/** `/healthz` is ok again, and if it was about a check, its end was told. */
export const isOver = async (t: Test, desk: Desk, check?: string): Promise<void> => {
  t.same(await desk.round(), []);
  if (check !== undefined) t.ok(desk.logged('check.recovered').some(({ fields }) => fields.check === check));
};
