import type { FastifyInstance, FastifyReply } from 'fastify';
import type { SimulatorControl } from '../control.ts';
import { isFaultName } from '../fault-table.ts';
import { bodyOf, pathParameter, queryOf } from './query.ts';

/** Speeds beyond these make no sense; 0 would stop time for good. */
const MIN_SPEED = 0.01;
const MAX_SPEED = 10_000;
const DEPLOYMENT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function refuse(reply: FastifyReply, status: number, error: string): FastifyReply {
  return reply.code(status).send({ error });
}

function registerScheduleRoutes(app: FastifyInstance, control: SimulatorControl): void {
  const unavailable = 'schedules are unavailable (fault schedules-error)';

  app.get('/schedules', async (_request, reply) =>
    control.schedulesFail() ? refuse(reply, 500, unavailable) : { schedules: control.schedules() },
  );

  app.put('/schedules/:deployment_id', async (request, reply) => {
    if (control.schedulesFail()) return refuse(reply, 500, unavailable);
    const deploymentId = pathParameter(request, 'deployment_id');
    const { first_run_at: firstRunAt, every_seconds: everySeconds } = bodyOf(request);
    if (!DEPLOYMENT_ID.test(deploymentId)) return refuse(reply, 400, 'deployment_id is not a UUID');
    if (typeof firstRunAt !== 'number' || !Number.isFinite(firstRunAt)) {
      return refuse(reply, 400, 'first_run_at is not a number of milliseconds');
    }
    if (typeof everySeconds !== 'number' || !(everySeconds >= 1)) {
      return refuse(reply, 400, 'every_seconds is not a number of at least 1');
    }
    if (!control.putSchedule(deploymentId, firstRunAt, everySeconds)) return refuse(reply, 409, 'too many schedules');
    return control.schedules().find(({ deployment_id }) => deployment_id === deploymentId);
  });

  app.delete('/schedules/:deployment_id', async (request, reply) => {
    if (control.schedulesFail()) return refuse(reply, 500, unavailable);
    const existed = control.deleteSchedule(pathParameter(request, 'deployment_id'));
    return existed ? reply.code(204).send() : refuse(reply, 404, 'no such schedule');
  });
}

function registerFaultRoutes(app: FastifyInstance, control: SimulatorControl): void {
  app.get('/faults', async () => ({ faults: control.faults() }));

  app.put('/faults/:name', async (request, reply) => {
    const name = pathParameter(request, 'name');
    if (!isFaultName(name)) return refuse(reply, 404, `no fault is called ${name}; GET /control/state lists them`);
    control.setFault(name, bodyOf(request));
    return { faults: control.faults() };
  });

  app.delete('/faults', async (_request, reply) => {
    control.clearFaults();
    return reply.code(204).send();
  });

  app.delete('/faults/:name', async (request, reply) => {
    const name = pathParameter(request, 'name');
    if (!isFaultName(name)) return refuse(reply, 404, `no fault is called ${name}`);
    control.clearFaults(name);
    return reply.code(204).send();
  });
}

/**
 * What the simulator offers besides GitLab, under `/control`: a tool for development on the loopback interface, so it
 * asks for no token. In the real world its parts are AWS (inventory, schedules) and bad luck (faults).
 */
export function registerControlRoutes(app: FastifyInstance, control: SimulatorControl): void {
  app.get('/state', async () => control.state());

  app.get('/inventory', async (request, reply) => {
    const listing = control.inventory(queryOf(request).deployment_id);
    return listing ?? refuse(reply, 500, 'the inventory is unavailable (fault inventory-error)');
  });

  app.put('/speed', async (request, reply) => {
    const { speed } = bodyOf(request);
    if (typeof speed !== 'number' || !(speed >= MIN_SPEED && speed <= MAX_SPEED)) {
      return refuse(reply, 400, `speed is not a number between ${MIN_SPEED} and ${MAX_SPEED}`);
    }
    control.setSpeed(speed);
    return { speed };
  });

  app.put('/orphans/:deployment_id', async (request, reply) => {
    const deploymentId = pathParameter(request, 'deployment_id');
    if (!DEPLOYMENT_ID.test(deploymentId)) return refuse(reply, 400, 'deployment_id is not a UUID');
    control.addOrphan(deploymentId);
    return control.inventory(deploymentId);
  });

  registerScheduleRoutes(app, control);
  registerFaultRoutes(app, control);
}
