import type { ProxiedRequest } from '../../processes/faulty-proxy.ts';

/** What a server is about with a request; `table` is what Terraform does on AWS, before any server starts. */
export type Errand =
  | 'create'
  | 'cancel'
  | 'schedule'
  | 'table'
  | 'lock'
  | 'decision'
  | 'reply'
  | 'look'
  | 'history'
  | 'read'
  | 'other';

const TABLE_OPERATIONS = ['CreateTable', 'DescribeTable', 'DescribeTimeToLive', 'UpdateTimeToLive'];

const keyOf = (body: string): string => /"deployment_id":\{"S":"([^"]*)"\}/.exec(body)?.[1] ?? '';

/** What is asked of DynamoDB (operation in `X-Amz-Target`, as its low-level API has it). */
export const errandAtStore = ({ headers, body }: ProxiedRequest): Errand => {
  const operation = String(headers['x-amz-target'] ?? '').split('.')[1] ?? '';
  if (TABLE_OPERATIONS.includes(operation)) return 'table';
  if (operation === 'GetItem' || operation === 'Query') return 'read';
  if (keyOf(body) !== 'ACTIVE') return body.includes('"history"') ? 'history' : 'other';
  if (operation !== 'UpdateItem') return 'lock';
  if (body.includes('SET replies.#request')) return 'reply';
  return body.includes('"write_id"') && body.includes(':new_version') ? 'decision' : 'look';
};

/** What is asked of GitLab, or of what the simulator plays besides it. */
export const errandAtGitlab = ({ method, path }: ProxiedRequest): Errand => {
  if (method === 'POST') return path.endsWith('/cancel') ? 'cancel' : 'create';
  if (method === 'GET') return 'read';
  return path.startsWith('/control/schedules') ? 'schedule' : 'other';
};

/** A person or a proxy may repeat these; a pipeline that is asked for twice would be made twice, whoever repeats it. */
export const mayBeRepeated = (errand: Errand): boolean => errand !== 'create';
