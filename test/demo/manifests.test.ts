import t from 'tap';
import { parseAllDocuments } from 'yaml';
import { filesIn, textOf } from './hcl-blocks.ts';

const APP = 'terraform/demo/app';

// biome-ignore lint/suspicious/noExplicitAny: manifests have no types here, and each look at one is an assertion
type Manifest = any;

/** What may be there: all of it lives and ends inside the cluster, and none of it has a controller that makes more. */
const KINDS = ['ClusterRole', 'ClusterRoleBinding', 'Deployment', 'Namespace', 'Service', 'ServiceAccount'];

const documentsIn = (text: string): readonly Manifest[] => parseAllDocuments(text).map((document) => document.toJS());

/** What would make something outside the cluster, or might. */
const complaintsAbout = (manifests: readonly Manifest[]): readonly string[] =>
  manifests.flatMap(({ kind, spec, metadata }) => {
    const name = `${kind} ${metadata?.name}`;
    if (!KINDS.includes(kind)) return [`${name}: may make something in the cloud`];
    if (kind === 'Service' && !['ClusterIP', 'NodePort'].includes(spec?.type))
      return [`${name}: makes a load balancer`];
    if (kind === 'Service' && (spec?.externalIPs || spec?.loadBalancerClass)) return [`${name}: asks for addresses`];
    const volumes: readonly Manifest[] = spec?.template?.spec?.volumes ?? [];
    const makes = volumes.filter(
      ({ persistentVolumeClaim, ephemeral, csi }) => persistentVolumeClaim ?? ephemeral ?? csi,
    );
    return makes.map((volume) => `${name}: the volume ${volume.name} makes a disk`);
  });

const manifests = filesIn(`${APP}/manifests/*.yaml`).flatMap((path) => documentsIn(textOf(path)));
const only = (kind: string): Manifest => {
  const found = manifests.filter((manifest) => manifest.kind === kind);
  if (found.length !== 1) throw new Error(`${found.length} of ${kind}`);
  return found[0];
};

t.test(
  'Given the manifests, when they are looked through, then nothing in them makes anything in the cloud',
  async (t) => {
    t.strictSame(manifests.map(({ kind }) => kind).toSorted(), KINDS);
    t.strictSame(complaintsAbout(manifests), []);
  },
);

t.test('Given manifests with a mistake, when they are looked through, then each is named', async (t) => {
  const wrong = documentsIn(`
kind: Service
metadata: {name: balanced}
spec: {type: LoadBalancer}
---
kind: Service
metadata: {name: classed}
spec: {type: NodePort, loadBalancerClass: service.k8s.aws/nlb}
---
kind: Ingress
metadata: {name: door}
---
kind: PersistentVolumeClaim
metadata: {name: disk}
---
kind: Deployment
metadata: {name: app}
spec: {template: {spec: {volumes: [{name: data, persistentVolumeClaim: {claimName: disk}}, {name: own, ephemeral: {}}]}}}
`);
  t.strictSame(complaintsAbout(wrong), [
    'Service balanced: makes a load balancer',
    'Service classed: asks for addresses',
    'Ingress door: may make something in the cloud',
    'PersistentVolumeClaim disk: may make something in the cloud',
    'Deployment app: the volume data makes a disk',
    'Deployment app: the volume own makes a disk',
  ]);
});

t.test(
  'Given the application in its cluster, when its rights are read, then it may look and nothing else',
  async (t) => {
    t.strictSame(only('ClusterRole').rules, [
      { apiGroups: [''], resources: ['nodes', 'pods'], verbs: ['get', 'list'] },
    ]);
    t.match(only('ClusterRoleBinding'), {
      roleRef: { kind: 'ClusterRole', name: 'demo-looks' },
      subjects: [{ kind: 'ServiceAccount', name: 'demo', namespace: 'demo' }],
    });
    t.equal(only('Namespace').metadata.labels['pod-security.kubernetes.io/enforce'], 'restricted');
  },
);

