import Fastify from 'fastify';
import type { Test } from 'tap';
import type { Health } from '../../src/health.ts';
import type { Alarms } from '../../src/health-alarms.ts';
import { healthRoutes } from '../../src/routes/health.ts';
import { DeploymentSchema } from '../../src/routes/schemas/deployment.ts';
import type { HealthJson } from '../../src/routes/schemas/health.ts';
import { ProblemSchema } from '../../src/routes/schemas/problem.ts';

/** What a report complains about, in its own words: names of checks and jobs, and of the two counts. */
const troublesIn = ({ checks, jobs, dead_letters: letters, overdue_deployments: overdue }: HealthJson): string[] => [
  ...checks.filter(({ state }) => state === 'failing').map(({ name }) => name),
  ...jobs.filter(({ silent, last_result: result }) => silent || result === 'failed').map(({ name }) => name),
  ...((letters ?? 0) > 0 ? ['dead_letters'] : []),
  ...((overdue ?? 0) > 0 ? ['overdue_deployments'] : []),
];

/** Asks the real route for the real report after each round of checks, and keeps what it complained about. */
export const createHealthDiary = async (t: Test, { health, alarms }: { health: Health; alarms: Alarms }) => {
  const app = Fastify();
  for (const schema of [DeploymentSchema, ProblemSchema]) app.addSchema(schema);
  await app.register(healthRoutes, { health, version: '1.2.3', credentials: { isOwner: () => false } });
  t.teardown(() => app.close());
  const seen = new Set<string>();
  let latest: readonly string[] = [];
  return {
    note: async (): Promise<void> => {
      await health.refresh();
      alarms.observe(health.report());
      const answer = await app.inject('/healthz');
      const report = answer.json<HealthJson>();
      latest = troublesIn(report);
      for (const trouble of latest) seen.add(trouble);
      if ((report.status === 'degraded') !== latest.length > 0) throw new Error(`not consistent: ${answer.body}`);
    },
    troubles: (): readonly string[] => [...seen],
    latest: (): readonly string[] => latest,
  };
};
