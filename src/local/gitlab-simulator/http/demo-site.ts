import type { FastifyInstance, FastifyReply } from 'fastify';
import { isFinished } from '../composite-status.ts';
import { textParameter } from '../fault-store.ts';
import { statusOf } from '../pipeline-actions.ts';
import { resourceName } from '../pipeline-definition.ts';
import type { World } from '../world.ts';
import { pathParameter } from './query.ts';

/** Everything is inline: the page must look right without asking anybody else for anything. */
const STYLE = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:light-dark(#f4f6fb,#0e1320)}
main{max-width:32rem;margin:1rem;padding:2rem;border-radius:1rem;background:light-dark(#fff,#182036);
box-shadow:0 1rem 3rem #0003}h1{margin-top:0}code{overflow-wrap:anywhere}
dt{font-size:.8rem;text-transform:uppercase;letter-spacing:.06em;opacity:.7}dd{margin:0 0 .8rem}`;

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${content}
</main>
</body>
</html>
`;
}

function livePage(deploymentId: string, shortSha: string): string {
  return page(
    'Live demo',
    `<h1>It is alive.</h1>
<p>This page comes from the demo that was just built. (In local mode the cluster is simulated; the page is not.)</p>
<dl>
<dt>Deployment</dt><dd><code>${deploymentId}</code></dd>
<dt>Cluster</dt><dd><code>${resourceName(deploymentId)}</code></dd>
<dt>Commit</dt><dd><code>${shortSha}</code></dd>
<dt>Architecture</dt><dd><code>linux/arm64</code></dd>
</dl>`,
  );
}

const HOLDING_PAGE = page(
  'Building',
  '<h1>Still building</h1>\n<p>The infrastructure of this demo is on its way. Nothing is served here yet.</p>',
);
const GONE_PAGE = page('Nothing here', '<h1>Nothing here</h1>\n<p>There is no demo at this address.</p>');

/** Whatever is asked for, the id that is shown is one of ours: a path is never echoed. */
const DEPLOYMENT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function answerWithFault(world: World, deploymentId: string, reply: FastifyReply): boolean {
  const context = { deployment_id: deploymentId };
  if (world.faults.take('live-url-down', context)) {
    reply.code(503).send(page('Unavailable', '<h1>503 Service Unavailable</h1>'));
    return true;
  }
  const redirect = world.faults.take('live-url-redirect', context);
  if (redirect) {
    reply.redirect(textParameter(redirect, 'url', 'https://example.com/'), 302);
    return true;
  }
  if (!world.faults.take('live-url-foreign', context)) return false;
  reply.send(livePage('00000000-0000-4000-8000-000000000000', '00000000'));
  return true;
}

function isBuilding(world: World, deploymentId: string): boolean {
  if (world.cloud.of(deploymentId).length > 0) return true;
  return [...world.pipelines.values()].some((pipeline) => {
    const { deployment_id, action } = pipeline.inputs;
    return deployment_id === deploymentId && action === 'apply' && !isFinished(statusOf(world, pipeline));
  });
}

/** The public address of the demos: the demo itself, a holding page while it is built, or 404. */
export function registerDemoSite(app: FastifyInstance, world: World): void {
  app.get('/demo/:deployment_id/', async (request, reply) => {
    const deploymentId = pathParameter(request, 'deployment_id');
    reply.type('text/html; charset=utf-8').header('cache-control', 'no-store');
    if (!DEPLOYMENT_ID.test(deploymentId)) return reply.code(404).send(GONE_PAGE);
    const isServing = world.cloud.isServing(deploymentId);
    if (isServing && answerWithFault(world, deploymentId, reply)) return reply;
    if (isServing && !world.faults.take('live-url-holding', { deployment_id: deploymentId })) {
      const [ref = ''] = world.identity.refs;
      return reply.send(livePage(deploymentId, world.identity.shaOf(ref).slice(0, 8)));
    }
    return isBuilding(world, deploymentId) ? reply.send(HOLDING_PAGE) : reply.code(404).send(GONE_PAGE);
  });
}
