// Kills runs over 200 virtual phones in various ways, resumes them, and looks for a key that was pressed twice or that no
// run accounts for: npm run kills [-- 1000 [seed]]. Needs a build, and root for full disks. A thousand take half an hour.
import { rmSync } from 'node:fs';
import { startSimulator } from '../dist/simulator/index.js';
import { Accident } from './kills/accidents.mjs';
import { Night } from './kills/night.mjs';
import { randomOf } from './kills/random.mjs';

const [wanted = '1000', seed = `${Date.now() % 1_000_000}`] = process.argv.slice(2);
const PHONES = 200;
const random = randomOf(Number(seed));

let onPress = () => {};
const simulator = await startSimulator({
  phones: PHONES,
  approved: true,
  latency: 5,
  onHappening: ({ kind }) => {
    if (kind === 'openDND' || kind === 'closeDND') onPress();
  },
});
const ends = {};
let kills = 0;
let nights = 0;
let presses = 0;
let unknown = 0;
try {
  while (kills < Number(wanted)) {
    nights += 1;
    const night = new Night(simulator, (callback) => (onPress = callback));
    // Each run except the last is cut short.
    for (let runs = 1 + random.below(4); runs > 0; runs -= 1) {
      const end = random.of(Object.keys(Accident));
      const ended = await Accident[end](night, random);
      ends[end] = (ends[end] ?? 0) + ended;
      kills += ended;
    }
    const problems = await night.account();
    presses += night.presses;
    unknown += night.unknown;
    if (problems.length > 0) {
      console.error(
        `seed ${seed}, night ${nights}, in ${night.folder}:\n${problems.slice(0, 20).join('\n')}`,
      );
      process.exitCode = 1;
      break;
    }
    rmSync(night.folder, { recursive: true });
    if (nights % 25 === 0) console.log(`${kills} kills in ${nights} nights`);
  }
} finally {
  await simulator.close();
}
const each = Object.entries(ends).map(([end, times]) => `${end} ${times}`);
console.log(
  `${kills} kills (${each.join(', ')}) in ${nights} nights of ${PHONES} phones, seed ${seed}: ${presses} presses, ` +
    `${unknown} phones told as unknown, ${process.exitCode ? 'FAILED' : 'none twice, all accounted for'}`,
);
