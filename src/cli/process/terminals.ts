import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { isPlain } from './plain-output.ts';

/**
 * Puts the null device in the place of each terminal that is gone: Node resets its terminals as it ends, and Node 20
 * aborts if it cannot.
 */
export function replaceGoneTerminals(): void {
  for (const handle of [0, 1, 2]) {
    try {
      if (isPlain(handle) || !fstatSync(handle).isCharacterDevice() || isTerminal(handle)) continue;
      closeSync(handle);
      // It gets the lowest number that is free.
      openSync(devNull, 'r+');
    } catch {
      // It is closed.
    }
  }
}

/** O_CLOEXEC, which no handle has that came from another program. */
const OF_ITS_OWN = 0o2000000;

/**
 * A terminal whose writes do not wait until it takes them: after Ctrl-S, or at a sleeping ssh, everything would stand still,
 * signals too. Only where Node has opened the terminal anew: a handle that it shares would not wait in the shell, either.
 */
export function unhindered(number: 1 | 2, stream: NodeJS.WriteStream): NodeJS.WriteStream {
  try {
    if (!stream.isTTY) return stream;
    const info = readFileSync(`/proc/self/fdinfo/${number}`, 'utf8');
    const flags = Number.parseInt(/^flags:\s+(\d+)/m.exec(info)?.[1] ?? '', 8);
    // Node has no public name for it.
    const { _handle: handle } = stream as Waiting;
    if ((flags & OF_ITS_OWN) !== 0) handle?.setBlocking?.(false);
  } catch {
    // This is not Linux.
  }
  return stream;
}

interface Waiting extends NodeJS.WriteStream {
  readonly _handle?: { setBlocking?(waits: boolean): void };
}

export function isTerminal(handle: number): boolean {
  return process.getBuiltinModule('node:tty').isatty(handle);
}
