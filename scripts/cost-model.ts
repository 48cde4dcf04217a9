// Prints what the service costs in a month, from scripts/cost/prices-<date>.json. With --write the tables of docs/cost.md
// are made anew; a test compares them.
import { readFileSync, writeFileSync } from 'node:fs';
import { createCostModel } from './cost/model.ts';
import { tablesOf } from './cost/tables.ts';

const PRICES = new URL('cost/prices-2026-11-23.json', import.meta.url);
const DOCUMENT = new URL('../docs/cost.md', import.meta.url);

const file = JSON.parse(readFileSync(PRICES, 'utf8'));
const tables = tablesOf(createCostModel(file));

const replaced = (text: string, [name, table]: readonly [string, string]): string => {
  const marked = new RegExp(`(?<=<!-- ${name} -->\n)[\\s\\S]*?(?=<!-- /${name} -->)`);
  if (!marked.test(text)) throw new Error(`docs/cost.md has no place for the table ${name}`);
  return text.replace(marked, () => `${table}\n`);
};

if (process.argv.includes('--write')) {
  writeFileSync(DOCUMENT, Object.entries(tables).reduce(replaced, readFileSync(DOCUMENT, 'utf8')));
} else {
  process.stdout.write(`List prices of ${file.date}, ${file.region}, ${file.currency}\n`);
  for (const table of Object.values(tables)) process.stdout.write(`\n${table}\n`);
}
