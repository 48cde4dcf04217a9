import type { EventLog, JobTraces } from '../lifecycle/ports.ts';
import type { GitlabClient } from './gitlab-client.ts';
import type { GitlabAnswer } from './gitlab-exchange.ts';
import { unusable } from './gitlab-failure.ts';
import { isWebPage, saysNotFound } from './gitlab-json.ts';

/** GitLab takes up to 512,000 (lib/api/ci/jobs.rb). */
const BYTE_LIMIT = 500_000;
/** Enough to see that a server sends more than it was asked for. */
const MAX_RANGE_BYTES = 600_000;
/** Of a whole log from an old server no more is read; a runner writes at most 4 MB unless configured otherwise. */
const MAX_WHOLE_BYTES = 8_000_000;
const NOTHING = new Uint8Array();

const bytesOf = (answer: GitlabAnswer, path: string): GitlabAnswer => {
  if (saysNotFound(answer)) return { ...answer, bytes: NOTHING, isCut: false };
  if (answer.status < 200 || answer.status > 299 || isWebPage(answer)) throw unusable(`${path}: ${answer.status}`);
  return answer;
};

/**
 * Makes the reader of raw job logs (https://docs.gitlab.com/api/jobs/#get-a-log-file). `byte_offset` and `byte_limit`
 * are new in GitLab 19; an older server ignores them and answers with the whole log, and nothing in the answer says
 * so. It shows itself in two ways, either of which is remembered for as long as this process runs:
 * - the answer is longer than the limit;
 * - before the first read past the log's start, one byte is asked for. At least two exist then, so a server that
 *   sends exactly one knows the parameters, one that sends more does not, and none (an erased log) decides nothing.
 * From an old server the whole log is downloaded, at most 8 MB of it, and cut here.
 * A job that GitLab does not know has no log.
 */
export const createGitlabTraces = ({
  client,
  log,
}: {
  readonly client: GitlabClient;
  readonly log: EventLog;
}): JobTraces => {
  let knowsRanges: boolean | null = null;

  const learn = (answer: boolean): void => {
    if (answer !== knowsRanges && !answer) log.event('warn', 'gitlab.trace_without_ranges', {});
    knowsRanges = answer;
  };

  const range = async (path: string, byteOffset: number, byteLimit: number): Promise<GitlabAnswer> => {
    const query = { byte_offset: byteOffset, byte_limit: byteLimit };
    const answer = await client.send({ method: 'GET', path, query, isRepeatable: true, maxBytes: MAX_RANGE_BYTES });
    return bytesOf(answer, path);
  };

  const whole = async (path: string, byteOffset: number): Promise<Uint8Array> => {
    const answer = await client.send({ method: 'GET', path, isRepeatable: true, maxBytes: MAX_WHOLE_BYTES });
    return bytesOf(answer, path).bytes.subarray(byteOffset, byteOffset + BYTE_LIMIT);
  };

  const findOut = async (path: string): Promise<void> => {
    const { bytes } = await range(path, 0, 1);
    if (bytes.byteLength > 0) learn(bytes.byteLength === 1);
  };

  return {
    async read(jobId, byteOffset) {
      if (!Number.isSafeInteger(jobId) || jobId < 1) throw new RangeError('Not an id of GitLab');
      if (!Number.isSafeInteger(byteOffset) || byteOffset < 0) throw new RangeError('Not an offset');
      const path = `jobs/${jobId}/trace`;
      if (knowsRanges === null && byteOffset > 1) {
        await findOut(path);
        if (knowsRanges === null) return NOTHING;
      }
      // A log of one byte cannot be told from the first byte of a longer one, so it is read from its start.
      const fromByte = byteOffset === 1 && knowsRanges === null ? 0 : byteOffset;
      const { bytes } = knowsRanges === false ? { bytes: NOTHING } : await range(path, fromByte, BYTE_LIMIT);
      if (bytes.byteLength > BYTE_LIMIT) learn(false);
      return knowsRanges === false ? whole(path, byteOffset) : bytes.subarray(byteOffset - fromByte);
    },
  };
};