t.test('Given its pod, when it is read, then it is small, without privileges, and of one image for ever', async (t) => {
  const { spec } = only('Deployment').spec.template;
  t.match(spec, { serviceAccountName: 'demo', securityContext: { runAsNonRoot: true, runAsUser: 1000 } });
  t.equal(spec.securityContext.seccompProfile.type, 'RuntimeDefault');
  for (const forbidden of ['hostNetwork', 'hostPID', 'hostIPC', 'initContainers']) t.notOk(spec[forbidden], forbidden);
  const [container, ...more] = spec.containers;
  t.strictSame(more, []);
  t.strictSame(container.securityContext, {
    allowPrivilegeEscalation: false,
    privileged: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
  t.match(container.image, /^public\.ecr\.aws\/docker\/library\/node@sha256:[0-9a-f]{64}$/);
  t.ok(container.resources.requests.memory && container.resources.limits.memory);
  t.equal(container.readinessProbe.httpGet.path, '/livez');
  t.strictSame(spec.volumes, [{ name: 'server', configMap: { name: 'demo-server' } }]);
});

t.test('Given port and check, when Terraform and Kubernetes name them, then both say the same', async (t) => {
  const [port] = only('Service').spec.ports;
  t.match(textOf('terraform/demo/ephemeral/names.tf'), `node_port = ${port.nodePort}\n`);
  t.match(textOf('terraform/demo/persistent/security-groups.tf'), `node_port = ${port.nodePort}\n`);
  t.match(textOf('terraform/demo/ephemeral/load-balancer.tf'), /path += "\/livez"/);
  t.strictSame(only('Service').spec.selector, only('Deployment').spec.template.metadata.labels);
});

t.test('Given the pods that a demo runs, when they are counted, then there are addresses for all', async (t) => {
  // What EKS brings with its own network: the network plug-in and kube-proxy on each node. With addresses: DNS, twice.
  const onEachNode = 2;
  const maxPods = Number(/max_pods = (\d+)/.exec(textOf('terraform/demo/ephemeral/nodes.tf'))?.[1]);
  const dns = 2;
  const surge = 1;
  t.ok(only('Deployment').spec.replicas + dns + surge <= 2 * (maxPods - onEachNode), 'on two nodes');
  t.ok(1 + dns <= maxPods - onEachNode, 'and one of the page when there is but one node');
});

t.test('Given the files of the application, when kustomize collects them, then none is missing', async (t) => {
  const [kustomization] = documentsIn(textOf(`${APP}/kustomization.yaml`));
  t.strictSame(
    kustomization.resources.toSorted(),
    filesIn(`${APP}/manifests/*`).map((path) => path.slice(APP.length + 1)),
  );
  const [server] = kustomization.configMapGenerator;
  t.strictSame(
    server.files,
    filesIn(`${APP}/server/*`).map((path) => path.slice(APP.length + 1)),
  );
  const bytes = filesIn(`${APP}/server/*`).reduce((sum, path) => sum + Buffer.byteLength(textOf(path)), 0);
  t.ok(bytes < 256 * 1024, 'a ConfigMap holds a megabyte at most, and kubectl keeps a copy in an annotation of 256 KB');
});

t.test('Given the facts, when deploy.sh gives and the application takes them, then they are the same', async (t) => {
  const given = [...textOf(`${APP}/deploy.sh`).matchAll(/--from-literal=([A-Z_]+)=/g)].map(([, name]) => name);
  const fields: readonly string[] = only('Deployment').spec.template.spec.containers[0].env.map(
    ({ name }: Manifest) => name,
  );
  const taken = [...textOf(`${APP}/server/facts.ts`).matchAll(/environment\.([A-Z_]+)/g)].map(([, name]) => name);
  t.strictSame([...given, ...fields.filter((name) => name !== 'PORT')].toSorted(), [...new Set(taken)].toSorted());
});
