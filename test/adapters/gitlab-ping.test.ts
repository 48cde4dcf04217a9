import t, { type Test } from 'tap';
import { createGitlabPing } from '../../src/adapters/gitlab-ping.ts';
import type { TokenStanding } from '../../src/adapters/gitlab-token-expiry.ts';
import { worstEndAt } from '../../src/lifecycle/budget.ts';
import { REAL_POLICY } from '../../src/policies.ts';
import { BAD_GATEWAY_PAGE, type Shape } from './gitlab-answers.ts';
import { API, createGitlabWorld } from './gitlab-world.ts';

const FINE: TokenStanding = { expiresAt: null, isNear: false, mayBuild: true };

const pingOf = (t: Test, shape: Shape, standing: TokenStanding | ((now: number) => TokenStanding) = FINE) => {
  const world = createGitlabWorld();
  t.teardown(world.close);
  world.answer('GET', `${API}/pipelines?per_page=1`, shape, { times: 9 });
  const { client, clock } = world;
  const check = async () => (typeof standing === 'function' ? standing(clock.now()) : standing);
  return createGitlabPing({ client, clock, policy: REAL_POLICY, tokenExpiry: { check } });
};

t.test('Given GitLab lists pipelines, when it is asked, then all is well', async (t) => {
  t.equal(await pingOf(t, { status: 200, body: [] })(), undefined);
});

t.test('Given anything else than a list, when it is asked, then it is not well', async (t) => {
  const page = { ...BAD_GATEWAY_PAGE, status: 200 };
  const unusable = { code: 'PIPELINES_UNAVAILABLE' };
  for (const [shape, problem] of [
    [{ status: 404, body: { message: '404 Project Not Found' } }, { message: 'GitLab answers 404.' }],
    [{ status: 403, body: { error: 'insufficient_scope' } }, { message: 'GitLab answers 403.' }],
    [BAD_GATEWAY_PAGE, unusable],
    [page, unusable],
    [{ status: 200, body: '[{"id": 1', headers: { 'content-type': 'application/json' } }, unusable],
  ] as const) {
    await t.rejects(pingOf(t, shape)(), problem, JSON.stringify(shape));
  }
});

t.test('Given the token, when it could not build or not outlive a demo, then it is not well', async (t) => {
  const list = { status: 200, body: [] };
  await t.rejects(pingOf(t, list, { ...FINE, mayBuild: false })(), /may read/);
  const endsAt = (offsetMs: number) => (now: number) => ({
    ...FINE,
    expiresAt: worstEndAt(REAL_POLICY, now) + offsetMs,
  });
  await t.rejects(pingOf(t, list, endsAt(-1))(), /would expire/);
  t.equal(await pingOf(t, list, endsAt(0))(), undefined);
});
