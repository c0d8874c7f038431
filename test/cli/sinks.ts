import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A web server that does with each connection what a test says, and knows which are open. */
export async function hook(serve: (socket: Socket) => void) {
  const open = new Set<Socket>();
  let count = 0;
  const quiet = new Set<() => void>();
  const server = createServer((socket) => {
    count += 1;
    open.add(socket);
    socket
      .on('error', () => undefined)
      .on('close', () => {
        open.delete(socket);
        if (open.size === 0) for (const each of quiet) each();
      });
    socket.once('data', () => serve(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  /** Settles when no connection is open. */
  const closed = () => new Promise<void>((resolve) => (open.size === 0 ? resolve() : quiet.add(resolve)));
  return { url, closed, count: () => count };
}

/** Whether a process is there, and no zombie. */
export function isRunning(pid: string): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid.trim()}/status`, 'utf8'));
  } catch {
    return false;
  }
}
