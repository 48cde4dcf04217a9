import t from 'tap';
import { createFixedSecrets } from '../../src/adapters/fixed-secrets.ts';
import { defineSecretsContract } from '../contracts/secrets.ts';

defineSecretsContract(t, 'fixed', createFixedSecrets);
