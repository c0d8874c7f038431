import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startSimulator } from '../../src/simulator/index.ts';
import { emptyFolder } from './run.ts';

const PROGRAM = new URL('../../bin/atcom.js', import.meta.url).pathname;

it.each([
  ['doctor --all --yes --port 0', /^60 phones: 60 ok$/m],
  ['status --all', /no listener runs on port 1/],
  ['setup show --all', /60 phones: 60 ok/],
  ['allow --all --yes', /lab-\[1-60\] \(60\) {2}ok/],
])(
  'with few handles it is this computer that is short of them, never a phone that is to blame: %s',
  async (words, told) => {
    const simulator = await startSimulator({ phones: 60, approved: true });
    onTestFinished(() => simulator.close());
    const cwd = emptyFolder();
    const phones = simulator.phones.map(({ host }, index) => `  lab-${index + 1}: "${host}"\n`);
    writeFileSync(join(cwd, 'atcom.config.yaml'), `listener: { port: 1 }\nphones:\n${phones.join('')}`);
    const line = `ulimit -n 40; exec "$0" "$1" ${words}`;
    const { code, text } = await new Promise<{ code: unknown; text: string }>((resolve) => {
      execFile(
        'sh',
        ['-c', line, process.execPath, PROGRAM],
        { env: { HOME: cwd }, cwd },
        (error, out, err) => resolve({ code: error?.code ?? 0, text: out + err }),
      );
    });
    expect(text).toMatch(told);
    expect(text).not.toMatch(/EMFILE|no route|no answer|problem/);
    expect(code).toBe(0);
  },
);
