// Serves this résumé on an address of its own, with a demo server of yours in the place of demo.example.com:
//   node examples/resume/serve.js [<demo server>] [<port>]
// The demo server has to list the printed address in ALLOWED_ORIGINS.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname } from 'node:path';

const TYPES = { '.css': 'text/css', '.html': 'text/html', '.svg': 'image/svg+xml' };
const FILES = ['index.html', 'resume.css', 'icon.svg'];
const PLACEHOLDER = 'https://demo.example.com';

/** The server of the résumé; it does not listen yet. What it answers is read once. */
export const createResumeServer = (demoUrl) => {
  const { origin } = new URL(demoUrl);
  const answers = new Map();
  for (const file of FILES) {
    const text = readFileSync(new URL(file, import.meta.url), 'utf8').replaceAll(PLACEHOLDER, origin);
    answers.set(`/${file}`, { text, type: `${TYPES[extname(file)]}; charset=utf-8` });
  }
  answers.set('/', answers.get('/index.html'));
  return createServer(({ url = '/' }, response) => {
    const answer = answers.get(url.split('?')[0]);
    response.writeHead(answer === undefined ? 404 : 200, { 'Content-Type': answer?.type ?? 'text/plain' });
    response.end(answer?.text ?? 'Not found\n');
  });
};

if (import.meta.main) {
  const [demoUrl = 'http://127.0.0.1:3000', port = '8080'] = process.argv.slice(2);
  createResumeServer(demoUrl).listen(Number(port), '127.0.0.1', () => {
    process.stdout.write(`The résumé is at http://127.0.0.1:${port}/ and its button asks ${demoUrl}\n`);
  });
}
