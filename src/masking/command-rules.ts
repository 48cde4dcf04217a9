import { pieces, type Rule } from './rule.ts';

/** What may stand where a secret could and is none: a mask, a variable, a placeholder. */
export const NOT_A_SECRET = '(?!\\[MASKED\\]|\\$|<|\\*{3})';

// In quotes it goes to their end, whatever is in it.
function shortFlag(command: string): RegExp {
  return new RegExp(`(${command})${NOT_A_SECRET}(?:(?<=["'](?:-p)?)[^"'\r\n]{1,512}|[^\\s"'\`<>]{1,512})`, 'y');
}

/** Command lines that take a secret without naming it. */
export const COMMAND_RULES: readonly Rule[] = [
  {
    name: 'docker-login-short-flag',
    literals: [
      'docker login',
      'podman login',
      'helm registry login',
      'crane auth login',
      'buildah login',
      'skopeo login',
    ],
    pattern: shortFlag('(?:docker|podman|helm registry|crane auth|buildah|skopeo) login[^|;&]{0,200}? -p[ =]?["\']?'),
    matches: ['docker login -u demo -p «hunter2» registry.example.com'],
    leaves: ['docker login -u demo -p $PASSWORD', 'docker login -u demo --password-stdin'],
  },
  {
    name: 'database-short-flag',
    literals: ['mysql ', 'mysqldump ', 'mariadb ', 'mysqladmin '],
    pattern: shortFlag('(?:mysql|mysqldump|mysqladmin|mariadb)(?= )[^|;&]{0,200}? ["\']?-p["\']?(?=[^\\s-])'),
    matches: ['mysql -h db -u demo -p«hunter2» demo'],
    leaves: ['mysql -h db -u demo -p demo', 'mysql --port=3306'],
  },
  {
    name: 'store-short-flag',
    literals: ['redis-cli ', 'mongosh ', 'mongo ', 'mongodump ', 'mongorestore '],
    pattern: shortFlag(
      '(?:redis-cli(?= )[^|;&]{0,200}? (?:-a|--pass)|mongo(?:sh|dump|restore)?(?= )[^|;&]{0,200}? -p)[ =]["\']?',
    ),
    matches: ['redis-cli -h cache -a «hunter2» ping', 'mongosh --host db -u demo -p «hunter2»'],
    leaves: ['redis-cli -h cache -p 6379 ping'],
  },
  {
    name: 'client-short-flag',
    literals: ['sqlcmd ', 'bcp ', 'cqlsh ', 'snowsql ', 'ldapsearch ', 'ldapmodify ', 'ldapadd ', 'zip -P', '7z '],
    pattern: shortFlag(
      '(?:(?:sqlcmd|bcp)(?= )[^|;&]{0,200}? -P ?|(?:cqlsh|snowsql)(?= )[^|;&]{0,200}? -p ?|ldap(?:search|modify|add)(?= )[^|;&]{0,200}? -w ?|zip -P ?|7z [a-z] -p)["\']?',
    ),
    matches: [
      'sqlcmd -S db -U sa -P «hunter2» -Q "select 1"',
      'ldapsearch -x -w «hunter2» -b dc=example',
      '7z x -p«hunter2» a.7z',
    ],
    leaves: ['ldapsearch -x -W -b dc=example', '7z x a.7z'],
  },
  {
    name: 'sshpass',
    literals: ['sshpass'],
    pattern: shortFlag('sshpass {1,4}-p[ =]?["\']?'),
    matches: ["sshpass -p '«hunter2»' ssh demo@host"],
    leaves: ['sshpass -e ssh demo@host'],
  },
  {
    name: 'user-flag',
    literals: ['-u ', '--user ', '--user=', '--proxy-user '],
    pattern: new RegExp(
      `(?<![\\w-])((?:-u|--(?:proxy-)?user)[ =]["']?[\\w.@-]{0,64}:)(?!\\d{1,6}(?![\\w!@#$%^]))${NOT_A_SECRET}(?:(?<=[ =]["'][\\w.@-]{0,64}:)[^"'\\r\\n]{1,512}|[^\\s"'\`<>]{1,512})`,
      'y',
    ),
    matches: ['curl -u demo:«hunter2» https://example.com', 'curl --user "demo:«hunter2»" https://example.com'],
    leaves: [
      'docker run -u 1000:1000 demo',
      'docker run --user node demo',
      'curl -u demo:$PASSWORD https://example.com',
    ],
  },
  {
    name: 'name-and-value-flags',
    literals: ['--name '],
    pattern: new RegExp(
      `(--name ["']?[\\w./-]{0,128}(?:password|passwd|secret|token|key)["']? [^|;&]{0,128}?--value[ =]["']?)${NOT_A_SECRET}[^\\s"'\`<>]{1,4096}`,
      'iy',
    ),
    matches: ['aws ssm put-parameter --name /demo/db/password --type SecureString --value «hunter2»'],
    leaves: ['aws ssm put-parameter --name /demo/db/host --value db.internal'],
  },
  {
    name: 'netrc',
    literals: ['machine '],
    pattern: new RegExp(`(machine [\\w.-]{1,253} login [^\\s]{1,128} password )${NOT_A_SECRET}[^\\s]{1,512}`, 'y'),
    matches: [pieces('machine gitlab.com login gitlab-ci-token password «', 'hunter2', '»')],
    leaves: ['machine gitlab.com login demo'],
  },
];
