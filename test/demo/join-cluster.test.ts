import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { parse } from 'yaml';
import { textOf } from './hcl-blocks.ts';
import { createStubs } from './shell-stubs.ts';

const options = process.platform === 'win32' ? { skip: 'it is a script for bash' } : {};

const VALUES: Readonly<Record<string, string>> = {
  cluster_name: 'demo-3d9e0c1f5a7b',
  region: 'us-east-1',
  service_cidr: '172.20.0.0/16',
  max_pods: '5',
};

/** As Terraform's templatefile() writes it: values put in, and a doubled dollar made one. */
const rendered = (): string =>
  textOf('terraform/demo/ephemeral/join-cluster.sh.tftpl').replace(/\$\$\{|\$\{([a-z_]+)\}/g, (found, name) =>
    found === '$${' ? '${' : (VALUES[name] ?? `no value for ${name}`),
  );

const joinWith = async (t: Test, aws: string, nodeadm = 'exit 0') => {
  const stubs = createStubs(t, { aws, nodeadm });
  const script = join(stubs.folder, 'join-cluster.sh');
  writeFileSync(script, rendered());
  const config = join(stubs.folder, 'node.yaml');
  const run = await stubs.run(script, { NODE_CONFIG: config, PAUSE_SECONDS: '0.02', GIVE_UP_AFTER_SECONDS: '1' });
  return { ...run, config: existsSync(config) ? parse(readFileSync(config, 'utf8')) : null, file: config };
};

const ACTIVE = String.raw`printf 'ACTIVE\thttps://0123456789ABCDEF.gr7.us-east-1.eks.amazonaws.com\tLS0tLS1CRUdJTg==\n'`;

t.test(
  'Given a cluster that is still made, when a node boots, then it waits and joins with all it has to know',
  options,
  async (t) => {
    const aws = `case "$n" in 1) exit 254 ;; 2) printf 'CREATING\\tNone\\tNone\\n' ;; *) ${ACTIVE} ;; esac`;
    const { exitCode, calls, config, file, stderr } = await joinWith(t, aws);
    t.equal(exitCode, 0, stderr);
    t.equal(calls.filter((call) => call.startsWith('aws eks describe-cluster')).length, 3);
    t.equal(calls.at(-1), `nodeadm init --config-source file://${file}`);
    t.strictSame(config, {
      apiVersion: 'node.eks.aws/v1alpha1',
      kind: 'NodeConfig',
      spec: {
        cluster: {
          name: 'demo-3d9e0c1f5a7b',
          apiServerEndpoint: 'https://0123456789ABCDEF.gr7.us-east-1.eks.amazonaws.com',
          certificateAuthority: 'LS0tLS1CRUdJTg==',
          cidr: '172.20.0.0/16',
        },
        kubelet: { config: { maxPods: 5 } },
      },
    });
  },
);

t.test(
  'Given a cluster that fails, is deleted or never comes, when a node waits, then it stays alone',
  options,
  async (t) => {
    const never = await joinWith(t, 'exit 254');
    t.equal(never.exitCode, 1);
    t.match(never.stderr, /demo-3d9e0c1f5a7b: not found/);
    for (const status of ['FAILED', 'DELETING']) {
      const { exitCode, calls, stderr, config } = await joinWith(t, `printf '${status}\\tNone\\tNone\\n'`);
      t.equal(exitCode, 1);
      t.match(stderr, status);
      t.equal(calls.length, 1, 'and does not ask for ever');
      t.equal(config, null);
    }
  },
);

t.test('Given a node that cannot join, when nodeadm fails, then so does the script', options, async (t) => {
  t.equal((await joinWith(t, ACTIVE, 'exit 3')).exitCode, 3);
});

t.test('Given every value of the template, when it is rendered, then none is missing', options, async (t) => {
  t.notMatch(rendered(), /no value for|\$\$/);
  const given =
    /join-cluster\.sh\.tftpl", \{\n([\s\S]*?)\n {2}\}/.exec(textOf('terraform/demo/ephemeral/nodes.tf'))?.[1] ?? '';
  t.strictSame(
    [...given.matchAll(/^ {4}([a-z_]+) +=/gm)].map(([, name]) => name).toSorted(),
    Object.keys(VALUES).toSorted(),
  );
});
