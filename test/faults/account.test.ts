import t from 'tap';
import { ACCOUNT_CASES } from './cases/account.ts';
import { playCases } from './fault-case.ts';

playCases(t, ACCOUNT_CASES);
