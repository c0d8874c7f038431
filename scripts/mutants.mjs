// Breaks each guard in a copy of the sources, and checks that a test notices: npm run mutants [-- word]
// A word selects the rows whose file or guard contains it. The rows are in scripts/mutants/.
import { availableParallelism } from 'node:os';
import { newCopy, stale } from './mutants/copy.mjs';
import { ROWS } from './mutants/rows.mjs';

const word = process.argv[2] ?? '';
const rows = ROWS.filter(({ file, guard }) => `${file} ${guard}`.includes(word));
const outdated = rows.flatMap((row) => stale(row) ?? []);
if (rows.length === 0 || outdated.length > 0) {
  console.error(rows.length === 0 ? `no row has ${word}` : outdated.join('\n'));
  process.exit(2);
}

const started = performance.now();
const copies = Array.from({ length: Math.min(rows.length, availableParallelism()) }, newCopy);
try {
  process.exitCode = await run();
} finally {
  for (const copy of copies) copy.remove();
}

async function run() {
  const sound = await copies[0].test([...new Set(rows.flatMap(({ tests }) => tests))]);
  if (sound.failed !== undefined) {
    console.error(`The tests fail before anything is broken: ${sound.failed}\n${sound.output}`);
    return 2;
  }
  const left = [...rows];
  const verdicts = { killed: 0, SURVIVED: 0, BROKEN: 0 };
  const worker = async (copy) => {
    for (let row = left.shift(); row !== undefined; row = left.shift()) {
      const [verdict, why] = judge(await copy.withMutant(row, () => copy.test(row.tests)));
      verdicts[verdict] += 1;
      console.log(
        `${verdict.padEnd(8)}  ${row.file}: ${row.guard}${why === '' ? '' : `\n            ${why}`}`,
      );
    }
  };
  await Promise.all(copies.map(worker));
  const seconds = Math.round((performance.now() - started) / 1000);
  const counts = Object.entries(verdicts).map(([verdict, count]) => `${count} ${verdict}`);
  console.log(`${rows.length} mutants in ${seconds} s: ${counts.join(', ')}`);
  return verdicts.killed === rows.length ? 0 : 1;
}

/** A mutant that no test has run with proves nothing. */
function judge({ failed, ran, output }) {
  if (failed === undefined)
    return ['SURVIVED', `${output.split('\n').length} lines of output, all tests passed`];
  return ran ? ['killed', failed] : ['BROKEN', output];
}
