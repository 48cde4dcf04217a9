import { type Fault, type Thing, type ThingOptions, thing, type World } from './world.ts';

/** The deployment that is destroyed, and others whose names and tags come as close to it as they can. */
export const OURS = '0192f5a1-7c3e-7d4b-9a21-5b8c0d3e6f70';
export const NAME = 'demo-5b8c0d3e6f70';
export const OTHER = '0192f5a1-7c3e-7d4b-9a21-5b8c0d3e6f71';
export const OTHER_NAME = 'demo-5b8c0d3e6f71';
/** The same last 12 digits: another id that has the same name. */
export const NAMESAKE = '1192f5a1-7c3e-7d4b-9a21-5b8c0d3e6f70';
const INSTALLATION = 'demo-table';
const START = Date.parse('2026-11-20T12:00:00Z') / 1_000;

const tagsOf = (id: string, name: string) => ({ Name: name, deployment_id: id, demo_installation: INSTALLATION });
const balancerArn = (name: string): string =>
  `arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/net/${name}/0a1b2c3d4e5f6071`;
const targetsArn = (name: string): string =>
  `arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/${name}/1a1b2c3d4e5f6071`;
const listenerArn = (name: string): string =>
  `arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/net/${name}/0a1b2c3d4e5f6071/2a1b`;

/** Ids are told apart by this, and end in an even or odd number of characters. */
export type Build = { readonly id: string; readonly name: string; readonly isOurs: boolean; readonly mark: string };

/** Everything that one demo consists of, with what AWS makes for it. */
export const demoOf = ({ id, name, isOurs, mark }: Build): Thing[] => {
  const own = (options: Omit<ThingOptions, 'isOurs' | 'tags'>): Thing =>
    thing({ tags: tagsOf(id, name), isOurs, ...options });
  const made = (options: Omit<ThingOptions, 'isOurs'>): Thing => thing({ isOurs, ...options });
  // The real one has the cluster's name; here an id tells one thing.
  const [instance, group, clusterGroup] = [`i-${mark}1`, `${name}-nodes`, `sg-${mark}1`];
  return [
    own({ kind: 'cluster', id: name, heldBy: [`${name}/workers`], deletingSeconds: 100 }),
    own({ kind: 'template', id: `lt-${mark}1`, fields: { name } }),
    own({ kind: 'group', id: group, deletingSeconds: 50 }),
    own({ kind: 'instance', id: instance, fields: { group }, deletingSeconds: 60 }),
    own({ kind: 'volume', id: `vol-${mark}1`, heldBy: [instance], goesWith: instance }),
    own({ kind: 'interface', id: `eni-${mark}1`, heldBy: [instance], goesWith: instance }),
    own({ kind: 'balancer', id: balancerArn(name) }),
    own({ kind: 'listener', id: listenerArn(name), goesWith: balancerArn(name) }),
    own({ kind: 'targets', id: targetsArn(name), heldBy: [listenerArn(name)] }),
    made({ kind: 'record', id: `${name}.demo.example.com.` }),
    made({
      kind: 'interface',
      id: `eni-${mark}2`,
      fields: { description: `ELB net/${name}/0a1b2c3d4e5f6071` },
      heldBy: [balancerArn(name)],
      goesWith: balancerArn(name),
      lingersSeconds: 70,
    }),
    made({
      kind: 'interface',
      id: `eni-${mark}3`,
      fields: { description: `Amazon EKS ${name}` },
      heldBy: [name],
      goesWith: name,
      lingersSeconds: 30,
    }),
    made({
      kind: 'security-group',
      id: clusterGroup,
      tags: { Name: `eks-cluster-sg-${name}-123456789`, 'aws:eks:cluster-name': name },
      fields: { name: `eks-cluster-sg-${name}-123456789` },
      heldBy: [`eni-${mark}3`],
      goesWith: name,
      lingersSeconds: 45,
    }),
    made({ kind: 'rule', id: `sgr-${mark}1`, fields: { group: clusterGroup }, goesWith: clusterGroup }),
  ];
};

/** What a demo does not make, but a person, a controller or a bad day may have made in its name. */
export const messOf = ({ id, name, isOurs, mark }: Build): Thing[] => {
  const made = (options: Omit<ThingOptions, 'isOurs'>): Thing => thing({ isOurs, ...options });
  const cluster = { [`kubernetes.io/cluster/${name}`]: 'owned' };
  return [
    made({ kind: 'nodegroup', id: `${name}/workers`, deletingSeconds: 60 }),
    made({ kind: 'volume', id: `vol-${mark}7`, tags: { ...cluster, Name: 'pvc-1' } }),
    made({ kind: 'balancer', id: balancerArn(`k8s-default-web-${mark}`), tags: { 'elbv2.k8s.aws/cluster': name } }),
    made({ kind: 'interface', id: `eni-${mark}7`, fields: { description: `aws-K8S-i-${mark}1` } }),
    made({ kind: 'interface', id: `eni-${mark}8`, tags: { 'cluster.k8s.amazonaws.com/name': name } }),
    made({ kind: 'address', id: `eipalloc-${mark}7`, tags: tagsOf(id, name) }),
    made({ kind: 'nat', id: `nat-${mark}7`, tags: { deployment_id: id }, deletingSeconds: 60 }),
    made({
      kind: 'security-group',
      id: `sg-${mark}7`,
      tags: { 'elbv2.k8s.aws/cluster': name },
      heldBy: [`eni-${mark}8`],
      fields: { name: 'k8s-web' },
    }),
    made({ kind: 'rule', id: `sgr-${mark}7`, tags: tagsOf(id, name), fields: { group: 'sg-stays', egress: true } }),
    made({ kind: 'instance', id: `i-${mark}7`, tags: { 'eks:cluster-name': name }, deletingSeconds: 50 }),
  ];
};

