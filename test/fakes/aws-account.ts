import { Readable } from 'node:stream';
import type { AwsInventoryClientOptions } from '../../src/adapters/aws-inventory-clients.ts';
import { createAwsInventoryClients } from '../../src/adapters/aws-inventory-clients.ts';
import { answerOfEc2, ec2Error } from './aws-account-ec2.ts';
import {
  type AccountState,
  type AwsAnswer,
  type AwsThing,
  arnOfThing,
  LANDMARK,
  REGION,
  tagList,
} from './aws-account-model.ts';
import {
  answerOfAutoScaling,
  answerOfEks,
  answerOfElb,
  answerOfTagging,
  eksAction,
  jsonError,
  queryError,
} from './aws-account-services.ts';

export const AWS_FAULTS = [
  'throttled',
  'denied',
  'server-error',
  'other-document',
  'empty-body',
  'half-a-body',
  'reset',
] as const;

export type AwsFault =
  | (typeof AWS_FAULTS)[number]
  /** The page leads to itself. */
  | 'loop'
  /** Every page leads to another one. */
  | 'endless'
  /** No answer, even when the request is given up. */
  | 'hang';

/** Which fault meets a request: by its IAM action, how many there were before it, and whether it asks for a further page. */
export type FaultOf = (action: string, before: number, isFurtherPage: boolean) => AwsFault | null;

export interface FakeAwsAccount extends AccountState {
  /** The IAM action of every request so far. */
  readonly calls: string[];
  faultOf: FaultOf;
  /** What happens just before a request is answered. */
  before: (action: string) => void;
  /** The most requests that were under way at once. */
  mostAtOnce: number;
  readonly requestHandler: NonNullable<AwsInventoryClientOptions['requestHandler']>;
  /** What the account answers to a request as a client sends it. */
  answer(request: SentRequest): Promise<AwsAnswer>;
  /** Makes things that the tagging API does not know yet. */
  make(...things: readonly AwsThing[]): void;
  /** The tagging API comes to know what is there, and forgets nothing. */
  index(): void;
  /** Nothing of this kind and id is there any more but the landmark; the tagging API goes on to list it. */
  remove(kind: string, id?: string): void;
  /** Only the landmark is there, the tagging API has forgotten everything, and nothing fails any more. */
  clear(): void;
}

/** A request as the SDK gives it to its HTTP handler. */
export interface SentRequest {
  readonly hostname: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

const IAM_PREFIXES: Readonly<Record<string, string>> = { tagging: 'tag' };

const bodyOf = ({ body }: SentRequest): string =>
  body === undefined ? '' : typeof body === 'string' ? body : new TextDecoder().decode(body);

const asked = (request: SentRequest) => {
  const [service = ''] = request.hostname.split('.');
  const query = new URLSearchParams(bodyOf(request));
  const target = request.headers['x-amz-target']?.split('.')[1];
  const operation = service === 'eks' ? eksAction(request.path) : (target ?? query.get('Action') ?? '');
  return { service, query, operation, action: `${IAM_PREFIXES[service] ?? service}:${operation}` };
};

const TOKEN_FIELDS = ['NextToken', 'Marker'];

const isFurtherPage = (request: SentRequest, query: URLSearchParams): boolean =>
  TOKEN_FIELDS.some((field) => query.has(field)) ||
  request.query?.nextToken !== undefined ||
  bodyOf(request).includes('"PaginationToken"');

const answerOf = (state: AccountState, request: SentRequest): AwsAnswer => {
  const { service, operation, query } = asked(request);
  if (service === 'ec2') return answerOfEc2(state, operation, query);
  if (service === 'autoscaling') return answerOfAutoScaling(state, operation, query);
  if (service === 'elasticloadbalancing') return answerOfElb(state, operation, query);
  if (service === 'eks') return answerOfEks(state, request.path, request.query ?? {});
  if (service === 'tagging') return answerOfTagging(state, JSON.parse(bodyOf(request)));
  throw new Error(`nobody answers at ${request.hostname}`);
};

/** How each service says that there was too much, or that one may not: [status, code]. */
const REFUSALS: Readonly<Record<string, Readonly<Record<'throttled' | 'denied', readonly [number, string]>>>> = {
  ec2: { throttled: [503, 'RequestLimitExceeded'], denied: [403, 'UnauthorizedOperation'] },
  autoscaling: { throttled: [400, 'Throttling'], denied: [403, 'AccessDenied'] },
  elasticloadbalancing: { throttled: [400, 'Throttling'], denied: [403, 'AccessDenied'] },
  eks: { throttled: [429, 'ThrottlingException'], denied: [403, 'AccessDeniedException'] },
  tagging: { throttled: [400, 'ThrottledException'], denied: [400, 'AccessDeniedException'] },
};

const refusal = (service: string, fault: 'throttled' | 'denied'): AwsAnswer => {
  const [status, code] = REFUSALS[service]?.[fault] ?? [500, 'InternalError'];
  if (service === 'ec2') return ec2Error(status, code);
  return service === 'eks' || service === 'tagging' ? jsonError(status, code) : queryError(status, code);
};

/** The same answer, as a page before the one that this token leads to. */
const leadingTo = (token: string, service: string, answer: AwsAnswer): AwsAnswer => {
  const names: Readonly<Record<string, string>> = { ec2: 'nextToken', autoscaling: 'NextToken' };
  const name = names[service] ?? 'NextMarker';
  if (service === 'eks' || service === 'tagging') {
    const field = service === 'eks' ? 'nextToken' : 'PaginationToken';
    return { ...answer, body: JSON.stringify({ ...JSON.parse(answer.body), [field]: token }) };
  }
  const end = service === 'ec2' ? /<\/[A-Za-z]+Response>$/ : /<\/[A-Za-z]+Result>/;
  const rest = answer.body.replace(new RegExp(`<${name}>[^<]*</${name}>`), '');
  return { ...answer, body: rest.replace(end, (tag) => `<${name}>${token}</${name}>${tag}`) };
};

const faulty = (fault: AwsFault | null, answer: AwsAnswer, service: string, count: number): AwsAnswer => {
  if (fault === 'throttled' || fault === 'denied') return refusal(service, fault);
  if (fault === 'server-error') return { status: 500, contentType: 'text/html', body: '<html>Internal Error</html>' };
  if (fault === 'other-document') return { ...answer, status: 200, body: '<html><body>Hello</body></html>' };
  if (fault === 'empty-body') return { ...answer, status: 200, body: '' };
  if (fault === 'half-a-body') return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) };
  if (fault === 'loop') return leadingTo('from-0', service, answer);
  if (fault === 'endless') return leadingTo(`from-0${'0'.repeat(count)}`, service, answer);
  return answer;
};

