import type { Instant } from '../lifecycle/deployment.ts';
import { isDeploymentId } from '../lifecycle/deployment.ts';
import { DemoError } from '../lifecycle/errors.ts';
import type { Clock, SecondDestroyer } from '../lifecycle/ports.ts';
import { isFields } from './json-fields.ts';
import { createControlCall, type SimulatorControlOptions } from './simulator-control.ts';

interface Schedule {
  readonly deploymentId: string;
  readonly everySeconds: number;
}

/** Empty for a schedule that is none of ours. */
const schedulesOf = (value: unknown): readonly Schedule[] => {
  const { deployment_id, every_seconds } = isFields(value) ? value : {};
  if (typeof deployment_id !== 'string' || typeof every_seconds !== 'number') {
    throw new Error('a schedule lacks a field');
  }
  return isDeploymentId(deployment_id) ? [{ deploymentId: deployment_id, everySeconds: every_seconds }] : [];
};

const checkedId = (deploymentId: string): string => {
  if (!isDeploymentId(deploymentId)) throw new RangeError('The deployment id is not a lower-case UUID');
  return deploymentId;
};

const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (cause) {
    throw new DemoError('SECOND_DESTROYER_UNAVAILABLE', { cause });
  }
};

/**
 * Makes the second destroyer of local mode: schedules of the simulator, which then destroys without GitLab and
 * without this server. Everything may be repeated.
 */
export const createSimulatorSecondDestroyer = (
  options: SimulatorControlOptions & { readonly clock: Pick<Clock, 'now'> },
): SecondDestroyer => {
  const call = createControlCall(options);

  const put = async (deploymentId: string, firstRunAt: Instant, everySeconds: number): Promise<void> => {
    const body = { first_run_at: firstRunAt, every_seconds: everySeconds };
    const { status } = await call({ method: 'PUT', path: `schedules/${deploymentId}`, body });
    if (status < 200 || status > 299) throw new Error(`the schedule was answered with ${status}`);
  };

  const schedules = async (): Promise<readonly Schedule[]> => {
    const { status, json } = await call({ method: 'GET', path: 'schedules' });
    const rows = isFields(json) ? json.schedules : null;
    if (status !== 200 || !Array.isArray(rows)) throw new Error(`the schedules were answered with ${status}`);
    return rows.flatMap(schedulesOf);
  };

  const find = async (deploymentId: string): Promise<Schedule | undefined> =>
    (await schedules()).find((candidate) => candidate.deploymentId === deploymentId);

  return {
    // What stands is left as it is, as on AWS, where the name is taken.
    arm: (deploymentId, firstRunAt, everyMs) =>
      guarded(async () => {
        if ((await find(checkedId(deploymentId))) !== undefined) return;
        await put(deploymentId, firstRunAt, Math.max(1, Math.round(everyMs / 1_000)));
      }),

    disarm: (deploymentId) =>
      guarded(async () => {
        const { status } = await call({ method: 'DELETE', path: `schedules/${checkedId(deploymentId)}` });
        if ((status < 200 || status > 299) && status !== 404)
          throw new Error(`the removal was answered with ${status}`);
      }),

    hasten: (deploymentId) =>
      guarded(async () => {
        const schedule = await find(deploymentId);
        if (schedule === undefined) throw new Error('there is no such schedule');
        await put(deploymentId, options.clock.now(), schedule.everySeconds);
      }),

    list: () => guarded(async () => (await schedules()).map(({ deploymentId }) => deploymentId)),
  };
};
