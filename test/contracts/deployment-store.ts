import type { Test } from 'tap';
import type { DeploymentStore } from '../../src/lifecycle/ports.ts';
import { defineDeploymentFaultContract } from './deployment-store-faults.ts';
import { defineInterferenceContract } from './deployment-store-interference.ts';
import { defineLedgerContract } from './deployment-store-ledger.ts';
import { defineLockContract } from './deployment-store-lock.ts';
import { defineLookContract } from './deployment-store-looks.ts';
import { defineRaceContract } from './deployment-store-races.ts';
import { defineWriterContract } from './deployment-store-writer.ts';
import type { MakeStore } from './store-under-test.ts';

/** What every `DeploymentStore` promises, whatever it is built on. `make` gives an empty store per test. */
export const defineDeploymentStoreContract = (t: Test, name: string, make: MakeStore<DeploymentStore>): void => {
  t.test(`${name}: the lock`, async (t) => defineLockContract(t, make));
  t.test(`${name}: conditional writes`, async (t) => defineWriterContract(t, make));
  t.test(`${name}: looks`, async (t) => defineLookContract(t, make));
  t.test(`${name}: races`, async (t) => defineRaceContract(t, make));
  t.test(`${name}: the ledger`, async (t) => defineLedgerContract(t, make));
  t.test(`${name}: lost requests and replies`, async (t) => defineDeploymentFaultContract(t, make));
  t.test(`${name}: what others do meanwhile`, async (t) => defineInterferenceContract(t, make));
};
