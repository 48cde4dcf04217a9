import t from 'tap';
import { APPLY_CASES } from './cases/apply.ts';
import { playCases } from './fault-case.ts';

playCases(t, APPLY_CASES);
