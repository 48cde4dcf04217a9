import type { SerializerFactory } from '@fastify/fast-json-stringify-compiler';
import SerializerSelector from '@fastify/fast-json-stringify-compiler';

type Compiler = ReturnType<SerializerFactory>;
type Serializer = ReturnType<Compiler>;

/** A serialiser that is compiled when the first answer needs it. */
const onFirstUse = (compile: () => Serializer): Serializer => {
  let compiled: Serializer | null = null;
  return (data) => {
    compiled ??= compile();
    return compiled(data);
  };
};

/**
 * Makes Fastify's serialisers, but each distinct schema's only once, and only when it is used. Every route announces the
 * same problem under a dozen statuses: compiling it anew for each of them took most of the time of a start, and
 * compiling the rest still a tenth, for schemas of which most processes never use half. They are in the code, so what
 * is kept is bounded, and a test answers with each of them.
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
      const serialize = made.get(key) ?? onFirstUse(() => compile(route));
      made.set(key, serialize);
      return serialize;
    };
  };
};
