import { readFile } from 'node:fs/promises';

/** Reads the ARP table of Linux; other systems are not supported. */
export type ReadArp = () => Promise<string>;

const LINUX: ReadArp = () => readFile('/proc/net/arp', 'utf8');

/** MACs of recent neighbours by address. Phones behind a router have no entry. */
export async function readNeighbours(read: ReadArp = LINUX): Promise<ReadonlyMap<string, string>> {
  const text = await read().catch(() => '');
  // Address, hardware type, flags, MAC; incomplete entries have flags of 0 and a MAC of zeros.
  const rows = text.matchAll(/^(\d+\.\d+\.\d+\.\d+)\s+0x\w+\s+0x\w+\s+(\S+)\s/gm);
  return new Map(
    Array.from(rows, ([, address = '', mac = '']): [string, string] => [address, plainMac(mac) ?? '']).filter(
      ([, mac]) => mac !== '',
    ),
  );
}

/** A canonical MAC, `80:82:87:04:6B:C2`; undefined for anything else, because the network may send anything. */
export function plainMac(text: string): string | undefined {
  if (!/^[0-9a-f]{2}([:-]?[0-9a-f]{2}){5}$/i.test(text)) return undefined;
  const mac = (text.toUpperCase().match(/[0-9A-F]{2}/g) ?? []).join(':');
  return /[1-9A-F]/.test(mac) ? mac : undefined;
}
