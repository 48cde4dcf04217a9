import type { Logger } from 'pino';
import type { EventLog } from '../lifecycle/ports.ts';

/**
 * Writes lifecycle events to pino: the event's name as `event` and as the message, its data as fields. An error goes
 * where the logger's serializer looks for it, which masks it and tells its cause.
 */
export const createPinoEventLog = (logger: Pick<Logger, 'info' | 'warn' | 'error'>): EventLog => ({
  event: (level, name, { error, ...fields }) => {
    logger[level]({ event: name, ...fields, ...(error === undefined ? {} : { err: error }) }, name);
  },
});
