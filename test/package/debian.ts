import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { VERSION } from '../../src/cli/version.ts';
import { ROOT } from '../house/run.ts';

export const ARCHITECTURE = { x64: 'amd64', arm64: 'arm64' }[process.arch as 'x64' | 'arm64'];

/** What `npm run package:deb` made. */
export const DEB = join(ROOT, 'build', `atcom_${VERSION}_${ARCHITECTURE}.deb`);

/** Makes a Debian without Node below a folder, with the package at its root, not installed. */
export function makeDebian(root: string, packages: readonly string[] = []): void {
  const [, suite = 'stable'] = /^VERSION_CODENAME=(\w+)/m.exec(readFileSync('/etc/os-release', 'utf8')) ?? [];
  const include = ['libstdc++6', ...packages].join();
  execFileSync('mmdebstrap', ['--quiet', '--variant=essential', `--include=${include}`, suite, root], {
    stdio: 'ignore',
  });
  execFileSync('cp', [DEB, join(root, 'atcom.deb')]);
}

/** Puts the same as a package of a later version at the root of that Debian. */
export function makeNewer(root: string): void {
  const tree = join(root, 'newer');
  execFileSync('dpkg-deb', ['--raw-extract', DEB, tree]);
  const control = join(tree, 'DEBIAN', 'control');
  writeFileSync(control, readFileSync(control, 'utf8').replace(/^(Version: .+)$/m, '$1+1'));
  execFileSync('dpkg-deb', ['-Znone', '--build', tree, join(root, 'newer.deb')]);
  rmSync(tree, { recursive: true });
}
