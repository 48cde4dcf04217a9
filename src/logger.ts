import pino, { type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import { maskSecrets } from './masking/mask.ts';

export interface LogOptions {
  readonly level: string;
  /** Secrets that are known by value; asked on every line, because they are fetched and rotated at run time. */
  readonly known: () => readonly string[];
}

/** Fields that never hold anything fit for a log, whatever is in them. */
const REDACTED = ['authorization', 'cookie', 'token', 'control_token', 'controlToken', 'password', 'secret'];
const REDACTED_PATHS = REDACTED.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** Deeper or longer than this is not something we log; what lies beyond is left out. */
const MAX_DEPTH = 5;
const MAX_ENTRIES = 100;

type Mask = (text: string) => string;

/** A copy of plain data with every text in it masked. Errors stay: their serializer masks them. */
const maskedCopy = (value: unknown, mask: Mask, depth = 0): unknown => {
  if (typeof value === 'string') return mask(value);
  if (typeof value !== 'object' || value === null || value instanceof Error) return value;
  if (depth >= MAX_DEPTH) return '[too deep]';
  if (Array.isArray(value)) return value.slice(0, MAX_ENTRIES).map((entry) => maskedCopy(entry, mask, depth + 1));
  const entries = Object.entries(value).slice(0, MAX_ENTRIES);
  return Object.fromEntries(entries.map(([name, entry]) => [name, maskedCopy(entry, mask, depth + 1)]));
};

/** An error as its type, message, stack and code; a cause may carry a whole request, so of it only the message. */
const maskedError = (error: unknown, mask: Mask): unknown => {
  if (!(error instanceof Error)) return maskedCopy(error, mask);
  const { code } = error as NodeJS.ErrnoException;
  return {
    type: error.name,
    message: mask(error.message),
    ...(typeof code === 'string' ? { code } : {}),
    ...(error.cause instanceof Error ? { cause: mask(error.cause.message) } : {}),
    stack: mask(error.stack ?? ''),
  };
};

const errorIn = (fields: unknown): Error | null => {
  if (fields instanceof Error) return fields;
  const { err } = (fields ?? {}) as { readonly err?: unknown };
  return err instanceof Error ? err : null;
};

/** Pino takes the message of an error that comes without one, unmasked; so it is given the masked one here. */
const maskedArguments = (args: readonly unknown[], mask: Mask): readonly unknown[] => {
  const error = errorIn(args[0]);
  if (error !== null && args.length === 1) return [args[0], mask(error.message)];
  return args.map((arg) => (typeof arg === 'string' ? mask(arg) : arg));
};

/** Pino's options: JSON lines in which every text went through the masker before it is written. */
export const loggerOptions = ({ level, known }: LogOptions): LoggerOptions => {
  const mask: Mask = (text) => maskSecrets(text, { known: known(), accountIds: true });
  return {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: REDACTED_PATHS, censor: '[MASKED]' },
    formatters: {
      level: (label) => ({ level: label }),
      log: (fields) => maskedCopy(fields, mask) as Record<string, unknown>,
    },
    serializers: { err: (error: unknown) => maskedError(error, mask) },
    hooks: {
      logMethod(args, method) {
        method.apply(this, maskedArguments(args, mask) as typeof args);
      },
      // Whatever got past the fields (bindings, formatted arguments, an error under another name) is seen here.
      streamWrite: (line) => mask(line),
    },
  };
};

/** Makes the process' logger. Without a destination it writes to standard output. */
export const createLogger = (options: LogOptions, destination?: DestinationStream): Logger =>
  destination === undefined ? pino(loggerOptions(options)) : pino(loggerOptions(options), destination);
