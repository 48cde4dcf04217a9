import { statSync } from 'node:fs';
import t from 'tap';
import { tellsCompletion } from '../../src/lifecycle/recorded-times.ts';
import { lengthMs } from '../../src/lifecycle/recording.ts';
import { plantedSecrets } from '../../src/local/gitlab-simulator/trace/planted-secrets.ts';
import { RESOURCE_TABLE } from '../../src/local/gitlab-simulator/trace/resource-table.ts';
import { sampleRecording } from '../../src/local/sample-recording.ts';
import { makeSampleRecording, SAMPLE_RECORDING_ID } from '../../src/local/sample-recording-source.ts';
import { sampleRuns } from '../../src/local/sample-runs.ts';

const MINUTE_MS = 60_000;

t.test(
  'Given the recording that ships, when it is held against its source, then it is up to date and small',
  async (t) => {
    t.strictSame(await sampleRecording(), makeSampleRecording(), 'else run scripts/make-sample-recording.js');
    const { size } = statSync(new URL('../../src/local/sample-recording.gz', import.meta.url));
    t.ok(size < 40_000, `${size} bytes`);
    t.equal(await sampleRecording(), await sampleRecording(), 'it is read once');
  },
);

t.test(
  'Given the recording that ships, when it is watched, then it is a whole run of a realistic length',
  async (t) => {
    const { id, sample, createdAt, liveAt, downAt, goneAt, stages, lines, linesTotal, ...rest } =
      await sampleRecording();
    t.same(rest, {});
    t.equal(sample, true);
    t.ok(liveAt - createdAt > 10 * MINUTE_MS && liveAt - createdAt < 14 * MINUTE_MS, 'about twelve minutes up');
    t.ok(downAt !== null && goneAt !== null && downAt > liveAt && goneAt > downAt);
    t.same(
      stages.map(({ name, direction, state }) => `${direction} ${name} ${state}`),
      [
        'up plan succeeded',
        'up apply succeeded',
        'up verify succeeded',
        'down destroy succeeded',
        'down inventory succeeded',
      ],
    );
    for (const [index, { startedAtMs, finishedAtMs }] of stages.entries()) {
      t.ok(startedAtMs >= (stages[index - 1]?.finishedAtMs ?? 0) && finishedAtMs > startedAtMs);
    }
    t.ok(lines.length > 500 && lines.length <= linesTotal);
    t.ok(lines.every(({ atMs }, index) => atMs >= (lines[index - 1]?.atMs ?? 0)));
    t.ok(lengthMs(await sampleRecording()) >= (lines.at(-1)?.atMs ?? 0));
    const texts = lines.map(({ text }) => text);
    t.ok(
      texts.filter(tellsCompletion).length >= 2 * RESOURCE_TABLE.length,
      'each resource is told to be complete, up and down',
    );
    t.ok(
      texts.some((text) => text.includes('Apply complete!')) &&
        texts.some((text) => text.includes('Destroy complete!')),
    );
    t.equal(id, SAMPLE_RECORDING_ID);
    t.notOk(
      sampleRuns(goneAt ?? 0).some((run) => run.id === id),
      'the seeded runs are on a fast clock, so it is none of them',
    );
  },
);

t.test(
  'Given the secrets that are planted in its logs, when it is searched, then none is in it, and masks are',
  async (t) => {
    const { lines } = await sampleRecording();
    const said = lines.map(({ text }) => text).join('\n');
    const secrets = plantedSecrets(SAMPLE_RECORDING_ID);
    t.ok(secrets.length > 20);
    t.same(
      secrets.filter((secret) => said.includes(secret)),
      [],
    );
    t.ok(said.includes('[MASKED]'));
    t.notOk(said.includes('111122223333'), 'nor the account id');
  },
);
