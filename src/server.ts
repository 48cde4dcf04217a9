import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import closeWithGrace from 'close-with-grace';
import { compose, type Service } from './compose.ts';
import { BootError } from './compose-boot.ts';
import { type Config, ConfigError, loadConfig } from './config.ts';

/** Longer than the drain time and the longest request together; after it the process ends whatever is open. */
const CLOSE_WITHIN_MS = 30_000;

const versionOf = (): string => {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const hasVersion = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return hasVersion && typeof manifest.version === 'string' ? manifest.version : '0.0.0';
};

/** Says in plain words why it does not start; a stack would only hide it. */
const giveUp = (error: unknown): never => {
  const isPlain = error instanceof ConfigError || error instanceof BootError;
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  const text = isTaken
    ? `${error.message}; choose another PORT.`
    : error instanceof Error
      ? error.message
      : String(error);
  process.stderr.write(`${isPlain || isTaken ? text : (error instanceof Error && error.stack) || text}\n`);
  process.exit(1);
};

/** For whoever started it by hand; on AWS nothing but JSON lines goes to the log. */
const greet = (service: Service, { mode }: Config): void => {
  if (mode === 'aws') return;
  const lines = [
    `demo-on-demand is at ${service.url}`,
    'Local mode: everything is simulated, nothing is built and nothing costs money.',
    ...(service.printedOwnerToken === null ? [] : [`The owner's token of this start: ${service.printedOwnerToken}`]),
  ];
  process.stdout.write(`\n${lines.map((line) => `  ${line}`).join('\n')}\n\n`);
};

/** Not at the top level, where a bundle that is no ES module cannot wait. */
const run = async (): Promise<void> => {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = loadConfig(process.env);
  const service = await compose(config, { version: versionOf() });
  closeWithGrace({ delay: config.server.drainMs + CLOSE_WITHIN_MS, logger: service.app.log }, async ({ err }) => {
    if (err !== undefined) service.app.log.error({ err }, 'unexpected error, shutting down');
    service.beginShutdown();
    // The gateway goes on sending requests for a while after the signal.
    if (err === undefined) await delay(config.server.drainMs);
    await service.stop();
  });
  await service.start();
  greet(service, config);
};

run().catch(giveUp);
