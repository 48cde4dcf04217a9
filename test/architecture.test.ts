import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import t from 'tap';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface SourceFile {
  readonly path: string;
  readonly lines: number;
  /** Without comments that have lines of their own, so that only what runs is looked at. */
  readonly code: string;
}

const withoutComments = (text: string): string =>
  text.replace(/^[ \t]*\/\*[\s\S]*?\*\/[ \t]*$/gm, '').replace(/^[ \t]*\/\/.*$/gm, '');

// Types of packages that come without any: they describe somebody else's shape, default export included.
const isDeclaration = (path: string): boolean => path.endsWith('.d.ts');

const FILES: readonly SourceFile[] = globSync('src/**/*.ts', { cwd: ROOT })
  .map((found) => found.replaceAll('\\', '/'))
  .filter((path) => !isDeclaration(path))
  .toSorted()
  .map((path) => {
    const text = readFileSync(join(ROOT, path), 'utf8');
    return { path, lines: text.trimEnd().split('\n').length, code: withoutComments(text) };
  });

const IMPORT =
  /^\s*(?:import|export)\b[^'";]*?\bfrom\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\bimport\s*\(\s*['"]([^'"]+)['"]/gm;

/** Every module that a text imports: by `import`, `import type`, `export from`, for its effect, or dynamically. */
const importsOf = (code: string): string[] =>
  [...code.matchAll(IMPORT)].map(([, from, effect, dynamic]) => from ?? effect ?? dynamic ?? '');

const targetOf = (importer: string, specifier: string): string | null =>
  specifier.startsWith('.') ? join(dirname(importer), specifier) : null;

const CONFIG = /^src\/(config(-[a-z]+)?|policies|secret)\.ts$/;
const IN_PARTS = /^src\/(compose|health|metrics)-[a-z]+\.ts$/;

/** A folder of src/, or the name of a file directly in it; the files of the configuration count as one, and so do those of one name in parts. */
const layerOf = (path: string): string => {
  if (CONFIG.test(path)) return 'config';
  const whole = IN_PARTS.exec(path)?.[1];
  if (whole !== undefined) return whole;
  return path.split('/')[1]?.replace(/\.ts$/, '') ?? '';
};

const PURE = ['lifecycle', 'masking'];
const EDGE = [...PURE, 'routes', 'jobs', 'health', 'metrics', 'logger'];
const CENTRE = [...EDGE, 'preflight', 'adapters', 'config', 'local', 'web'];

/** What a layer may import besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  lifecycle: [],
  masking: [],
  config: PURE,
  adapters: PURE,
  routes: EDGE,
  jobs: EDGE,
  health: EDGE,
  metrics: EDGE,
  preflight: [...PURE, 'health'],
  logger: EDGE,
  web: [...PURE, 'routes'],
  app: [...EDGE, 'web'],
  local: [...PURE, 'adapters', 'config', 'jobs', 'health', 'logger', 'web'],
  compose: [...CENTRE, 'app'],
  server: ['compose', 'config', 'logger'],
};

/** Longer than the others for a reason. */
const LONG_FILES: Readonly<Record<string, number>> = {
  // One list of what the lifecycle needs from outside.
  'src/lifecycle/ports.ts': 380,
  // A list of rules, one below the other.
  'src/masking/token-rules.ts': 275,
};
const MAX_LINES = 225;

const breaking = (isBroken: (file: SourceFile) => boolean): string[] => FILES.filter(isBroken).map(({ path }) => path);

t.test('Given every way to import, when a text is read, then each one is found', async (t) => {
  const code = [
    "import { a } from './a.ts';",
    "import type { b } from '../b.ts';",
    'import {',
    '  c,',
    "} from './c.ts';",
    "export { d } from './d.ts';",
    "export type { e } from './e.ts';",
    "export * from './f.ts';",
    "import './g.ts';",
    "const h = await import('./h.ts');",
    "type I = import('./i.ts').I;",
    "const text = 'import it from there';",
    "import * as j from 'node:fs';",
  ].join('\n');
  const expected = [
    './a.ts',
    '../b.ts',
    './c.ts',
    './d.ts',
    './e.ts',
    './f.ts',
    './g.ts',
    './h.ts',
    './i.ts',
    'node:fs',
  ];
  t.strictSame(importsOf(code), expected);
  t.equal(withoutComments("/**\n * import './x.ts'\n */\n// import './y.ts'\nconst z = 1;").trim(), 'const z = 1;');
});

t.test('Given every source file, when its place is looked up, then the layer is known', async (t) => {
  t.ok(FILES.length > 50, 'the files were found');
  t.strictSame(
    breaking(({ path }) => MAY_IMPORT[layerOf(path)] === undefined),
    [],
  );
});

t.test('Given every import, when its direction is checked, then it points towards the lifecycle', async (t) => {
  const wrong = FILES.flatMap(({ path, code }) => {
    const layer = layerOf(path);
    const allowed = [layer, ...(MAY_IMPORT[layer] ?? [])];
    const targets = importsOf(code).flatMap((specifier) => targetOf(path, specifier) ?? []);
    return targets.filter((target) => !allowed.includes(layerOf(target))).map((target) => `${path} imports ${target}`);
  });
  t.strictSame(wrong, []);
});

t.test('Given every import, when it is dynamic, then its target is written out', async (t) => {
  t.strictSame(
    breaking(({ code }) => /\bimport\s*\(\s*[^'"\s]/.test(code)),
    [],
  );
});

t.test(
  'Given the pure layers, when they are read, then they need no package, no clock, no chance, no process',
  async (t) => {
    const isPure = ({ path }: SourceFile): boolean => PURE.includes(layerOf(path));
    const pure = FILES.filter(isPure);
    t.ok(pure.length > 20, 'they were found');
    for (const { path, code } of pure) {
      t.strictSame(
        importsOf(code).filter((specifier) => !specifier.startsWith('.')),
        [],
        path,
      );
      t.notMatch(code, /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b|\bMath\.random\b/, path);
      t.notMatch(code, /\bprocess\.\w|\bset(?:Timeout|Interval|Immediate)\(/, path);
    }
  },
);

t.test('Given the environment, when it is read, then only by what starts a process', async (t) => {
  const isStart = (path: string): boolean => path === 'src/server.ts' || /^src\/local\/[^/]+\/main\.ts$/.test(path);
  const readers = breaking(({ code }) => /\bprocess\.env\b|\benv\b[^;]*from 'node:process'/.test(code));
  t.strictSame(
    readers.filter((path) => !isStart(path)),
    [],
  );
});

t.test('Given the entry of the process, when imports are searched, then nothing imports it', async (t) => {
  const importers = breaking(({ path, code }) =>
    importsOf(code).some((specifier) => targetOf(path, specifier) === 'src/server.ts'),
  );
  t.strictSame(importers, []);
});

t.test('Given every file, when its name and exports are checked, then they say what it is', async (t) => {
  const nameOf = (path: string): string => path.split('/').at(-1) ?? '';
  t.strictSame(
    breaking(({ path }) => /^(utils?|helpers?|managers?|index)\.ts$/.test(nameOf(path))),
    [],
  );
  t.strictSame(
    breaking(({ path }) => !/^[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(nameOf(path))),
    [],
  );
  t.strictSame(
    breaking(({ code }) => /^export default\b|^export \{[^}]*\bas default\b/m.test(code)),
    [],
  );
});

t.test('Given every file, when its lines are counted, then it can be read at one go', async (t) => {
  t.strictSame(
    breaking(({ path, lines }) => lines > (LONG_FILES[path] ?? MAX_LINES)),
    [],
  );
  const outdated = Object.keys(LONG_FILES).filter(
    (path) => !FILES.some((file) => file.path === path && file.lines > MAX_LINES),
  );
  t.strictSame(outdated, [], 'no exception that is not needed');
});
