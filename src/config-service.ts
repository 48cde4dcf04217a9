import { Type } from 'typebox';
import { isHost } from './config-formats.ts';
import {
  clientAddressSource,
  decimal,
  flag,
  liveOrigins,
  origin,
  origins,
  seconds,
  secretUrl,
  secretValue,
  text,
  wholeNumber,
} from './config-kinds.ts';
import { type Details, details, detailsOfBoth, NEEDED, none, orNull, REFUSED, value } from './config-variable.ts';

/** Where it listens, under which address, and for whom. */
export const server = Type.Object({
  host: text(
    details('HOST', value('0.0.0.0'), value('127.0.0.1'), 'the address to listen on'),
    'an IP address or localhost',
    isHost,
  ),
  port: wholeNumber(detailsOfBoth('PORT', 3000, 'the port to listen on; 0 takes any free one'), {
    minimum: 0,
    maximum: 65_535,
  }),
  publicUrl: orNull(
    origin(
      details(
        'PUBLIC_URL',
        NEEDED,
        none('where it listens'),
        'the origin visitors see: links, CORS and the page; https on AWS',
      ),
    ),
  ),
  allowedOrigins: origins(
    details('ALLOWED_ORIGINS', NEEDED, none('only the page itself'), 'the sites whose pages may use the button'),
  ),
  clientAddressSource: clientAddressSource(
    details(
      'CLIENT_IP_SOURCE',
      NEEDED,
      value('socket'),
      'where the visitor’s address for limits and quotas comes from',
    ),
  ),
  drainMs: seconds(details('DRAIN_SECONDS', value(30), value(0), 'how long to answer on after the signal to stop'), {
    minimum: 0,
    maximum: 110,
  }),
});

const TABLE_NAME = /^[A-Za-z0-9_.-]{3,255}$/;
const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/;

/** The table that everything is kept in. */
export const store = Type.Object({
  tableName: text(detailsOfBoth('TABLE_NAME', 'demo-on-demand', 'the DynamoDB table'), 'a table name', (name) =>
    TABLE_NAME.test(name),
  ),
  region: text(
    details(
      'AWS_REGION',
      NEEDED,
      value('us-east-1'),
      'the region of the table, the secrets and everything else of AWS',
    ),
    'a region such as eu-central-1',
    (name) => REGION.test(name),
  ),
  endpoint: orNull(
    origin(
      details(
        'DYNAMODB_ENDPOINT',
        none('the region’s own'),
        none('the embedded table'),
        'another DynamoDB, such as DynamoDB Local',
      ),
    ),
  ),
});

const PROJECT = /^(\d{1,12}|[\w.-]+(\/[\w.-]+)+)$/;
const REF = /^[\w][\w./-]{0,99}$/;

/** Who builds and destroys, and which links it may hand out. */
export const gitlab = Type.Object({
  url: orNull(
    origin(
      details(
        'GITLAB_URL',
        value('https://gitlab.com'),
        none('the simulator in this process'),
        'the GitLab that runs the pipelines',
      ),
    ),
  ),
  project: text(
    details('GITLAB_PROJECT', NEEDED, value('demo/eks-demo'), 'the project whose pipeline is run'),
    'a project’s number or path',
    (name) => PROJECT.test(name),
  ),
  ref: text(
    details('GITLAB_REF', NEEDED, value('demo-v1'), 'the protected tag that apply and destroy run from'),
    'the name of a tag',
    (name) => REF.test(name),
  ),
  liveOrigins: liveOrigins(
    details('LIVE_ORIGINS', NEEDED, none('the simulator’s own'), 'where a live demo may be; any other link is refused'),
  ),
  showPipelineLink: flag(
    detailsOfBoth('SHOW_PIPELINE_LINK', 'false', 'whether visitors get the link to the pipeline'),
    'true',
    'false',
  ),
});

const onlyLocal = (name: string, meaning: string, purpose: string): Details =>
  details(name, REFUSED, none(meaning), purpose);

/** What only local mode takes. */
export const local = Type.Object({
  probeOrigin: orNull(
    origin(
      onlyLocal(
        'PROBE_ORIGIN',
        'the public one',
        'where this process reaches the live demo from inside a container network',
      ),
    ),
  ),
  simulatorSpeed: orNull(
    decimal(
      details(
        'SIMULATOR_SPEED',
        REFUSED,
        value(1),
        'how fast the simulator plays; slower, no apply would start in time',
      ),
      {
        minimum: 0.7,
        maximum: 1000,
      },
    ),
  ),
  gitlabToken: orNull(secretValue(onlyLocal('LOCAL_GITLAB_TOKEN', 'the simulator’s own', 'GitLab’s token'), 8)),
  ownerToken: orNull(
    secretValue(onlyLocal('LOCAL_OWNER_TOKEN', 'random, printed at the start', 'the owner’s token'), 16),
  ),
  signingKey: orNull(secretValue(onlyLocal('LOCAL_SIGNING_KEY', 'random', 'the key of the control tokens'), 32)),
  webhookUrl: orNull(
    secretUrl(onlyLocal('LOCAL_WEBHOOK_URL', 'the owner is told nothing', 'the address of the owner’s webhook')),
  ),
  webhookKey: orNull(
    secretValue(
      onlyLocal('LOCAL_WEBHOOK_KEY', 'the owner is told nothing', 'the key that what it gets is signed with'),
      32,
    ),
  ),
});
