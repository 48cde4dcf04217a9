import { AsyncLocalStorage } from 'node:async_hooks';
import { type AwsInventoryClients, createAwsInventoryClients } from '../../src/adapters/aws-inventory-clients.ts';
import { type FakeAwsAccount, httpAnswer, ownHandler, type SentRequest } from './aws-account.ts';
import { type AwsAnswer, REGION } from './aws-account-model.ts';

const MADE_UP = { accessKeyId: 'made-up', secretAccessKey: 'made-up' };

/** The SDK's real clients on an account. */
export const realClients = (account: FakeAwsAccount, maxAttempts: number): AwsInventoryClients =>
  createAwsInventoryClients({
    region: REGION,
    credentials: MADE_UP,
    requestHandler: account.requestHandler,
    maxAttempts,
  });

/** What a real client is used for: to see what it sends, or to see what it reads. */
interface Use {
  readonly answer: AwsAnswer | null;
  sent: SentRequest | null;
}

interface Command {
  readonly input: unknown;
}
type Outcome = { readonly value: unknown } | { readonly error: unknown };
type Sends = { send(command: Command): Promise<unknown> };

const using = new AsyncLocalStorage<Use>();

const handle = async (request: unknown) => {
  const use = using.getStore();
  if (use === undefined) throw new Error('nobody asked for this');
  use.sent = request as SentRequest;
  if (use.answer === null) throw new Error('only what is sent is wanted');
  return httpAnswer(use.answer);
};

// A request always becomes the same bytes, and an answer the same fields, whatever the account.
const requests = new Map<string, SentRequest>();
const outcomes = new Map<string, Outcome>();
// To make them takes longer than to ask them.
let shared: AwsInventoryClients | undefined;

const outcomeOf = async (work: Promise<unknown>): Promise<Outcome> =>
  work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );

/**
 * Stand-ins for the clients that ask the account and answer as the real ones would, from memory: the SDK writes each
 * request and reads each answer once, as that takes a hundred times as long as all the rest. They make one try.
 */
export const rememberingClients = (account: FakeAwsAccount): AwsInventoryClients => {
  shared ??= createAwsInventoryClients({
    region: REGION,
    credentials: MADE_UP,
    requestHandler: Object.assign(Object.create(ownHandler()), { handle }),
    maxAttempts: 1,
  });
  const real = shared;

  const standIn = (service: keyof AwsInventoryClients): Sends => {
    const client: Sends = real[service] as Sends;
    const send = async (command: Command): Promise<unknown> => {
      const key = `${service} ${command.constructor.name} ${JSON.stringify(command.input)}`;
      let request = requests.get(key);
      if (request === undefined) {
        const use: Use = { answer: null, sent: null };
        await using.run(use, () => outcomeOf(client.send(command)));
        if (use.sent === null) throw new Error(`nothing was sent: ${key}`);
        request = use.sent;
        requests.set(key, request);
      }
      const answer = await account.answer(request);
      const answered = `${service} ${command.constructor.name} ${answer.status} ${answer.body}`;
      let outcome = outcomes.get(answered);
      if (outcome === undefined) {
        outcome = await using.run({ answer, sent: null }, () => outcomeOf(client.send(command)));
        outcomes.set(answered, outcome);
      }
      if ('error' in outcome) throw outcome.error;
      return outcome.value;
    };
    return { send };
  };
  const services = Object.keys(real) as (keyof AwsInventoryClients)[];
  return Object.fromEntries(services.map((service) => [service, standIn(service)])) as unknown as AwsInventoryClients;
};
