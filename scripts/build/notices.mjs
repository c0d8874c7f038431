import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Files that MIT, ISC, BSD and Apache require redistributors to keep. */
const NOTICE = /^(licen[cs]e|copying|notice)/i;

/**
 * The text of THIRD-PARTY-NOTICES.
 *
 * @param inputs - the files that the bundler took, from the root
 */
export function noticesOf(root, inputs) {
  const folders = new Set(inputs.flatMap((input) => packageFolder(join(root, input)) ?? []));
  const notices = [...folders].map(noticeOf).sort((a, b) => a.localeCompare(b, 'en'));
  return `The command line of atcom, dist/cli, contains these packages:\n\n${notices.join('\n')}`;
}

/** Replaces src/cli/help/notices.ts among the chunks with the notices, for `atcom help --notices`. */
export function writeNotices(chunks, notices) {
  const chunk = join(chunks, 'cli-help-notices.cjs');
  if (!existsSync(chunk)) throw new Error(`no chunk for the notices: ${chunk}`);
  writeFileSync(chunk, `exports.NOTICES = ${JSON.stringify(notices)};\n`);
}

/** The folder of the package that a file belongs to; undefined for our own files, and those a plugin made. */
function packageFolder(file) {
  if (!/[\\/]node_modules[\\/]/.test(file)) return undefined;
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    // Some packages have a nested package.json without a name, which only gives the module type.
    if (existsSync(join(folder, 'package.json')) && manifestOf(folder).name !== undefined) return folder;
  }
}

function manifestOf(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

function noticeOf(folder) {
  const { name, version, license } = manifestOf(folder);
  const texts = readdirSync(folder)
    .filter((file) => NOTICE.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim());
  if (texts.length === 0) throw new Error(`${name} ${version} has no licence that could be passed on`);
  return `${'='.repeat(80)}\n${name} ${version} (${license})\n\n${texts.join('\n\n')}\n`;
}
