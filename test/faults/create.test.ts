import t from 'tap';
import { CREATE_CASES } from './cases/create.ts';
import { playCases } from './fault-case.ts';

playCases(t, CREATE_CASES);
