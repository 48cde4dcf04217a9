import type { PlantedSecrets } from './planted-secrets.ts';
import type { ScriptRecipe } from './script.ts';
import type { ScriptWriter } from './script-writer.ts';

const PROBES = 5;
const BENCHMARK_LINES = 90;

function writeProbe(writer: ScriptWriter, recipe: ScriptRecipe, answer: string): void {
  writer.complain(
    `*   Trying ${new URL(recipe.liveUrl).host}...`,
    `> GET ${new URL(recipe.liveUrl).pathname} HTTP/1.1`,
    '> User-Agent: curl/8.14.1',
    '>',
    `< HTTP/1.1 ${answer}`,
    '< content-type: text/html; charset=utf-8',
  );
}

/** The script of the `verify` job: does the demo answer, and with the right id? Answers whether it succeeds. */
export function writeVerify(writer: ScriptWriter, recipe: ScriptRecipe, secrets: PlantedSecrets): boolean {
  writer.command('cat outputs.json');
  writer.say(`{"url":"${recipe.liveUrl}","deployment_id":"${recipe.deploymentId}"}`);
  writer.command('./ci/wait-for-demo.sh "$DEMO_URL" "$DEPLOYMENT_ID"');
  for (let attempt = 1; attempt <= PROBES; attempt += 1) {
    const isLast = attempt === PROBES;
    const answered = isLast && recipe.outcome.kind !== 'verify-fails';
    writeProbe(writer, recipe, answered ? '200 OK' : '503 Service Unavailable');
    writer.say(`attempt ${attempt}: ${answered ? `the page shows ${recipe.deploymentId}` : 'target not healthy yet'}`);
    writer.wait(isLast ? 1 : 14);
  }
  if (recipe.outcome.kind === 'verify-fails') {
    writer.complain('the demo did not answer with its deployment id in time');
    return false;
  }
  writer.command('kubectl -n demo create token web --duration=10m | ./ci/call-api.sh');
  writer.complain(
    '> POST /apis/authentication.k8s.io/v1/tokenreviews HTTP/2',
    `> Authorization: Bearer ${secrets.serviceAccountJwt}`,
    '< HTTP/2 201',
  );
  writer.say(
    `{"kind":"TokenReview","status":{"authenticated":true},"request":{"user":"admin","password":"${secrets.jsonPassword}"}}`,
  );
  writer.command('./ci/benchmark.sh --seconds 20');
  for (let line = 1; line <= BENCHMARK_LINES; line += 1) {
    const latency = 4 + ((line * 37) % 23) / 10;
    writer.say(`GET / 200 ${latency.toFixed(1)} ms  request ${String(line * 40).padStart(5)}`);
    writer.wait(0.2);
  }
  writer.say(
    'p50 4.9 ms  p95 6.1 ms  p99 6.3 ms  errors 0',
    '',
    'The demo is up. 🎉',
    `    ${recipe.liveUrl}`,
    'Größe der Seite: 1,4 kB – prêt à l’emploi',
  );
  return true;
}
