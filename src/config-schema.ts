import { type Static, Type } from 'typebox';
import { secondDestroyer, secrets } from './config-aws.ts';
import { choice } from './config-kinds.ts';
import { cost, cron, log, policy, quotas, rateLimit, timers } from './config-limits.ts';
import { gitlab, local, server, store } from './config-service.ts';
import { build, detailsOfBoth, type Variable } from './config-variable.ts';

/** The whole configuration: its type, its parsing, its defaults and its documentation follow from this. */
export const SETTINGS = Type.Object({
  mode: choice(
    detailsOfBoth('MODE', 'local', 'aws is the real thing, and set by the image; local simulates everything'),
    ['local', 'aws'],
  ),
  server,
  store,
  gitlab,
  secrets,
  secondDestroyer,
  policy,
  quotas,
  rateLimit,
  cost,
  cron,
  timers,
  log,
  local,
});

export type Settings = Static<typeof SETTINGS>;

const variables: Variable[] = [];
build(SETTINGS, (_, variable) => variables.push(variable));

/** Every variable of the environment, in the order of the schema. */
export const VARIABLES: readonly Variable[] = Object.freeze(variables);
