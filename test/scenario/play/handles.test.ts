import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { freeHandles, handlesOf, Room } from '../../../src/scenario/play/handles.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import { emptyFolder } from '../../cli/run.ts';

/** A scenario, as far as its handles matter. */
function scenario(virtual: number, real = 0): Scenario {
  const roles = [...Array(virtual + real).keys()].map((index) => ({ virtual: index < virtual }));
  return { roles } as unknown as Scenario;
}

const run = async () => 'ran';

describe('room for scenarios', () => {
  it('is what the largest of those that run side by side need', () => {
    const asked: number[] = [];
    const count = (most: number) => asked.push(most);
    const scenarios = [scenario(1), scenario(3), scenario(2, 1)];
    new Room(scenarios, 2, count);
    expect(asked).toEqual([handlesOf(scenario(3)) + handlesOf(scenario(2, 1))]);
  });

  it('lets a scenario wait for another, and has room again after it', async () => {
    const [one, other] = [scenario(2), scenario(2)];
    const room = new Room([one, other], 2, () => handlesOf(one) + 1);
    expect(room.has(one)).toBe(true);
    let end = () => {};
    const ran = room.within(one, () => new Promise<void>((resolve) => (end = resolve)));
    expect(room.has(other)).toBe(false);
    end();
    await ran;
    expect(room.has(other)).toBe(true);
  });

  it('refuses a scenario that needs more than there is', async () => {
    const room = new Room([scenario(2)], 1, () => 3);
    await expect(room.within(scenario(2), run)).rejects.toMatchObject({
      code: 'too-few-handles',
      details: { free: 3 },
    });
  });

  it('is counted up to what is needed, and released', () => {
    expect(freeHandles(20)).toBe(20);
    const open = () => readdirSync('/dev/fd').length;
    const before = open();
    freeHandles(50);
    expect(open()).toBe(before);
  });

  it('is assumed where there is no file to count with, as in a bare chroot', () => {
    expect(freeHandles(20, '/nonexistent/null')).toBe(20);
  });
});

describe('atcom test', () => {
  const examples = new URL('../../../examples/scenarios/', import.meta.url).pathname;
  const program = new URL('../../../bin/atcom.js', import.meta.url).pathname;

  /** Runs scenarios of which each has three virtual phones, with a limit of open files. */
  async function limited(most: number, ...words: readonly string[]) {
    const home = emptyFolder();
    const files = ['conference', 'attended-transfer', 'blind-transfer'].map(
      (name) => `${examples}${name}.yaml`,
    );
    const line = `ulimit -n ${most}; exec "$0" "$@"`;
    const all = [process.execPath, program, 'test', ...files, '--json', '--no-trace', ...words];
    const child = spawn('sh', ['-c', line, ...all], {
      env: { HOME: home, PATH: process.env['PATH'] },
      cwd: home,
    });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      out += text;
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    return { code, document: JSON.parse(out) };
  }

  it('runs fewer side by side where few files can be opened', async () => {
    const { code, document } = await limited(64, '--jobs', '8');
    expect([code, document.summary]).toMatchObject([0, { scenarios: 3, passed: 3 }]);
  }, 60_000);

  it('says that it is this computer where there are too few for one', async () => {
    const { code, document } = await limited(30);
    expect(code).toBe(3);
    for (const { error } of document.results) {
      expect(error).toMatchObject({ code: 'too-few-handles', hint: expect.stringContaining('ulimit -n') });
    }
  }, 60_000);
});
