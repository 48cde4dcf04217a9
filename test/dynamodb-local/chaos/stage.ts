import { setTimeout as delay } from 'node:timers/promises';
import type { Test } from 'tap';
import { SIMULATOR_TOKEN } from '../../../src/local/gitlab-simulator/simulator.ts';
import { plantedSecrets } from '../../../src/local/gitlab-simulator/trace/planted-secrets.ts';
import { startFaultyProxy } from '../../processes/faulty-proxy.ts';
import { OWNER_TOKEN, SIGNING_KEY, serverEnvironment, startBackends } from '../../processes/processes.ts';
import { createChances } from './chances.ts';
import { type Answered, isFinished, type Look } from './facts.ts';
import { createChecker } from './invariants.ts';
import { createNetwork } from './network.ts';
import { createObserver } from './observer.ts';
import { createPlagues } from './plagues.ts';
import { createSeat, type Seat } from './seats.ts';
import { createTimeline } from './timeline.ts';
import { upheave } from './upheaval.ts';
import { createVisitors } from './visitors.ts';

const SPEED = 20;
const SEATS = ['first', 'second', 'third'];
const VISITORS = 6;

/** Deadlines at which a run of chaos sees several lives; all others are those of local mode. */
const SHORT_LIVES = {
  CANCEL_DEADLINE_MINUTES: '0.1',
  DESTROY_DEADLINE_MINUTES: '0.2',
  LIVE_DEADLINE_MINUTES: '0.15',
  DEPLOY_DEADLINE_MINUTES: '0.5',
  DEMO_TTL_MINUTES: '0.05',
  DEMO_MAX_LIFETIME_MINUTES: '0.4',
  HOURLY_CRON: '*/7 * * * * *',
  DRAIN_SECONDS: '1',
  LOG_LEVEL: 'debug',
};

/**
 * A demo goes by the deadline of the server that started it. With the short one, which is just above the time of the
 * proof of absence, a lost request is given up; with the long one it is sent again.
 */
const START_DEADLINES_MINUTES = ['0.1', '0.1', '0.17'];

const CALM_BEFORE_MS = 4_000;
/** The start deadline, the proof and a destroy that is made again, several times over. */
const QUIET_WITHIN_MS = 45_000;
const LEDGER_WITHIN_MS = 5_000;
const MOST_PAGES = 20;
const LOOK_EVERY_MS = 200;
const LOG_LINES_SHOWN = 25;

/** Answers that are made of what GitLab wrote. */
const SECRETS_MAY_SHOW = /\/(logs|pipeline)$/;

const createParts = async (t: Test, endpoint: string, seed: number) => {
  const chances = createChances(seed);
  const timeline = createTimeline();
  const checker = createChecker();
  const backends = await startBackends(t, { speed: SPEED, store: endpoint });
  const network = createNetwork(chances.branch('network'), timeline);
  const observer = createObserver(t, backends, checker, timeline);
  return { chances, timeline, checker, backends, network, observer };
};

type Parts = Awaited<ReturnType<typeof createParts>>;

const startSeats = async (t: Test, { backends, network, checker, timeline, chances }: Parts): Promise<Seat[]> => {
  const seats: Seat[] = [];
  for (const name of SEATS) {
    let env: Readonly<Record<string, string>> = {};
    const seat = createSeat(t, { name, chances: chances.branch(name), timeline, exited: checker.exited }, () => env);
    const gitlab = await startFaultyProxy(t, backends.gitlab, network.fateOf(seat, 'gitlab'));
    const dynamodb = await startFaultyProxy(t, backends.endpoint, network.fateOf(seat, 'dynamodb'));
    env = {
      ...serverEnvironment({ gitlab, endpoint: dynamodb }),
      ...SHORT_LIVES,
      START_DEADLINE_MINUTES: chances.one(START_DEADLINES_MINUTES),
      // The link is GitLab's own; only the server's way to it is troubled.
      LIVE_ORIGINS: backends.gitlab,
      PROBE_ORIGIN: gitlab,
    };
    seats.push(seat);
  }
  return seats;
};

/** Takes every seat that is empty, or becomes so, until somebody serves in each. */
const fill = async (seats: readonly Seat[]): Promise<void> => {
  while (seats.some((seat) => seat.url() === null)) {
    for (const seat of seats) seat.take();
    await delay(100);
  }
};

/**
 * Sets the stage: the simulator, three servers on a real store, the troubled network between them, visitors and an
 * observer.
 */
