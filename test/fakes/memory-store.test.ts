import t from 'tap';
import { defineDeadLetterStoreContract } from '../contracts/dead-letter-store.ts';
import { defineDeploymentStoreContract } from '../contracts/deployment-store.ts';
import { defineIdempotencyStoreContract } from '../contracts/idempotency-store.ts';
import { defineSlotStoreContract } from '../contracts/slot-store.ts';
import { createMemoryStore } from './memory-store.ts';
import { createStoreFaults } from './store-faults.ts';

const make = async () => {
  const faults = createStoreFaults();
  return { store: createMemoryStore(faults), faults };
};

defineDeploymentStoreContract(t, 'memory', make);
defineIdempotencyStoreContract(t, 'memory', make);
defineDeadLetterStoreContract(t, 'memory', make);
defineSlotStoreContract(t, 'memory', make);
