import t from 'tap';
import { VIEW_CASES } from './cases/view.ts';
import { playCases } from './fault-case.ts';

playCases(t, VIEW_CASES);
