import { EventEmitter } from 'node:events';
import { expect, it, vi } from 'vitest';
import { dieOfInterrupt } from '../../../src/cli/process/signals.ts';

it.each([
  ['linux', [[4711, 'SIGINT']]],
  ['win32', []],
] as const)('ends by Ctrl-C, and not with a code, once all else is done: %s', (platform, killed) => {
  const kill = vi.fn(() => true as const);
  const host = Object.assign(new EventEmitter(), { kill, pid: 4711, platform });
  dieOfInterrupt(host as unknown as Parameters<typeof dieOfInterrupt>[0]);
  expect(kill).not.toHaveBeenCalled();
  host.emit('exit', 130);
  expect(kill.mock.calls).toEqual(killed);
});
