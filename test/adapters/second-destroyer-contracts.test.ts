import t, { type Test } from 'tap';
import { Agent, type Dispatcher } from 'undici';
import { createSimulatorSecondDestroyer } from '../../src/adapters/simulator-second-destroyer.ts';
import { createGitlabSimulator } from '../../src/local/gitlab-simulator/simulator.ts';
import {
  defineSecondDestroyerContract,
  type SecondDestroyerUnderTest,
  type Standing,
} from '../contracts/second-destroyer.ts';
import { createTestClock } from './gitlab-world.ts';
import { createSchedulerWorld } from './scheduler-under-test.ts';

/** The adapter of local mode over real sockets against the simulator, on one clock that only the test moves. */
const simulated = async (t: Test): Promise<SecondDestroyerUnderTest> => {
  const time = createTestClock();
  const simulator = createGitlabSimulator({ now: time.clock.now });
  const { origin } = await simulator.listen({ host: '127.0.0.1', port: 0 });
  const agent = new Agent();
  t.teardown(async () => {
    await agent.destroy();
    await simulator.close();
  });
  let losesReply = false;
  /** A request that changes something is carried out, and its answer dropped. */
  const request: Dispatcher['request'] = async (options: Dispatcher.RequestOptions) => {
    const answer = await agent.request(options);
    if (!losesReply || options.method === 'GET') return answer;
    losesReply = false;
    await answer.body.dump();
    throw new Error('simulated: reset');
  };
  const dispatcher: Dispatcher = Object.assign(Object.create(agent), { request });
  return {
    destroyer: createSimulatorSecondDestroyer({ origin, dispatcher, clock: time.clock }),
    clock: { now: time.clock.now, pass: time.pass },
    standing: async (id) => {
      const schedule = simulator.control.schedules().find(({ deployment_id }) => deployment_id === id);
      if (schedule === undefined) return null;
      return { firstRunAt: schedule.first_run_at, everyMs: schedule.every_seconds * 1_000 };
    },
    breakDown: () => simulator.control.setFault('schedules-error', {}),
    loseNextReply: () => {
      losesReply = true;
    },
    addUnrelated: () => void simulator.control.putSchedule('nightly-report', time.clock.now() + 3_600_000, 60),
  };
};

const standingOf = (fields: Readonly<Record<string, unknown>> | undefined): Standing | null => {
  if (fields === undefined) return null;
  const minutes = /^rate\((\d+) minutes?\)$/.exec(String(fields.ScheduleExpression))?.[1];
  return { firstRunAt: Number(fields.StartDate) * 1_000, everyMs: Number(minutes) * 60_000 };
};

const scheduled = async (): Promise<SecondDestroyerUnderTest> => {
  const { destroyer, clock, scheduler } = createSchedulerWorld();
  scheduler.page(3);
  return {
    destroyer,
    clock: { now: clock.now, pass: clock.advance },
    standing: async (id) => standingOf(scheduler.schedules.get(`demo-${id}`)),
    breakDown: () => scheduler.refuse('AccessDeniedException'),
    loseNextReply: () => scheduler.faults.push('lose-reply'),
    addUnrelated: () => {
      scheduler.schedules.set('nightly-report', {});
      scheduler.schedules.set('demo-nightly-report', {});
    },
  };
};

defineSecondDestroyerContract(t, 'the simulator', simulated);
defineSecondDestroyerContract(t, 'EventBridge Scheduler', scheduled);
