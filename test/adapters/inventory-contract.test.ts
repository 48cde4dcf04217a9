import t, { type Test } from 'tap';
import { Agent } from 'undici';
import { createSimulatorInventory } from '../../src/adapters/simulator-inventory.ts';
import { createGitlabSimulator } from '../../src/local/gitlab-simulator/simulator.ts';
import { defineInventoryContract, type InventoryUnderTest } from '../contracts/inventory.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createFakeCloud } from '../fakes/fake-cloud.ts';
import { createAwsWorld, demoThings } from './aws-inventory-world.ts';
import { createTestClock } from './gitlab-world.ts';

const PATIENCE_STEPS = 2_000;
const STEP_MS = 500;

defineInventoryContract(t, 'the cloud of the tests', async () => {
  const cloud = createFakeCloud(createFakeClock());
  return {
    inventory: cloud,
    build: async (id) => cloud.build(id),
    beginDeleting: async () => {
      cloud.faults.inventory = 'deleting';
    },
    finishDeleting: async (id) => {
      cloud.faults.inventory = 'none';
      cloud.destroy(id);
    },
    setUnreadable: (isUnreadable) => {
      cloud.faults.inventory = isUnreadable ? 'unknown' : 'none';
    },
  };
});

/** The simulator over a real socket, on a clock that only the test moves. */
const simulated = async (t: Test): Promise<InventoryUnderTest> => {
  const time = createTestClock();
  const simulator = createGitlabSimulator({ now: time.clock.now });
  const { origin } = await simulator.listen({ host: '127.0.0.1', port: 0 });
  const dispatcher = new Agent();
  t.teardown(async () => {
    await dispatcher.destroy();
    await simulator.close();
  });
  const inventory = createSimulatorInventory({ origin, dispatcher });
  const passUntil = async (id: string, wanted: readonly string[]): Promise<void> => {
    for (let step = 0; step < PATIENCE_STEPS; step += 1) {
      if (wanted.includes((await inventory.read(id)).answer)) return;
      time.pass(STEP_MS);
    }
    throw new Error(`it never came to ${wanted.join(' or ')}`);
  };
  const destroy = (id: string) => simulator.control.putSchedule(id, time.clock.now(), 3_600);
  return {
    inventory,
    build: async (id) => simulator.control.addOrphan(id),
    beginDeleting: async (id) => {
      destroy(id);
      await passUntil(id, ['deleting']);
    },
    finishDeleting: async (id) => {
      destroy(id);
      await passUntil(id, ['empty']);
    },
    setUnreadable: (isUnreadable) => {
      if (isUnreadable) simulator.control.setFault('inventory-partial');
      else simulator.control.clearFaults();
    },
  };
};

defineInventoryContract(t, 'the simulator', simulated);

/** What AWS says of each while it is being deleted; what is not here is there or gone. */
const DELETING: Readonly<Record<string, string>> = {
  'eks:cluster': 'DELETING',
  'autoscaling:autoScalingGroup': 'Delete in progress',
  'ec2:instance': 'shutting-down',
};

const CLUSTER_PARTS = ['eks:access-entry', 'ec2:security-group', 'ec2:volume'];

/** What is still listed while a cluster and its group are being deleted. */
const isStillListed = (kind: string, name = ''): boolean =>
  DELETING[kind] !== undefined || CLUSTER_PARTS.includes(kind) || name.startsWith('Amazon EKS');

defineInventoryContract(t, 'AWS', async () => {
  // The SDK's own clients; where there are many cases, others stand in for them.
  const { account, inventory } = createAwsWorld({ realTries: 1 });
  account.pageSize = 2;
  const removeAll = (id: string) => {
    for (const thing of demoThings(id)) account.remove(thing.kind, thing.id);
  };
  return {
    inventory,
    build: async (id) => {
      account.make(...demoThings(id));
      account.index();
    },
    beginDeleting: async (id) => {
      removeAll(id);
      const left = demoThings(id).filter(({ kind, name }) => isStillListed(kind, name));
      account.make(
        ...left.map((thing) => {
          const state = DELETING[thing.kind];
          return state === undefined ? thing : { ...thing, state };
        }),
      );
    },
    finishDeleting: async (id) => removeAll(id),
    setUnreadable: (isUnreadable) => {
      account.faultOf = (action) => (isUnreadable && action === 'ec2:DescribeVolumes' ? 'denied' : null);
    },
  };
});
