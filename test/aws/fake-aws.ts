import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startEmbeddedDynamodb } from '../../src/local/embedded-dynamodb.ts';
import { createFakeScheduler } from '../adapters/fake-scheduler.ts';
import { createFakeSecretsManager } from '../adapters/fake-secrets-manager.ts';
import { createFakeAwsAccount } from '../fakes/aws-account.ts';
import { eksAction } from '../fakes/aws-account-services.ts';

/** A request as it came over the wire, with the service that it was signed for. */
export interface AwsRequest {
  readonly service: string;
  /** The IAM action that AWS would ask for. */
  readonly action: string;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What meets a request instead of an answer: an error of that name, or a connection that ends. */
export type AwsFault = { readonly error: string } | 'reset';

/** What the task's own metadata hand out; every request has to carry it. */
const SESSION_TOKEN = 'made-up-session-token';
const CREDENTIALS = JSON.stringify({
  AccessKeyId: 'made-up-key-id',
  SecretAccessKey: 'made-up-secret-key',
  Token: SESSION_TOKEN,
  Expiration: '2999-01-01T00:00:00Z',
});
const CREDENTIALS_PATH = '/task-credentials';

const SCHEDULER_ACTIONS: Readonly<Record<string, string>> = {
  DELETE: 'DeleteSchedule',
  GET: 'GetSchedule',
  POST: 'CreateSchedule',
  PUT: 'UpdateSchedule',
};

/** By which name each service knows the operation: a path, a header, or a field of the form. */
const operationOf = (service: string, method: string, path: string, target: string, body: Uint8Array): string => {
  if (service === 'scheduler')
    return path === '/schedules' ? 'ListSchedules' : (SCHEDULER_ACTIONS[method] ?? 'Unknown');
  if (service === 'eks') return eksAction(path);
  if (target !== '') return target;
  return new URLSearchParams(new TextDecoder().decode(body)).get('Action') ?? 'Unknown';
};

/** IAM and the signature disagree about one name. */
const prefixOf = (service: string): string => (service === 'tagging' ? 'tag' : service);

const bodyOf = async (request: IncomingMessage): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
};

const received = async (request: IncomingMessage): Promise<AwsRequest> => {
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const [, , , service = ''] = /Credential=([^,]+)/.exec(headers.authorization ?? '')?.[1]?.split('/') ?? [];
  const [, target = ''] = (headers['x-amz-target'] ?? '').split('.');
  const { method = 'GET' } = request;
  const body = await bodyOf(request);
  const operation = operationOf(service, method, url.pathname, target, body);
  const action = `${prefixOf(service)}:${operation}`;
  return { service, action, method, path: url.pathname, query: Object.fromEntries(url.searchParams), headers, body };
};

interface Handled {
  readonly response: {
    readonly statusCode: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: AsyncIterable<string | Uint8Array>;
  };
}

/** One of the fakes that stand behind the SDK's real clients, spoken to as a client's HTTP handler is. */
interface Handler {
  handle(request: never): Promise<unknown>;
}

const byHandler = async ({ handle }: Handler, request: AwsRequest, response: ServerResponse): Promise<void> => {
  const hostname = `${request.service}.us-east-1.amazonaws.com`;
  const { response: answer } = (await handle({ ...request, hostname } as never)) as Handled;
  response.writeHead(answer.statusCode, answer.headers);
  for await (const chunk of answer.body) response.write(chunk);
  response.end();
};

/** Passes a request on to the embedded store as it is. */
const byStore = (endpoint: string, request: AwsRequest, response: ServerResponse): Promise<void> =>
  new Promise((resolve, reject) => {
    const { host: _host, ...headers } = request.headers;
    const passed = httpRequest(endpoint, { method: request.method, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response).on('finish', resolve);
    });
    passed.on('error', reject);
    passed.end(request.body);
  });

const refused = (error: string, response: ServerResponse): void => {
  response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': error });
  response.end(JSON.stringify({ __type: error, message: 'made up' }));
};

/**
 * All of AWS that a server talks to, at one address: the task's metadata, DynamoDB, Secrets Manager, Scheduler and the
 * five services of the inventory. A request is told apart as AWS does it, by what it was signed for, and one without the
 * task's own credentials is refused.
 */
export const startFakeAws = async () => {
  const store = await startEmbeddedDynamodb();
  const account = createFakeAwsAccount();
  const scheduler = createFakeScheduler(() => Date.now());
  const secrets = createFakeSecretsManager();
  const actions: string[] = [];
  const broken: unknown[] = [];
  let credentialsAsked = 0;
  let faultOf: (request: AwsRequest) => AwsFault | null = () => null;
  let before: (request: AwsRequest) => void = () => undefined;

  const answer = async (request: AwsRequest, response: ServerResponse): Promise<void> => {
    const { service } = request;
    if (service === 'dynamodb') return byStore(store.endpoint, request, response);
    if (service === 'secretsmanager') return byHandler(secrets.client.config.requestHandler, request, response);
    if (service === 'scheduler') {
      const { body, ...rest } = request;
      const whole = body.length === 0 ? rest : request;
      return byHandler(scheduler.client.config.requestHandler, whole as AwsRequest, response);
    }
    return byHandler(account.requestHandler as unknown as Handler, request, response);
  };

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (incoming.url === CREDENTIALS_PATH) {
      credentialsAsked += 1;
      return void response.end(CREDENTIALS);
    }
    const request = await received(incoming);
    if (request.headers['x-amz-security-token'] !== SESSION_TOKEN)
      return refused('UnrecognizedClientException', response);
    actions.push(request.action);
    const fault = faultOf(request);
    if (fault === 'reset') return void incoming.socket.destroy();
    if (fault !== null) return refused(fault.error, response);
    before(request);
    return answer(request, response);
  };

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch((error: unknown) => {
      broken.push(error);
      response.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;

  return {
    account,
    scheduler,
    secrets,
    /** The IAM action of every request so far, those that met a fault included. */
    actions,
    /** What no fake could answer; a test that has any is wrong. */
    broken,
    /** How often the task's metadata were asked for credentials. */
    credentialsAsked: () => credentialsAsked,
    storeEndpoint: store.endpoint,
    /** What makes a process ask here instead of AWS: variables that AWS's own SDK knows. */
    environment: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${endpoint}${CREDENTIALS_PATH}`,
    },
    /** From now on requests meet that. */
    meet(fault: typeof faultOf) {
      faultOf = fault;
    },
    /** Called before each request that is answered. */
    onRequest(look: typeof before) {
      before = look;
    },
    close: async (): Promise<void> => {
      server.close();
      server.closeAllConnections();
      await store.close();
    },
  };
};

export type FakeAws = Awaited<ReturnType<typeof startFakeAws>>;
