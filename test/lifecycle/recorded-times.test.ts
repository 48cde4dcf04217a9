import fc from 'fast-check';
import t from 'tap';
import { earliestSeconds, tellsCompletion, timesOf } from '../../src/lifecycle/recorded-times.ts';

const said = (address: string, text: string): string => `\x1b[0m\x1b[1m${address}: ${text}\x1b[0m\x1b[0m`;

t.test(
  'Given what Terraform says of its resources, when the times are worked out, then they follow from it',
  async (t) => {
    const cluster = 'module.cluster.aws_eks_cluster.this';
    const role = 'aws_iam_role.node["a: b, 7s"]';
    const lines = [
      'Initializing…',
      said(cluster, 'Creating...'),
      said(role, 'Creating...'),
      said(role, 'Creation complete after 2s [id=node]'),
      said(cluster, 'Still creating... [10s elapsed]'),
      said(cluster, 'Still creating... [00m20s elapsed]'),
      said(cluster, 'Creation complete after 8m40s [id=demo]'),
      said('kubernetes_service.web', 'Creating...'),
      said('kubernetes_service.web', 'Creation complete after 1s [id=web]'),
      said('aws_lb.this', 'Destroying... [id=arn:aws:x]'),
      said('aws_lb.this', 'Still destroying... [id=arn:aws:x, 01m00s elapsed]'),
      said('aws_lb.this', 'Destruction complete after 1h0m1s'),
      said('nobody.began', 'Creation complete after 9h0m0s'),
      'Apply complete! Resources: 3 added, 0 changed, 0 destroyed.',
    ];
    t.same(earliestSeconds(lines), [0, 0, 0, 2, 10, 20, 520, 520, 521, 521, 581, 4_122, 4_122, 4_122]);
    t.same(
      lines.flatMap((line, index) => (tellsCompletion(line) ? [index] : [])),
      [3, 6, 8, 11, 12, 13],
    );
  },
);

t.test(
  'Given a log that tells no time, when its lines are placed, then evenly from its job’s start to its end',
  async (t) => {
    const silent = (count: number) => Array.from({ length: count }, () => ({ earliestSeconds: 0 }));
    t.same(timesOf(silent(5), 1_000, 9_000), [1_000, 3_000, 5_000, 7_000, 9_000]);
    t.same(timesOf(silent(1), 1_000, 9_000), [1_000]);
    t.same(timesOf([], 1_000, 9_000), []);
    t.same(timesOf(silent(2), 1_000, 1_000), [1_000, 1_000], 'a job of no time');
  },
);

t.test(
  'Given a log that tells the time, when its lines are placed, then between its marks, and at its job’s pace',
  async (t) => {
    const lines = [0, 0, 10, 10, 20].map((second) => ({ earliestSeconds: second }));
    t.same(timesOf(lines, 1_000, 61_000), [1_000, 6_000, 11_000, 16_000, 21_000], 'the last one where it says');
    t.same(timesOf([...lines, { earliestSeconds: 20 }], 1_000, 61_000).slice(-2), [21_000, 61_000]);
    t.same(timesOf(lines, 1_000, 11_000), [1_000, 3_500, 6_000, 8_500, 11_000], 'a clock that is twice as fast');
  },
);

t.test('Given any log and any job, when its lines are placed, then in order and within the job', async (t) => {
  const word = fc.constantFrom('Creating...', 'Still creating... [05m10s elapsed]', 'Creation complete after 59s', 'x');
  const log = fc.array(fc.tuple(fc.constantFrom('a.b', 'c.d'), word).map(([address, text]) => said(address, text)));
  fc.assert(
    fc.property(log, fc.nat(1_000_000), fc.nat(1_000_000), (lines, startedAtMs, lengthMs) => {
      const seconds = earliestSeconds(lines).map((earliest) => ({ earliestSeconds: earliest }));
      const times = timesOf(seconds, startedAtMs, startedAtMs + lengthMs);
      return (
        times.length === lines.length &&
        times.every(
          (time, index) =>
            Number.isSafeInteger(time) && time >= (times[index - 1] ?? startedAtMs) && time <= startedAtMs + lengthMs,
        )
      );
    }),
    { seed: 2026, numRuns: 1_000 },
  );
  t.pass('of 1,000 logs');
});

t.test('Given a hostile line, when it is read, then it costs no time', async (t) => {
  const lines = [
    `${'a'.repeat(16_000)}: Still creating... [id=${', 1s'.repeat(4_000)}`,
    `${': '.repeat(8_000)}Creating`,
  ];
  const from = performance.now();
  for (let repeat = 0; repeat < 20; repeat += 1) earliestSeconds(lines);
  t.ok(performance.now() - from < 1_000);
});
