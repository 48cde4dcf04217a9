// The health check of the images, which have no curl and no shell: ends with 0 when /livez answers 200.
// It asks whether the process serves, not whether its store does: a new container would not mend the store, and while
// one is drained /readyz says 503 on purpose. The argument is the name of the variable that holds the port.
import { get } from 'node:http';

const WITHIN_MS = 2_000;
const { HOST = '0.0.0.0' } = process.env;
const hostname = ['0.0.0.0', '::', ''].includes(HOST) ? '127.0.0.1' : HOST;
const port = process.env[process.argv[2] ?? 'PORT'] || '3000';

const request = get({ hostname, port, path: '/livez', timeout: WITHIN_MS }, ({ statusCode }) => {
  process.exit(statusCode === 200 ? 0 : 1);
});
request.on('timeout', () => request.destroy());
request.on('error', () => process.exit(1));
