import type { LiveProbe } from '../lifecycle/ports.ts';
import { createGuardedGet } from './http-guarded-get.ts';
import type { GuardOptions } from './http-guarded-request.ts';

export interface HttpLiveProbeOptions extends GuardOptions {
  /** Something else on the internet that is always there, to tell "the demo is down" from "our way out is". */
  readonly controlUrl?: string;
  /** Where this process reaches what the public reaches at another origin: in a network of containers. */
  readonly probeOrigin?: string;
}

const rewritten = (url: URL, probeOrigin: string | undefined): URL =>
  probeOrigin === undefined ? url : new URL(`${url.pathname}${url.search}`, probeOrigin);

/**
 * Makes the probe of a demo's public URL. `found` is a 200 whose first 64 KB carry the deployment's id, so neither a
 * holding page nor another deployment counts, nor a redirect. Anything else is `absent`, unless the control URL does
 * not answer either: then the verdict is `unknown`. Takes at most twice the timeout and never throws.
 */
export const createHttpLiveProbe = (options: HttpLiveProbeOptions): LiveProbe => {
  const get = createGuardedGet(options);

  const isFound = async (url: URL, deploymentId: string): Promise<boolean> => {
    const answer = await get(rewritten(url, options.probeOrigin));
    return answer?.status === 200 && answer.text.includes(deploymentId);
  };

  const isWayOutBroken = async (): Promise<boolean> => {
    const control = options.controlUrl === undefined ? null : URL.parse(options.controlUrl);
    if (control === null) return false;
    const answer = await get(control);
    return answer === null || answer.status >= 500;
  };

  return {
    async probe(text, deploymentId) {
      const url = URL.parse(text);
      if (url === null || deploymentId === '') return 'absent';
      if (await isFound(url, deploymentId)) return 'found';
      return (await isWayOutBroken()) ? 'unknown' : 'absent';
    },
  };
};
