import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { crc32 } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { newFolder } from '../support/folder.js';

const BIN = resolve(import.meta.dirname, '../../bin');

/** Long enough for any text that is planted in its place. */
const LENGTH = 2000;

/** What the program of these tests says by itself. */
export const GENUINE = 'genuine\n';
/** What it says when compiled code of somebody else ran in its place. */
export const PLANTED = 'planted\n';

const chunk = (word: string) =>
  `console.log('${word.trim()}'); exports.run = () => Promise.resolve(0);`.padEnd(LENGTH);

/** A folder that everybody may look into, as /usr or a home, gone after the test. */
export function openFolder(): string {
  const folder = newFolder('cache');
  chmodSync(folder, 0o755);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Makes a folder with all above it. */
export function folder(path: string, { mode = 0o700, uid = process.getuid?.() ?? 0 } = {}): string {
  mkdirSync(dirname(path), { recursive: true });
  mkdirSync(path, { recursive: true });
  chmodSync(path, mode);
  chownSync(path, uid, uid);
  return path;
}

export interface Installed {
  readonly chunk: string;
  /** Puts another text into the place of its only chunk. */
  rebuild(word: string): void;
  /** Runs it to its end, as somebody. */
  run(surroundings: { cwd: string; env: Record<string, string>; uid?: number }): Promise<string>;
}

/**
 * The real loader before a program of one line; a copy, as it were in /usr.
 *
 * @param at - where in that folder
 */
export function installed(at = ''): Installed {
  const root = join(openFolder(), at);
  cpSync(BIN, join(root, 'bin'), { recursive: true });
  const build = join(root, 'dist', 'cli', 'build');
  mkdirSync(build, { recursive: true });
  writeFileSync(join(root, 'dist', 'cli', 'current'), 'build');
  const path = join(build, 'cli.cjs');
  const rebuild = (word: string) => writeFileSync(path, chunk(word));
  rebuild(GENUINE);
  return {
    chunk: path,
    rebuild,
    run: ({ cwd, env, uid }) =>
      new Promise((done, fail) => {
        const child = spawn(process.execPath, [join(root, 'bin', 'atcom.js')], {
          cwd,
          env: { PATH: process.env['PATH'], ...env },
          stdio: ['ignore', 'pipe', 'inherit'],
          timeout: 15_000,
          ...(uid === undefined ? {} : { uid, gid: uid }),
        });
        let out = '';
        child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
        child
          .once('error', fail)
          .once('close', (code) => done(code === 0 ? out : `ended with ${code}: ${out}`));
      }),
  };
}

/** The name of the compiled code of the chunk. */
export const CACHED = `cli-${process.version}-${process.arch}`;

let planted: Buffer | undefined;

/** What V8 makes of a text of the same length, which is all that it compares. */
function plantedCode(): Buffer {
  const maker = `
    const { Script } = require('node:vm');
    const source = '(function (exports, require, module, __filename, __dirname) {' + process.argv[1] + '\\n})';
    const script = new Script(source);
    console.log = () => undefined;
    const exports = {};
    script.runInThisContext()(exports);
    exports.run();
    process.stdout.write(script.createCachedData());`;
  planted ??= spawnSync(process.execPath, ['-e', maker, chunk(PLANTED)]).stdout;
  return planted;
}

/** That, under what it should say of the chunk it was made from. */
export function compiled(path: string, stamp = stampOf(path)): Buffer {
  return Buffer.concat([Buffer.from(stamp.padEnd(512)), plantedCode()]);
}

export function stampOf(path: string, code = plantedCode()): string {
  const { mtimeMs, size } = statSync(path);
  return `${mtimeMs} ${size} ${crc32(code)} ${path}`;
}

/** Plants compiled code in a folder for caches. */
export function plant(
  cache: string,
  program: Installed,
  { mode = 0o600, uid = process.getuid?.() ?? 0 } = {},
): void {
  const file = join(cache, CACHED);
  writeFileSync(file, compiled(program.chunk));
  chmodSync(file, mode);
  chownSync(file, uid, uid);
}
