import type { ChildProcess } from 'node:child_process';
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import { pause } from '../../../abort.ts';
import { isBehind, type Writable } from '../../output/output.ts';
import type { Complain } from './sink.ts';

/** How long the last commands have to write what is left, in milliseconds. */
const LAST_MOMENT = 300;

/** Where the commands of `--exec` write. */
export interface CommandOutput {
  /** Their stdout and stderr, for `spawn`. */
  readonly handles: readonly (number | 'inherit' | 'pipe')[];
  /** Prints what a command writes to a pipe of this program. */
  print(child: ChildProcess): void;
  /** Settles when all of it was printed, but for what they left behind: that goes on, and writes there without it. */
  drain(): Promise<void>;
}

/** Commands write where this program does. */
export async function commandOutput(
  { stdout, stderr }: { readonly stdout: Writable; readonly stderr: Writable },
  complain: Complain,
): Promise<CommandOutput> {
  const { spawn } = await import('node:child_process');
  const open = new Map<Socket, 1 | 2>();
  const print = (from: Socket, to: Writable, handle: 1 | 2) => {
    // A command may leave something behind that runs on.
    from.unref();
    open.set(from, handle);
    from.once('close', () => open.delete(from));
    from.on('error', () => undefined);
    from.setEncoding('utf8').on('data', (text: string) => {
      if (isBehind(to))
        complain('--exec output', '--exec: output lost, because too much waits for its reader');
      else to.write(text);
    });
  };
  return {
    handles: [handleFor(1), handleFor(2)],
    print(child) {
      // A command that could not be started may have none.
      if (child.stdout) print(child.stdout as Socket, stdout, 1);
      if (child.stderr) print(child.stderr as Socket, stderr, 2);
    },
    async drain() {
      const closed = [...open.keys()].map((from) => new Promise((resolve) => from.once('close', resolve)));
      await Promise.race([Promise.all(closed), pause(LAST_MOMENT)]);
      // It waits for its reader, and so would what this program has still to write there.
      const isRead = [stdout, stderr].every(({ writableLength = 0 }) => writableLength === 0);
      for (const [from, handle] of isRead ? open : []) {
        from.pause();
        // Without a reader, its next word would be its end.
        const stdio = [from, handle, 'ignore'] as const;
        spawn('cat', { stdio: [...stdio], detached: true, env: {} })
          .on('error', () => undefined)
          .unref();
      }
      for (const from of open.keys()) from.destroy();
    },
  };
}

/**
 * What a command gets as its stdout or stderr. Node lets its writes to an inherited pipe, socket or terminal wait for the
 * reader, and so, as both are one to the system, this program's too: it would stand still as a whole. So it is opened
 * once more; what cannot be, as a socket, or a pipe of another user, is written to by this program alone.
 */
function handleFor(handle: 1 | 2): number | 'inherit' | 'pipe' {
  try {
    const stats = fstatSync(handle);
    if (stats.isFile()) return 'inherit';
    const place = `/proc/self/fd/${handle}`;
    const open = () => openSync(place, constants.O_WRONLY | constants.O_NOCTTY);
    if (!stats.isFIFO()) return open();
    // To open a named pipe that nobody reads any more would wait for a reader, so there is one meanwhile.
    const reader = openSync(place, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return open();
    } finally {
      closeSync(reader);
    }
  } catch {
    return 'pipe';
  }
}
