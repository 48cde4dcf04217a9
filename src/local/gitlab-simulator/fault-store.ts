import type { FaultName } from './fault-table.ts';

export type FaultParameters = Readonly<Record<string, unknown>>;

export interface ActiveFault {
  readonly name: FaultName;
  /** How often it will still happen; null: until it is removed. */
  readonly remaining: number | null;
  readonly parameters: FaultParameters;
}

/** What a place knows about the event that a fault may strike; compared with the fault's filters. */
export interface FaultContext {
  readonly deployment_id?: string;
  readonly action?: string;
  readonly job?: string;
  readonly pipeline_id?: number;
  readonly method?: string;
  readonly path?: string;
}

/** The faults that are switched on. */
export interface FaultStore {
  /** Switches a fault on, in place of an earlier one of that name. `times` limits how often it happens. */
  set(name: FaultName, parameters: FaultParameters): void;
  /** Switches one fault off, or all of them. */
  clear(name?: FaultName): void;
  list(): readonly ActiveFault[];
  /** The parameters if the fault strikes this event, which uses up one of its times; else undefined. */
  take(name: FaultName, context: FaultContext): FaultParameters | undefined;
  /** As `take`, but uses nothing up. */
  peek(name: FaultName, context: FaultContext): FaultParameters | undefined;
}

const EXACT_FILTERS = ['deployment_id', 'action', 'job', 'pipeline_id', 'method'] as const;

function matches(parameters: FaultParameters, context: FaultContext): boolean {
  const exact = EXACT_FILTERS.every((key) => parameters[key] === undefined || parameters[key] === context[key]);
  const part = parameters.path_contains;
  return exact && (typeof part !== 'string' || (context.path ?? '').includes(part));
}

/** Reads a number out of a fault's parameters; the default when it is missing or no finite number. */
export function numberParameter(parameters: FaultParameters, name: string, otherwise: number): number {
  const value = parameters[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}

/** Reads a text out of a fault's parameters; the default when it is missing or no text. */
export function textParameter(parameters: FaultParameters, name: string, otherwise: string): string {
  const value = parameters[name];
  return typeof value === 'string' ? value : otherwise;
}

/** Makes a store in which every fault is off. */
export function createFaultStore(): FaultStore {
  const active = new Map<FaultName, { remaining: number | null; readonly parameters: FaultParameters }>();

  function peek(name: FaultName, context: FaultContext): FaultParameters | undefined {
    const fault = active.get(name);
    return fault && matches(fault.parameters, context) ? fault.parameters : undefined;
  }

  return {
    set(name, { times, ...parameters }) {
      const remaining = typeof times === 'number' ? times : null;
      if (remaining === null || remaining > 0) active.set(name, { remaining, parameters });
      else active.delete(name);
    },
    clear(name) {
      if (name === undefined) active.clear();
      else active.delete(name);
    },
    list: () => [...active].map(([name, { remaining, parameters }]) => ({ name, remaining, parameters })),
    peek,
    take(name, context) {
      const parameters = peek(name, context);
      const fault = active.get(name);
      if (!parameters || !fault) return undefined;
      if (fault.remaining !== null) {
        fault.remaining -= 1;
        if (fault.remaining <= 0) active.delete(name);
      }
      return parameters;
    },
  };
}
