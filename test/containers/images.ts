import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildImage, type Images, ROOT } from './docker.ts';

/** The version in the manifest. */
export const VERSION: string = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version;

/** The images under test: those that SERVER_IMAGE and SIMULATOR_IMAGE name, else built from the sources. */
export const imagesUnderTest = async (): Promise<Images> => ({
  server: process.env.SERVER_IMAGE ?? (await buildImage('server', 'demo-on-demand:test', VERSION)),
  simulator: process.env.SIMULATOR_IMAGE ?? (await buildImage('simulator', 'demo-on-demand-simulator:test', VERSION)),
});
