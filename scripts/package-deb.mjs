// Builds build/atcom_<version>_<architecture>.deb from the single file: npm run package:deb. Needs dpkg-deb.
// DEBFULLNAME and DEBEMAIL name the maintainer; SOURCE_DATE_EPOCH makes the build reproducible.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { CONFFILES, layOut } from './package/deb-tree.mjs';
import { root, version } from './package/root.mjs';
import { fetchRuntime } from './package/runtime.mjs';

const ARCHITECTURES = { 'linux-x64': 'amd64', 'linux-arm64': 'arm64' };
const platform = process.argv[2] ?? `${process.platform}-${process.arch}`;
const architecture = ARCHITECTURES[platform];
const executable = join(root, 'build', `atcom-${version}-${platform}`);
if (architecture === undefined || !existsSync(executable)) {
  console.error(
    `usage: npm run package:deb [-- linux-x64|linux-arm64], after npm run package; wants ${executable}`,
  );
  process.exit(2);
}

const { DEBFULLNAME = 'atcom', DEBEMAIL = 'atcom@packages.invalid', SOURCE_DATE_EPOCH } = process.env;
const maintainer = `${DEBFULLNAME} <${DEBEMAIL}>`;
const date = new Date(SOURCE_DATE_EPOCH === undefined ? Date.now() : Number(SOURCE_DATE_EPOCH) * 1000)
  .toUTCString()
  .replace('GMT', '+0000');

const output = join(root, 'build', `atcom_${version}_${architecture}.deb`);
const tree = mkdtempSync(join(tmpdir(), 'atcom-deb-'));
try {
  chmodSync(tree, 0o755);
  layOut(executable, fetchRuntime(platform).licence, tree, { maintainer, date });
  describe(filesIn(tree));
  // Every dpkg can read it; more than level 1 takes minutes and saves a tenth of the size.
  execFileSync('dpkg-deb', ['-Zxz', '-z1', '--root-owner-group', '--build', tree, output], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
} finally {
  rmSync(tree, { recursive: true, force: true });
}
console.log(`${relative(process.cwd(), output)}  ${Math.round(statSync(output).size / 1e6)} MB`);

function filesIn(folder) {
  return readdirSync(folder, { recursive: true }).filter((path) => statSync(join(folder, path)).isFile());
}

/** Writes DEBIAN/: the metadata, and the scripts for installation and removal. */
function describe(files) {
  const debian = join(tree, 'DEBIAN');
  mkdirSync(debian);
  const size = Math.ceil(files.reduce((sum, path) => sum + statSync(join(tree, path)).size, 0) / 1024);
  const values = { version, architecture, maintainer, size };
  const control = readFileSync(join(root, 'packaging/deb/control'), 'utf8');
  writeFileSync(
    join(debian, 'control'),
    control.replace(/\{(\w+)\}/g, (_, name) => values[name]),
  );
  writeFileSync(join(debian, 'conffiles'), CONFFILES.map((path) => `/${path}\n`).join(''));
  const sums = files.filter((path) => !CONFFILES.includes(path)).sort();
  writeFileSync(join(debian, 'md5sums'), sums.map((path) => `${md5(join(tree, path))}  ${path}\n`).join(''));
  for (const script of ['postinst', 'prerm', 'postrm']) {
    writeFileSync(join(debian, script), readFileSync(join(root, 'packaging/deb', script)));
    chmodSync(join(debian, script), 0o755);
  }
}

function md5(path) {
  return createHash('md5').update(readFileSync(path)).digest('hex');
}
