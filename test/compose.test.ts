import { Writable } from 'node:stream';
import t from 'tap';
import { compose } from '../src/compose.ts';
import { loadConfig } from '../src/config.ts';
import { firstNightlyCron } from '../src/local/nightly-cron.ts';

interface Health {
  readonly jobs: readonly { readonly name: string; readonly next_run_at: string | null }[];
}

interface Ledger {
  readonly entries: readonly { readonly sample: boolean }[];
}

const jsonOf = async <T>(answer: Response): Promise<T> => (await answer.json()) as T;

t.test(
  'Given nothing is configured, when the service is put together, then it serves, starts a demo and goes away cleanly',
  async (t) => {
    const lines: string[] = [];
    const logDestination = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        lines.push(String(chunk));
        done();
      },
    });
    const service = await compose(loadConfig({ PORT: '0', SIMULATOR_SPEED: '50' }), {
      version: '9.9.9',
      logDestination,
    });
    t.teardown(() => service.stop());
    await service.start();
    t.ok(service.printedOwnerToken, 'a token was made up');

    const health = await jsonOf<Health>(await fetch(`${service.url}/healthz`));
    t.match(health, { status: 'ok', version: '9.9.9', dead_letters: 0, overdue_deployments: 0 });
    t.same(
      health.jobs.map((job) => [job.name, typeof job.next_run_at]),
      [
        ['hourly', 'string'],
        ['nightly', 'string'],
      ],
    );
    const ledger = await jsonOf<Ledger>(await fetch(`${service.url}/v1/deployments`));
    t.equal(ledger.entries.filter(({ sample }) => sample).length, 8, 'eight samples, marked');
    t.match(await (await fetch(`${service.url}/`)).text(), /<!doctype html>/);

    const started = await fetch(`${service.url}/v1/deployments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    t.equal(started.status, 201);
    const { control_token: token } = await jsonOf<{ control_token: string }>(started);
    const view = await (await fetch(`${service.url}/v1/deployments/current`)).json();
    t.match(view, { status: 'queued', can_destroy: true });

    service.beginShutdown();
    t.equal((await fetch(`${service.url}/readyz`)).status, 503);
    await Promise.all([service.stop(), service.stop()]);
    await t.rejects(fetch(`${service.url}/livez`), 'it does not listen any more');
    const log = lines.join('');
    t.match(log, /"event":"deployment.started"/);
    t.notOk(log.includes(token) || log.includes(service.printedOwnerToken ?? ''), 'no token in its log');
  },
);

t.test(
  'Given a start, when the first nightly slot is chosen, then it lies half a day ahead, in the zone',
  async (t) => {
    const startedAt = Date.parse('2026-11-20T09:41:30Z');
    t.equal(firstNightlyCron(startedAt, 'UTC'), '41 21 * * *');
    t.equal(firstNightlyCron(startedAt, 'Asia/Tokyo'), '41 6 * * *');
  },
);
