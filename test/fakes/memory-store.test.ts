import t from 'tap';
import { defineDeadLetterStoreContract } from '../contracts/dead-letter-store.ts';
import { defineDeploymentStoreContract } from '../contracts/deployment-store.ts';
import { defineIdempotencyStoreContract } from '../contracts/idempotency-store.ts';
import { defineLogStoreContract } from '../contracts/log-store.ts';
import { defineQuotaStoreContract } from '../contracts/quota-store.ts';
import { defineRecordingsContract } from '../contracts/recordings.ts';
import { defineSlotStoreContract } from '../contracts/slot-store.ts';
import { defineSwitchStoreContract } from '../contracts/switch-store.ts';
import { createMemoryConditions } from './memory-conditions.ts';
import { createMemoryLogs } from './memory-logs.ts';
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
defineLogStoreContract(t, 'memory', async () => {
  const faults = createStoreFaults();
  return { store: createMemoryLogs(createMemoryConditions(faults)), faults };
});
defineQuotaStoreContract(t, 'memory', async () => {
  const { store, faults } = await make();
  return { store: store.quotas, faults };
});
defineSwitchStoreContract(t, 'memory', async () => {
  const { store, faults } = await make();
  return { store: store.switch, faults };
});
defineRecordingsContract(t, 'memory', async () => {
  const { store, faults } = await make();
  return { store: store.recordings, faults };
});
