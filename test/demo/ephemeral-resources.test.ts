import t from 'tap';
import { derivedNameOf } from '../../src/adapters/aws-inventory-scope.ts';
import { RESOURCE_ROWS } from '../../src/adapters/aws-inventory-table.ts';
import { blocksIn, blocksOf, textOf } from './hcl-blocks.ts';

const EPHEMERAL = 'terraform/demo/ephemeral';

/** The type of ARN by which the tagging API names what Terraform makes under this name. */
const ARN_TYPES: Readonly<Record<string, string>> = {
  aws_autoscaling_group: 'autoscaling:autoScalingGroup',
  aws_eks_access_entry: 'eks:access-entry',
  aws_eks_cluster: 'eks:cluster',
  aws_launch_template: 'ec2:launch-template',
  aws_lb: 'elasticloadbalancing:loadbalancer/net',
  aws_lb_listener: 'elasticloadbalancing:listener/net',
  aws_lb_target_group: 'elasticloadbalancing:targetgroup',
};

/** What has no tags, costs nothing, and why it may be made all the same. */
const WITHOUT_TAGS: Readonly<Record<string, string>> = {
  aws_eks_access_policy_association: 'a part of an access entry, which goes with its cluster',
  aws_route53_record: 'free; leads to a load balancer whose name never comes again, and neither does its own',
};

interface Resource {
  readonly type: string;
  readonly name: string;
  readonly body: string;
}

const resourcesIn = (blocks: ReturnType<typeof blocksOf>): readonly Resource[] =>
  blocks
    .filter(({ keyword }) => keyword === 'resource')
    .map(({ labels: [type = '', name = ''], body }) => ({ type, name, body }));

/** What is wrong with code of the layer that is built for each demo. */
const complaintsAbout = (blocks: ReturnType<typeof blocksOf>): readonly string[] => {
  const seen = new Set(RESOURCE_ROWS.flat().flatMap(({ arnTypes }) => arnTypes));
  const aboutResources = resourcesIn(blocks).flatMap(({ type, name, body }) => {
    if (Object.hasOwn(WITHOUT_TAGS, type)) return [];
    const arnType = ARN_TYPES[type];
    if (arnType === undefined || !seen.has(arnType)) return [`${type}.${name}: the inventory does not know it`];
    const hasTags =
      /^ {2}tags +=.*\blocal\.tags\b/m.test(body) || /^ {2}dynamic "tag" \{[\s\S]*\blocal\.tags\b/m.test(body);
    return hasTags ? [] : [`${type}.${name}: it does not carry the tags`];
  });
  const others = blocks.filter(
    ({ keyword, labels }) => keyword === 'module' || (keyword === 'provider' && labels[0] !== 'aws'),
  );
  const runs = blocks.filter(({ body }) => /\bprovisioner "/.test(body));
  return [
    ...aboutResources,
    ...others.map(({ keyword, labels }) => `${keyword} ${labels[0]}: nobody knows what it makes`),
    ...runs.map(({ labels }) => `${labels.join('.')}: a provisioner may make anything`),
  ];
};

t.test('Given what a demo builds, when it is held against the inventory, then that sees all of it', async (t) => {
  const blocks = blocksIn(EPHEMERAL);
  t.equal(resourcesIn(blocks).length, 10, 'the resources were found');
  t.strictSame(complaintsAbout(blocks), []);
});

t.test('Given code with a mistake, when it is held against the inventory, then each is named', async (t) => {
  const code = [
    'resource "aws_cloudwatch_log_group" "logs" {\n  name = "x"\n}',
    'resource "aws_lb" "bare" {\n  name = "x"\n}',
    'resource "aws_lb" "own" {\n  tags = { deployment_id = "x" }\n}',
    'resource "aws_lb" "fine" {\n  tags = merge(local.tags, {})\n}',
    'module "eks" {\n  source = "terraform-aws-modules/eks/aws"\n}',
    'provider "kubernetes" {\n  host = "x"\n}',
    'resource "aws_eks_access_entry" "run" {\n  tags = local.tags\n\n  provisioner "local-exec" {\n  }\n}',
  ].join('\n\n');
  t.strictSame(complaintsAbout(blocksOf(code)), [
    'aws_cloudwatch_log_group.logs: the inventory does not know it',
    'aws_lb.bare: it does not carry the tags',
    'aws_lb.own: it does not carry the tags',
    'module eks: nobody knows what it makes',
    'provider kubernetes: nobody knows what it makes',
    'aws_eks_access_entry.run: a provisioner may make anything',
  ]);
});

t.test('Given the documentation, when resources are looked up, then it says of each who takes it away', async (t) => {
  const docs = textOf('docs/demo.md');
  for (const { type } of resourcesIn(blocksIn(EPHEMERAL))) t.ok(docs.includes(`\`${type}\``), type);
});

t.test('Given an id, when Terraform and the inventory name its things, then both say the same', async (t) => {
  const names = textOf(`${EPHEMERAL}/names.tf`);
  t.match(names, /name = "demo-\$\{substr\(replace\(var\.deployment_id, "-", ""\), 20, 12\)\}"/);
  const id = '0198c2d4-7b1e-7c3a-9f20-3d9e0c1f5a7b';
  t.equal(derivedNameOf(id), `demo-${id.replaceAll('-', '').slice(20, 32)}`);
});

t.test('Given the layer that stays, when its outputs are read, then they are what the other layer takes', async (t) => {
  const given = /value = \{\n([\s\S]*?)\n {2}\}/.exec(textOf('terraform/demo/persistent/outputs.tf'))?.[1] ?? '';
  const outputs = [...given.matchAll(/^ {4}([a-z_]+) +=/gm)].map(([, name]) => name).toSorted();
  const variables = blocksIn(EPHEMERAL).filter(({ keyword }) => keyword === 'variable');
  const empty = variables.filter(({ body }) => /^ {2}default += (""|\[\])$/m.test(body)).map(({ labels }) => labels[0]);
  t.strictSame(empty.filter((name) => name !== 'commit').toSorted(), outputs);
  const example = JSON.parse(textOf(`${EPHEMERAL}/persistent.auto.tfvars.json.example`));
  t.strictSame(Object.keys(example).toSorted(), outputs);
  const missing = /missing = \[[\s\S]*?\{\n([\s\S]*?)\n {2}\}/.exec(textOf(`${EPHEMERAL}/names.tf`))?.[1] ?? '';
  t.strictSame(
    [...missing.matchAll(/^ {4}([a-z_]+) +=/gm)].map(([, name]) => name).toSorted(),
    outputs,
    'none is forgotten',
  );
  const required = variables.filter(({ body }) => !/^ {2}default +=/m.test(body)).map(({ labels }) => labels[0]);
  t.strictSame(required.toSorted(), ['deployment_id', 'installation', 'region'], 'all that a destroy needs');
});
