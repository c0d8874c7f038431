// Builds build/atcom-<version>-<platform>, a single file that needs no Node: npm run package [-- linux-arm64]
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { makeExecutable } from './package/executable.mjs';
import { root, version } from './package/root.mjs';

const platform = process.argv[2] ?? `${process.platform}-${process.arch}`;
if (!/^linux-(x64|arm64)$/.test(platform)) {
  console.error('usage: npm run package [-- linux-x64|linux-arm64]');
  process.exit(2);
}

const output = join(root, 'build', `atcom-${version}-${platform}`);
const work = mkdtempSync(join(tmpdir(), 'atcom-package-'));
try {
  mkdirSync(join(root, 'build'), { recursive: true });
  await makeExecutable(platform, output, work);
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log(`${relative(process.cwd(), output)}  ${Math.round(statSync(output).size / 1e6)} MB`);
