import t from 'tap';
import { REAL_POLICY } from '../../src/policies.ts';
import { createPages } from '../../src/routes/pages.ts';
import { buildTestApp } from '../fakes/http-app.ts';
import { codeOf, readPlatform, textsOf } from './hcl.ts';

const CODE = codeOf(readPlatform());

/** Without the names of its parameters, which differ between the two. */
const nameless = (route: string): string =>
  route.replaceAll(/\{\w+\}|:\w+/g, '{}').replace(/\/assets\/[\w.-]+$/, '/assets/{}');

const LISTED = new Set(
  [
    ...textsOf(CODE, 'read_paths').flatMap((path) => [`GET ${path}`, `HEAD ${path}`]),
    ...textsOf(CODE, 'write_routes'),
  ].map(nameless),
);

/** They are a part of the design and may come after the gateway that lists them. */
const MAY_BE_TO_COME = ['GET /badge.svg', 'GET /button.js', 'HEAD /badge.svg', 'HEAD /button.js'];

/** Fastify draws its routes as a tree: four characters of indentation for each level, the methods in brackets. */
const routesIn = (tree: string): ReadonlySet<string> => {
  const parents: string[] = [];
  const routes = new Set<string>();
  for (const line of tree.split('\n')) {
    const [, branch = '', segment = '', methods = ''] = /^(.*?── )(\S+)(?: \(([A-Z, ]+)\))?/.exec(line) ?? [];
    if (segment === '' || segment === '*') continue;
    const level = branch.length / 4;
    const path = `${parents[level - 1] ?? ''}${segment}`;
    parents[level] = path;
    for (const method of methods.split(', ').filter(Boolean)) routes.add(nameless(`${method} ${path}`));
  }
  return routes;
};

t.test('Given the routes of the server, when the gateway lists its own, then they are the same', async (t) => {
  const pages = createPages({ simulated: false, hourlyCostUsd: 0.18, policy: REAL_POLICY });
  const { app } = await buildTestApp(t, { pages });
  await app.ready();
  const served = routesIn(app.printRoutes({ commonPrefix: false }));
  t.ok(served.has('GET /v1/deployments/{}/logs') && served.has('PUT /v1/switch') && served.has('GET /assets/{}'));
  t.strictSame(
    [...served].filter((route) => !LISTED.has(route)),
    [],
    'whatever is served can be reached',
  );
  t.strictSame(
    [...LISTED].filter((route) => !served.has(route) && !MAY_BE_TO_COME.includes(route)),
    [],
    'whatever can be reached is served',
  );
});

t.test('Given a preflight of a page on another site, when the gateway gets it, then it is let through', async (t) => {
  t.match(CODE, /preflight_paths = \[for path in local\.read_paths : path if startswith\(path, "\/v1\/"\)\]/);
  const { app } = await buildTestApp(t);
  for (const path of textsOf(CODE, 'read_paths').filter((listed) => listed.startsWith('/v1/'))) {
    const url = path.replace(/\{\w+\}/, 'current');
    const headers = { origin: 'https://resume.example', 'access-control-request-method': 'GET' };
    t.equal((await app.inject({ method: 'OPTIONS', url, headers })).statusCode, 204, path);
  }
});
