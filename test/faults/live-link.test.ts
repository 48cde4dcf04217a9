import t from 'tap';
import { LIVE_LINK_CASES } from './cases/live-link.ts';
import { playCases } from './fault-case.ts';

playCases(t, LIVE_LINK_CASES);
