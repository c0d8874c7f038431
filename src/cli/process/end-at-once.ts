import { existsSync } from 'node:fs';

/** What ends a process. */
export interface Ending
  extends Pick<NodeJS.Process, 'exit' | 'getActiveResourcesInfo' | 'kill' | 'pid' | 'platform'> {
  /** Since Node 22.15. */
  readonly execve?: (file: string, args: readonly string[]) => never;
}

/** Whether the process waits for the address of a name. */
export function isLookingUp(host: Ending): boolean {
  return host.getActiveResourcesInfo().includes('GetAddrInfoReqWrap');
}

const SHELL = '/bin/sh';

/**
 * Ends the process, also where a silent name server keeps it. Nobody can cancel a lookup, and even process.exit waits
 * for all of them, 10 seconds and more each. Only a program in its place, or a signal, ends it without.
 *
 * @param signal - the one that ended the run
 */
export function endAtOnce(host: Ending, exitCode: number, signal: NodeJS.Signals | undefined): void {
  if (!isLookingUp(host) || host.platform === 'win32') host.exit(exitCode);
  else if (host.execve !== undefined && existsSync(SHELL))
    host.execve(SHELL, ['sh', '-c', `exit ${exitCode}`]);
  else if (signal !== undefined) host.kill(host.pid, signal);
  else host.exit(exitCode);
}
