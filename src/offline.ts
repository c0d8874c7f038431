import { env } from 'node:process';
import { virtualAddresses } from './protocol/virtual-addresses.ts';

/** `ATCOM_OFFLINE` is set, and the phone is not a virtual phone of this process. */
export class OfflineError extends Error {
  constructor() {
    super('ATCOM_OFFLINE is set');
  }
}

/**
 * Whether `ATCOM_OFFLINE` is set. The environment is read here because unit tests use the library without the command
 * line, and their usual guards do not see its sockets.
 */
export function isOffline(): boolean {
  const { ATCOM_OFFLINE: offline = '' } = env;
  return offline !== '' && offline !== '0';
}

/** Why no connection to a phone may be made; undefined if it may. */
export function refusal(host: string, port: string | number): OfflineError | undefined {
  return isOffline() && !virtualAddresses().has(`${host}:${port}`) ? new OfflineError() : undefined;
}
