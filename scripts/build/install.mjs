import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** How long a job that started before a build may still load the chunks of its own build, in milliseconds. */
const LONGEST_JOB = 24 * 60 * 60 * 1000;

/**
 * Moves the build into place, each file by one rename, so that nothing is missing at any moment. The chunks are
 * in their own folder, named by their content, and `current` names the one in use: a run reads it once.
 *
 * @param made - folders with the library and the chunks, which are moved away
 */
export function install(dist, { library, chunks, keepEarlier }) {
  const cli = join(dist, 'cli');
  mkdirSync(cli, { recursive: true });
  const name = nameOf(chunks);
  if (!existsSync(join(cli, name))) renameSync(chunks, join(cli, name));
  leave(cli);
  switchTo(cli, name);
  replaceFiles(library, dist);
  for (const entry of readdirSync(cli).filter((entry) => entry !== name && entry !== 'current')) {
    const age = Date.now() - statSync(join(cli, entry)).mtimeMs;
    if (age > LONGEST_JOB || !keepEarlier) rmSync(join(cli, entry), { recursive: true, force: true });
  }
}

/** Starts the age of the chunks in use. */
function leave(cli) {
  const file = join(cli, 'current');
  const chunks = existsSync(file) ? join(cli, readFileSync(file, 'utf8')) : cli;
  if (existsSync(chunks)) utimesSync(chunks, new Date(), new Date());
}

function switchTo(cli, name) {
  const fresh = join(cli, `current.${process.pid}`);
  writeFileSync(fresh, name);
  renameSync(fresh, join(cli, 'current'));
}

/** The same chunks have the same name, so that building again changes nothing. */
function nameOf(folder) {
  const hash = createHash('sha256');
  for (const file of readdirSync(folder).sort())
    hash.update(`${file}\0`).update(readFileSync(join(folder, file)));
  return hash.digest('hex').slice(0, 12);
}

/** Removes files that no longer exist, last. */
function replaceFiles(from, to) {
  const files = filesOf(from);
  for (const file of files) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    renameSync(join(from, file), join(to, file));
  }
  const known = new Set(files);
  for (const file of filesOf(to)) if (!known.has(file)) rmSync(join(to, file));
}

/** Files below a folder, except those of the command line. */
function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .filter((file) => !/^cli[\\/]/.test(file));
}
