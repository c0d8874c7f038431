// Fills the gaps in the lock file from the registry: hashes, and packages for other platforms, which npm leaves out
// if node_modules has none of them. Without the packages npm ci fails; without a hash it installs whatever
// it is given. Run it after npm install.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FIELDS = ['name', 'os', 'cpu', 'libc', 'engines', 'license', 'dist.integrity'];

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const file = process.argv[2] ?? join(root, 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const { packages } = lock;

for (const [path, { dev, optionalDependencies = {} }] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (`node_modules/${name}` in packages || `${path}/node_modules/${name}` in packages) continue;
    if (!/^\d/.test(version)) throw new Error(`${path} wants ${name} ${version}, which is no exact version`);
    packages[`node_modules/${name}`] = { version, ...(dev === true ? { dev } : {}), optional: true };
  }
}
for (const [path, entry] of Object.entries(packages)) {
  if (path === '' || entry.link === true || entry.integrity !== undefined) continue;
  const name = entry.name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  packages[path] = inOrder({ ...entry, ...served(name, entry.version) });
  console.log(`completed ${name} ${entry.version}`);
}
// Only now, so that an unavailable package leaves the file unchanged.
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);

/** In npm's order, so that its next run changes nothing. */
function inOrder({ version, integrity, engines, ...others }) {
  const sorted = Object.fromEntries(Object.entries(others).sort(([a], [b]) => a.localeCompare(b, 'en')));
  return { version, integrity, ...sorted, ...(engines === undefined ? {} : { engines }) };
}

/** The entry of a package in a lock file. */
function served(name, version) {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const words = ['view', `${name}@${version}`, ...FIELDS, '--json', '--loglevel', 'silent'];
  let found;
  try {
    found = JSON.parse(execFileSync(npm, words, { encoding: 'utf8', shell: process.platform === 'win32' }));
  } catch (cause) {
    throw new Error(`the registry has no ${name} ${version}: take another dependency, or override it`, {
      cause,
    });
  }
  const { name: _, 'dist.integrity': integrity, ...platform } = found;
  if (!/^sha512-/.test(integrity ?? '')) throw new Error(`the registry gives no hash of ${name} ${version}`);
  return { integrity, ...platform };
}
