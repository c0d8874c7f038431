import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startSimulator } from '../../src/simulator/index.ts';
import { emptyFolder } from './run.ts';

const ATCOM = new URL('../../bin/atcom.js', import.meta.url).pathname;
const PHONES = 200;

/** After how many presses the process is killed; the last is far more than there are. */
const KILLS = [1, 37, 120, 199, Number.POSITIVE_INFINITY];

it.each(KILLS)(
  'a run that is killed after %s presses goes on without pressing a key twice',
  async (killAfter) => {
    let onPress = () => {};
    const simulator = await startSimulator({
      phones: PHONES,
      approved: true,
      latency: 5,
      onHappening: ({ kind }) => {
        if (kind === 'openDND') onPress();
      },
    });
    onTestFinished(() => simulator.close());
    const folder = emptyFolder();
    const phones = simulator.phones.map(({ name, host }) => `  ${name}: "${host}"\n`);
    writeFileSync(join(folder, '.atcomrc'), `phones:\n${phones.join('')}`);
    const atcom = (words: readonly string[]) => {
      const env = { PATH: process.env['PATH'], HOME: folder };
      const all = ['key', 'DND_ON', '--all', '--yes', '--jobs', '16', '--json', ...words];
      return spawn(process.execPath, [ATCOM, ...all], {
        cwd: folder,
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
    };

    const first = atcom(['--journal', 'run.jsonl']);
    let pressed = 0;
    onPress = () => {
      pressed += 1;
      if (pressed === killAfter) first.kill('SIGKILL');
    };
    await new Promise((resolve) => first.once('close', resolve));
    onPress = () => {};

    const second = atcom(['--resume', 'run.jsonl']);
    let stdout = '';
    second.stdout.on('data', (chunk) => (stdout += chunk));
    await new Promise((resolve) => second.once('close', resolve));

    const { results, summary } = JSON.parse(stdout);
    expect(summary.phones).toBe(PHONES);
    const outcomes = new Map(
      results.map(({ host, outcome }: { host: string; outcome: string }) => [host, outcome]),
    );
    const presses = simulator.phones.map(({ extension, host }) => ({
      host,
      outcome: outcomes.get(host),
      presses: simulator.state(extension).presses,
    }));
    expect(presses.filter(({ presses }) => presses > 1)).toEqual([]);
    expect(presses.filter(({ presses, outcome }) => presses === 0 && outcome !== 'unknown')).toEqual([]);
    expect(presses.filter(({ outcome }) => outcome !== 'ok' && outcome !== 'unknown')).toEqual([]);
    // No more can have been in flight than were served side by side.
    expect(summary.failed).toBeLessThanOrEqual(16);
    if (killAfter > PHONES) expect(summary.failed).toBe(0);
  },
  30_000,
);