/** An answer as the SDK's HTTP handler gives it to a client. */
export const httpAnswer = ({ status, contentType, body }: AwsAnswer) => {
  const headers = { 'content-type': contentType };
  return { response: { statusCode: status, reason: '', headers, body: Readable.from([body]) } };
};

const MADE_UP = { accessKeyId: 'made-up', secretAccessKey: 'made-up' };
let sdkHandler: object | undefined;

/** The SDK's own settings and end, which a stand-in for its handler takes over. */
export const ownHandler = (): object => {
  sdkHandler ??= createAwsInventoryClients({ region: REGION, credentials: MADE_UP }).ec2.config.requestHandler;
  return sdkHandler;
};

/** An AWS account that answers to the real clients in the shapes of each service's wire format. */
export const createFakeAwsAccount = (): FakeAwsAccount => {
  let underWay = 0;

  const answered = async (request: SentRequest): Promise<AwsAnswer> => {
    const { service, action, query } = asked(request);
    const fault = account.faultOf(action, account.calls.length, isFurtherPage(request, query));
    account.calls.push(action);
    account.before(action);
    if (fault === 'hang') await new Promise(() => {});
    if (fault === 'reset') throw Object.assign(new Error('simulated: reset'), { code: 'ECONNRESET' });
    const answer = answerOf(account, request);
    // Whatever is asked at once is under way at once.
    await new Promise((resolve) => setImmediate(resolve));
    return faulty(fault, answer, service, account.calls.length);
  };

  const answer = async (request: SentRequest): Promise<AwsAnswer> => {
    underWay += 1;
    account.mostAtOnce = Math.max(account.mostAtOnce, underWay);
    try {
      return await answered(request);
    } finally {
      underWay -= 1;
    }
  };

  const account: FakeAwsAccount = {
    things: [LANDMARK],
    nominations: [],
    pageSize: 100,
    calls: [],
    faultOf: () => null,
    before: () => {},
    mostAtOnce: 0,
    requestHandler: Object.assign(Object.create(ownHandler()), {
      handle: async (request: unknown) => httpAnswer(await answer(request as SentRequest)),
    }),
    answer,
    make: (...things) => void account.things.push(...things),
    index: () => {
      for (const thing of account.things) {
        const ResourceARN = arnOfThing(thing);
        if (account.nominations.some((known) => known.ResourceARN === ResourceARN)) continue;
        if (Object.keys(thing.tags ?? {}).length > 0)
          account.nominations.push({ ResourceARN, Tags: tagList(thing.tags) });
      }
    },
    remove: (kind, id) => {
      const isMeant = (thing: AwsThing): boolean =>
        thing.kind === kind && (id === undefined ? thing !== LANDMARK : thing.id === id);
      const kept = account.things.filter((thing) => !isMeant(thing));
      account.things.splice(0, account.things.length, ...kept);
    },
    clear: () => {
      account.things.splice(0, account.things.length, LANDMARK);
      account.nominations.length = 0;
      account.calls.length = 0;
      account.pageSize = 100;
      account.mostAtOnce = 0;
      account.faultOf = () => null;
      account.before = () => {};
    },
  };
  return account;
};
