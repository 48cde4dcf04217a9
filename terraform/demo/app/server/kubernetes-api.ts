import { readFile } from 'node:fs/promises';
import { type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

const TIMEOUT_MS = 3_000;
const MAX_BYTES = 4 * 1024 * 1024;

/** More than a demo ever has; a bound, so that nothing can fill the page or the memory. */
const MAX_ITEMS = 100;

/** What the application asks Kubernetes for. All of it may be looked at and nothing changed (manifests/access.yaml). */
export interface KubernetesAnswers {
  readonly version: unknown;
  readonly nodes: unknown;
  readonly pods: unknown;
}

export interface KubernetesApi {
  /** Throws an Error when one of the three is not answered in time, or not as JSON. */
  read(): Promise<KubernetesAnswers>;
}

export interface KubernetesApiOptions {
  readonly origin: string;
  /** The certificate by which the control plane is known. */
  readonly authority?: string;
  /** Read for each request: Kubernetes replaces what is in it within the hour. */
  readonly tokenFile: string;
}

const bodyOf = (url: URL, options: RequestOptions & { readonly ca?: string }): Promise<string> =>
  new Promise((resolve, reject) => {
    const send = url.protocol === 'http:' ? requestHttp : requestHttps;
    const request = send(url, { ...options, signal: AbortSignal.timeout(TIMEOUT_MS) }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MAX_BYTES) response.destroy(new Error(`${url.pathname}: more than ${MAX_BYTES} bytes`));
        else chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(chunks).toString('utf8'));
        else reject(new Error(`${url.pathname}: status ${response.statusCode}`));
      });
    });
    request.on('error', reject);
    request.end();
  });

/**
 * Makes the way to Kubernetes' own interface, as any pod of a service account has it
 * (https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/).
 */
export const createKubernetesApi = (options: KubernetesApiOptions): KubernetesApi => {
  const get = async (path: string): Promise<unknown> => {
    const token = (await readFile(options.tokenFile, 'utf8')).trim();
    const body = await bodyOf(new URL(path, options.origin), {
      headers: { accept: 'application/json', authorization: `Bearer ${token}` },
      ...(options.authority === undefined ? {} : { ca: options.authority }),
    });
    return JSON.parse(body);
  };

  return {
    async read() {
      const [version, nodes, pods] = await Promise.all([
        get('/version'),
        get(`/api/v1/nodes?limit=${MAX_ITEMS}`),
        get(`/api/v1/pods?limit=${MAX_ITEMS}`),
      ]);
      return { version, nodes, pods };
    },
  };
};
