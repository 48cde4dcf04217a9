import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { LastRun } from '../lifecycle/last-run.ts';
import type { DeploymentReader } from '../lifecycle/ports.ts';
import { readLedgerCursor } from './cursors.ts';
import { ledgerJson } from './ledger-json.ts';
import { LedgerQuery, LedgerSchema } from './schemas/ledger.ts';
import { problems } from './schemas/problem.ts';

export interface LedgerRouteOptions {
  readonly reader: Pick<DeploymentReader, 'ledger'>;
  readonly lastRun: Pick<LastRun, 'storedId'>;
}

const DEFAULT_LIMIT = 20;

/** GET /v1/deployments: the public ledger of what was built and proven gone, newest first. */
export const ledgerRoutes: FastifyPluginAsyncTypebox<LedgerRouteOptions> = async (app, { reader, lastRun }) => {
  app.route({
    method: 'GET',
    url: '/v1/deployments',
    schema: {
      operationId: 'listDeployments',
      summary: 'The ledger of past deployments',
      tags: ['deployments'],
      querystring: LedgerQuery,
      response: { 200: { ...LedgerSchema, description: 'A page of the ledger' }, ...problems() },
    },
    handler: async (request, reply) => {
      const { limit, cursor } = request.query;
      const query = {
        limit: limit === undefined ? DEFAULT_LIMIT : Number(limit),
        before: cursor === undefined ? null : readLedgerCursor(cursor),
      };
      const [page, recordedId] = await Promise.all([reader.ledger(query), lastRun.storedId()]);
      reply.header('Cache-Control', 'no-cache');
      return ledgerJson(page, recordedId);
    },
  });
};
