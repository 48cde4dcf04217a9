import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import t from 'tap';
import {
  activeItemOf,
  activeRecordOf,
  decidedAttributes,
  storedReplyOf,
} from '../../src/adapters/dynamodb-deployment-item.ts';
import { attributeName } from '../../src/adapters/item-codec.ts';
import { MAX_ATTEMPTS } from '../../src/lifecycle/deployment.ts';
import { createdReply, refusedReply, sampleAttempt, sampleRecord } from '../fakes/sample-records.ts';
import { arbitraryRecord } from './arbitrary-records.ts';
import { itemSize } from './item-size.ts';
import { largestObservation } from './largest-observation.ts';

/** The limit of any item, in bytes. */
const DYNAMODB_LIMIT = 400 * 1024;

t.test('given any record, when it goes through its item, then it comes back as it was', async (t) => {
  fc.assert(
    fc.property(arbitraryRecord, (record) => {
      const item = unmarshall(marshall(activeItemOf(record)));
      t.strictSame(activeRecordOf(item), record);
    }),
    { numRuns: 100 },
  );
});

t.test('given a record, when its item is made, then each decided field is an attribute of its own', async (t) => {
  const item = activeItemOf(sampleRecord('owner-1', { liveUrl: 'https://demo.example/', version: 7 }));
  t.match(item, {
    deployment_id: 'ACTIVE',
    owner: 'owner-1',
    version: 7,
    write_id: 'write-1',
    live_url: 'https://demo.example/',
    apply_may_have_started: false,
    goal: { direction: 'up' },
    replies: {},
    observed_at: 0,
    observed_by: '',
    observation: { look: null },
  });
  t.notOk('observed_by' in (item.observation as object), 'the claim stands in one place only');
  t.notOk('expires_epoch_seconds' in item, 'the lock never expires by itself');
  t.notOk('listed' in item, 'the lock is in no list');
});

t.test('given what a decision sets, when its attributes are made, then there are no others', async (t) => {
  t.strictSame(decidedAttributes({}), {});
  t.strictSame(decidedAttributes({ expiresAt: 5, liveUrl: null }), { expires_at: 5, live_url: null });
  const whole = decidedAttributes(sampleRecord('owner-1').deployment);
  for (const name of ['owner', 'version', 'write_id', 'created_at', 'replies']) t.notOk(name in whole, name);
  t.equal(Object.keys(whole).length, Object.keys(sampleRecord('owner-1').deployment).length - 5);
});

t.test('given a broken item, when it is read, then the error names the place and not the value', async (t) => {
  const item = activeItemOf(
    sampleRecord('owner-1', {
      goal: { direction: 'down', reason: 'visitor', since: 1 },
      attempts: [sampleAttempt('request-1')],
      replies: { 'request-1': createdReply(41) },
    }),
  );
  const broken: readonly (readonly [string, Record<string, unknown>])[] = [
    ['The stored ACTIVE.owner is not a text', { owner: 7 }],
    ['The stored ACTIVE.version is not a whole number', { version: '7' }],
    ['The stored ACTIVE.version is not a whole number', { version: 1.5 }],
    ['The stored ACTIVE.hourly_cost_usd is not a number', { hourly_cost_usd: 'cheap' }],
    ['The stored ACTIVE.apply_may_have_started is not a yes or no', { apply_may_have_started: 'yes' }],
    ['The stored ACTIVE.live_at is not a whole number', { live_at: undefined }],
    ['The stored ACTIVE.goal.direction is not one of up, down', { goal: { direction: 'sideways-secret' } }],
    ['The stored ACTIVE.goal.direction is not one of up, down', { goal: { direction: 'toString' } }],
    ['The stored ACTIVE.goal.direction is not one of up, down', { goal: 'up' }],
    ['The stored ACTIVE.goal.since is not a whole number', { goal: { direction: 'down', reason: 'visitor' } }],
    ['The stored ACTIVE.attempts is not a list', { attempts: {} }],
    ['The stored ACTIVE.attempts[0] is not a map', { attempts: ['x'] }],
    ['The stored ACTIVE.policy is not a map', { policy: [] }],
    ['The stored ACTIVE.replies is not a map', { replies: null }],
    ['The stored ACTIVE.replies.request-1.kind is not one of created, refused', { replies: { 'request-1': {} } }],
    ['The stored ACTIVE.observation is not a map', { observation: 'x' }],
  ];
  for (const [message, change] of broken) {
    t.throws(() => activeRecordOf({ ...item, ...change }), { name: 'BrokenItem', message }, message);
  }
  t.throws(() => activeRecordOf({ ...item, goal: { direction: 'down', reason: 'secret', since: 1 } }), {
    message: /^The stored ACTIVE\.goal\.reason is not one of visitor, /,
  });
});

t.test('given attributes of a later version, when an item is read, then they are ignored', async (t) => {
  const record = sampleRecord('owner-1');
  t.strictSame(activeRecordOf({ ...activeItemOf(record), added_later: 1 }), record);
});

t.test('given an item, when the reply of a request is read, then it is there or not', async (t) => {
  const item = activeItemOf(sampleRecord('owner-1', { replies: { 'request-1': refusedReply() } }));
  t.strictSame(storedReplyOf(item, 'request-1'), refusedReply());
  t.equal(storedReplyOf(item, 'request-2'), undefined);
});

t.test('given names of fields, when they become attributes, then they are in snake_case', async (t) => {
  t.equal(attributeName('applyMayHaveStarted'), 'apply_may_have_started');
  t.equal(attributeName('owner'), 'owner');
});

t.test('given the largest record, when its item is made, then it is far below the limit of DynamoDB', async (t) => {
  const requests = Array.from({ length: MAX_ATTEMPTS }, (_, index) => `00000000-0000-7000-8000-0000000000${index}`);
  const long = '€'.repeat(5_000);
  const replies = Object.fromEntries(
    requests.map((id, index) => [
      id,
      index % 2 === 0 ? { ...refusedReply(), reason: long } : { ...createdReply(index), webUrl: long },
    ]),
  );
  const { deployment } = sampleRecord('owner-1', { attempts: requests.map(sampleAttempt), replies });
  const item = marshall(activeItemOf({ deployment, observation: largestObservation }));
  t.ok(itemSize(item) < DYNAMODB_LIMIT / 4, `${itemSize(item)} bytes`);
});
