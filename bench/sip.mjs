// Virtual phones on a PBX, kamailio on this computer: how long 100 of them take to register, how long 50 calls at once
// take until each phone is proven to hear the other, what 50 calls cost, and how evenly their audio arrives. ROUNDS=3
// repeats the calls.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PHONES = 100;
const CALLS = PHONES / 2;
const ROUNDS = Number(process.env.ROUNDS ?? 3);
/** Milliseconds, MB, part of a core, milliseconds. */
const MOST = { registered: 2000, memory: 200, proven: 1500, cpu: 0.2, jitter: 5 };
/** How long the cost of calls is measured. */
const TALK = 5000;
const root = fileURLToPath(new URL('..', import.meta.url));

if (spawnSync('kamailio', ['-v']).error !== undefined) {
  console.log('sip: not measured (no kamailio)');
  process.exit(0);
}
const { startSimulator } = await import('../dist/simulator/index.js');
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const folder = mkdtempSync(join(tmpdir(), 'atcom-bench-sip-'));
mkdirSync(join(folder, 'run'));
const config = readFileSync(join(root, 'examples/pbx/kamailio.cfg'), 'utf8');
writeFileSync(join(folder, 'kamailio.cfg'), config.replaceAll('@PBX@', folder));
const kamailio = spawn(
  'kamailio',
  ['-f', join(folder, 'kamailio.cfg'), '-DD', '-E', '-Y', join(folder, 'run'), '-m', '256', '-M', '16'],
  { stdio: 'ignore', detached: true },
);
// It gives no sign of being ready to wait for; phones that are too early try again.
await wait(1000);

const failed = [];
const told = (what, value, most, unit) => {
  console.log(`${what.padEnd(44)} ${value} ${unit}, at most ${most} ${unit}`);
  if (!(value <= most)) failed.push(what);
};

const happened = new Map();
const watchers = new Set();
/** Waits until a phone has reported this that many times. */
const until = (number, kind, times = 1) =>
  new Promise((resolve) => {
    const look = () => {
      if ((happened.get(`${number} ${kind}`) ?? 0) < times) return;
      watchers.delete(look);
      resolve();
    };
    watchers.add(look);
    look();
  });

const numbers = Array.from({ length: PHONES }, (_, index) => `${6001 + index}`);
const began = performance.now();
const simulator = await startSimulator({
  approved: true,
  sip: numbers.map((number, index) => ({
    uri: `sip:${number}@127.0.0.1:5060`,
    password: `secret-${number}`,
    register: 600,
    // There are only 89 by default.
    tone: 500 + 28 * index,
  })),
  onHappening: ({ phone, kind }) => {
    const key = `${phone} ${kind}`;
    happened.set(key, (happened.get(key) ?? 0) + 1);
    for (const look of watchers) look();
  },
});
const urls = new Map(simulator.phones.map(({ extension, url }) => [extension, url]));
const press = async (number, keys) => {
  const { status } = await fetch(`${urls.get(number)}/cgi-bin/server.cgi?key=${keys}`);
  if (status !== 200) throw new Error(`${number} answered ${status}`);
};

try {
  await Promise.all(numbers.map((number) => until(number, 'registered')));
  told(`${PHONES} phones registered`, Math.round(performance.now() - began), MOST.registered, 'ms');

  /** Waits until the phone hears the other's tone, and nothing else. */
  const hears = async (number, other) => {
    for (;;) {
      const [audio] = simulator.audio(number);
      if (audio?.sound.milliseconds >= 300 && audio.sound.hertz === simulator.toneOf(other)) return;
      // The rest of 300 ms.
      await wait(Math.max(20, 300 - (audio?.sound.milliseconds ?? 0)));
    }
  };
  const call = async (a, b, round) => {
    await press(a, `${b};DIAL`);
    await until(b, 'incomingCall', round);
    await press(b, 'ANSWER');
    await Promise.all([until(a, 'established', round), until(b, 'established', round)]);
    await Promise.all([hears(a, b), hears(b, a)]);
  };
  const pairs = Array.from({ length: CALLS }, (_, index) => [numbers[2 * index], numbers[2 * index + 1]]);
  const proven = [];
  const cpu = [];
  const jitter = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const at = performance.now();
    await Promise.all(pairs.map(([a, b]) => call(a, b, round)));
    proven.push(Math.round(performance.now() - at));
    const before = process.cpuUsage();
    const from = performance.now();
    await wait(TALK);
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) / 1000 / (performance.now() - from));
    jitter.push(Math.max(...numbers.map((number) => simulator.audio(number)[0]?.jitter ?? Number.NaN)));
    await Promise.all(pairs.map(([a]) => press(a, 'ENDCALL')));
    await Promise.all(numbers.map((number) => until(number, 'busyToIdle', round)));
  }
  told(`${CALLS} calls at once, each proven both ways`, Math.min(...proven), MOST.proven, 'ms');
  told(`${CALLS} calls: part of a core`, Math.round(Math.min(...cpu) * 100) / 100, MOST.cpu, '');
  told(`${CALLS} calls: the worst jitter of all phones`, Math.min(...jitter), MOST.jitter, 'ms');
  told('memory of the process', Math.round(process.memoryUsage().rss / 1e6), MOST.memory, 'MB');
} finally {
  await simulator.close();
  process.kill(-kamailio.pid);
  rmSync(folder, { recursive: true });
}
if (failed.length > 0) throw new Error(`too much: ${failed.join(', ')}`);
