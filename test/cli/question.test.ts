import { PassThrough } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSimulator } from '../../src/simulator/index.ts';
import { batch } from './batches.ts';
import { run } from './run.ts';

/** What a person types on a terminal, which stays open. */
function terminal(typed: string): PassThrough {
  const stdin = new PassThrough();
  stdin.write(typed);
  return stdin;
}

async function virtual(phones: number) {
  const simulator = await startSimulator({ phones, approved: true });
  onTestFinished(() => simulator.close());
  const pressed = () =>
    simulator.phones.flatMap(({ extension }) => simulator.state(extension).log.map(({ key }) => key));
  return { hosts: simulator.phones.map(({ host }) => host), pressed };
}

describe('a question on a terminal', () => {
  it.each([
    ['yes\n', 0, ['REBOOT']],
    ['no\n', 2, []],
  ])('is answered with %j', async (answer, exitCode, keys) => {
    const { hosts, pressed } = await virtual(1);
    const words = ['reboot', '--to', hosts[0] ?? ''];
    const ended = await run(words, { typed: '', stdin: terminal(answer) });
    expect(ended.exitCode).toBe(exitCode);
    expect(ended.stderr).toContain('Continue?');
    expect(pressed()).toEqual(keys);
  });

  it.each([
    [['reboot'], 1, 'sent'],
    [['dnd', 'on'], 11, 'sent'],
    [['allow'], 11, 'sent'],
    [['setup', 'action-urls', 'http://127.0.0.1:9', '--only', 'hold'], 11, 'written'],
  ])('is not asked by %j --to -, which has read it to its end', async (words, phones, undone) => {
    const { hosts, pressed } = await virtual(phones);
    const { exitCode, stderr } = await run([...words, '--to', '-'], { typed: `${hosts.join('\n')}\n` });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`nothing was ${undone} [not-confirmed]\n  Fix: add --yes if you mean it`);
    if (words[0] === 'dnd') expect(stderr).toContain('this presses DND_ON on 11 phones: ');
    expect(stderr).not.toContain('Continue?');
    expect(pressed()).toEqual([]);
  });

  it('is not needed with --yes', async () => {
    const { hosts, pressed } = await virtual(1);
    const { exitCode } = await run(['reboot', '--yes', '--to', '-'], { typed: `${hosts.join('\n')}\n` });
    expect(exitCode).toBe(0);
    expect(pressed()).toEqual(['REBOOT']);
  });

  it('is not asked by a line of run -, where the next line is no answer, and an answer no line', async () => {
    const { cwd, pressed } = await batch('');
    const lines = 'hold --to desk\nkey REBOOT --to desk\nyes\nresume --to desk\n';
    const { exitCode, stderr } = await run(['run', '-'], { cwd, typed: '', stdin: terminal(lines) });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/stdin:2: this presses REBOOT on desk; nothing was sent; .*add --yes to line 2/s);
    expect(stderr).not.toContain('Continue?');
    expect(pressed()).toEqual(['HOLD']);
  });

  it('is asked by a line of a file', async () => {
    const { cwd, file, pressed } = await batch('key REBOOT --to desk\nhold --to desk\n');
    const { exitCode } = await run(['run', file], { cwd, typed: '', stdin: terminal('yes\n') });
    expect(exitCode).toBe(0);
    expect(pressed()).toEqual(['REBOOT', 'HOLD']);
  });
});
