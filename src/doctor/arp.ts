import { readFile } from 'node:fs/promises';
import { parseMac } from '../protocol/mac.ts';

/** Reads the ARP table of Linux; other systems are not supported. */
export type ReadArp = () => Promise<string>;

const LINUX: ReadArp = () => readFile('/proc/net/arp', 'utf8');

/** MACs of recent neighbours by address. Phones behind a router have no entry. */
export async function readNeighbours(read: ReadArp = LINUX): Promise<ReadonlyMap<string, string>> {
  const text = await read().catch(() => '');
  // Address, hardware type, flags, MAC; incomplete entries have flags of 0 and a MAC of zeros.
  const rows = text.matchAll(/^(\d+\.\d+\.\d+\.\d+)\s+0x\w+\s+0x\w+\s+(\S+)\s/gm);
  return new Map(
    Array.from(rows, ([, address = '', mac = '']): [string, string] => [address, parseMac(mac) ?? '']).filter(
      ([, mac]) => mac !== '',
    ),
  );
}
