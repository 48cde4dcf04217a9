import t from 'tap';
import { PIPELINE_CASES } from './cases/pipeline.ts';
import { playCases } from './fault-case.ts';

playCases(t, PIPELINE_CASES);
