import { pieces, type Rule, type ScanRule } from './rule.ts';
import { around, type Row, RUNS, vendorRule } from './vendor-rule.ts';

const CLOUDS: readonly Row[] = [
  ['crates-token', ['cio'], 'cio[A-Za-z0-9]{32}', pieces('ci', 'o', RUNS.letters.slice(0, 32)), 'a cio of a company'],
  ['nuget-key', ['oy2'], 'oy2[a-z0-9]{43}', pieces('oy', '2', RUNS.lower.slice(0, 43)), 'oy2 is how it starts'],
  [
    'clojars-token',
    ['CLOJARS_'],
    'CLOJARS_[0-9a-z]{60}',
    pieces('CLOJ', 'ARS_', RUNS.lower.slice(0, 60)),
    'CLOJARS_USERNAME=demo',
  ],
  [
    'bitbucket-password',
    ['ATBB'],
    'ATBB[A-Za-z0-9]{32}',
    pieces('AT', 'BB', RUNS.letters.slice(0, 32)),
    'ATBB is a prefix',
  ],
  [
    'bitbucket-token',
    ['ATCTT3'],
    'ATCTT3[\\w=-]{60,255}',
    pieces('ATC', 'TT3', RUNS.long.slice(0, 180)),
    'ATCTT3 is a prefix',
  ],
  [
    'doppler-token',
    ['dp.pt.', 'dp.st.', 'dp.ct.', 'dp.sa.', 'dp.scim.', 'dp.audit.'],
    'dp\\.(?:pt|st|ct|sa|scim|audit)\\.(?:[a-z0-9_-]{2,35}\\.)?[A-Za-z0-9]{40,44}',
    pieces('dp', '.pt.', RUNS.long.slice(0, 43)),
    'dp.st. is a prefix',
  ],
  ['infracost-key', ['ico-'], 'ico-[A-Za-z0-9]{32}', pieces('ic', 'o-', RUNS.letters.slice(0, 32)), 'ico-small.png'],
  [
    'fly-token',
    ['fo1_', 'fm1_', 'fm2_', 'fm1r_', 'fm1a_'],
    '(?:fo1_[\\w-]{43}|fm[12][ar]?_[A-Za-z0-9+/]{60,4096}={0,3})',
    pieces('fo', '1_', RUNS.long.slice(0, 43)),
    'fo1_ is a prefix',
  ],
  ['heroku-token', ['HRKU-'], 'HRKU-[\\w-]{36,64}', pieces('HR', 'KU-', RUNS.long.slice(0, 60)), 'HRKU- is a prefix'],
  [
    'planetscale-token',
    ['pscale_'],
    'pscale_(?:tkn|pw|oauth)_[\\w-]{32,64}',
    pieces('psc', 'ale_tkn_', RUNS.long.slice(0, 43)),
    'pscale_branch=main',
  ],
  [
    'supabase-key',
    ['sb_secret_'],
    'sb_secret_[\\w-]{31,48}',
    pieces('sb_se', 'cret_', RUNS.letters.slice(0, 31)),
    'sb_secret_ begins a key',
  ],
  [
    'artifactory-token',
    ['AKCp', 'cmVmdGtuOj'],
    '(?:AKCp[A-Za-z0-9]{60,76}|cmVmdGtuOj[A-Za-z0-9]{40,70})',
    pieces('AK', 'Cp', RUNS.long.slice(0, 69)),
    'AKCp is a prefix',
  ],
  [
    '1password-token',
    ['ops_eyJ'],
    'ops_eyJ[\\w+/=-]{150,4096}',
    pieces('ops', '_eyJ', RUNS.long.slice(0, 220)),
    'ops_eyJ begins a token',
  ],
  [
    '1password-secret-key',
    ['A3-'],
    'A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}',
    pieces('A', '3-', 'ZX9KQ2-LM7RT4WV8YB-3NC6P-D1HF5-JG0SA'),
    'paper size A3-landscape',
  ],
  [
    'alibaba-key-id',
    ['LTAI'],
    'LTAI[A-Za-z0-9]{12,20}',
    pieces('LT', 'AI', RUNS.letters.slice(0, 20)),
    'LTAI is a prefix',
  ],
  ['netlify-token', ['nfp_'], 'nfp_[A-Za-z0-9]{36}', pieces('nf', 'p_', RUNS.letters), 'nfp_ is a prefix'],
  ['render-key', ['rnd_'], 'rnd_[A-Za-z0-9]{32}', pieces('rn', 'd_', RUNS.letters.slice(0, 32)), 'rnd_seed = 4'],
  [
    'yandex-key',
    ['AQVN', 'y0_'],
    '(?:AQVN[\\w-]{35,38}|y0_[\\w-]{50,62})',
    pieces('AQ', 'VN', RUNS.long.slice(0, 36)),
    'x0_y0_z0',
  ],
  ['google-refresh-token', ['1//0'], '1//0[\\w-]{40,120}', pieces('1/', '/0g', RUNS.long.slice(0, 90)), 'http://1//0'],
];

