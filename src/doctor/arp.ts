import { readFile } from 'node:fs/promises';

/** Reads the text of the ARP table; another one than Linux's is not read. */
export type ReadArp = () => Promise<string>;

const LINUX: ReadArp = () => readFile('/proc/net/arp', 'utf8');

/** MACs by address, of the neighbours whom this computer spoke to lately. Behind a router there are none. */
export async function readNeighbours(read: ReadArp = LINUX): Promise<ReadonlyMap<string, string>> {
  const text = await read().catch(() => '');
  // Address, kind of hardware, flags, MAC; whoever did not answer has flags of 0 and a MAC of zeros.
  const rows = text.matchAll(/^(\d+\.\d+\.\d+\.\d+)\s+0x\w+\s+0x\w+\s+(\S+)\s/gm);
  return new Map(
    Array.from(rows, ([, address = '', mac = '']): [string, string] => [address, plainMac(mac) ?? '']).filter(
      ([, mac]) => mac !== '',
    ),
  );
}

/** A MAC in its one spelling, `80:82:87:04:6B:C2`; undefined for what is none: what the network says may be anything. */
export function plainMac(text: string): string | undefined {
  if (!/^[0-9a-f]{2}([:-]?[0-9a-f]{2}){5}$/i.test(text)) return undefined;
  const mac = (text.toUpperCase().match(/[0-9A-F]{2}/g) ?? []).join(':');
  return /[1-9A-F]/.test(mac) ? mac : undefined;
}
