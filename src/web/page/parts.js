// @ts-check
/** The parts of the picture: what each one is, why it is there, where it is written down. Pure. */

/**
 * @typedef {object} Part
 * @property {string} id
 * @property {string} title
 * @property {string} why one sentence
 * @property {string | null} file where it is written down
 * @property {boolean} stands it may be there for good, because it costs nothing; then no plan names it
 * @property {readonly string[]} kinds Terraform's types, or the beginning of them; kubectl's kinds
 */

const EPHEMERAL = 'terraform/demo/ephemeral';
const PERSISTENT = 'terraform/demo/persistent';

/** @type {readonly Part[]} */
export const PARTS = [
  {
    id: 'link',
    title: 'You',
    why: 'The link is given to you only when its address answers with the id of this very run.',
    file: null,
    stands: false,
    kinds: [],
  },
  {
    id: 'name',
    title: 'Address',
    why: 'A name under the owner’s own domain, so that the link can be checked before anybody sees it.',
    file: `${EPHEMERAL}/load-balancer.tf`,
    stands: true,
    kinds: ['aws_route53_', 'aws_cloudfront_', 'aws_acm_'],
  },
  {
    id: 'balancer',
    title: 'Load balancer',
    why: 'Made by Terraform and not by a controller inside the cluster, so that nothing of it is left when the cluster goes.',
    file: `${EPHEMERAL}/load-balancer.tf`,
    stands: false,
    kinds: ['aws_lb', 'aws_alb', 'aws_autoscaling_attachment'],
  },
  {
    id: 'roles',
    title: 'Roles and access',
    why: 'Each part gets only the rights it needs, and the pipeline holds no key that lasts.',
    file: `${PERSISTENT}/roles.tf`,
    stands: true,
    kinds: ['aws_iam_', 'aws_eks_access_', 'aws_eks_pod_identity'],
  },
  {
    id: 'cluster',
    title: 'EKS control plane',
    why: 'AWS sets up Kubernetes itself, several machines of its own in several zones. It is the longest wait and cannot be shortened, so all else is built beside it.',
    file: `${EPHEMERAL}/cluster.tf`,
    stands: false,
    kinds: ['aws_eks_cluster', 'aws_eks_addon'],
  },
  {
    id: 'network',
    title: 'Network (VPC)',
    why: 'A network of its own: public subnets and no NAT gateway, which would cost more than all the rest.',
    file: `${PERSISTENT}/network.tf`,
    stands: true,
    kinds: ['aws_vpc', 'aws_internet_gateway', 'aws_route', 'aws_default_'],
  },
  {
    id: 'firewall',
    title: 'Security groups',
    why: 'Only the load balancer reaches the node, and only the node reaches the cluster.',
    file: `${PERSISTENT}/security-groups.tf`,
    stands: true,
    kinds: ['aws_security_group', 'aws_vpc_security_group_'],
  },
  {
    id: 'nodes',
    title: 'Node group',
    why: 'One small ARM machine is enough for a demo. It boots while the control plane is still being built.',
    file: `${EPHEMERAL}/nodes.tf`,
    stands: false,
    kinds: ['aws_launch_template', 'aws_autoscaling_group', 'aws_eks_node_group', 'aws_instance', 'terraform_data'],
  },
  {
    id: 'pods',
    title: 'Demo pods',
    why: 'The application you are going to open. It shows the id of this run, so that nothing else can pass for it.',
    file: 'terraform/demo/app/manifests',
    stands: false,
    kinds: [
      'kubernetes_deployment',
      'kubernetes_service',
      'kubernetes_namespace',
      'kubernetes_pod_',
      'deployment.apps',
      'service',
      'namespace',
      'poddisruptionbudget',
    ],
  },
  {
    id: 'settings',
    title: 'Settings and secrets',
    why: 'Made fresh for every run. What is secret in them never reaches this page: it is masked before a line is stored.',
    file: 'terraform/demo/app/manifests',
    stands: false,
    kinds: ['kubernetes_', 'random_', 'configmap', 'secret', 'networkpolicy', 'serviceaccount'],
  },
  {
    id: 'subnets',
    title: 'Subnets',
    why: 'One in each zone, because EKS asks for more than one: if a data centre fails, the control plane goes on in another.',
    file: `${PERSISTENT}/network.tf`,
    stands: true,
    kinds: ['aws_subnet', 'aws_route_table_association'],
  },
];

/** The type in `module.a["b"].aws_vpc.this[0]`, or the kind in `namespace/demo`. @param {string} address */
const kindOf = (address) => {
  if (/^[a-z0-9.]+\//.test(address)) return address.slice(0, address.indexOf('/'));
  const names = address.replaceAll(/\[(?:"[^"]*"|[^\]]*)\]/g, '').split('.');
  return names.at(-2) ?? '';
};

/**
 * The part that a resource belongs to: the one with the longest beginning of its type; null when none has.
 *
 * @param {string} address
 * @returns {string | null}
 */
export const partOf = (address) => {
  const kind = kindOf(address);
  let best = { id: /** @type {string | null} */ (null), length: 0 };
  for (const { id, kinds } of PARTS) {
    for (const start of kinds) {
      if (kind.startsWith(start) && start.length > best.length) best = { id, length: start.length };
    }
  }
  return best.id;
};
