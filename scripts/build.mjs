// Builds dist/: the library as plain tsc output, and the command line as CommonJS chunks that start fast. Everything is
// built beside the previous build and then moved into place, so that jobs can run and start during a build.
// --clean also removes the chunks of earlier builds at once, for the package.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './build/bundle.mjs';
import { install } from './build/install.mjs';
import { noticesOf, writeNotices } from './build/notices.mjs';
import { pageModule } from './pages.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');

const made = mkdtempSync(join(root, '.build-'));
try {
  const library = join(made, 'library');
  const chunks = join(made, 'chunks');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', library], {
    cwd: root,
    stdio: 'inherit',
  });
  await addPages(join(root, 'src', 'pages'), join(library, 'pages'));
  const inputs = await bundle(root, chunks);
  const notices = noticesOf(root, inputs);
  writeFileSync(join(library, 'THIRD-PARTY-NOTICES'), notices);
  writeNotices(chunks, notices);
  install(join(root, 'dist'), { library, chunks, keepEarlier: !process.argv.includes('--clean') });
} finally {
  rmSync(made, { recursive: true, force: true });
}

/** The library imports pages as modules. */
async function addPages(from, to) {
  mkdirSync(to, { recursive: true });
  // The folder of what pages share is not a page.
  for (const name of readdirSync(from))
    if (existsSync(join(from, name, 'index.html')))
      writeFileSync(join(to, `${name}.page.js`), await pageModule(join(from, name)));
}
