import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { openTerminal } from '../../../src/cli/process/terminal.ts';

/** A process on a terminal, and what becomes of it at Ctrl-Z. */
function hostOf(kill: (host: EventEmitter) => void): NodeJS.Process {
  const host: EventEmitter = Object.assign(new EventEmitter(), {
    stdin: { isTTY: true },
    stdout: { isTTY: true },
    kill: () => kill(host),
  });
  return host as unknown as NodeJS.Process;
}

describe('at Ctrl-Z, a terminal', () => {
  it.each<[string, (host: EventEmitter) => void]>([
    ['that a shell continues', (host) => setImmediate(() => host.emit('SIGCONT'))],
    ['that no shell looks after, where nothing stops', () => undefined],
  ])('%s is used again', async (_, kill) => {
    const host = hostOf(kill);
    await openTerminal(host)?.suspend();
    expect(host.listenerCount('SIGCONT')).toBe(0);
  });

  it('is none where input or output is something else', () => {
    expect(
      openTerminal(
        Object.assign(
          hostOf(() => undefined),
          { stdout: {} },
        ),
      ),
    ).toBeUndefined();
  });
});
