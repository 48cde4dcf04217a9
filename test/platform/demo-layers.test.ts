import { existsSync, readFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import { blocksOf, codeOf, contentsOf, keysOf, readPlatform } from './hcl.ts';

const CODE = codeOf(readPlatform());

/** What the platform and the demo have to call the same is compared as soon as both are in the repository. */
const comparing = (path: string, what: string, body: (t: Test, text: string) => void): void => {
  const file = new URL(`../../terraform/demo/${path}`, import.meta.url);
  const skip = existsSync(file) ? false : `terraform/demo/${path} is not here yet`;
  t.test(`Given ${path}, when it is compared with the platform, then ${what}`, { skip }, async (t) => {
    body(t, readFileSync(file, 'utf8'));
  });
};

/** A text made of names, by what they stand for in both layers. */
const plain = (text: string): string =>
  text
    .replaceAll(/\$\{var\.(name|name_prefix)\}/g, '<name>')
    .replaceAll(/\$\{(var\.account_id|local\.account)\}/g, '<account>')
    .replaceAll(/\$\{var\.region\}/g, '<region>');

const localText = (name: string): string => new RegExp(`^\\s*"?${name}"?\\s*=\\s*"(.*)"$`, 'm').exec(CODE)?.[1] ?? '';

const defaultOf = (variable: string): string | undefined => {
  const body = blocksOf(CODE, 'variable').find(({ labels: [label] }) => label === variable)?.body;
  return /^\s*default\s*=\s*"([^"]+)"/m.exec(body ?? '')?.[1];
};

comparing('persistent/state-bucket.tf', 'the states are where both roles may write', (t, text) => {
  const bucket = /state_bucket\s*=\s*"([^"]+)"/.exec(text)?.[1] ?? 'none';
  t.equal(plain(localText('demo_state_bucket')), plain(bucket));
});

comparing('persistent/roles.tf', 'the pipeline passes the roles that are there', (t, text) => {
  const roles = [...text.matchAll(/^\s*name\s*=\s*"(\$\{var\.name_prefix\}-eks-\w+)"/gm)].map(([, name = '']) =>
    plain(name),
  );
  const passed = [...contentsOf(CODE, 'demo_passed_roles').matchAll(/:role\/([^"]+)"/g)].map(([, name = '']) =>
    plain(name),
  );
  t.strictSame(passed.toSorted(), [...new Set(roles)].toSorted());
});

comparing('.gitlab-ci.yml', 'its tokens are for the one audience, and its role is the one that is made', (t, text) => {
  const audiences = [...text.matchAll(/^\s*aud: (\S+)$/gm)].map(([, audience]) => audience);
  t.strictSame([...new Set(audiences)], [defaultOf('gitlab_audience')]);
  t.match(text, `role/${defaultOf('name')}-gitlab`);
  for (const name of keysOf(contentsOf(CODE, 'destroyer_environment'))) t.match(text, `${name}:`, name);
});

comparing('destroyer/Dockerfile', 'a build runs what the image has', (t, text) => {
  t.match(text, `CMD ["${localText('destroyer_command')}"]`);
});

comparing('ci/start-once.sh', 'the pipeline may put the claim', (t, text) => {
  const key = /^KEY="demo\/\$DEPLOYMENT_ID\/(\w+)"$/m.exec(text)?.[1];
  t.match(localText('demo_claims'), new RegExp(`/demo/\\*/${key}$`));
});
