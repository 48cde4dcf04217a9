import t, { type Test } from 'tap';
import { runScript } from './run-script.ts';

const ROOT = 'demo@1.2.3';
const component = (name: string, version: string, properties: readonly object[] = []) => ({
  'bom-ref': `${name}@${version}`,
  type: 'library',
  name,
  version,
  properties,
});

const BILL = {
  bomFormat: 'CycloneDX',
  serialNumber: 'urn:uuid:1',
  metadata: {
    timestamp: '2026-11-25T00:00:00Z',
    tools: [],
    component: { 'bom-ref': ROOT, type: 'library', name: 'main' },
  },
  components: [
    component('bundled', '1.0.0', [
      { name: 'cdx:npm:package:development', value: 'true' },
      { name: 'cdx:npm:package:path', value: 'node_modules/bundled' },
    ]),
    component('bundled', '2.0.0'),
    component('tool', '1.0.0'),
  ],
  dependencies: [
    { ref: ROOT, dependsOn: ['bundled@1.0.0', 'tool@1.0.0'] },
    { ref: 'bundled@1.0.0', dependsOn: ['tool@1.0.0'] },
    { ref: 'tool@1.0.0', dependsOn: ['bundled@2.0.0'] },
  ],
};

const sbomOf = (t: Test, packages: readonly object[]) => {
  const cwd = t.testdir({
    'package.json': JSON.stringify({ name: 'demo', version: '1.2.3' }),
    'npm.json': JSON.stringify(BILL),
    'packages.json': JSON.stringify(packages),
  });
  return runScript('bundled-sbom.js', { cwd, args: ['npm.json', 'packages.json'] });
};

t.test('Given npm’s bill, when it is cut to a bundle, then it lists what is in it, and Node', async (t) => {
  const { status, lines } = sbomOf(t, [
    { name: 'bundled', version: '1.0.0', license: 'MIT' },
    { name: 'copy', version: '3.0.0', license: 'Apache-2.0', within: 'bundled' },
  ]);
  t.equal(status, 0);
  const bill = JSON.parse(lines.join('\n'));
  t.same(
    bill.components.map((found: { readonly 'bom-ref': string }) => found['bom-ref']),
    ['bundled@1.0.0', 'copy@3.0.0', `node@${process.versions.node}`],
  );
  t.same(bill.components[0].properties, [{ name: 'cdx:npm:package:path', value: 'node_modules/bundled' }]);
  t.match(bill.components[1], { description: 'A copy inside bundled', purl: 'pkg:npm/copy@3.0.0' });
  t.same(bill.dependencies, [
    { ref: ROOT, dependsOn: ['bundled@1.0.0'] },
    { ref: 'bundled@1.0.0', dependsOn: [] },
  ]);
  t.match(bill.metadata.component, { type: 'application', name: 'demo', version: '1.2.3' });
  t.notOk('serialNumber' in bill || 'timestamp' in bill.metadata, 'the same sources give the same bill');
});

t.test('Given a package that npm does not know of, when the bill is cut, then that is an error', async (t) => {
  const { status, stderr } = sbomOf(t, [{ name: 'bundled', version: '9.9.9', license: 'MIT' }]);
  t.equal(status, 1);
  t.match(stderr, /In the bundle, but not in npm's bill of materials: bundled@9\.9\.9/);
});