/** What stays between demos, the landmark first, and what belongs to nobody we know. */
const neighbours = (): Thing[] => {
  const other = (options: Omit<ThingOptions, 'isOurs'>): Thing => thing({ isOurs: false, ...options });
  return [
    other({
      kind: 'security-group',
      id: 'sg-stays',
      tags: { demo_installation: INSTALLATION, Name: 'demo-on-demand-nodes' },
    }),
    other({ kind: 'rule', id: 'sgr-stays', fields: { group: 'sg-stays' } }),
    // The same name, but a tag that says whose it is.
    other({ kind: 'volume', id: 'vol-namesake', tags: tagsOf(NAMESAKE, NAME) }),
    other({
      kind: 'interface',
      id: 'eni-namesake',
      tags: { deployment_id: NAMESAKE },
      fields: { description: `aws-K8S-${NAME}` },
    }),
    // Names that only begin or end like ours, and a remark about ours.
    other({ kind: 'volume', id: 'vol-longer', tags: { Name: `${NAME}0` } }),
    other({ kind: 'instance', id: 'i-prefix', tags: { Name: `my${NAME}` } }),
    other({ kind: 'volume', id: 'vol-remark', tags: { Note: `copy of ${NAME}`, backup_of: NAME } }),
    other({ kind: 'instance', id: 'i-bare' }),
    other({ kind: 'volume', id: 'vol-bare' }),
    other({ kind: 'address', id: 'eipalloc-bare' }),
    other({ kind: 'record', id: 'www.demo.example.com.' }),
    other({ kind: 'cluster', id: 'production' }),
    other({ kind: 'nodegroup', id: 'production/workers' }),
    other({ kind: 'template', id: 'lt-bare1', fields: { name: 'production' } }),
  ];
};

export interface Plot {
  /** What exists of ours; all of a demo by default. */
  readonly ours?: readonly Thing[];
  /** Which of it the state knows; all that Terraform makes by default. */
  readonly recorded?: (each: Thing) => boolean;
  readonly terraform?: Partial<World['terraform']>;
  readonly lock?: { readonly ageMinutes: number; readonly endsInMinutes?: number };
  readonly faults?: readonly Fault[];
  readonly cluster?: World['cluster'];
  readonly services?: Readonly<Record<string, string>>;
  readonly withoutLandmark?: boolean;
  readonly others?: readonly Thing[];
}

export const BUILD: Build = { id: OURS, name: NAME, isOurs: true, mark: 'a' };
export const OTHER_BUILD: Build = { id: OTHER, name: OTHER_NAME, isOurs: false, mark: 'bb' };

const isMadeByTerraform = ({ kind, tags }: Thing): boolean =>
  kind === 'record' || (tags.deployment_id !== undefined && !['instance', 'volume', 'interface'].includes(kind));

/** A world of that plot. Another demo and its mess, and the neighbours, are always there. */
export const worldOf = (plot: Plot = {}): World => {
  const ours = plot.ours ?? demoOf(BUILD);
  const stay = neighbours().filter(({ id }) => plot.withoutLandmark !== true || id !== 'sg-stays');
  const things = [...stay, ...demoOf(OTHER_BUILD), ...messOf(OTHER_BUILD), ...(plot.others ?? []), ...ours];
  const { lock } = plot;
  return {
    now: START,
    deploymentId: OURS,
    // Whoever wrote the plot may use it again.
    things: new Map(things.map((each) => [each.id, { ...each }])),
    gone: new Map(),
    recorded: new Set(ours.filter(plot.recorded ?? isMadeByTerraform).map(({ id }) => id)),
    terraform: { init: 'works', destroy: 'works', ...plot.terraform },
    terraformRuns: 0,
    lock: lock === undefined ? null : { etag: 'e1', takenAt: START - lock.ageMinutes * 60 },
    lockEndsAt: lock?.endsInMinutes === undefined ? null : START + lock.endsInMinutes * 60,
    faults: (plot.faults ?? []).map((fault) => ({ fault, left: fault.times })),
    cluster: plot.cluster ?? 'answers',
    services: new Map(Object.entries(plot.services ?? {})),
    objects: new Map(),
    deleted: [],
    misuses: [],
    brokenLocks: [],
    calls: [],
  };
};
