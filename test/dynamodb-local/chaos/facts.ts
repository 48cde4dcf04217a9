/** What can be seen from outside. All instants are epoch milliseconds of this machine. */

export interface SeenJob {
  readonly name: string;
  readonly status: string;
  readonly started_at: number | null;
  /** How many things it has made in the account. */
  readonly made: number;
}

export interface SeenPipeline {
  readonly id: number;
  /** `demo <action> <deployment id> <request id>`. */
  readonly name: string;
  readonly status: string;
  /** As it travels: ISO 8601 or `none`. */
  readonly start_before: string;
  readonly jobs: readonly SeenJob[];
}

/** The simulated GitLab and the account, as they are and not as any fault shows them. */
export interface World {
  readonly now: number;
  readonly pipelines: readonly SeenPipeline[];
  readonly resources: readonly { readonly type: string; readonly deployment_id: string }[];
  readonly schedules: readonly { readonly deployment_id: string }[];
}

/** The item `ACTIVE`, read strongly. */
export interface SeenRecord {
  readonly owner: string;
  readonly version: number;
  readonly direction: 'up' | 'down';
  /** Why and since when, once it goes down. */
  readonly down: string | null;
  readonly applyMayHaveStarted: boolean;
  readonly isLive: boolean;
  readonly isQuarantined: boolean;
}

/** The record with the world just before and just after it was read. */
export interface Look {
  readonly at: number;
  readonly before: World;
  readonly record: SeenRecord | null;
  readonly after: World;
  /** Deployments of which a receipt is known. Read after the record, as soon as it is another one's. */
  readonly receipts: readonly string[];
}

/** What a server answered to somebody. */
export interface Answered {
  readonly sentAt: number;
  readonly at: number;
  readonly seat: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
  readonly idempotencyKey: string | null;
}

/** A server process ended. */
export interface Exit {
  readonly seat: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The signals it was sent. */
  readonly told: readonly NodeJS.Signals[];
  /** Whether it served already. */
  readonly wasUp: boolean;
}

/** How everything stands when all has been quiet for long enough. */
export interface End {
  readonly record: SeenRecord | null;
  readonly world: World;
  /** The ids of the public ledger, samples left out, page by page. */
  readonly ledger: readonly string[];
  readonly deadLetters: readonly string[];
}

const FINISHED: readonly string[] = ['success', 'failed', 'canceled', 'skipped'];

export const isFinished = ({ status }: Pick<SeenPipeline, 'status'>): boolean => FINISHED.includes(status);

export const actionOf = ({ name }: SeenPipeline): string => name.split(' ')[1] ?? '';

export const deploymentOf = ({ name }: SeenPipeline): string => name.split(' ')[2] ?? '';

/** Whether its apply builds, or may begin to: that ends when its job does, or when it may not start any more. */
export const mayBuild = (pipeline: SeenPipeline, now: number): boolean => {
  if (actionOf(pipeline) !== 'apply' || isFinished(pipeline)) return false;
  const jobs = pipeline.jobs.filter(({ name }) => name === 'apply');
  return jobs.some(
    (job) => !FINISHED.includes(job.status) && (job.started_at !== null || now <= Date.parse(pipeline.start_before)),
  );
};

/** The apply jobs of a deployment that made anything. */
export const buildersOf = ({ pipelines }: World, id: string): readonly SeenJob[] =>
  pipelines
    .filter((pipeline) => deploymentOf(pipeline) === id)
    .flatMap(({ jobs }) => jobs.filter(({ name, made }) => name === 'apply' && made > 0));

export const idsWithResources = ({ resources }: World): ReadonlySet<string> =>
  new Set(resources.map(({ deployment_id }) => deployment_id));
