// The bill of materials of a bundle (CycloneDX): of that of the whole project, `npm sbom --sbom-format cyclonedx`, it keeps
// the packages that really are in the bundle, and adds what npm does not know of: copies that packages bring along, and
// the Node that runs it. Arguments: npm's bill, the build's list of packages; prints the result.
import { readFileSync } from 'node:fs';

const [sbomFile, packagesFile] = process.argv.slice(2);
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
const bill = read(sbomFile);
const packages = read(packagesFile);

const referenceOf = ({ name, version }) => `${name}@${version}`;
const purlOf = ({ name, version }) => `pkg:npm/${name.replace(/^@/, '%40')}@${version}`;
const wanted = new Set(packages.filter(({ within }) => within === undefined).map(referenceOf));
const components = bill.components
  .filter((component) => wanted.has(referenceOf(component)))
  // A package that is a tool of ours as well as part of the bundle is, here, part of the bundle.
  .map(({ properties = [], ...component }) => ({
    ...component,
    properties: properties.filter(({ name }) => name !== 'cdx:npm:package:development'),
  }));

const missing = [...wanted].filter((reference) => !components.some((found) => referenceOf(found) === reference));
if (missing.length > 0) throw new Error(`In the bundle, but not in npm's bill of materials: ${missing.join(', ')}`);

const broughtAlong = packages
  .filter(({ within }) => within !== undefined)
  .map(({ name, version, license, within }) => ({
    'bom-ref': referenceOf({ name, version }),
    type: 'library',
    name,
    version,
    scope: 'required',
    description: `A copy inside ${within}`,
    purl: purlOf({ name, version }),
    licenses: [{ license: { id: license } }],
  }));

const { node } = process.versions;
const runtime = {
  'bom-ref': `node@${node}`,
  type: 'platform',
  name: 'node',
  version: node,
  purl: `pkg:generic/node@${node}`,
};

// Of the references between packages only those to what is there are kept.
const root = bill.metadata.component['bom-ref'];
const kept = new Set([root, ...components.map((component) => component['bom-ref'])]);
const dependencies = bill.dependencies
  .filter(({ ref }) => kept.has(ref))
  .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((other) => kept.has(other)) }));

// Without npm's serial number and time, the same sources give the same file.
const { serialNumber: _serialNumber, metadata, ...rest } = bill;
const { timestamp: _timestamp, ...about } = metadata;
const { name, version } = read('package.json');
const component = { ...about.component, type: 'application', name, version };
const result = {
  ...rest,
  metadata: { ...about, lifecycles: [{ phase: 'build' }], component },
  components: [...components, ...broughtAlong, runtime],
  dependencies,
};
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
