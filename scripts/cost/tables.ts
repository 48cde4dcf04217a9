// The model's figures as the tables of docs/cost.md.
import type { Build, CostModel } from './model.ts';
import { DEMO, FREE_GITLAB_MINUTES, IDLE } from './usage.ts';

const usd = (amount: number): string => (amount === 0 ? '–' : amount < 0.005 ? '< $0.01' : `$${amount.toFixed(2)}`);

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), `|${'---|'.repeat(head.length)}`, ...rows.map(row)].join('\n');

const LABELS: Readonly<Record<Build, string>> = {
  ours: 'this design',
  spot: 'on Spot, at best',
  balancer: 'load balancer and NAT',
  lambda: 'on Lambda',
};

const BUILDS: readonly Build[] = ['ours', 'spot', 'balancer', 'lambda'];
const HEADS = BUILDS.map((build) => LABELS[build]);

const ITEMS: Readonly<Record<string, string>> = {
  compute: 'one small task, or functions',
  address: 'its public address',
  balancer: 'load balancer with its addresses',
  nat: 'NAT gateway with its address',
  api: `HTTP API, ${IDLE.requests.toLocaleString('en-US')} requests`,
  probe: 'the probe from outside',
  discovery: 'Cloud Map, by which the gateway finds the task',
  images: 'images',
  secrets: 'three secrets',
  watching: `log, ${IDLE.alarms} alarms and a metric`,
  table: 'table',
  zone: 'hosted zone of the demos',
};

const COUNTS = [0, 10, 100];

const idleTable = ({ idle, idleUsd }: CostModel): string =>
  tableOf(
    ['a month, idle', ...HEADS],
    [
      ...Object.entries(ITEMS).map(([item, label]) => [label, ...BUILDS.map((build) => usd(idle[build][item] ?? 0))]),
      ['**together**', ...BUILDS.map((build) => `**${usd(idleUsd[build])}**`)],
    ],
  );

const demoTable = ({ hourly, hourlyUsd, demoUsd }: CostModel): string =>
  tableOf(
    ['a demo', 'an hour'],
    [
      ...Object.entries(hourly).map(([label, amount]) => [label, `$${amount.toFixed(4)}`]),
      ['**together**', `**$${hourlyUsd.toFixed(2)}**`],
      [`**one demo of an hour**, with building and destroying it (${DEMO.hours} h)`, `**${usd(demoUsd)}**`],
    ],
  );

const monthTable = ({ idleUsd, demos }: CostModel): string =>
  tableOf(
    ['demos a month', ...HEADS, 'of it the demos', `and GitLab's minutes beyond the free ${FREE_GITLAB_MINUTES}`],
    COUNTS.map((count) => {
      const { aws, gitlab } = demos(count);
      return [String(count), ...BUILDS.map((build) => usd(idleUsd[build] + aws)), usd(aws), usd(gitlab)];
    }),
  );

const originalTable = ({ rows }: CostModel): string => {
  const total = (column: 0 | 1): number => Object.values(rows).reduce((sum, amounts) => sum + amounts[column], 0);
  return tableOf(
    ['10 deployments a month, without the demos themselves', 'the original, on Lambda', 'this design'],
    [
      ...Object.entries(rows).map(([label, amounts]) => [label, ...amounts.map(usd)]),
      ['**together**', `**${usd(total(0))}**`, `**${usd(total(1))}**`],
    ],
  );
};

/** The short table of the README: idle and per demo apart, against the usual build. */
export const summaryTable = (model: CostModel): string =>
  tableOf(
    ['', 'a month', ''],
    [
      [
        'this design, idle',
        `about $${model.idleUsd.ours.toFixed(0)}`,
        `HTTP API, one small Fargate task with a public address, table, three secrets, alarms; about $${model.idleUsd.spot.toFixed(0)} on Spot at best`,
      ],
      [
        'the usual build, idle',
        `about $${model.idleUsd.balancer.toFixed(0)}`,
        'the same task behind a load balancer and a NAT gateway',
      ],
      [
        'the same on Lambda, idle',
        `about $${model.idleUsd.lambda.toFixed(0)}`,
        'functions, and nothing that is always there',
      ],
      [
        'a demo of one hour',
        `about ${usd(model.demoUsd)} each`,
        'EKS control plane, two nodes, a load balancer, addresses, with building and destroying it',
      ],
    ],
  );

/** All tables, in the order of the document, by their names. */
export const tablesOf = (model: CostModel): Readonly<Record<string, string>> => ({
  summary: summaryTable(model),
  idle: idleTable(model),
  demo: demoTable(model),
  month: monthTable(model),
  original: originalTable(model),
});
