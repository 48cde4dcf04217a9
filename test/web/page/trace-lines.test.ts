import t from 'tap';
import { browserModule } from './browser-module.ts';

interface Event {
  readonly address: string;
  readonly change: string;
}
const { resourceEvent } = await browserModule<{ resourceEvent(line: string): Event | null }>('trace-lines.js');

const EKS = 'module.cluster.aws_eks_cluster.this';
const MASKED_KEY = 'aws_eks_access_entry.admin["arn:aws:iam::[MASKED]:role/a.b-gitlab"]';
const SUBNET = 'module.network.aws_subnet.public["eu-central-1a"]';

t.test('given what Terraform says of a resource, when the line is read, then its change is known', async (t) => {
  const cases: readonly (readonly [string, string, string])[] = [
    [`${EKS}: Creating...`, EKS, 'creating'],
    [`${EKS}: Still creating... [03m10s elapsed]`, EKS, 'creating'],
    [`${EKS}: Creation complete after 7m4s [id=demo-1]`, EKS, 'made'],
    [`${EKS}: Modifications complete after 2s [id=demo-1]`, EKS, 'made'],
    [`${EKS}: Refreshing state... [id=demo-1]`, EKS, 'made'],
    [`${EKS}: Destroying... [id=demo-1]`, EKS, 'destroying'],
    [`${EKS}: Still destroying... [id=demo-1, 00m10s elapsed]`, EKS, 'destroying'],
    [`${EKS}: Destruction complete after 2m48s`, EKS, 'gone'],
    [`${SUBNET}: Creating...`, SUBNET, 'creating'],
    ['aws_lb.demo: Creating...', 'aws_lb.demo', 'creating'],
    ['module.a[0].aws_lb.demo[1]: Creating...', 'module.a[0].aws_lb.demo[1]', 'creating'],
    [`${MASKED_KEY}: Creating...`, MASKED_KEY, 'creating'],
    [`  # ${MASKED_KEY} will be created`, MASKED_KEY, 'planned'],
    [`  # ${SUBNET} will be created`, SUBNET, 'planned'],
    [`  # ${SUBNET} will be destroyed`, SUBNET, 'made'],
    [`  # ${SUBNET} must be replaced`, SUBNET, 'made'],
    ['namespace/demo created', 'namespace/demo', 'made'],
    ['deployment.apps/web unchanged', 'deployment.apps/web', 'made'],
    ['deployment.apps "web" deleted', 'deployment.apps/web', 'gone'],
  ];
  for (const [line, address, change] of cases) t.strictSame(resourceEvent(line), { address, change }, line);
});

t.test('given colours around a report, when the line is read, then they do not matter', async (t) => {
  t.strictSame(resourceEvent(`\x1b[0m\x1b[1m${EKS}: Creating...\x1b[0m\x1b[0m`), { address: EKS, change: 'creating' });
  t.strictSame(resourceEvent(`\x1b[1m  # ${EKS}\x1b[0m will be created`), { address: EKS, change: 'planned' });
});

t.test('given any other line, when it is read, then it reports nothing', async (t) => {
  const lines = [
    '',
    'Plan: 53 to add, 0 to change, 0 to destroy.',
    'data.aws_caller_identity.current: Reading...',
    'data.aws_caller_identity.current: Read complete after 1s [id=[MASKED]]',
    `│   with ${EKS},`,
    `${EKS}: [MASKED]`,
    'error: Creating...',
    'GET /created 200',
    '<b>aws_lb.x</b>: Creating...',
    `${EKS}: Creating...${'x'.repeat(1_000)}`,
  ];
  for (const line of lines) t.equal(resourceEvent(line), null, line.slice(0, 40));
});

t.test('given a line made to be slow, when it is read, then it is not', async (t) => {
  const start = performance.now();
  for (const line of [
    `${'a.'.repeat(490)}:`,
    `  # ${'a["'.repeat(300)}`,
    `${'a[b].'.repeat(160)}: `,
    'a'.repeat(999),
  ]) {
    t.equal(resourceEvent(line), null);
  }
  t.ok(performance.now() - start < 200);
});
