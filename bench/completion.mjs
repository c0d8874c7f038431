// The cost of one TAB in a folder with a config of 300 phones: each row is run in turn with `node -e 0`.
// People wait for it, so milliseconds count; but a busy machine doubles them, so the ratio is printed, too.
// A config is read once after each change, and its names are kept; that cost is shown, but not limited.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const ROUNDS = Number(process.env.ROUNDS ?? 25);
const WARM_UP = 3;
const MOST = 60;
const root = join(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** Exists only after npm run package. */
const oneFile = join(root, 'build', `atcom-${version}-${process.platform}-${process.arch}`);
const work = mkdtempSync(join(tmpdir(), 'atcom-bench-'));
const cwd = mkdtempSync(join(work, 'cwd-'));
// A clean environment: extra certificates alone cost 50 ms per process on Node 20.
const env = { PATH: process.env.PATH, HOME: mkdtempSync(join(work, 'home-')) };
const phones = Array.from(
  { length: 300 },
  (_, index) => `  desk-${index}: 10.0.${index >> 8}.${index & 255}\n`,
);
const config = `phones:\n${phones.join('')}`;
writeFileSync(join(cwd, 'atcom.config.yaml'), config);
/** Its config is rewritten before each TAB. */
const changing = mkdtempSync(join(work, 'changing-'));
// The names of a config that has just changed are not kept.
await setTimeout(2500);

const program = [process.execPath, join(root, 'bin', 'atcom.js')];
const tab = (...words) => ['completion', 'bash', '--', ...words];
const rows = {
  'node -e 0': [process.execPath, '-e', '0'],
  'a command': [...program, ...tab('di')],
  'an option': [...program, ...tab('dial', '6040', '--wa')],
  'a phone of 300': [...program, ...tab('dial', '6040', '--to', 'desk-2')],
  'a key of its model': [...program, ...tab('key', '--to', 'desk-7', 'LINE')],
  ...(existsSync(oneFile)
    ? { 'a phone, one file': [oneFile, ...tab('dial', '6040', '--to', 'desk-2')] }
    : {}),
};

const CHANGED = 'a phone, config changed';
rows[CHANGED] = rows['a phone of 300'];

function time([command, ...words], cwd) {
  const started = performance.now();
  const { status, stdout } = spawnSync(command, words, { cwd, env, encoding: 'utf8' });
  const ms = performance.now() - started;
  if (status !== 0 || (words.length > 2 && stdout === ''))
    throw new Error(`${command} ${words.join(' ')} ended with ${status} and wrote ${JSON.stringify(stdout)}`);
  return ms;
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

const times = Object.fromEntries(Object.keys(rows).map((name) => [name, []]));
for (let round = 0; round < WARM_UP + ROUNDS; round += 1)
  for (const [name, command] of Object.entries(rows)) {
    if (name === CHANGED) writeFileSync(join(changing, 'atcom.config.yaml'), config);
    const ms = time(command, name === CHANGED ? changing : cwd);
    if (round >= WARM_UP) times[name].push(ms);
  }
rmSync(work, { recursive: true });

console.log(`TAB on Node ${process.version}, medians of ${ROUNDS} rounds`);
for (const [name, all] of Object.entries(times)) {
  const ratio = median(all.map((ms, index) => ms / times['node -e 0'][index]));
  console.log(`  ${name.padEnd(24)}  ${ratio.toFixed(2)} ×  (${median(all).toFixed(0)} ms)`);
}
const { [CHANGED]: _, ...limited } = times;
const worst = Math.max(...Object.values(limited).map(median));
console.log(
  `${worst <= MOST ? 'met   ' : 'MISSED'}  a press of TAB: ${worst.toFixed(0)} ms, at most ${MOST}`,
);
