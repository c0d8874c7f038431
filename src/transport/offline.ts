import { env } from 'node:process';
import { virtualAddresses } from '../protocol/virtual-addresses.ts';

/** `ATCOM_OFFLINE` is set, and the phone is not a virtual phone of this process. */
export class OfflineError extends Error {
  constructor() {
    super('ATCOM_OFFLINE is set');
  }
}

/**
 * Why no connection may be made; undefined if it may. The environment is read here because unit tests use the library
 * without the command line, and their usual guards do not see its sockets.
 */
export function refusal(host: string, port: string | number): OfflineError | undefined {
  const { ATCOM_OFFLINE: offline = '' } = env;
  if (offline === '' || offline === '0' || virtualAddresses().has(`${host}:${port}`)) return undefined;
  return new OfflineError();
}
