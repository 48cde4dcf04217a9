import { Readable } from 'node:stream';
import { createSchedulerClient } from '../../src/adapters/scheduler-client.ts';
import { LOCAL_ACCESS } from './dynamodb-under-test.ts';

export const GROUP = 'demo-on-demand';

export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** Scheduler names an error in a header. */
  readonly error?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

type Fields = Readonly<Record<string, unknown>>;

export type SchedulerFault =
  /** This one gets through. */
  | 'none'
  | 'lose-request'
  | 'lose-reply'
  | 'throttle'
  | 'internal-error'
  /** The signature's time is not AWS's. */
  | 'skewed';

const STATUS = {
  AccessDeniedException: 403,
  ConflictException: 409,
  InternalServerException: 500,
  InvalidSignatureException: 403,
  ResourceNotFoundException: 404,
  ServiceQuotaExceededException: 402,
  ThrottlingException: 429,
  ValidationException: 400,
};
export type SchedulerError = keyof typeof STATUS;

/** The made-up account, which no error of ours may name. */
export const ACCOUNT = '123456789012';

const refusal = (error: SchedulerError, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status: STATUS[error],
  error,
  headers,
  body: { Message: `simulated for arn:aws:iam::${ACCOUNT}:role/demo-task` },
});

const lostConnection = (): Error => Object.assign(new Error('simulated: reset'), { code: 'ECONNRESET' });

const FIVE_MINUTES_S = 300;

/** What AWS refuses of a schedule, as far as we could get it wrong. */
const isRefused = (name: string, schedule: Fields, nowMs: number): boolean => {
  const { ScheduleExpression, FlexibleTimeWindow, Target, StartDate } = schedule;
  if (!/^[0-9a-zA-Z-_.]{1,64}$/.test(name)) return true;
  if (!/^rate\([1-9]\d* (minutes?|hours?|days?)\)$/.test(String(ScheduleExpression))) return true;
  if (FlexibleTimeWindow === undefined || Target === undefined) return true;
  return typeof StartDate === 'number' && StartDate < nowMs / 1_000 - FIVE_MINUTES_S;
};

/**
 * An EventBridge Scheduler with one group behind the SDK's real client, in the shapes of its REST API. Every request is
 * noted, and may be refused, garbled or lost. `now` is AWS's own clock.
 */
export const createFakeScheduler = (now: () => number) => {
  const schedules = new Map<string, Fields>();
  const createdBy = new Map<string, unknown>();
  const sent: SentRequest[] = [];
  const faults: SchedulerFault[] = [];
  let refusing: SchedulerError | null = null;
  let garbage: string | null = null;
  let pageSize = 100;
  let repeatsTokens = false;
  let hasGroup = true;

  const arnOf = (name: string): string => `arn:aws:scheduler:us-east-1:${ACCOUNT}:schedule/${GROUP}/${name}`;
  const stored = (name: string, { ClientToken: _token, ...schedule }: Fields): void => {
    schedules.set(name, { Name: name, State: 'ENABLED', ...schedule });
  };

  const listed = (query: Fields): Answer => {
    if (query.ScheduleGroup !== GROUP) return refusal('ResourceNotFoundException');
    const names = [...schedules.keys()].filter((name) => name.startsWith(String(query.NamePrefix ?? ''))).toSorted();
    const size = Math.min(pageSize, Number(query.MaxResults ?? 100));
    const from = Number(query.NextToken ?? 0);
    const isLast = from + size >= names.length;
    const token = repeatsTokens ? String(size) : String(from + size);
    const Schedules = names.slice(from, from + size).map((Name) => ({
      Arn: arnOf(Name),
      GroupName: GROUP,
      Name,
      State: schedules.get(Name)?.State,
      CreationDate: 1_763_629_200.5,
      Target: { Arn: 'arn:aws:scheduler:::aws-sdk:codebuild:startBuild' },
    }));
    return { status: 200, body: isLast && !repeatsTokens ? { Schedules } : { Schedules, NextToken: token } };
  };

  const written = (method: string, name: string, body: Fields): Answer => {
    const isThere = schedules.has(name);
    if (body.GroupName !== GROUP) return refusal('ResourceNotFoundException');
    if (method === 'POST' && isThere && createdBy.get(name) !== body.ClientToken) return refusal('ConflictException');
    if (method === 'PUT' && !isThere) return refusal('ResourceNotFoundException');
    if (isRefused(name, body, now())) return refusal('ValidationException');
    if (method === 'POST') createdBy.set(name, body.ClientToken);
    if (method === 'PUT' || !isThere) stored(name, body);
    return { status: 200, body: { ScheduleArn: arnOf(name) } };
  };

  const answerTo = ({ method, path, query, body }: SentRequest): Answer => {
    if (refusing !== null) return refusal(refusing);
    if (!hasGroup) return refusal('ResourceNotFoundException');
    const name = decodeURIComponent(/^\/schedules\/([^/]+)$/.exec(path)?.[1] ?? '');
    if (name === '') return listed(query);
    if (method === 'POST' || method === 'PUT') return written(method, name, body);
    const schedule = query.groupName === GROUP ? schedules.get(name) : undefined;
    if (schedule === undefined) return refusal('ResourceNotFoundException');
    if (method === 'DELETE') schedules.delete(name);
    return { status: 200, body: method === 'DELETE' ? {} : { Arn: arnOf(name), ...schedule } };
  };

  const options = { ...LOCAL_ACCESS, endpoint: 'http://127.0.0.1:1' };
  const { requestHandler: inner } = createSchedulerClient(options).config;
  const handle: typeof inner.handle = async (request) => {
    const { method, path, query } = request;
    const body = request.body === undefined ? {} : JSON.parse(new TextDecoder().decode(request.body));
    const one = { method, path, query, body };
    sent.push(one);
    const fault = faults.shift();
    if (fault === 'lose-request') throw lostConnection();
    let answer = fault === 'throttle' ? refusal('ThrottlingException') : null;
    if (fault === 'internal-error') answer = refusal('InternalServerException');
    if (fault === 'skewed') {
      answer = refusal('InvalidSignatureException', { date: new Date(Date.now() + 3_600_000).toUTCString() });
    }
    answer ??= answerTo(one);
    if (fault === 'lose-reply') throw lostConnection();
    const { error, headers: extra } = answer;
    const headers = {
      'content-type': 'application/json',
      ...extra,
      ...(error === undefined ? {} : { 'x-amzn-errortype': error }),
    };
    const text = garbage ?? JSON.stringify(answer.body);
    return { response: { statusCode: answer.status, reason: '', headers, body: Readable.from([text]) } };
  };
  const requestHandler: typeof inner = Object.assign(Object.create(inner), { handle });

  return {
    client: createSchedulerClient({ ...options, requestHandler }),
    /** What stands, by name, as it was last written. */
    schedules,
    /** Each request so far, those that the SDK repeated included. */
    sent,
    /** What befalls the next requests, one each. */
    faults,
    /** From now on every request is refused with that error; null ends it. */
    refuse(error: SchedulerError | null) {
      refusing = error;
    },
    /** From now on every answer is that text. */
    garble(text: string) {
      garbage = text;
    },
    removeGroup() {
      hasGroup = false;
    },
    /** Pages are at most that long, and with `repeatingTokens` never end. */
    page(size: number, { repeatingTokens = false } = {}) {
      pageSize = size;
      repeatsTokens = repeatingTokens;
    },
  };
};

export type FakeScheduler = ReturnType<typeof createFakeScheduler>;
