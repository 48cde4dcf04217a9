// Which packages went into a bundle, and their licences, which ask to be passed on with it.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageOf } from './package-files.js';

/** Copies of another package that a package brings along; its manifest says of which version. */
const BROUGHT_ALONG = { '@fastify/swagger-ui': 'swagger-ui-dist' };

const manifestOf = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** The packages of these modules, in order: name, version, licence, folder; `within` names what brought it along. */
export const bundledPackages = (modules) => {
  const folders = new Set(modules.flatMap((module) => packageOf(module)?.folder ?? []));
  const packages = [...folders].flatMap((folder) => {
    const { name, version, license = 'NOASSERTION', devDependencies = {} } = manifestOf(folder);
    const brought = BROUGHT_ALONG[name];
    const found = { name, version, license, folder };
    if (brought === undefined) return [found];
    return [found, { name: brought, version: devDependencies[brought], license: 'Apache-2.0', folder, within: name }];
  });
  return packages.toSorted((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
};

const LINE = '='.repeat(80);

const licenceText = (folder) => {
  const [file] = globSync('{LICENSE,LICENCE,License,license,licence}*', { cwd: folder }).toSorted();
  return file === undefined ? '(The package brings no text.)' : readFileSync(join(folder, file), 'utf8').trim();
};

/** One text with the licence of each package. */
export const licencesOf = (packages) =>
  packages
    .filter(({ within }) => within === undefined)
    .map(({ name, version, license, folder }) =>
      [LINE, `${name} ${version}: ${license}`, LINE, '', licenceText(folder), ''].join('\n'),
    )
    .join('\n');
