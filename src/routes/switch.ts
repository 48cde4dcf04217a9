import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Clock, Switch, SwitchStore } from '../lifecycle/ports.ts';
import { maskSecrets } from '../masking/mask.ts';
import { requireMediaType } from './media-types.ts';
import { type OwnerCredentials, requireOwner } from './owner.ts';
import { problems } from './schemas/problem.ts';
import { SwitchBody, type SwitchJson, SwitchSchema } from './schemas/switch.ts';
import { isoOf } from './view-json.ts';

export interface SwitchRouteOptions {
  readonly switchStore: SwitchStore;
  readonly credentials: OwnerCredentials;
  readonly clock: Pick<Clock, 'now'>;
  /** Values that this process holds; visitors will read the reason. */
  readonly knownSecrets: () => readonly string[];
  /** Called once the switch stands where it was put, so that this process shows it at once. */
  readonly onSwitched: () => void;
}

const switchJson = ({ paused, reason, changedAt }: Switch): SwitchJson => ({
  paused,
  reason,
  changed_at: isoOf(changedAt),
});

/** Writes nothing when it stands there already, so that the same request again is given the same answer. */
const move = async (store: SwitchStore, wanted: Switch): Promise<Switch> => {
  const standing = await store.read();
  if (standing !== null && standing.paused === wanted.paused && standing.reason === wanted.reason) return standing;
  await store.write(wanted);
  return wanted;
};

/** PUT /v1/switch: the owner's pause switch. It stops starts, and nothing that runs. */
export const switchRoutes: FastifyPluginAsyncTypebox<SwitchRouteOptions> = async (app, options) => {
  const { switchStore, credentials, clock, knownSecrets, onSwitched } = options;

  app.route({
    method: 'PUT',
    url: '/v1/switch',
    // A stranger is told nothing about what would be taken, and no byte of his body is read.
    onRequest: [
      async (request) => requireOwner(credentials, request),
      requireMediaType('Accept', ['application/json']),
    ],
    schema: {
      operationId: 'moveSwitch',
      summary: 'Pause or resume demos, for the owner',
      tags: ['operations'],
      security: [{ bearer: [] }],
      body: SwitchBody,
      response: {
        200: { ...SwitchSchema, description: 'Where it stands now' },
        ...problems(401, 403, 413, 415),
      },
    },
    handler: async (request, reply) => {
      const { paused, reason } = request.body;
      const masked = reason === undefined ? null : maskSecrets(reason, { known: knownSecrets(), accountIds: true });
      const wanted: Switch = { paused, reason: masked, changedAt: clock.now() };
      const state = await move(switchStore, wanted);
      onSwitched();
      if (state === wanted) request.log.info({ event: 'switch.moved', paused }, 'switch.moved');
      return reply.header('Cache-Control', 'no-store').send(switchJson(state));
    },
  });
};