export const createChaosStage = async (t: Test, endpoint: string, seed: number) => {
  const parts = await createParts(t, endpoint, seed);
  const { chances, timeline, checker, backends, network, observer } = parts;
  const seats = await startSeats(t, parts);
  const plagues = createPlagues(chances.branch('plagues'), timeline, backends.gitlab);
  const told: string[] = [];
  const answered = (answer: Answered): void => {
    checker.answered(answer);
    if (SECRETS_MAY_SHOW.test(answer.path)) told.push(answer.text);
  };
  const visitors = createVisitors({ chances: chances.branch('visitors'), seats, timeline, answered });
  const watching = new AbortController();
  let watched: Promise<void> = Promise.resolve();

  /** Somebody destroys by hand what could not be destroyed: then the quarantine has to heal by itself. */
  const destroyByHand = async (id: string): Promise<void> => {
    timeline.note(`somebody destroys ${id} by hand`);
    await fetch(`${backends.gitlab}/api/v4/projects/1001/pipeline`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'private-token': SIMULATOR_TOKEN },
      body: JSON.stringify({
        ref: 'demo-v1',
        inputs: { action: 'destroy', deployment_id: id, request_id: 'by-hand', start_before: 'none' },
      }),
    });
  };

  const isQuiet = ({ record, after }: Look): boolean =>
    record === null &&
    after.resources.length === 0 &&
    after.schedules.length === 0 &&
    after.pipelines.every(isFinished);

  const untilQuiet = async (): Promise<Look> => {
    const until = Date.now() + QUIET_WITHIN_MS;
    let look = await observer.look();
    let byHand: string | null = null;
    while (!isQuiet(look) && Date.now() < until) {
      const { record } = look;
      if (record?.isQuarantined && record.owner !== byHand) {
        byHand = record.owner;
        await destroyByHand(byHand);
      }
      await delay(LOOK_EVERY_MS);
      look = await observer.look();
    }
    return look;
  };

  const readLedger = async (): Promise<readonly string[]> => {
    const ids: string[] = [];
    let query = 'limit=50';
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      const answer = await fetch(`${seats.at(-1)?.url()}/v1/deployments?${query}`);
      const page = (await answer.json()) as {
        entries: readonly { id: string; sample: boolean }[];
        next_cursor: string | null;
      };
      ids.push(...page.entries.filter(({ sample }) => !sample).map(({ id }) => id));
      if (page.next_cursor === null) break;
      query = `limit=50&cursor=${encodeURIComponent(page.next_cursor)}`;
    }
    return ids;
  };

  /** A page of it may be two seconds old: what is not in it then is not in it at all. */
  const ledger = async (): Promise<readonly string[]> => {
    const until = Date.now() + LEDGER_WITHIN_MS;
    let ids = await readLedger();
    while (checker.known().some((id) => !ids.includes(id)) && Date.now() < until) {
      await delay(LOOK_EVERY_MS);
      ids = await readLedger();
    }
    return ids;
  };

  return {
    timeline,
    checker,
    looks: observer.looks,
    /** Fills the seats and begins to watch. */
    open: async (): Promise<void> => {
      await fill(seats);
      watched = observer.watch(watching.signal);
    },
    /** Chaos for that long. */
    rage: async (ms: number): Promise<void> => {
      const signal = AbortSignal.timeout(ms);
      const visited = visitors.come(VISITORS, signal);
      // Long enough for somebody to begin something that can go wrong.
      await delay(CALM_BEFORE_MS);
      const upset = upheave(chances.branch('upheaval'), seats, signal);
      await Promise.all([visited, upset, network.blow(signal), plagues.spread(signal)]);
      timeline.note('chaos is over');
    },
    /** Nothing fails any more: all seats are taken, one of them by a server whose nightly job runs every few seconds. */
    calm: async (): Promise<Look> => {
      for (const seat of seats) seat.settle();
      await fill(seats);
      const [first] = seats;
      first?.leave();
      await first?.empty();
      first?.take({ NIGHTLY_CRON: '*/5 * * * * *' });
      watching.abort();
      await watched;
      const [look] = await Promise.all([untilQuiet(), fill(seats)]);
      return look;
    },
    /** Asks for the ledger and looks for the last time. */
    close: async (last: Look): Promise<void> => {
      const end = { record: last.record, world: last.after, ledger: await ledger() };
      checker.ended({ ...end, deadLetters: await observer.deadLetters() });
      for (const seat of seats) seat.leave();
      await Promise.all(seats.map((seat) => seat.empty()));
    },
    /** What of all that must never be seen is in what the servers wrote or answered. */
    secretsSeen: (): readonly string[] => {
      const written = [...told, ...seats.flatMap((seat) => seat.outputs())];
      const secrets = [
        ...checker.known().flatMap((id) => plantedSecrets(id)),
        ...visitors.tokens(),
        OWNER_TOKEN,
        SIGNING_KEY,
        SIMULATOR_TOKEN,
      ];
      return secrets.filter((secret) => written.some((text) => text.includes(secret)));
    },
    /** Everything that helps to understand a run that failed. */
    story: (): string => {
      const logs = seats.flatMap((seat) =>
        seat.outputs().map((text, index) => {
          const lines = text.trimEnd().split('\n').slice(-LOG_LINES_SHOWN);
          return `--- ${seat.name}, number ${index + 1}\n${lines.join('\n')}`;
        }),
      );
      return `${timeline.tail()}\n${logs.join('\n')}`;
    },
  };
};
