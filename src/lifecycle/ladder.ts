import { ATTEMPT_RUNGS } from './attempt-rungs.ts';
import { DOWN_RUNGS, END_RUNGS } from './down-rungs.ts';
import { LOOK_RUNGS } from './look-rungs.ts';
import type { Rung } from './rung.ts';
import { BIRTH_RUNGS, LIFE_RUNGS } from './up-rungs.ts';

const GONE: Rung = {
  state: 'gone',
  condition: 'proven gone; the end order is left',
  step: 'release',
  take: (s) => (s.deployment.gone === null ? null : { do: 'release' }),
};

/** The ladder, top to bottom: the first rung that holds decides. */
export const LADDER: readonly Rung[] = [
  GONE,
  ...BIRTH_RUNGS,
  ...ATTEMPT_RUNGS,
  ...DOWN_RUNGS,
  ...LIFE_RUNGS,
  ...END_RUNGS,
  ...LOOK_RUNGS,
];
