import type { SerializerFactory } from '@fastify/fast-json-stringify-compiler';
import SerializerSelector from '@fastify/fast-json-stringify-compiler';

type Compiler = ReturnType<SerializerFactory>;
type Serializer = ReturnType<Compiler>;

/**
 * Makes Fastify's serialisers, but each distinct schema's only once. Every route announces the same problem under a
 * dozen statuses, and compiling it anew for each of them took most of the time of a start. The schemas are in the
 * code, so what is kept is bounded.
 */
export const createSerializerFactory = (): SerializerFactory => {
  const build = SerializerSelector();
  const made = new Map<string, Serializer>();
  const compilers = new Map<string, Compiler>();
  return (externalSchemas, options) => {
    const shared = JSON.stringify(externalSchemas);
    const compile = compilers.get(shared) ?? build(externalSchemas, options);
    compilers.set(shared, compile);
    return (route) => {
      const key = `${shared} ${JSON.stringify(route.schema)}`;
      const serialize = made.get(key) ?? compile(route);
      made.set(key, serialize);
      return serialize;
    };
  };
};
