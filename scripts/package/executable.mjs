// Builds one file from Node and the command line: a "single executable application".
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { writeNotices } from '../build/notices.mjs';
import { root } from './root.mjs';
import { fetchRuntime, RUNTIME } from './runtime.mjs';

const require = createRequire(import.meta.url);
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
const BUILDS = join(root, 'dist', 'cli');
const CHUNKS = join(BUILDS, readFileSync(join(BUILDS, 'current'), 'utf8'));
const NOTICES = join(root, 'dist', 'THIRD-PARTY-NOTICES');
const HERE = `${process.platform}-${process.arch}`;

/** Runs programs for another processor, if installed (Debian: qemu-user-static, libstdc++6-arm64-cross). */
const EMULATORS = { 'linux-arm64': ['qemu-aarch64-static', '-L', '/usr/aarch64-linux-gnu'] };

/**
 * @param platform - such as linux-x64
 * @param output - the file to write
 * @param work - an empty folder for intermediate files
 */
export async function makeExecutable(platform, output, work) {
  const { program, licence } = fetchRuntime(platform);
  const node = join(work, 'node');
  copyFileSync(program, node);
  chmodSync(node, 0o755);
  const here = platform === HERE;
  const main = join(work, 'main.cjs');
  await build({
    entryPoints: [join(root, 'scripts', 'package', 'main.cjs')],
    outfile: main,
    bundle: true,
    platform: 'node',
    target: 'node24',
  });
  const chunks = join(work, 'chunks');
  cpSync(CHUNKS, chunks, { recursive: true });
  const texts = [NOTICES, licence].map((file) => readFileSync(file, 'utf8'));
  writeNotices(chunks, texts.join(`\n${'='.repeat(80)}\nNode.js ${RUNTIME}\n\n`));
  const config = {
    main,
    disableExperimentalSEAWarning: true,
    // It is a separate program: options that the user set for Node are not meant for it.
    execArgvExtension: 'none',
    assets: { ...assetsIn(chunks), ...compiledAssets(platform, node, chunks, work) },
  };
  // The layout of a blob is the same for every platform; only a Node that runs here can make one.
  const maker = here ? node : fetchRuntime(HERE).program;
  strip(platform, node);
  await assemble({ maker, node, config, output, work });
  chmodSync(output, 0o755);
}

async function assemble({ maker, node, config, output, work }) {
  const file = join(work, 'sea.json');
  if (execFileSync(maker, ['--help'], { encoding: 'utf8' }).includes('--build-sea')) {
    writeFileSync(file, JSON.stringify({ ...config, executable: node, output }));
    execFileSync(maker, ['--build-sea', file], { stdio: ['ignore', 'ignore', 'inherit'] });
    return;
  }
  const blob = join(work, 'sea.blob');
  writeFileSync(file, JSON.stringify({ ...config, output: blob }));
  execFileSync(maker, ['--experimental-sea-config', file], { stdio: 'ignore' });
  copyFileSync(node, output);
  const words = [
    require.resolve('postject/dist/cli.js'),
    output,
    'NODE_SEA_BLOB',
    blob,
    '--sentinel-fuse',
    FUSE,
  ];
  // It warns about section names that stripping leaves behind; tests check that the file runs.
  execFileSync(process.execPath, words, { stdio: 'pipe' });
}

function assetsIn(folder) {
  return Object.fromEntries(readdirSync(folder).map((file) => [file, join(folder, file)]));
}

/** V8 accepts compiled code only from the same V8, so the Node that goes into the file compiles it. */
function compiledAssets(platform, node, chunks, work) {
  const [command, ...words] = platform === HERE ? [node] : [...EMULATORS[platform], node];
  const folder = join(work, 'compiled');
  mkdirSync(folder);
  const script = join(root, 'scripts', 'package', 'compile.cjs');
  const { error, status } = spawnSync(command, [...words, script, chunks, folder], { stdio: 'inherit' });
  if (error !== undefined)
    console.log(`Built without compiled code, so it starts more slowly: ${error.message}`);
  else if (status !== 0) throw new Error(`${script} ended with ${status}`);
  return assetsIn(folder);
}

/** A seventh of the file is symbols for debuggers. */
function strip(platform, node) {
  const program = platform === HERE ? 'strip' : 'aarch64-linux-gnu-strip';
  const { error } = spawnSync(program, [node], { stdio: 'inherit' });
  if (error !== undefined) console.log(`Symbols were not stripped, so it is larger: ${error.message}`);
}
