import type { FastifyBaseLogger, FastifyServerOptions } from 'fastify';

type Make = () => FastifyBaseLogger;
type Arguments = Parameters<FastifyBaseLogger['info']>;

/** The logger of one request, which is made when something is first written by it. */
class RequestLogger implements FastifyBaseLogger {
  readonly #make: Make;
  #made: FastifyBaseLogger | null = null;

  constructor(make: Make) {
    this.#make = make;
  }

  get #logger(): FastifyBaseLogger {
    this.#made ??= this.#make();
    return this.#made;
  }

  get level(): string {
    return this.#logger.level;
  }

  child(...args: Parameters<FastifyBaseLogger['child']>): FastifyBaseLogger {
    return this.#logger.child(...args);
  }

  trace(...args: Arguments): void {
    this.#logger.trace(...args);
  }

  debug(...args: Arguments): void {
    this.#logger.debug(...args);
  }

  info(...args: Arguments): void {
    this.#logger.info(...args);
  }

  warn(...args: Arguments): void {
    this.#logger.warn(...args);
  }

  error(...args: Arguments): void {
    this.#logger.error(...args);
  }

  fatal(...args: Arguments): void {
    this.#logger.fatal(...args);
  }

  silent(...args: Arguments): void {
    this.#logger.silent(...args);
  }
}

/**
 * Gives each request its logger, with the request's id. Making one masks its fields, and nearly all requests are reads
 * that write nothing: so it is made when it is needed.
 */
export const requestLogger: NonNullable<FastifyServerOptions['childLoggerFactory']> = (logger, bindings, options) =>
  new RequestLogger(() => logger.child(bindings, options));
