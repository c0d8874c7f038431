// The cost of scenarios, without the phones: 100 calls between two virtual phones, 16 at a time. For every step, it
// measures the time from its event, or its phone's answer, to the next step: the engine's own time. ROUNDS=20 repeats.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROUNDS = Number(process.env.ROUNDS ?? 7);
const SCENARIOS = 100;
const JOBS = 16;
/** Milliseconds. */
const MOST_LOST = 10;
const atcom = join(dirname(fileURLToPath(import.meta.url)), '..', 'bin', 'atcom.js');
const home = mkdtempSync(join(tmpdir(), 'atcom-bench-'));
// A clean environment: extra certificates alone cost 50 ms per process on Node 20.
const env = { PATH: process.env.PATH, HOME: mkdtempSync(join(home, 'home-')) };

writeFileSync(
  join(home, 'call.yaml'),
  `name: call $n
with: { n: [${Array.from({ length: SCENARIOS }, (_, index) => index + 1)}] }
phones: { a: virtual, b: virtual }
setup:
  - [a, b]: idle
steps:
  - a: dial $b
  - b: { expect: incomingCall, where: { remote: "*$a*" } }
  - b: answer
  - [a, b]: { expect: established }
  - a: hold
  - a: { expect: hold }
  - a: resume
  - a: { expect: unHold }
  - a: hangup
  - [a, b]: { expect: terminated }
cleanup:
  - [a, b]: hangup
`,
);

function round() {
  const began = performance.now();
  const words = ['test', 'call.yaml', '--jobs', String(JOBS), '--json', '--no-trace'];
  const text = execFileSync(process.execPath, [atcom, ...words], {
    cwd: home,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const { summary, results } = JSON.parse(text);
  if (summary.passed !== SCENARIOS) throw new Error(`${summary.passed} of ${SCENARIOS} passed`);
  return {
    rate: (SCENARIOS / summary.ms) * 1000,
    whole: (SCENARIOS / (performance.now() - began)) * 1000,
    lost: results.flatMap(({ attempts: [{ steps, trace }] }) => lostIn(steps, trace)),
  };
}

/**
 * For each step, from what it waited for to the start of the next one. It did not wait for what arrived before it
 * started; parallel steps count once, by the last of them.
 */
function lostIn(steps, trace) {
  const groups = groupBy(steps, ({ phase, number }) => `${phase} ${number}`);
  return groups.slice(0, -1).map((group, index) => {
    const arrived = group.map((step) => arrivalOf(step, trace));
    return Math.max(0, groups[index + 1][0].at - Math.max(...arrived));
  });
}

/** Node 20 has no Object.groupBy. */
function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups.values()];
}

function arrivalOf({ role, at, ms, events = [] }, trace) {
  const answers = trace.filter((entry) => entry.kind === 'answer' && entry.role === role);
  const times = [...events, ...answers].map((entry) => entry.at).filter((time) => time <= at + ms + 0.1);
  return Math.max(at, ...times);
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function percentile(numbers, share) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length * share)];
}

try {
  round();
  const rounds = Array.from({ length: ROUNDS }, round);
  const lost = rounds.flatMap((each) => each.lost);
  console.log(
    `scenarios on Node ${process.version}, ${cpus().length} cores, medians of ${ROUNDS} rounds of ${SCENARIOS} calls of two virtual phones, ${JOBS} side by side`,
  );
  console.log(`  ${median(rounds.map(({ rate }) => rate)).toFixed(0)} scenarios/s while they run`);
  console.log(
    `  ${median(rounds.map(({ whole }) => whole)).toFixed(0)} scenarios/s with the start of the program`,
  );
  const met = median(lost) < MOST_LOST;
  console.log(
    `${met ? 'met   ' : 'MISSED'}  lost in a step over its event's or answer's own time: median ${median(lost).toFixed(2)} ms, under ${MOST_LOST} ms; 99 % under ${percentile(lost, 0.99).toFixed(1)} ms (${lost.length} steps)`,
  );
} finally {
  rmSync(home, { recursive: true });
}
