import type { ValidatorFactory } from '@fastify/ajv-compiler';
import ValidatorSelector from '@fastify/ajv-compiler';

type Build = ReturnType<typeof ValidatorSelector>;
type Compile = ReturnType<Build>;
type Validate = ((data: unknown) => unknown) & { errors?: unknown };

/** As Fastify calls it; its types know only the schema. */
interface Part {
  readonly schema: unknown;
  readonly httpPart: string;
}

/**
 * Node gives the names of headers in lower case, and Fastify leaves it to whoever makes validators to know that. Any other
 * name would check nothing.
 */
const refuseCapitals = ({ properties = {} }: { readonly properties?: object }): void => {
  const wrong = Object.keys(properties).find((name) => name !== name.toLowerCase());
  if (wrong !== undefined) throw new TypeError(`the schema of headers names ${wrong}, which must be in lower case`);
};

/** A validator that is compiled when the first request is checked by it. It tells of errors as Ajv does, by a property. */
const onFirstUse = (compile: () => Validate): Validate => {
  let compiled: Validate | null = null;
  const validate: Validate = (data) => {
    compiled ??= compile();
    const isValid = compiled(data);
    validate.errors = compiled.errors;
    return isValid;
  };
  return validate;
};

/**
 * Makes Fastify's validators, but each only when it is used: compiling them, and making what compiles them, took a
 * tenth of a start, and few processes ever check a request to every route. The schemas are in the code, and the fuzz
 * of the contract asks every route.
 */
export const createValidatorFactory = (): ValidatorFactory => {
  const build = ValidatorSelector();
  const factory = (...settings: Parameters<Build>) => {
    let compile: Compile | null = null;
    return ({ schema, httpPart }: Part): Validate => {
      if (httpPart === 'headers') refuseCapitals(schema as object);
      return onFirstUse(() => {
        compile ??= build(...settings);
        // Fastify's own compiler takes the part of a route, whatever its type says.
        return compile({ schema } as unknown as Parameters<Compile>[0]) as unknown as Validate;
      });
    };
  };
  return factory as unknown as ValidatorFactory;
};