const SURROUNDED: readonly ScanRule[] = [
  {
    name: 'terraform-cloud-token',
    literals: ['.atlasv1.'],
    find: around(/(?<![A-Za-z0-9])[A-Za-z0-9]{14}$/, 14, /\.atlasv1\.[\w-]{40,128}/y),
    matches: [pieces('Read «', RUNS.letters.slice(0, 14), '.atlas', 'v1.', RUNS.long.slice(0, 67), '» from the store')],
    leaves: ['a.atlasv1.b'],
  },
  {
    name: 'azure-client-secret',
    literals: ['7Q~', '8Q~'],
    find: around(/(?<![\w.~-])[\w.~-]{3}$/, 3, /[78]Q~[\w.~-]{31,34}(?![\w~-])/y),
    matches: [pieces('Read «', RUNS.letters.slice(0, 3), '8Q', '~', RUNS.long.slice(0, 34), '» from the store')],
    leaves: ['8Q~ is in the middle'],
  },
  {
    name: 'azure-devops-token',
    literals: ['AZDO'],
    find: around(/(?<![A-Za-z0-9])[A-Za-z0-9]{76,80}$/, 80, /AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9])/y),
    matches: [pieces('Read «', RUNS.long.slice(0, 75), '9JZ', 'AZDO', 'Zx9K', '» from the store')],
    leaves: ['AZDO_ORG=demo'],
  },
  {
    name: 'new-relic-license-key',
    literals: ['NRAL'],
    find: around(/(?<![A-Za-z0-9])[0-9a-f]{36}$/, 36, /NRAL(?![A-Za-z0-9])/y),
    matches: [pieces('Read «', RUNS.hex.slice(0, 36), 'NR', 'AL', '» from the store')],
    leaves: ['it ends with NRAL'],
  },
  {
    name: 'mailchimp-key',
    literals: ['-us'],
    find: around(/(?<![A-Za-z0-9])[0-9a-f]{32}$/, 32, /-us\d{1,2}(?![A-Za-z0-9])/y),
    matches: [pieces('Read «', RUNS.hex.slice(0, 32), '-u', 's81', '» from the store')],
    leaves: ['demo-us1', 'aws-us-east-1'],
  },
  {
    name: 'boundary-token',
    literals: ['_s1'],
    find: around(/(?<![A-Za-z0-9])at_[A-Za-z0-9]{10}$/, 13, /_s1[A-Za-z0-9]{40,400}/y),
    matches: [
      pieces('Read «', 'at', '_', RUNS.letters.slice(0, 10), '_s1', RUNS.long.slice(0, 60), '» from the store'),
    ],
    leaves: ['at_demo_s1'],
  },
  {
    // https://core.telegram.org/bots/api: the id of the bot, a colon and 35 characters.
    name: 'telegram-bot-token',
    literals: [':AA'],
    find: around(/(?<!\d)\d{8,10}$/, 10, /:AA[\w-]{33}(?![\w-])/y),
    matches: [pieces('Read «1234567890', ':A', 'A', RUNS.letters.slice(0, 33), '» from the store')],
    leaves: ['12:AA:34:56', 'fe80::AA'],
  },
];

/** Tokens of clouds, registries and forges beyond those that a pipeline on AWS and GitLab meets every day. */
export const CLOUD_TOKEN_RULES: readonly Rule[] = [...CLOUDS.map(vendorRule), ...SURROUNDED];
