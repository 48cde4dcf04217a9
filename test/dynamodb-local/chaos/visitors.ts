import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { OWNER_TOKEN } from '../../processes/processes.ts';
import type { Chances } from './chances.ts';
import type { Answered } from './facts.ts';
import type { Seat } from './seats.ts';
import type { Timeline } from './timeline.ts';

/** A server that is paused answers when it goes on, or never; nobody waits longer than that. */
const PATIENCE_MS = 12_000;
const TOKENS_KEPT = 20;

export interface VisitorOptions {
  readonly chances: Chances;
  readonly seats: readonly Seat[];
  readonly timeline: Timeline;
  readonly answered: (answer: Answered) => void;
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
}

interface Started {
  readonly id: string;
  readonly token: string;
}

/** The last segment of a problem's type. */
const slugOf = (text: string): string => /"type":"[^"]*\/([\w-]+)"/.exec(text)?.[1] ?? text.slice(0, 100);

/** A crowd that presses, looks, extends and tears down, each time at a server that serves just now. */
export const createVisitors = ({ chances, seats, timeline, answered }: VisitorOptions) => {
  const started: Started[] = [];
  let lastKey: string | null = null;
  let isLive = false;

  /** Null when no whole answer came: the server was killed, is paused, or nobody serves. */
  const ask = async ({ method, path, headers = {}, body, idempotencyKey }: Asked): Promise<Answered | null> => {
    const seat = chances.one(seats);
    const url = seat.url();
    if (url === null) return null;
    const sentAt = Date.now();
    try {
      const answer = await fetch(`${url}${path}`, {
        method,
        headers: {
          ...headers,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const text = await answer.text();
      const { status } = answer;
      const contentType = answer.headers.get('content-type') ?? '';
      const told = { seat: seat.name, method, path, status, contentType, text, sentAt, at: Date.now() };
      const whole: Answered = { ...told, idempotencyKey: idempotencyKey ?? null };
      answered(whole);
      return whole;
    } catch {
      return null;
    }
  };

  const press = async (): Promise<void> => {
    // Whoever got no answer asks again with the same key, now and then.
    const key = lastKey !== null && chances.percent(40) ? lastKey : chances.percent(50) ? randomUUID() : undefined;
    lastKey = key ?? lastKey;
    const answer = await ask({
      method: 'POST',
      path: '/v1/deployments',
      body: {},
      ...(key === undefined ? {} : { idempotencyKey: key }),
    });
    if (answer === null) return;
    if (answer.status !== 201) {
      timeline.note(`refused at ${answer.seat}: ${slugOf(answer.text)}`);
      return;
    }
    const { id, control_token: token } = JSON.parse(answer.text) as { id: string; control_token: string };
    // The same again for a key that was used before.
    if (started.some((earlier) => earlier.id === id)) return;
    timeline.note(`started ${id} at ${answer.seat}`);
    started.unshift({ id, token });
    started.splice(TOKENS_KEPT);
  };

  const view = async (): Promise<void> => {
    const answer = await ask({ method: 'GET', path: '/v1/deployments/current' });
    if (answer?.status === 200) isLive = answer.text.includes('"status":"live"');
  };
  const latest = (): Started => started[0] ?? { id: 'current', token: OWNER_TOKEN };

  const tearDown = async (): Promise<void> => {
    // What is not live yet is mostly left to be built, or hardly anything ever would be.
    if (!isLive && !chances.percent(12)) return;
    const { id, token } = chances.percent(80) ? latest() : (started.at(-1) ?? latest());
    const answer = await ask({
      method: 'DELETE',
      path: `/v1/deployments/${id}`,
      headers: { authorization: `Bearer ${chances.percent(80) ? token : OWNER_TOKEN}` },
    });
    if (answer?.status === 202) timeline.note(`teardown of ${id} at ${answer.seat}`);
  };

  const extend = async (): Promise<void> => {
    const { id, token } = latest();
    const answer = await ask({
      method: 'PATCH',
      path: `/v1/deployments/${id}`,
      headers: { authorization: `Bearer ${token}` },
      body: { expires_at: new Date(Date.now() + chances.between(1_000, 20_000)).toISOString() },
    });
    if (answer?.status === 200) timeline.note(`extension of ${id} at ${answer.seat}`);
  };

  const watch = async (): Promise<void> => {
    const here = `/v1/deployments/${latest().id}`;
    await ask({
      method: 'GET',
      path: chances.one([here, `${here}/pipeline`, `${here}/logs`, '/v1/deployments', '/healthz']),
    });
  };

  const wait = async (): Promise<void> => {
    const headers = { prefer: 'wait=3', 'if-none-match': 'W/"none"' };
    await ask({ method: 'GET', path: '/v1/deployments/current', headers });
  };

  const beOne = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      await delay(chances.between(100, 1_500), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      await chances.weighted<() => Promise<unknown>>([
        [8, press],
        [8, view],
        [3, watch],
        [1, wait],
        [2, tearDown],
        [2, extend],
      ])();
    }
  };

  return {
    /** That many of them are there until the signal says that it is enough. */
    come: async (count: number, signal: AbortSignal): Promise<void> => {
      await Promise.all(Array.from({ length: count }, () => beOne(signal)));
    },
    /** Their tokens, which nobody may find in a log. */
    tokens: (): readonly string[] => started.map(({ token }) => token),
  };
};
