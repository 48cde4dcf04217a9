import t from 'tap';
import { DESTROY_CASES } from './cases/destroy.ts';
import { playCases } from './fault-case.ts';

playCases(t, DESTROY_CASES);
