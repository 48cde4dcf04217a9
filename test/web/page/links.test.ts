import t from 'tap';
import { browserModule } from './browser-module.ts';

const { safeUrl } = await browserModule<{ safeUrl(text: string | null): string | null }>('links.js');

t.test('given an address of the web, when it is to become a link, then it may', async (t) => {
  t.equal(safeUrl('https://demo.example.com/a?b#c'), 'https://demo.example.com/a?b#c');
  t.equal(safeUrl('http://127.0.0.1:4000/demo/'), 'http://127.0.0.1:4000/demo/');
});

t.test('given anything else, when it is to become a link, then it may not', async (t) => {
  const others = [
    null,
    '',
    '/d/1',
    'javascript:alert(1)',
    ' JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'blob:https://demo.example.com/1',
    'ftp://demo.example.com/',
    'https://trusted.example.com@evil.example/',
    'https://',
  ];
  for (const text of others) t.equal(safeUrl(text), null, String(text));
});
