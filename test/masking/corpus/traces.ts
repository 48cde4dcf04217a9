import { fillTemplate, kept, made, open, type Part, secret } from './family.ts';
import { boundary, keyBody } from './key-material.ts';
import { fill, type Random } from './random.ts';

/** The beginning of a physical line as the runner writes it; `+` says that the line goes on with the one before. */
export const timestamp = (random: Random, continues = false): string =>
  fill(random, `2026-05-04T09:1{d1}:2{d1}.{d6}Z 0{d1}${random.pick(['O', 'E'])}`) + (continues ? '+' : ' ');

const ESC = '\x1b';
const RED = `${ESC}[31m`;
const BOLD = `${ESC}[1;33m`;
const RESET = `${ESC}[0m`;
const ERASE = `\r${ESC}[0K`;

/** Puts `between` into a secret, with six characters or more on both sides. */
const cut = (random: Random, part: Part, between: string): Part[] => {
  const at = random.between(6, part.text.length - 6);
  return [secret(part.text.slice(0, at)), kept(between), secret(part.text.slice(at))];
};

const isLong = ({ role, text }: Part): boolean => role === 'secret' && text.length >= 12;

/** Makes of a template's samples ones whose secrets are cut, `between` drawn for each. */
const withCut =
  (template: string, between: (random: Random) => string) =>
  (random: Random): Part[] =>
    fillTemplate(random, template).flatMap((part) => (isLong(part) ? cut(random, part, between(random)) : [part]));

const LINES = [
  'export AWS_SECRET_ACCESS_KEY=«!awsSecret»',
  'DB_PASSWORD=«!={w8}{d2}{w12}»',
  'Authorization: Bearer «!token»',
  'cloned with «!=glpat-{u20}» by «word»',
  'postgres://«~user»:«!={w8}{d2}{w10}»@«host»:5432/demo',
  '{"password": "«!={w8}{d2}{w10}»", "port": 5432}',
  'id token «!jwt»',
] as const;

const CORE = { core: true };
const colour = (random: Random): string => random.pick([RED, BOLD, RESET, `${ESC}[K`, `${ESC}[38;5;208m`]);
const continuation = (random: Random): string => `\n${timestamp(random, true)}`;
const whole = (template: string) => (random: Random) => fillTemplate(random, template);

const colouredKey = (random: Random): Part[] => {
  const lines = keyBody(random, 'RSA PRIVATE KEY').split('\n');
  return [
    kept(`${RED}`),
    open(boundary('BEGIN', 'RSA PRIVATE KEY')),
    ...lines.flatMap((line) => [kept(`${RESET}\n${RED}`), secret(line)]),
    kept(`${RESET}\n${RED}`),
    open(boundary('END', 'RSA PRIVATE KEY')),
    kept(`${RESET}\n$ ls`),
  ];
};

const timedKey = (random: Random): Part[] => {
  const lines = keyBody(random, 'EC PRIVATE KEY').split('\n');
  return [
    kept(timestamp(random)),
    open(boundary('BEGIN', 'EC PRIVATE KEY')),
    ...lines.flatMap((line) => [kept(`\n${timestamp(random)}`), secret(line)]),
    kept(`\n${timestamp(random)}`),
    open(boundary('END', 'EC PRIVATE KEY')),
    kept(`\n${timestamp(random)}$ ls`),
  ];
};

// A line that the runner cuts because it is longer than its buffer of 8 KiB.
const longLine = (random: Random): Part[] => [
  kept(`${timestamp(random)}{"padding":"${'lorem ipsum '.repeat(680)}","secret_key":"`),
  ...cut(random, secret(fill(random, '{w40}')), continuation(random)),
  kept('","region":"eu-central-1"}'),
];

/** What is particular to a runner's trace: https://docs.gitlab.com/runner/configuration/feature-flags/ (FF_TIMESTAMPS) */
export const TRACES = [
  made('colours-in-a-secret', CORE, ...LINES.map((line) => withCut(line, colour))),
  made(
    'colours-around-a-secret',
    CORE,
    whole(`${BOLD}DB_PASSWORD${RESET}=${RED}«!password»${RESET}`),
    whole(`  ${BOLD}"password"${RESET}: ${RED}"«!special»"${RESET}, "port": 1`),
    whole(`${ESC}[32m+${RESET} ${BOLD}password${RESET} = ${RED}"«!weak»"${RESET}`),
    whole(`${ESC}[32;1m$ docker login -u ci -p «!password» registry.example.com${RESET}`),
    whole(`${RED}api_key:${RESET} «!token»`),
    whole(`token${ESC}[2m=${RESET}«!token» level${ESC}[2m=${RESET}info`),
    whole(`${RED}Authorization${RESET}: ${BOLD}Bearer${RESET} «!token»`),
    whole(`AWS_ACCESS_KEY_ID=${RED}«!=AKIA{x16}»${RESET}`),
  ),
  made('continuation-in-a-secret', CORE, ...LINES.map((line) => withCut(line, continuation)), longLine),
  made(
    'continuation-behind-a-key',
    CORE,
    (random) => [
      kept(`${timestamp(random)}DB_PASSWORD=\n${timestamp(random, true)}`),
      secret(fill(random, '{w9}{d2}{w3}')),
      kept(' ok'),
    ],
    (random) => [
      kept(`${timestamp(random)}Authorization: Bearer\n${timestamp(random, true)} `),
      secret(fill(random, '{w20}{d2}{w9}')),
    ],
    (random) => [
      kept(`${timestamp(random)}export API_TO\n${timestamp(random, true)}KEN=`),
      secret(fill(random, '{w20}{d2}{w9}')),
    ],
  ),
  made('key-with-colours-and-times', CORE, colouredKey, timedKey),
  made(
    'progress-lines',
    CORE,
    whole(`Downloading 10%\rDownloading 90%\rdone, token=«!token»`),
    whole(`password: «!password»\rpassword: ok`),
    whole(`12% \r${ESC}[Kexport API_KEY=«!token»\r\n$ next`),
  ),
  made(
    'section-markers',
    CORE,
    whole(`section_start:1790000000:step_script${ERASE}${ESC}[0;m$ export DB_PASSWORD=«!password»${RESET}`),
    whole(`section_end:1790000000:step_script${ERASE}«!=glpat-{u20}»\nnext`),
    whole(`section_start:1790000000:x[collapsed=true]${ERASE}password: «!weak»`),
  ),
  made(
    'hyperlinks',
    CORE,
    whole(`see ${ESC}]8;;https://example.com/?access_token=«!token»${ESC}\\the report${ESC}]8;;${ESC}\\ now`),
    whole(`see ${ESC}]8;;https://«~user»:«!password»@example.com\x07here${ESC}]8;;\x07 now`),
  ),
];
