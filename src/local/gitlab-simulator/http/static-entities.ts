/** The parts of GitLab's answers that never change here: who pressed the button, which runner took it. */

export const USER_BASIC = {
  id: 21_234_567,
  username: 'project_1001_bot_0a1b2c3d4e5f',
  public_email: null,
  name: 'demo-on-demand',
  state: 'active',
  locked: false,
  avatar_url: null,
  web_url: 'https://gitlab.com/project_1001_bot_0a1b2c3d4e5f',
} as const;

export const USER = {
  ...USER_BASIC,
  created_at: '2026-01-12T08:00:00.000Z',
  bio: '',
  location: '',
  linkedin: '',
  twitter: '',
  discord: '',
  website_url: '',
  github: '',
  job_title: '',
  pronouns: null,
  organization: '',
  bot: true,
  work_information: null,
  local_time: null,
} as const;

export const RUNNER = {
  id: 12_270_859,
  description: '5-green.saas-linux-small-amd64.runners-manager.gitlab.com/default',
  ip_address: null,
  active: true,
  paused: false,
  is_shared: true,
  runner_type: 'instance_type',
  name: 'gitlab-runner',
  online: true,
  status: 'online',
} as const;

export const RUNNER_MANAGER = {
  id: 60_000_001,
  system_id: 's_0e6850b2bce1',
  version: '19.5.0',
  revision: '5eb085ab',
  platform: 'linux',
  architecture: 'amd64',
  created_at: '2026-08-12T09:00:00.123Z',
  contacted_at: '2026-11-20T09:00:05.123Z',
  ip_address: '10.1.4.240',
  status: 'online',
} as const;

const COMMIT_DATE = '2026-11-18T16:40:02.000+00:00';

/** The commit a job was made for, as GitLab describes it. */
export function commitView(sha: string, webUrl: string): Readonly<Record<string, unknown>> {
  return {
    id: sha,
    short_id: sha.slice(0, 8),
    created_at: COMMIT_DATE,
    parent_ids: [[...sha].reverse().join('')],
    title: 'Pin the Kubernetes version',
    message: 'Pin the Kubernetes version\n',
    author_name: 'Ada Example',
    author_email: 'ada@example.com',
    authored_date: COMMIT_DATE,
    committer_name: 'Ada Example',
    committer_email: 'ada@example.com',
    committed_date: COMMIT_DATE,
    trailers: {},
    extended_trailers: {},
    web_url: webUrl,
  };
}
