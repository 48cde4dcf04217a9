import { Ajv2020 } from 'ajv/dist/2020.js';

export interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: Schema }> };
  readonly responses: Record<string, { readonly description: string; readonly content?: Record<string, unknown> }>;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}

export type Schema = Readonly<Record<string, unknown>>;

/** What `/openapi.json` says. */
export interface ApiDocument {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, unknown> };
}

/** What is held against the document. */
export interface Answer {
  readonly statusCode: number;
  readonly contentType: string;
  readonly body: string;
}

const pointer = (...parts: string[]): string =>
  parts.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/');

/** Makes the check whether an answer is one that the document announces for its route: null, or what is wrong. */
export const createCheck = (document: ApiDocument) => {
  const ajv = new Ajv2020({
    strict: false,
    formats: { 'date-time': /^\d{4}-\d\d-\d\dT[\d:.]+Z$/, 'uri-reference': true },
  });
  ajv.addSchema(document, 'openapi.json');
  return (path: string, method: string, { statusCode, contentType, body }: Answer): string | null => {
    const response = document.paths[path]?.[method]?.responses[statusCode];
    const mediaType = contentType.split(';', 1)[0] ?? '';
    if (response === undefined) return `${statusCode} is not announced`;
    if (response.content === undefined) return body === '' ? null : `${statusCode} has a body nobody announced`;
    if (!(mediaType in response.content)) return `${statusCode} ${mediaType} is not announced`;
    const at = pointer('#', 'paths', path, method, 'responses', String(statusCode), 'content', mediaType, 'schema');
    const validate = ajv.getSchema(`openapi.json${at.replaceAll('{', '%7B').replaceAll('}', '%7D')}`);
    if (validate === undefined) return `${at} is no schema`;
    return validate(mediaType === 'text/plain' ? body : JSON.parse(body)) === true
      ? null
      : ajv.errorsText(validate.errors);
  };
};
