import type { Test } from 'tap';
import type { FaultParameters } from '../../../src/local/gitlab-simulator/fault-store.ts';
import type { FaultName } from '../../../src/local/gitlab-simulator/fault-table.ts';
import { type Driver, drive } from './driver.ts';

/** What shows that a fault does what the table says. */
export type Scenario = (t: Test, name: FaultName) => Promise<void>;

/** A simulator with that fault switched on. */
export function driverWith(t: Test, name: FaultName, parameters: FaultParameters = {}): Driver {
  const driver = drive(t);
  driver.simulator.control.setFault(name, parameters);
  return driver;
}

/** Runs a pipeline to its end and answers with the job of that name. */
export async function endOf(driver: Driver, name: string, action = 'apply'): Promise<Record<string, unknown>> {
  const id = await driver.createId({ action });
  driver.pass(120);
  return driver.job(id, name);
}

/** The whole log of a job. */
export async function traceOf(driver: Driver, job: Record<string, unknown>): Promise<string> {
  return (await driver.api('GET', `/jobs/${job.id}/trace`)).body;
}
