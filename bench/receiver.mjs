// The cost of receiving an event: phones in a separate process report to `atcom listen --output` and, in turn, to
// Node's bare http server, each event as HTTP/1.0 on its own connection. Only ratios within one round count, and
// on two cores the phones use their share of both. EVENTS=100000 shortens the long run.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROUNDS = Number(process.env.ROUNDS ?? 7);
const EVENTS = Number(process.env.EVENTS ?? 1_000_000);
const PER_ROUND = 20_000;
const LEAST = 0.8;
/** How much larger the process may be after the long run than after a tenth of it. */
const MOST_GROWTH = 1.1;
const here = dirname(fileURLToPath(import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'atcom-bench-'));
const file = join(home, 'events.jsonl');
// A clean environment: extra certificates alone cost 50 ms per process on Node 20.
const env = { PATH: process.env.PATH, HOME: mkdtempSync(join(home, 'home-')) };
const children = [];

/** Starts a server that prints its port in its first line on stdout (1) or stderr (2). */
async function serve(stream, ...words) {
  const stdio = ['ignore', 'ignore', 'ignore'].with(stream, 'pipe');
  const child = spawn(process.execPath, words, { env, cwd: home, stdio });
  children.push(child);
  for await (const line of createInterface({ input: child.stdio[stream] })) {
    const port = /^(?:Listening on .*:)?(\d+)\b/.exec(line)?.[1];
    if (port !== undefined) return { child, port: Number(port) };
    throw new Error(`${words.join(' ')} did not start: ${line}`);
  }
  throw new Error(`${words.join(' ')} did not start`);
}

/** Lets the phones report that many events; resolves to events per second, and the server's CPU time for one in µs. */
async function load({ child, port }, events) {
  const before = cpuTime(child.pid);
  phones.send({ port, events });
  const [{ ms, error }] = await once(phones, 'message');
  if (error !== undefined) throw new Error(error);
  return { rate: (events / ms) * 1000, cpu: ((cpuTime(child.pid) - before) / events) * 1000 };
}

/** The kernel counts it in hundredths of a second. */
function cpuTime(pid) {
  if (!existsSync('/proc/self/stat')) return Number.NaN;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** The memory of a process in MB; NaN without /proc. */
function residentMemory(pid) {
  if (!existsSync('/proc/self/status')) return Number.NaN;
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
}

async function countLines() {
  let lines = 0;
  for await (const chunk of createReadStream(file)) {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1;
  }
  return lines;
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function verdict(met, text) {
  console.log(`${met ? 'met   ' : 'MISSED'}  ${text}`);
}

const phones = fork(join(here, 'peers', 'phones.mjs'), { env, cwd: home });
children.push(phones);
try {
  const atcom = [join(here, '..', 'bin', 'atcom.js'), 'listen', '--port', '0', '--output', file];
  const bare = await serve(1, join(here, 'peers', 'bare-http.mjs'));
  const listener = await serve(2, ...atcom);
  await load(bare, PER_ROUND);
  await load(listener, PER_ROUND);
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.push({ bare: await load(bare, PER_ROUND), listener: await load(listener, PER_ROUND) });
  }
  console.log(
    `receiving on Node ${process.version}, ${cpus().length} cores, medians of ${ROUNDS} rounds of ${PER_ROUND} events`,
  );
  for (const [row, name] of Object.entries({ bare: 'bare http server', listener: 'atcom listen --output' })) {
    const rate = median(rounds.map((round) => round[row].rate)).toFixed(0);
    const cpu = median(rounds.map((round) => round[row].cpu)).toFixed(0);
    console.log(`  ${name.padEnd(21)}  ${rate} events/s  (${cpu} µs of CPU each)`);
  }
  const ratio = median(rounds.map((round) => round.listener.rate / round.bare.rate));
  verdict(ratio >= LEAST, `atcom listen / bare http server: ${ratio.toFixed(2)}, at least ${LEAST}`);

  await load(listener, EVENTS / 10);
  const early = residentMemory(listener.child.pid);
  await load(listener, EVENTS - EVENTS / 10);
  const late = residentMemory(listener.child.pid);
  if (Number.isNaN(late)) console.log('memory: no /proc on this machine');
  else {
    const sizes = `${early.toFixed(0)} MB at 10 %, ${late.toFixed(0)} MB at 100 % of ${EVENTS} events`;
    verdict(late <= early * MOST_GROWTH, `resident memory: ${sizes}, at most × ${MOST_GROWTH}`);
  }

  listener.child.kill('SIGINT');
  await once(listener.child, 'close');
  const sent = (1 + ROUNDS) * PER_ROUND + EVENTS;
  const lines = await countLines();
  verdict(lines === sent, `lines in the file: ${lines} of ${sent}`);
} finally {
  for (const child of children) child.kill();
  rmSync(home, { recursive: true });
}
