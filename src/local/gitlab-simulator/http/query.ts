import type { FastifyRequest } from 'fastify';

/** The query of a request with one text per name; of a repeated name the last one counts, as in Rack. */
export function queryOf(request: FastifyRequest): Readonly<Record<string, string | undefined>> {
  const query = request.query;
  if (typeof query !== 'object' || query === null) return {};
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, String(Array.isArray(value) ? value.at(-1) : value)]),
  );
}

/** All values of a list parameter, written `scope[]=a&scope[]=b` or `scope=a`. */
export function queryList(request: FastifyRequest, name: string): readonly string[] {
  const query = request.query;
  if (typeof query !== 'object' || query === null) return [];
  return Object.entries(query)
    .filter(([key]) => key === name || key === `${name}[]`)
    .flatMap(([, value]) => (Array.isArray(value) ? value.map(String) : [String(value)]));
}

/** A path parameter as text; empty when the route has none of that name. */
export function pathParameter(request: FastifyRequest, name: string): string {
  const parameters = request.params;
  if (typeof parameters !== 'object' || parameters === null) return '';
  return String(Object.entries(parameters).find(([key]) => key === name)?.[1] ?? '');
}

/** A JSON body as an object; empty for anything else. */
export function bodyOf(request: FastifyRequest): Readonly<Record<string, unknown>> {
  const { body } = request;
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body } : {};
}
