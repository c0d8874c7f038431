import { describe, expect, it } from 'vitest';
import { run } from './run.ts';

describe('an option that takes one value', () => {
  it.each([
    ['hold --targets-file a --targets-file b', '--targets-file'],
    ['hold --to virtual --timeout 1s --timeout 2s', '--timeout'],
    ['hold --to virtual -j 1 -j 2', '--jobs'],
    ['--config a hold --config b', '--config'],
    ['setup allow-list --add 10.0.0.1 --add 10.0.0.2 --to virtual', '--add'],
    ['listen --exec a --exec b', '--exec'],
  ])('is no use twice: %s', async (words, option) => {
    const { exitCode, stderr } = await run(words.split(' '));
    expect(stderr).toContain(`error: ${option} is given twice, and takes one value [usage]`);
    expect(exitCode).toBe(2);
  });

  it('is no use twice in a line of a batch either, and once in each', async () => {
    const twice = await run(['run', '-'], { input: 'hold --to virtual --delay 1s --delay 2s\n' });
    expect(twice.stderr).toContain('stdin:1: --delay is given twice');
    const each = await run(['run', '-', '--dry-run'], { input: 'hold --to virtual --delay 1s\n'.repeat(2) });
    expect(each.exitCode).toBe(0);
  });
});

it('what is repeatable is not refused', async () => {
  const words = [
    'hold',
    '--to',
    'virtual',
    '--to',
    '10.0.0.1',
    '--exclude',
    '10.0.0.1',
    '-x',
    '10.0.0.2',
    '-n',
  ];
  expect((await run(words)).exitCode).toBe(0);
});
