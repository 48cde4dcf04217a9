import t from 'tap';
import { MASK, maskSecrets } from '../../src/masking/mask.ts';
import { createMultiLine } from '../../src/masking/multi-line.ts';
import { KEY_BEGIN, KEY_END, KEY_LINE, stamp } from './samples.ts';

function lines(...parts: readonly string[]): string {
  return parts.join('\n');
}

t.test('Given a private key over several lines, when it is masked', async (t) => {
  t.test('then the body goes, line by line, and what follows stays', async (t) => {
    t.equal(
      maskSecrets(lines(KEY_BEGIN, KEY_LINE, 'c2hvcnQ=', KEY_END, 'Done')),
      lines(KEY_BEGIN, MASK, MASK, KEY_END, 'Done'),
    );
  });
  t.test('then prefixes, colours and indentation stay', async (t) => {
    const trace = lines(`${stamp()}  ${KEY_BEGIN}`, `${stamp()}\x1b[31m  ${KEY_LINE}\x1b[0m`, `${stamp()}  ${KEY_END}`);
    t.equal(
      maskSecrets(trace),
      lines(`${stamp()}  ${KEY_BEGIN}`, `${stamp()}\x1b[31m  ${MASK}\x1b[0m`, `${stamp()}  ${KEY_END}`),
    );
  });
  t.test('then the markers of a plan and the headers of an encrypted key do not end it', async (t) => {
    const key = lines(
      `+ ${KEY_BEGIN}`,
      '+ Proc-Type: 4,ENCRYPTED',
      '+ DEK-Info: AES-256-CBC,0A1B',
      '+',
      `+ ${KEY_LINE}`,
      `+ ${KEY_END}`,
    );
    t.equal(maskSecrets(key), lines(`+ ${KEY_BEGIN}`, `+ ${MASK}`, `+ ${MASK}`, '+', `+ ${MASK}`, `+ ${KEY_END}`));
  });
  t.test('then a key that breaks off ends with the first line that is none', async (t) => {
    t.equal(
      maskSecrets(lines(KEY_BEGIN, KEY_LINE, 'ERROR: Job failed: exit code 1', KEY_LINE)),
      lines(KEY_BEGIN, MASK, 'ERROR: Job failed: exit code 1', KEY_LINE),
    );
  });
  t.test('then it ends after 200 lines at the latest', async (t) => {
    const masked = maskSecrets(lines(KEY_BEGIN, ...Array.from({ length: 202 }, () => KEY_LINE))).split('\n');
    t.equal(masked[200], MASK);
    t.equal(masked[201], KEY_LINE);
  });
  t.test('then a header that is only mentioned starts nothing', async (t) => {
    const text = lines(`expected ${KEY_BEGIN} at the top`, 'Done');
    t.equal(maskSecrets(text), text);
  });
  t.test('then wrapped base64 of a key is masked to its end', async (t) => {
    const first = ['LS0tLS1CRUdJ', 'TiBSU0EgUFJJVkFURSBLRVktLS0tLQpNSUlFcEFJQkFBS0NBUUVBMVpsVm5vVm5qd1p0bGVo'].join('');
    t.equal(maskSecrets(lines(first, KEY_LINE, 'c2hvcnQ=', '$ next')), lines(MASK, MASK, MASK, '$ next'));
  });
  t.test('then certificates and public keys stay', async (t) => {
    for (const label of ['CERTIFICATE', 'PUBLIC KEY', 'CERTIFICATE REQUEST']) {
      const text = lines(`-----BEGIN ${label}-----`, KEY_LINE, `-----END ${label}-----`);
      t.equal(maskSecrets(text), text);
    }
  });
  t.test('then masking again changes nothing, however it is laid out', async (t) => {
    for (const text of [
      lines(KEY_BEGIN, KEY_LINE, KEY_END),
      `k = "${KEY_BEGIN}\\n${KEY_LINE}\\n${KEY_END}\\n"`,
      `${KEY_BEGIN} ${KEY_LINE}\n${KEY_LINE}`,
    ]) {
      const once = maskSecrets(text);
      t.notMatch(once, KEY_LINE.slice(0, 20));
      t.equal(maskSecrets(once), once);
    }
  });
});

