import type { FastifyInstance } from 'fastify';
import { statusOf } from '../pipeline-actions.ts';
import { pipelineName } from '../pipeline-definition.ts';
import { jobsOfPipeline, type World } from '../world.ts';
import { pathParameter } from './query.ts';

/**
 * The page a pipeline's `web_url` leads to: its jobs and their states, so that the link is not a dead one. Logs are not
 * shown here; unmasked they are for the API's token only.
 */
export function registerPipelinePages(app: FastifyInstance, world: World): void {
  app.get(`/${world.identity.projectPath}/-/pipelines/:pipeline_id`, async (request, reply) => {
    reply.type('text/html; charset=utf-8');
    const pipeline = world.pipelines.get(Number(pathParameter(request, 'pipeline_id')));
    if (!pipeline) return reply.code(404).send('<!doctype html><title>404</title><h1>404: no such pipeline</h1>\n');
    const rows = jobsOfPipeline(world, pipeline, true)
      .map(({ id, definition, status }) => `<tr><td>${definition.stage}<td>${definition.name}<td>#${id}<td>${status}`)
      .join('\n');
    return reply.send(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Pipeline ${pipeline.id}</title>
<style>:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}td{padding:.2rem 1rem .2rem 0}</style>
<h1>${pipelineName(pipeline.inputs)}</h1>
<p>Pipeline #${pipeline.id} of the simulated project: <strong>${statusOf(world, pipeline)}</strong></p>
<table>
${rows}
</table>
</html>
`);
  });
}
