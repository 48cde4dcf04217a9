// Makes src/web/button.js, the one file that sites load, from the modules in src/web/button. Run it from the root of the
// project whenever one of them, or a module of the page that they share, has changed: npm run build:button
import { readFileSync, writeFileSync } from 'node:fs';
import { build, transform } from 'esbuild';

const ENTRY = 'src/web/button/live-demo-button.js';
const STYLES = 'src/web/button/button.css';
const TARGET = 'src/web/button.js';

const BANNER = '/* Made by scripts/build-button.js from src/web/button */';

/** The text of the file: bundled, shortened, and with the style sheet in it. The server's own figures are still missing. */
export const bundleButton = async () => {
  const styles = await transform(readFileSync(STYLES, 'utf8'), { loader: 'css', minify: true });
  const { outputFiles } = await build({
    entryPoints: [ENTRY],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2024',
    charset: 'utf8',
    banner: { js: BANNER },
    legalComments: 'none',
    logLevel: 'warning',
    write: false,
  });
  return outputFiles[0].text.replace('"{{styles}}"', () => JSON.stringify(styles.code.trim()));
};

if (import.meta.main) writeFileSync(TARGET, await bundleButton());
