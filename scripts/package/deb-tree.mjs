// Lays out what the Debian package installs.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root, version } from './root.mjs';

const DEB = join(root, 'packaging', 'deb');
const ATCOM = join(root, 'bin', 'atcom.js');

/** Where each shell looks for completions that packages install. */
const COMPLETIONS = {
  bash: 'usr/share/bash-completion/completions/atcom',
  zsh: 'usr/share/zsh/vendor-completions/_atcom',
  fish: 'usr/share/fish/vendor_completions.d/atcom.fish',
};

/** Files of packaging/deb, and where they go. */
const FILES = {
  'atcom-listen.service': 'usr/lib/systemd/system/atcom-listen.service',
  'atcom-listen.default': 'etc/default/atcom-listen',
  'atcom.config.yaml': 'etc/atcom/atcom.config.yaml',
};

/** Files that an administrator may change, and that an upgrade keeps. */
export const CONFFILES = Object.values(FILES).filter((path) => path.startsWith('etc/'));

/** Our licence, and that of Node and everything in it, which is longer than all other texts of the package. */
const COPYRIGHT = `${readFileSync(join(root, 'LICENSE'), 'utf8')}
It contains Node.js; its licence, and those of what it contains, are in LICENSE.nodejs.gz beside this file. Those of
other packages are in THIRD-PARTY-NOTICES.gz. All of them: atcom help --notices
`;

/**
 * @param executable - the single file
 * @param tree - an empty folder
 */
export function layOut(executable, licence, tree, { maintainer, date }) {
  const put = (path, content, mode = 0o644) => {
    const target = join(tree, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
    chmodSync(target, mode);
  };
  mkdirSync(join(tree, 'usr/bin'), { recursive: true });
  copyFileSync(executable, join(tree, 'usr/bin/atcom'));
  chmodSync(join(tree, 'usr/bin/atcom'), 0o755);
  for (const [from, to] of Object.entries(FILES)) put(to, readFileSync(join(DEB, from)));
  for (const [shell, path] of Object.entries(COMPLETIONS)) put(path, atcom('completion', shell));
  putManual(put, tree);
  const doc = 'usr/share/doc/atcom';
  put(`${doc}/copyright`, COPYRIGHT);
  put(`${doc}/LICENSE.nodejs.gz`, zipped(readFileSync(licence)));
  put(`${doc}/THIRD-PARTY-NOTICES.gz`, zipped(readFileSync(join(root, 'dist', 'THIRD-PARTY-NOTICES'))));
  const entry = `atcom (${version}) unstable; urgency=medium\n\n  * See CHANGELOG.md.gz.\n\n -- ${maintainer}  ${date}\n`;
  put(`${doc}/changelog.gz`, zipped(entry));
  put(`${doc}/CHANGELOG.md.gz`, zipped(readFileSync(join(root, 'CHANGELOG.md'))));
}

function putManual(put, tree) {
  const manual = join(tree, 'manual');
  atcom('help', '--man-to', manual);
  for (const path of readdirSync(manual, { recursive: true }).filter((name) => /\.\d$/.test(name))) {
    put(`usr/share/man/${path}.gz`, zipped(readFileSync(join(manual, path))));
  }
  rmSync(manual, { recursive: true });
}

function zipped(content) {
  return gzipSync(content, { level: 9 });
}

function atcom(...words) {
  return execFileSync(process.execPath, [ATCOM, ...words], { cwd: root, encoding: 'utf8' });
}
