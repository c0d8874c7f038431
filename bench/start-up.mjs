// The cost of starting a command: each row is run in turn with `node -e 0`, and the median of the ratios is printed.
// A machine's speed drifts by half within a minute, so only ratios within one round count.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROUNDS = Number(process.env.ROUNDS ?? 25);
const WARM_UP = 3;
const here = dirname(fileURLToPath(import.meta.url));
const atcom = join(here, '..', 'bin', 'atcom.js');
const { version } = JSON.parse(readFileSync(join(here, '..', 'package.json'), 'utf8'));
/** Exists only after npm run package. */
const oneFile = join(here, '..', 'build', `atcom-${version}-${process.platform}-${process.arch}`);
const home = mkdtempSync(join(tmpdir(), 'atcom-bench-'));
// A clean environment: extra certificates alone cost 50 ms per process on Node 20.
const env = { PATH: process.env.PATH, HOME: mkdtempSync(join(home, 'home-')) };
// Beside the home: compiled code at or below the current folder is never used.
const cwd = mkdtempSync(join(home, 'cwd-'));

const server = createServer((_request, response) => response.end('ok'));
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const host = `127.0.0.1:${server.address().port}`;
const url = `http://${host}/cgi-bin/server.cgi?key=HOLD`;

const rows = {
  'node -e 0': [process.execPath, '-e', '0'],
  'atcom --dry-run': [process.execPath, atcom, 'key', 'HOLD', '--dry-run', '--to', '127.0.0.1'],
  'one file --dry-run': [oneFile, 'key', 'HOLD', '--dry-run', '--to', '127.0.0.1'],
  'atcom, one request': [process.execPath, atcom, 'key', 'HOLD', '--to', host],
  'node, global fetch': [process.execPath, join(here, 'peers', 'fetch.mjs'), url],
  'python3, urllib': ['python3', join(here, 'peers', 'urllib_get.py'), url],
};

function time([command, ...args]) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    spawn(command, args, { env, cwd, stdio: 'ignore' })
      .once('error', reject)
      .once('exit', (code) => {
        if (code === 0) resolve(performance.now() - started);
        else reject(new Error(`${command} ${args.join(' ')} ended with ${code}`));
      });
  });
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

const times = Object.fromEntries(Object.keys(rows).map((name) => [name, []]));
const missing = new Set();
for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
  for (const [name, command] of Object.entries(rows)) {
    if (missing.has(name)) continue;
    try {
      const ms = await time(command);
      if (round >= WARM_UP) times[name].push(ms);
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
      missing.add(name);
    }
  }
}
server.close();
rmSync(home, { recursive: true });

const ratio = (name, peer) => median(times[name].map((ms, index) => ms / times[peer][index]));
console.log(`start-up on Node ${process.version}, medians of ${ROUNDS} rounds`);
for (const name of Object.keys(rows)) {
  if (missing.has(name)) console.log(`  ${name.padEnd(20)}  not on this machine`);
  else
    console.log(
      `  ${name.padEnd(20)}  ${ratio(name, 'node -e 0').toFixed(2)} ×  (${median(times[name]).toFixed(0)} ms)`,
    );
}
const request = 'atcom, one request';
const targets = [
  ['atcom --dry-run', 'node -e 0', 1.6],
  ['one file --dry-run', 'atcom --dry-run', 1.1],
  [request, 'node -e 0', 2.6],
  [request, 'node, global fetch', 0.45],
  [request, 'python3, urllib', 1.1],
];
for (const [name, peer, most] of targets) {
  if (missing.has(name) || missing.has(peer)) continue;
  const measured = ratio(name, peer);
  console.log(
    `${measured <= most ? 'met   ' : 'MISSED'}  ${name} / ${peer}: ${measured.toFixed(2)}, at most ${most}`,
  );
}
