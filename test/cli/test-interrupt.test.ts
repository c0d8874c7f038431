import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AtcomError } from '../../src/errors.ts';
import type { EventName } from '../../src/protocol/events.ts';
import { shareListeners } from '../support/same-user.ts';
import { folderWith, realPhones } from './testing.ts';

const ATCOM = new URL('../../bin/atcom.js', import.meta.url).pathname;
const CALL = '{ a: dial $b }, { b: { expect: incomingCall } }';
const LONG = '{ a: { expect: established, within: 1h } }';

/** A scenario of real phones, in its three parts, and another one after it. */
async function files(parts: { setup?: string; steps: string; cleanup?: string }) {
  const phones = await realPhones();
  const { setup = '', steps, cleanup = '' } = parts;
  const text = `name: first\ntimeout: 24h\nphones: { a: reception, b: lobby }\nsetup: [${setup}]\nsteps: [${steps}]\ncleanup: [${cleanup}]\n`;
  const folder = folderWith({
    'first.yaml': text,
    'second.yaml': text.replace('name: first', 'name: second'),
    'atcom.config.yaml': phones.config,
  });
  const states = () => ['6001', '6002'].map((extension) => phones.simulator.state(extension).state);
  return { ...phones, ...folder, states };
}

describe('Ctrl-C', () => {
  const CASES: readonly (readonly [string, Parameters<typeof files>[0], EventName, RegExp])[] = [
    [
      'in setup',
      { setup: `${CALL}, ${LONG}`, steps: LONG },
      'incomingCall',
      /stopped in setup [23], [ab]: expect/,
    ],
    [
      'in a step',
      { steps: `${CALL}, ${LONG}`, cleanup: '{ a: hangup }' },
      'incomingCall',
      /stopped in step [23], [ab]: expect/,
    ],
    [
      'in cleanup',
      { steps: CALL, cleanup: '{ b: answer }, { a: hold }, { a: { expect: hold } }, { a: hangup }' },
      'established',
      /^passed {3}first/m,
    ],
  ];

  it.each(CASES)(
    '%s ends with 130, reports what was stopped, and hangs up',
    async (_, parts, moment, told) => {
      const { atcom, receiver, simulator, states } = await files(parts);
      const stop = new AbortController();
      receiver.hub.subscribe(({ event }) => {
        if (event === moment) stop.abort(new AtcomError('interrupted', {}));
      });
      const { exitCode, stdout } = await atcom('first.yaml second.yaml --no-trace', { signal: stop.signal });
      expect(exitCode).toBe(130);
      expect(stdout).toMatch(told);
      expect(stdout).toMatch(/^skipped {2}second {2}the run was stopped$/m);
      expect(states()).toEqual(['idle', 'idle']);
      // One call only: the second scenario was not begun.
      expect(simulator.state('6001').keys).toMatchObject({ DIAL: 1 });
    },
  );

  it('before anything was pressed presses nothing', async () => {
    const { atcom, simulator } = await files({ steps: CALL });
    const stop = new AbortController();
    stop.abort(new AtcomError('interrupted', {}));
    expect((await atcom('first.yaml --no-trace', { signal: stop.signal })).exitCode).toBe(130);
    expect(simulator.state('6001').presses).toBe(0);
  });

  it('a reader of its messages that goes away ends nothing', async () => {
    const { cwd, states } = await files({ steps: `${CALL}, { pause: 200ms }` });
    shareListeners(cwd);
    const script = `'${process.execPath}' '${ATCOM}' test first.yaml --debug --no-trace 2>&1 | head -1; exit "\${PIPESTATUS[0]}"`;
    const child = spawn('bash', ['-c', script], {
      cwd,
      env: { PATH: process.env['PATH'], HOME: cwd },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(states()).toEqual(['idle', 'idle']);
  });

  it('of the real program does the same', async () => {
    const { cwd, receiver, states } = await files({ steps: `${CALL}, ${LONG}` });
    shareListeners(cwd);
    const env = { PATH: process.env['PATH'], HOME: cwd };
    const child = spawn(process.execPath, [ATCOM, 'test', 'first.yaml', '--no-trace'], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    const closed = once(child, 'close');
    await receiver.hub.waitFor('incomingCall', { within: 10_000 });
    child.kill('SIGINT');
    expect(await closed).toEqual([null, 'SIGINT']);
    expect(out).toMatch(/stopped in step [23], [ab]: expect/);
    expect(states()).toEqual(['idle', 'idle']);
  });
});
