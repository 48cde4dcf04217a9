import t from 'tap';
import { REQUEST_CASES } from './cases/request.ts';
import { playCases } from './fault-case.ts';

playCases(t, REQUEST_CASES);
