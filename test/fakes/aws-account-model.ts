/** A made-up account. Its number is one that AWS gives to nobody. */
export const ACCOUNT_ID = '123456789012';
export const REGION = 'us-east-1';

/** Something that exists, or that AWS still lists. */
export interface AwsThing {
  /** As the adapter's table names it, or a type that the table does not have. */
  readonly kind: string;
  /** What its own service calls it: `vol-…`, a cluster's name, `<cluster>/<node group>`, a load balancer's name. */
  readonly id: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** The service's own word. */
  readonly state?: string;
  /** The name of a launch template or security group, the description of a network interface. */
  readonly name?: string;
  /** The instance that takes a volume or a network interface along when it ends. */
  readonly instanceId?: string;
  /** Its service answers without its tags, although it finds it by them. */
  readonly isWithoutTags?: boolean;
  /** Managed by AWS, and hidden unless somebody asks for such things. */
  readonly isManaged?: boolean;
}

/** What our things carry in the tag `demo_installation`. */
export const INSTALLATION = 'demo-on-demand';

/** What is there between demos, and while there are any. */
export const LANDMARK: AwsThing = Object.freeze({
  kind: 'ec2:security-group',
  id: 'sg-0landmark',
  name: 'nodes-of-demos',
  tags: Object.freeze({ demo_installation: INSTALLATION }),
});

export interface Nomination {
  readonly ResourceARN: string;
  readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
  /** Named without its tags, although it is found by them. */
  readonly isWithoutTags?: boolean;
}

/** What the services answer from. */
export interface AccountState {
  readonly things: AwsThing[];
  /** What the tagging API lists: things that are there, and things that were. */
  readonly nominations: Nomination[];
  /** The most that any page holds. */
  pageSize: number;
}

export interface AwsAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

const uuidOf = (text: string): string =>
  `0a1b2c3d-0000-4000-8000-${Buffer.from(text).toString('hex').padEnd(12, '0').slice(-12)}`;

const elb = (path: string): string => `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT_ID}:${path}`;

/** The ARN of a thing, as its service and the tagging API write it. */
export const arnOfThing = ({ kind, id }: Pick<AwsThing, 'kind' | 'id'>): string => {
  const [service = '', type = ''] = kind.split(':');
  const base = `arn:aws:${service}:${REGION}:${ACCOUNT_ID}`;
  if (kind === 'autoscaling:autoScalingGroup') return `${base}:${type}:${uuidOf(id)}:autoScalingGroupName/${id}`;
  if (kind === 'eks:nodegroup') return `${base}:${type}/${id}/${uuidOf(id)}`;
  if (kind === 'elasticloadbalancing:loadbalancer') return elb(`loadbalancer/net/${id}/50dc6c495c0c9188`);
  if (kind === 'elasticloadbalancing:targetgroup') return elb(`targetgroup/${id}/73e2d6bc24d8a067`);
  if (kind === 'elasticloadbalancing:listener') return elb(`listener/net/${id}/50dc6c495c0c9188/f2f7dc8efc522ab2`);
  if (kind === 'logs:log-group') return `${base}:${type}:${id}`;
  return `${base}:${type}/${id}`;
};

export const tagList = (tags: AwsThing['tags']): Nomination['Tags'] =>
  Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);

/** An element of XML; nothing when there is nothing to put into it. */
export const element = (name: string, content: string | undefined): string =>
  content === undefined ? '' : `<${name}>${content}</${name}>`;

export const textElement = (name: string, text: string | undefined): string =>
  element(name, text === undefined ? undefined : escaped(text));

export const xmlAnswer = (status: number, body: string): AwsAnswer => ({
  status,
  contentType: 'text/xml;charset=UTF-8',
  body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
});

export const jsonAnswer = (status: number, body: unknown): AwsAnswer => ({
  status,
  contentType: 'application/x-amz-json-1.1',
  body: JSON.stringify(body),
});

/** A part of a list and the token for the next one, which is where it starts. */
export const pageOf = <T>(
  items: readonly T[],
  bounds: {
    readonly pageSize: number;
    readonly asked: string | null | undefined;
    readonly token: string | null | undefined;
  },
): { readonly items: readonly T[]; readonly next: string | undefined } => {
  const start = Number((bounds.token ?? 'from-0').slice('from-'.length));
  const size = Math.min(bounds.pageSize, Number(bounds.asked ?? 100));
  const isLast = start + size >= items.length;
  return { items: items.slice(start, start + size), next: isLast ? undefined : `from-${start + size}` };
};