t.test('Given a block behind a key name, when it is masked', async (t) => {
  t.test('then a YAML block scalar goes as far as its indentation', async (t) => {
    t.equal(
      maskSecrets(lines('  password: |', '    two words', '', '    more', '  user: demo')),
      lines('  password: |', `    ${MASK}`, '', `    ${MASK}`, '  user: demo'),
    );
  });
  t.test('then a heredoc goes as far as its end', async (t) => {
    t.equal(
      maskSecrets(lines('client_secret = <<-EOT', '  two words', 'EOT', 'two words')),
      lines('client_secret = <<-EOT', `  ${MASK}`, 'EOT', 'two words'),
    );
  });
  t.test('then a name and its value may stand on two lines', async (t) => {
    t.equal(
      maskSecrets(lines('- name: DB_PASSWORD', '  value: hunter2')),
      lines('- name: DB_PASSWORD', `  value: ${MASK}`),
    );
    t.equal(
      maskSecrets(lines('"Name": "API_TOKEN",', '"Value": "hunter2",')),
      lines('"Name": "API_TOKEN",', `"Value": "${MASK}",`),
    );
    t.equal(
      maskSecrets(lines('- name: DB_HOST', '  value: db.internal')),
      lines('- name: DB_HOST', '  value: db.internal'),
    );
    t.equal(
      maskSecrets(lines('- name: DB_PASSWORD', '  a: b', '  c: d', '  e: f', '  value: visible')),
      lines('- name: DB_PASSWORD', '  a: b', '  c: d', '  e: f', '  value: visible'),
    );
  });
  t.test('then a block behind an ordinary key stays', async (t) => {
    const text = lines('description: |', '  two words', 'policy = <<EOF', '{}', 'EOF');
    t.equal(maskSecrets(text), text);
  });
});

t.test('Given a Kubernetes manifest, when it is masked', async (t) => {
  t.test('then the data of a Secret go under any key', async (t) => {
    t.equal(
      maskSecrets(
        lines(
          'apiVersion: v1',
          'kind: Secret',
          'stringData:',
          '  plain: word',
          'data:',
          '  any.key: aHVudGVyMg==',
          'metadata:',
          '  name: demo',
        ),
      ),
      lines(
        'apiVersion: v1',
        'kind: Secret',
        'stringData:',
        `  plain: ${MASK}`,
        'data:',
        `  any.key: ${MASK}`,
        'metadata:',
        '  name: demo',
      ),
    );
  });
  t.test('then what is plainly base64 goes before the kind is known', async (t) => {
    t.equal(
      maskSecrets(lines('data:', '  any: aHVudGVyMg==', '  level: info', 'kind: Secret')),
      lines('data:', `  any: ${MASK}`, '  level: info', 'kind: Secret'),
    );
  });
  t.test('then a ConfigMap stays', async (t) => {
    const text = lines('kind: ConfigMap', 'data:', '  any: aHVudGVyMg==', '---', 'kind: Service');
    t.equal(maskSecrets(text), text);
  });
  t.test('then JSON on one line and on many is understood', async (t) => {
    t.equal(
      maskSecrets('{"data":{"any":"aHVudGVyMg==","b":"eA=="},"kind":"Secret"}'),
      `{"data":{"any":"${MASK}","b":"${MASK}"},"kind":"Secret"}`,
    );
    t.equal(
      maskSecrets(lines('"kind": "Secret",', '"data": {', '  "any": "aHVudGVyMg=="', '}')),
      lines('"kind": "Secret",', '"data": {', `  "any": "${MASK}"`, '}'),
    );
  });
});

t.test('Given a state over lines, when asked, then it says whether the next line depends on it', async (t) => {
  const multiLine = createMultiLine();
  multiLine.line('ordinary');
  t.ok(multiLine.isSettled());
  multiLine.line(KEY_BEGIN);
  t.notOk(multiLine.isSettled());
  multiLine.line(KEY_LINE);
  multiLine.line(KEY_END);
  t.ok(multiLine.isSettled());
  multiLine.line('kind: Secret');
  t.notOk(multiLine.isSettled());
  multiLine.line('$ next command');
  t.ok(multiLine.isSettled());
});

t.test('Given a key whose lines are masked already, then it goes on to its end as it did the first time', async (t) => {
  const trace = `${KEY_BEGIN}\nEOF\n-----END RSA PRIVATE KEY-----token = <<EOF\nPRIVATE-TOKEN: `;
  const once = maskSecrets(trace);
  t.equal(once.split('\n')[1], '[MASKED]');
  t.equal(maskSecrets(once), once);
});
