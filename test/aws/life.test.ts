import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { TASK_ROLE_ACTIONS } from '../../src/adapters/aws-actions.ts';
import { SECRET_VALUES } from '../adapters/fake-secrets-manager.ts';
import { composeOnAws, FAST_POLICY, jsonOf, startNeighbourhood } from './world.ts';

interface Started {
  readonly id: string;
  readonly control_token: string;
}

interface Problem {
  readonly type: string;
}

const LIMITS = { RATE_LIMIT_PER_SECOND: '100000', RATE_LIMIT_BURST: '100000', QUOTA_PER_VISITOR_PER_DAY: 'unlimited' };
const SECRETS = ['gitlabToken', 'ownerToken', 'signingKey'];
const inOrder = (calls: readonly string[]): readonly string[] => calls.toSorted();
const once = SECRETS.map((name) => `${name} AWSCURRENT`);

t.test(
  'Given MODE=aws and all of AWS, when a demo lives from the press to its proof, then it does so through AWS alone',
  async (t) => {
    const around = await startNeighbourhood(t);
    const { aws, simulator } = around;
    const server = await composeOnAws(t, around, LIMITS);
    await server.service.start();
    t.equal(server.service.url, 'https://demo.example.com');
    t.equal(server.service.printedOwnerToken, null, 'no token was made up');
    t.equal((await server.request('/readyz')).status, 200);
    const owner = { authorization: `Bearer ${SECRET_VALUES.ownerToken}` };

    await t.test('1,000 requests after the boot make one GetSecretValue per secret', async (t) => {
      const paths = ['/healthz', '/v1/deployments/current', '/v1/deployments', '/metrics'];
      const answers = new Set<number>();
      for (let sent = 0; sent < 1_000; sent += 1) {
        const url = paths[sent % paths.length] ?? '';
        answers.add((await server.service.app.inject({ url, headers: owner })).statusCode);
      }
      t.strictSame([...answers], [200]);
      t.strictSame(inOrder(aws.secrets.calls), once);
    });

    const health = await jsonOf<{ checks: readonly { name: string; state: string }[] }>(
      await server.request('/healthz', { headers: owner }),
    );
    t.strictSame(
      health.checks.filter(({ state }) => state !== 'ok'),
      [],
      'everything is asked, and works',
    );

    const pressedAt = Date.now();
    const pressed = await server.press();
    t.equal(pressed.status, 201);
    const { id, control_token: token } = await jsonOf<Started>(pressed);
    const schedule = aws.scheduler.schedules.get(`demo-${id}`);
    t.match(schedule, { State: 'ENABLED', Target: { Arn: 'arn:aws:scheduler:::aws-sdk:codebuild:startBuild' } });
    t.match((await server.press()).status, 409, 'the lock is in the table');

    await t.test('GitLab’s token is rotated in Secrets Manager while it builds', async (t) => {
      await server.until('deploying');
      aws.secrets.rotate('gitlabToken', 'made-up-gitlab-token-2');
      simulator.setToken('made-up-gitlab-token-2');
      const live = await server.until('live');
      t.ok(live.live_url, 'without a restart');
      t.equal(server.events('secrets.rotated').length, 1);
      t.strictSame(
        (await (await fetch(live.live_url ?? '')).text()).includes(id),
        true,
        'and the demo is the one that was asked for',
      );
    });

    await t.test('Secrets Manager is away while the visitor ends it', async (t) => {
      aws.meet(({ service }) => (service === 'secretsmanager' ? 'reset' : null));
      t.equal((await server.destroy(id, `${token}x`)).status, 401);
      t.equal((await server.destroy(id, token)).status, 202, 'what is cached serves');
      aws.meet(() => null);
    });

    await t.test('the inventory is throttled while it goes down', async (t) => {
      let throttled = 0;
      aws.account.faultOf = (action) => {
        if (!action.startsWith('ec2:')) return null;
        throttled += 1;
        return 'throttled';
      };
      const left = async () => simulator.control.inventory()?.resources.length;
      await server.eventually(left, 0);
      // From when nothing can start any more there is time enough for several readings apart, if these counted.
      throttled = 0;
      const nothingStartsAt = pressedAt + FAST_POLICY.startDeadlineMs + 2 * FAST_POLICY.clockMarginMs;
      await delay(Math.max(0, nothingStartsAt - Date.now()) + 4 * FAST_POLICY.proofGapMs);
      t.ok(throttled > 5, 'it was asked again and again');
      t.equal((await server.view()).status, 'destroying', 'nothing is left, but nobody knows');
      aws.account.faultOf = () => null;
      await server.until('idle');
    });

    t.match(await server.view(id), { id, receipt: Object }, 'it left its receipt');
    const ledger = await jsonOf<{ entries: readonly { id: string; sample: boolean }[] }>(
      await server.request('/v1/deployments'),
    );
    t.strictSame(
      ledger.entries.map((entry) => entry.id),
      [id],
      'and there are no samples',
    );
    t.equal(aws.scheduler.schedules.size, 0, 'the second destroyer was disarmed');

    await t.test('Scheduler is away when the next one is asked for', async (t) => {
      aws.scheduler.refuse('InternalServerException');
      const refused = await server.press();
      t.equal(refused.status, 503);
      t.match((await jsonOf<Problem>(refused)).type, /arm-failed$/);
      aws.scheduler.refuse(null);
      await server.until('idle');
      t.strictSame(simulator.control.inventory()?.resources, [], 'nothing was built');
    });

    const asked = [...new Set(aws.actions)];
    t.ok(asked.length > 20);
    t.strictSame(
      asked.filter((action) => !TASK_ROLE_ACTIONS.some((allowed) => allowed === action)),
      [],
      'it was allowed all of it',
    );
    t.strictSame(aws.broken, []);
    t.equal(aws.credentialsAsked(), 1, 'and all clients share one set of credentials');
    const log = server.lines.join('\n');
    for (const secret of [token, ...Object.values(SECRET_VALUES), 'made-up-gitlab-token-2'])
      t.notOk(log.includes(secret));
    t.notMatch(log, /123456789012/, 'no account id');
  },
);
