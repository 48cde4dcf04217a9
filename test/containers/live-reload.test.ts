import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { eventually } from '../processes/processes.ts';
import { buildImage, ROOT, skipReason } from './docker.ts';
import { imagesUnderTest, VERSION } from './images.ts';
import { createStack } from './stack.ts';

t.test('Containers: live reload', { skip: skipReason() }, async (t) => {
  // The sources are a copy, so that nothing is changed that somebody works on.
  const sources = mkdtempSync(join(tmpdir(), 'live-reload-'));
  t.teardown(() => rmSync(sources, { recursive: true, force: true }));
  chmodSync(sources, 0o755);
  cpSync(join(ROOT, 'src'), sources, { recursive: true });

  const images = await imagesUnderTest();
  const DEV_IMAGE = await buildImage('build', 'demo-on-demand-dev:test', VERSION);
  const stack = await createStack(t, images, {
    files: ['docker-compose.dev.yml'],
    env: { DEV_IMAGE, SOURCES: sources },
  });
  await stack.up();
  await stack.ready();
  const title = async (): Promise<string> => {
    const { info } = (await (await stack.request('/openapi.json')).json()) as { info: { title: string } };
    return info.title;
  };
  t.equal(await title(), 'demo-on-demand');

  const file = join(sources, 'routes/openapi.ts');
  const changed = readFileSync(file, 'utf8').replace("title: 'demo-on-demand'", "title: 'changed'");
  writeFileSync(file, changed);
  t.equal(await eventually(title, (seen) => seen === 'changed', 30_000), 'changed', 'a saved change is served');
});
