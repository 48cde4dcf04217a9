import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import t from 'tap';
import { compose } from '../src/compose.ts';
import { loadConfig } from '../src/config.ts';
import { plantedSecrets } from '../src/local/gitlab-simulator/trace/planted-secrets.ts';
import type { LedgerJson } from '../src/routes/schemas/ledger.ts';
import type { ReplayJson } from '../src/routes/schemas/replay.ts';

const JSON_BODY = { 'content-type': 'application/json' };
const WITHIN_MS = 90_000;

t.test(
  'Given a first day, when a run has lived and is gone, then it can be watched in place of the sample, without a secret',
  { timeout: 120_000 },
  async (t) => {
    const logged: string[] = [];
    const logDestination = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        logged.push(String(chunk));
        done();
      },
    });
    const config = loadConfig({ PORT: '0', SIMULATOR_SPEED: '50' });
    const service = await compose(config, { version: '9.9.9', logDestination });
    t.teardown(() => service.stop());
    await service.start();
    const read = async <T>(path: string): Promise<T> => (await (await fetch(`${service.url}${path}`)).json()) as T;
    const latest = () => read<ReplayJson>('/v1/deployments/latest/replay');
    const recorded = async (): Promise<readonly string[]> =>
      (await read<LedgerJson>('/v1/deployments')).entries.flatMap(({ id, has_replay }) => (has_replay ? [id] : []));
    const until = async (isSo: () => Promise<boolean>): Promise<void> => {
      const giveUpAt = performance.now() + WITHIN_MS;
      while (!(await isSo())) {
        if (performance.now() > giveUpAt) throw new Error('it never came to be so');
        await delay(200);
      }
    };
    const statusIs = (wanted: string) => async (): Promise<boolean> =>
      (await read<{ status: string }>('/v1/deployments/current')).status === wanted;

    t.equal((await latest()).sample, true, 'the sample, on the first day');
    t.same(await recorded(), []);

    const started = await fetch(`${service.url}/v1/deployments`, { method: 'POST', headers: JSON_BODY, body: '{}' });
    const { id, control_token: token } = (await started.json()) as { id: string; control_token: string };
    await until(statusIs('live'));
    t.equal((await latest()).sample, true, 'as long as it has not come to its end');
    const headers = { authorization: `Bearer ${token}` };
    t.equal((await fetch(`${service.url}/v1/deployments/${id}`, { method: 'DELETE', headers })).status, 202);
    await until(statusIs('idle'));
    await until(async () => !(await latest()).sample);

    const replay = await latest();
    t.equal(replay.id, id);
    t.same(
      replay.stages.map(({ name, direction }) => `${direction} ${name}`),
      ['up plan', 'up apply', 'up verify', 'down destroy', 'down inventory'],
    );
    t.ok(replay.lines.length > 100 && replay.lines.length <= replay.lines_total, 'all of it, or a sample');
    t.ok(replay.lines.every(({ at_seconds: at }, index) => at >= (replay.lines[index - 1]?.at_seconds ?? 0)));
    t.ok(replay.lines.every(({ at_seconds: at }) => at <= replay.total_seconds));
    t.ok(replay.lines.some(({ text }) => text.includes('Apply complete!')));
    const view = await read<{ stages: { name: string; state: string }[] }>(`/v1/deployments/${id}`);
    t.match(
      replay.stages,
      view.stages.map(({ name, state }) => ({ name, state })),
      'as the view of it says',
    );
    const said = JSON.stringify(replay);
    const secrets = plantedSecrets(id);
    t.ok(secrets.length > 20 && said.includes('[MASKED]'));
    t.same(
      secrets.filter((secret) => said.includes(secret)),
      [],
    );
    t.notOk(said.includes('111122223333') || said.includes(token), 'nor the account id, nor the token');

    t.same(await recorded(), [id]);
    t.same(await read(`/v1/deployments/${id}/replay`), replay);
    const zipped = await service.app.inject({
      url: '/v1/deployments/latest/replay',
      headers: { 'accept-encoding': 'gzip' },
    });
    t.same(JSON.parse(gunzipSync(zipped.rawPayload).toString('utf8')), replay);
    t.ok(zipped.rawPayload.length < 120_000, `${zipped.rawPayload.length} bytes on the wire`);
    t.match(logged.join(''), /"event":"recording.stored"/);
  },
);
