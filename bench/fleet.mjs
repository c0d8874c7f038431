// One GET each to many phones, against curl's parallel mode with the same URLs; slow phones; phones
// that are gone; ten thousand; and a pipe of commands against a process for each.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROUNDS = Number(process.env.ROUNDS ?? 7);
const PORT = 7480;
const here = dirname(fileURLToPath(import.meta.url));
const atcom = join(here, '..', 'bin', 'atcom.js');
const folder = mkdtempSync(join(tmpdir(), 'atcom-bench-'));
const env = { PATH: process.env.PATH, HOME: mkdtempSync(join(folder, 'home-')) };
// Beside the home: compiled code at or below the current folder is never used.
const cwd = mkdtempSync(join(folder, 'cwd-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const server = join(folder, 'phones');
try {
  execFileSync('cc', ['-O2', '-o', server, join(here, 'peers', 'phones.c')]);
} catch (error) {
  console.log(
    `fleet: skipped, because there is no C compiler for the phones (${error.code ?? error.message})`,
  );
  process.exit(0);
}

const address = (index) => `127.${1 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`;
const target = (count) => Array.from({ length: count }, (_, index) => `${address(index)}:${PORT}`);

/** Runs phones while something is measured. */
async function withPhones([count, delay = 0, refuse = 0, hang = 0], use) {
  const child = spawn(server, [count, PORT, delay, refuse, hang].map(String), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve);
    child.once('exit', (code) => reject(new Error(`the phones ended with ${code}`)));
  });
  try {
    return await use();
  } finally {
    child.removeAllListeners('exit');
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill();
    await ended;
  }
}

/** Wall time, exit code and stdout of a command. */
function measure(command, args, { input } = {}) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, args, { env, cwd, stdio: ['pipe', 'pipe', 'inherit'] });
    let stdout = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stdin.on('error', () => undefined).end(input);
    child.once('error', reject);
    child.once('close', (code) => resolve({ ms: performance.now() - started, code, stdout }));
  });
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const verdict = (ok, text) => console.log(`${ok ? 'met   ' : 'MISSED'}  ${text}`);

function press(count, more = []) {
  writeFileSync(join(folder, 'targets'), target(count).join('\n'));
  const words = ['key', 'DND_ON', '--targets-file', join(folder, 'targets'), '--yes', '--json', ...more];
  return measure(process.execPath, [atcom, ...words]);
}

async function againstCurl(count, most) {
  const urls = target(count).map(
    (host) => `url = "http://${host}/cgi-bin/server.cgi?key=DND_ON"\noutput = /dev/null\n`,
  );
  writeFileSync(join(folder, 'urls'), urls.join(''));
  const curl = ['-Z', '--parallel-max', '200', '--silent', '--no-progress-meter', '-K', join(folder, 'urls')];
  await withPhones([count], async () => {
    const ratios = [];
    const times = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const peer = await measure('curl', curl);
      const ours = await press(count);
      const { summary } = JSON.parse(ours.stdout);
      if (summary.ok !== count) throw new Error(`only ${summary.ok} of ${count} phones answered`);
      if (round === 0) continue;
      ratios.push(ours.ms / peer.ms);
      times.push(ours.ms);
    }
    const ratio = median(ratios);
    verdict(
      ratio <= most,
      `${count} phones / curl -Z: ${ratio.toFixed(2)}, at most ${most} (${median(times).toFixed(0)} ms)`,
    );
  });
}

async function slowPhones() {
  await withPhones([1000, 50], async () => {
    const times = [];
    for (let round = 0; round < 3; round += 1) times.push((await press(1000, ['--jobs', '128'])).ms);
    const ideal = (1000 / 128) * 50;
    const over = median(times) - ideal;
    verdict(
      over <= 350,
      `1000 phones of 50 ms, 128 at a time: ideal ${ideal.toFixed(0)} ms plus ${over.toFixed(0)}, at most 350`,
    );
  });
}

async function brokenPhones() {
  await withPhones([1000, 50, 20, 100], async () => {
    const ours = await press(1000, ['--jobs', '128', '--timeout', '1s']);
    const { summary, results } = JSON.parse(ours.stdout);
    const counts = { ok: 0, unreachable: 0, unknown: 0 };
    for (const { outcome } of results) counts[outcome] += 1;
    const over = ours.ms - (1000 / 128) * 50;
    const right = summary.phones === 1000 && counts.unreachable === 50 && counts.ok + counts.unknown === 950;
    verdict(
      right && over <= 1200,
      `5 % refusing, 1 % silent: ideal plus ${over.toFixed(0)} ms, at most 1200 (${JSON.stringify(counts)})`,
    );
  });
}

/** The peak memory of a run, as it reports it. */
async function peakOf(count) {
  const report = join(folder, 'peak.cjs');
  writeFileSync(
    report,
    `process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS + '\\n'));`,
  );
  writeFileSync(join(folder, 'targets'), target(count).join('\n'));
  const words = [atcom, 'key', 'DND_ON', '--targets-file', join(folder, 'targets'), '--yes', '--json'];
  return await new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--require', report, ...words], { env, cwd });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.once('error', reject);
    child.once('close', () => {
      const { summary } = JSON.parse(stdout);
      resolve({ mb: Number(/peak (\d+)/.exec(stderr)?.[1]) / 1024, ok: summary.ok });
    });
  });
}

async function memory() {
  const few = await withPhones([1000], () => peakOf(1000));
  verdict(few.mb <= 140, `peak memory of 1000 phones: ${few.mb.toFixed(0)} MB, at most 140`);
  const many = await withPhones([10_000], () => peakOf(10_000));
  const flat = many.mb / few.mb;
  verdict(
    many.ok === 10_000 && flat <= 1.5,
    `10,000 phones: ${many.ok} ok, ${flat.toFixed(2)} × that memory, at most 1.5`,
  );
}

async function pipe() {
  const line = `mute --to ${address(0)}:${PORT}\n`;
  await withPhones([1], async () => {
    const fed = await measure(process.execPath, [atcom, 'run', '-', '--json'], { input: line.repeat(500) });
    if (fed.stdout.trim().split('\n').length !== 500) throw new Error('not every command was run');
    const started = performance.now();
    const SAMPLE = 25;
    for (let index = 0; index < SAMPLE; index += 1) {
      await measure(process.execPath, [atcom, 'mute', '--to', `${address(0)}:${PORT}`]);
    }
    const processes = ((performance.now() - started) / SAMPLE) * 500;
    const times = processes / fed.ms;
    verdict(
      times >= 20,
      `500 commands fed to run - (${fed.ms.toFixed(0)} ms) are ${times.toFixed(1)} × faster than 500 processes, at least 20`,
    );
  });
}

console.log(`fleet on Node ${process.version}, medians of ${ROUNDS} rounds`);
await againstCurl(1000, 3.4);
await againstCurl(5000, 1.9);
await slowPhones();
await brokenPhones();
await memory();
await pipe();
