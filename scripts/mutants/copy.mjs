import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** A mutant that hangs is ended; far more than its tests take, in milliseconds. */
const LONGEST = 240_000;

/** Why a row fits the sources no more; undefined where it does. */
export function stale({ file, guard, find }) {
  const found = readFileSync(join(root, file), 'utf8').split(find).length - 1;
  return found === 1 ? undefined : `${file} has ${found} times what is to be broken: ${guard}\n  ${find}`;
}

/** The sources and tests as they are, in a temporary folder. */
export function newCopy() {
  const folder = mkdtempSync(join(tmpdir(), 'atcom-mutants-'));
  // Tests run some of it as another user.
  chmodSync(folder, 0o755);
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const file of listed.split('\0').filter(Boolean)) {
    cpSync(join(root, file), join(folder, file), { recursive: true });
  }
  // Some tests have other processes of the built program beside them; what is broken is not in those.
  for (const made of ['node_modules', 'dist']) symlinkSync(join(root, made), join(folder, made));
  return {
    test: (files) => test(folder, files),
    /** Does something while a guard is broken. */
    async withMutant({ file, find, replace }, action) {
      const path = join(folder, file);
      const text = readFileSync(path, 'utf8');
      writeFileSync(
        path,
        text.replace(find, () => replace),
      );
      try {
        return await action();
      } finally {
        writeFileSync(path, text);
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Runs test files: whether any test ran, and the first that failed. */
function test(folder, files) {
  const report = join(folder, 'report.json');
  rmSync(report, { force: true });
  const vitest = join(folder, 'node_modules', 'vitest', 'vitest.mjs');
  const words = ['run', '--bail=1', '--reporter=json', `--outputFile=${report}`, ...files];
  const env = { ...process.env, NO_COLOR: '1' };
  const child = spawn(process.execPath, [vitest, ...words], { cwd: folder, env, timeout: LONGEST });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => {
      if (code === 0) resolve({ failed: undefined, ran: true, output });
      // Vitest ends by itself at the signal, and writes no report.
      else if (code === null || child.killed)
        resolve({ failed: 'the tests did not come to an end', ran: true, output });
      else resolve({ ...firstFailure(report), output });
    });
  });
}

function firstFailure(report) {
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const { fullName = 'an error outside of the tests' } =
    tests.find(({ status }) => status === 'failed') ?? {};
  return { failed: fullName, ran: tests.length > 0 };
}
