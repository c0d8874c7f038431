import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { runFleet } from '../fleet/run-fleet.ts';
import { refusal } from '../offline.ts';
import { portOf } from '../protocol/command-url.ts';
import { parseMac } from '../protocol/mac.ts';
import { endpointOf, type PhoneSettings } from '../protocol/settings.ts';

/**
 * Reads the ARP table of Linux; other systems are not supported.
 *
 * @param phones - those it should know; it has only neighbours to whom this computer has just spoken
 */
export type ReadArp = (phones: readonly PhoneSettings[], signal?: AbortSignal) => Promise<string>;

const LINUX: ReadArp = async (phones, signal) => {
  await runFleet(
    phones,
    (phone) => meet(phone, signal),
    () => false,
    { jobs: 64, signal },
  );
  return readFile('/proc/net/arp', 'utf8');
};

/** How long a phone has to accept a connection, in milliseconds. */
const MEETING = 2000;

/** Opens a connection and closes it; nothing is sent. */
async function meet(phone: PhoneSettings, signal: AbortSignal | undefined): Promise<void> {
  const endpoint = endpointOf(phone);
  const port = portOf(endpoint);
  if (refusal(endpoint.host, port) !== undefined) return;
  const limits = [AbortSignal.timeout(MEETING), ...(signal === undefined ? [] : [signal])];
  const socket = connect({ host: endpoint.host, port });
  try {
    await once(socket, 'connect', { signal: AbortSignal.any(limits) });
  } catch {
    // The request that follows finds out why.
  } finally {
    socket.destroy();
  }
}

/** MACs of recent neighbours by address. Phones behind a router have no entry. */
export async function readNeighbours(
  read: ReadArp = LINUX,
  phones: readonly PhoneSettings[] = [],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const text = await read(phones, signal).catch(() => '');
  // Address, hardware type, flags, MAC; incomplete entries have flags of 0 and a MAC of zeros.
  const rows = text.matchAll(/^(\d+\.\d+\.\d+\.\d+)\s+0x\w+\s+0x\w+\s+(\S+)\s/gm);
  return new Map(
    Array.from(rows, ([, address = '', mac = '']): [string, string] => [address, parseMac(mac) ?? '']).filter(
      ([, mac]) => mac !== '',
    ),
  );
}
