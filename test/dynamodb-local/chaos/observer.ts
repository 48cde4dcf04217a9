import { setTimeout as delay } from 'node:timers/promises';
import { GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Test } from 'tap';
import { createDynamoClient } from '../../../src/adapters/dynamodb-client.ts';
import type { Look, SeenRecord, World } from './facts.ts';
import type { Checker } from './invariants.ts';
import type { Timeline } from './timeline.ts';

const TABLE = 'demo-on-demand';
/** Short beside every time of the local policy, long enough to leave the machine to the servers. */
const LOOK_EVERY_MS = 150;

export interface Observer {
  /** Looks again and again until the signal says that it is enough. */
  watch(signal: AbortSignal): Promise<void>;
  /** One look, which the checker is given. */
  look(): Promise<Look>;
  /** How many looks there were. */
  looks(): number;
  /** The ids of the dead letters, read past every index. */
  deadLetters(): Promise<readonly string[]>;
}

/** The attributes as they stand in the item, read without the code that wrote them. */
const recordOf = (item: Readonly<Record<string, unknown>>): SeenRecord => {
  const goal = item.goal as { readonly direction: 'up' | 'down'; readonly reason?: string; readonly since?: number };
  return {
    owner: String(item.owner),
    version: Number(item.version),
    direction: goal.direction,
    down: goal.direction === 'up' ? null : `${goal.reason} since ${goal.since}`,
    applyMayHaveStarted: item.apply_may_have_started === true,
    isLive: item.live_at !== null,
    isQuarantined: item.quarantined_at !== null,
  };
};

/** What has changed since the look before, for the story of the run. */
const changesOf = (earlier: SeenRecord | null, record: SeenRecord | null): readonly string[] => {
  if (record === null) return earlier === null ? [] : [`free: ${earlier.owner} is gone`];
  const before = earlier?.owner === record.owner ? earlier : null;
  return [
    ...(before === null ? [`lock: ${record.owner}`] : []),
    ...(record.isLive && !before?.isLive ? [`live: ${record.owner}`] : []),
    ...(record.down !== null && before?.down == null ? [`down: ${record.owner}, ${record.down}`] : []),
    ...(record.isQuarantined && !before?.isQuarantined ? [`quarantine: ${record.owner}`] : []),
  ];
};

/** Watches table and account on ways of its own, which no fault is on. */
export const createObserver = (
  t: Test,
  { endpoint, gitlab }: { readonly endpoint: string; readonly gitlab: string },
  checker: Checker,
  timeline: Timeline,
): Observer => {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = createDynamoClient({ region: 'us-east-1', endpoint, credentials });
  t.teardown(() => client.destroy());
  const receipts = new Set<string>();
  let world: World | null = null;
  let looks = 0;
  let earlier: SeenRecord | null = null;

  const item = async (key: string) => {
    const command = new GetItemCommand({
      TableName: TABLE,
      Key: { deployment_id: { S: key } },
      ConsistentRead: true,
    });
    const { Item } = await client.send(command);
    return Item === undefined ? null : unmarshall(Item);
  };

  const readWorld = async (): Promise<World> => (await (await fetch(`${gitlab}/control/state`)).json()) as World;

  const look = async (): Promise<Look> => {
    const before = world ?? (await readWorld());
    world = null;
    const found = await item('ACTIVE');
    const record = found === null ? null : recordOf(found);
    const former = earlier !== null && record?.owner !== earlier.owner ? earlier.owner : null;
    if (former !== null && (await item(former)) !== null) receipts.add(former);
    for (const change of changesOf(earlier, record)) timeline.note(change);
    earlier = record;
    const after = await readWorld();
    world = after;
    looks += 1;
    const seen = { at: Date.now(), before, record, after, receipts: [...receipts] };
    checker.looked(seen);
    return seen;
  };

  return {
    look,
    looks: () => looks,
    watch: async (signal) => {
      while (!signal.aborted) {
        // A machine that is too busy to look has seen nothing; how often that was is part of the verdict.
        await look().catch((error: unknown) => timeline.note(`no look: ${error}`));
        await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
      }
    },
    deadLetters: async () => {
      const command = new ScanCommand({
        TableName: TABLE,
        FilterExpression: 'begins_with(deployment_id, :dead)',
        ExpressionAttributeValues: { ':dead': { S: 'dead#' } },
        ConsistentRead: true,
      });
      const { Items = [] } = await client.send(command);
      return Items.map((raw) => String(unmarshall(raw).deployment_id));
    },
  };
};
