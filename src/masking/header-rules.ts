import { pieces, type Rule } from './rule.ts';

const SAMPLE = 'Zx9Kq2Lm7Rt4Wv8Yb3Nc6Pd1Hf5Jg0Sa';

/** Headers of requests and answers, also as tools print them. */
export const HEADER_RULES: readonly Rule[] = [
  {
    // RFC 9110 section 11: the scheme stays, the credentials go. Go prints headers as `Authorization:[Bearer …]`.
    name: 'authorization-header',
    literals: ['authorization'],
    pattern:
      /(authorization(?:\\{0,3}["'])?\s{0,8}(?:,\s?["']value["']\s?:|[:=]|,)\s{0,8}(?:\[?\s{0,2})?(?:\\{0,3}["']){0,1}(?:(?:basic|bearer|token|digest|negotiate|apikey|key|jwt|bot|ntlm|ssws|splunk|hawk|genie_?key)(?:\s|%20){1,4}(?:token=\\{0,3}"?)?)?)(?!\[|-----|AWS4-|\$|<|\{|\(|\*{3}|(?:basic|bearer|token|digest|negotiate|apikey|jwt|ntlm|hawk|ssws|splunk|genie_?key|value)\b|\w{1,20}=")(?:[^\s"'<>\]\\,;()-]|-(?!----)){4,8192}/iy,
    matches: [
      pieces('> Authorization: Bearer «', SAMPLE, '»'),
      pieces('curl -H "Authorization: Basic «', SAMPLE, '==»" https://example.com'),
      pieces('{"authorization":"token «', SAMPLE, '»"}'),
      pieces('Authorization:[Bearer «', SAMPLE, '»]'),
      pieces('authorization: «', SAMPLE, '»'),
    ],
    leaves: [
      'Authorization: Bearer $TOKEN',
      'Authorization: Bearer <token>',
      'authorization failed for demo',
      'Authorization: Bearer [MASKED]',
    ],
  },
  {
    name: 'bearer-credentials',
    literals: ['bearer '],
    pattern: /(?<![A-Za-z0-9])(bearer\s{1,4})(?=[^\s"']{0,64}\d)[A-Za-z0-9_\-.=+/~]{16,8192}/iy,
    startsWord: true,
    matches: [pieces('using bearer «', SAMPLE, '»')],
    leaves: ['Bearer authentication is required', 'bearer token'],
  },
  {
    name: 'token-header',
    literals: [
      'private-token',
      'job-token',
      'deploy-token',
      'x-api-key',
      'x-auth-token',
      'x-vault-token',
      'x-amz-security-token',
      'x-gitlab-token',
      'x-csrf-token',
      'x-honeycomb-team',
      'apikey:',
    ],
    pattern:
      /((?:private-token|job-token|deploy-token|x-api-key|x-auth-token|x-vault-token|x-amz-security-token|x-gitlab-token|x-csrf-token|x-honeycomb-team|apikey)(?:\\{0,3}["'])?\s{0,8}:\s{0,8}\[?(?:\\{0,3}["'])?)(?!\[|-----|\$|<|\{|\*{3})(?:[^\s"'<>\]\\,-]|-(?!----)){4,8192}/iy,
    matches: [
      pieces('--header "PRIVATE-TOKEN: «', SAMPLE, '»"'),
      pieces('X-Api-Key: «', SAMPLE, '»'),
      pieces("-H 'JOB-TOKEN: «abcdefgh»'"),
    ],
    leaves: ['PRIVATE-TOKEN: $GITLAB_TOKEN', 'PRIVATE-TOKEN: [MASKED]', 'the PRIVATE-TOKEN header'],
  },
  {
    name: 'cookie-header',
    literals: ['cookie:', 'cookie":'],
    pattern: /((?:set-)?cookie"?:\s{0,8}\[?"?)(?!\[MASKED\])[\w.-]{1,128}=[^"'\r\n\]]{1,8192}/iy,
    matches: [pieces('< Set-Cookie: «_gitlab_session=', SAMPLE, '; path=/; HttpOnly»'), 'Cookie: «a=1; b=2»'],
    leaves: ['cookie: none', 'Cookie: [MASKED]'],
  },
  {
    // RFC 7616 and the like: what proves the password, behind what names it.
    name: 'digest-response',
    literals: ['response="', 'mac="'],
    pattern: /((?:response|mac)=")(?!\[MASKED\])[A-Za-z0-9+/=_-]{20,512}(?=")/iy,
    matches: [pieces('Authorization: Hawk id="demo", mac="«', SAMPLE, '»"')],
    leaves: ['response="200 OK"'],
  },
  {
    name: 'cookie-of-a-request',
    literals: ['curl ', 'wget '],
    pattern:
      /((?:curl|wget) (?:[^|;&]{0,200}? )?(?:-b|--cookie)[ =]["']?)(?!\$|\[MASKED\])[\w.-]{1,64}=[^"'\s]{4,4096}/y,
    matches: [pieces("curl -b '«PHPSESSID=", SAMPLE, "»' https://example.com/")],
    leaves: ['curl -b cookies.txt https://example.com/'],
  },
];
