import { createSimulatedClock } from './clock.ts';
import { createCloud } from './cloud.ts';
import { createFaultStore } from './fault-store.ts';
import { createProjectIdentity } from './project-identity.ts';
import type { GitlabSimulatorOptions } from './simulator.ts';
import { DEFAULT_SEED } from './trace/planted-secrets.ts';
import { writeScript } from './trace/write-script.ts';
import { createScriptCache } from './trace-store.ts';
import type { World } from './world.ts';

/** A world in which nothing has happened yet. `publicOrigin` tells where browsers reach it. */
export function createWorld(options: GitlabSimulatorOptions, publicOrigin: () => string): World {
  const seed = options.seed ?? DEFAULT_SEED;
  return {
    settings: { seed, publicOrigin, createLimitPerMinute: options.createLimitPerMinute ?? 25 },
    clock: createSimulatedClock(options.now ?? Date.now, options.speed ?? 1),
    faults: createFaultStore(),
    cloud: createCloud(),
    identity: createProjectIdentity({
      projectPath: options.projectPath ?? 'demo/eks-demo',
      refs: options.refs ?? ['demo-v1', 'main'],
      seed,
      origin: publicOrigin,
    }),
    writeScript: createScriptCache(writeScript),
    pipelines: new Map(),
    jobs: new Map(),
    environments: new Map(),
    schedules: new Map(),
    builds: [],
    planned: [],
    stateLocks: new Map(),
    groupHolder: null,
    lastId: 0,
    time: 0,
  };
}
