import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AtcomError } from '../errors.ts';
import { addressHint, networkReason } from '../protocol/network-reasons.ts';
import { virtualAddresses } from '../protocol/virtual-addresses.ts';

type Bound = Pick<AddressInfo, 'address' | 'port'>;

/** Descriptions of common errors; others are described by their code. */
const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use',
  EACCES: 'no permission for this port',
  EADDRNOTAVAIL: 'this computer has no such address',
  EMFILE: 'this computer lets atcom open no more files',
  ENFILE: 'this computer can open no more files',
  ERR_SOCKET_BAD_PORT: 'a port is a number from 0 to 65535',
};

const MORE_FILES = 'raise the limit: ulimit -n 4096, or start fewer phones';

/**
 * Listens and returns the address. Until the server closes, the address counts as that of a virtual phone of this
 * process.
 */
export function listen(server: Server, host: string, port: number): Promise<Bound> {
  return new Promise<Bound>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address : { address: host, port };
      const own = `${host}:${bound.port}`;
      virtualAddresses().add(own);
      server.once('close', () => virtualAddresses().delete(own));
      resolve(bound);
    });
  }).catch((cause: NodeJS.ErrnoException) => {
    const { code = '' } = cause;
    const details = { address: `${host}:${port}`, reason: REASONS[code] ?? networkReason(cause) };
    const hint = code.endsWith('FILE') ? MORE_FILES : addressHint(code);
    throw new AtcomError('port-unavailable', hint === undefined ? details : { ...details, hint }, { cause });
  });
}

/** Also closes connections that hang on purpose. */
export async function closeAll(servers: readonly Server[]): Promise<void> {
  await Promise.all(
    servers.map(
      (server) =>
        new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    ),
  );
}
