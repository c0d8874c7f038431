import { isIP } from 'node:net';
import type { Happening } from './handset/happenings.ts';
import type { Handset } from './handset/state.ts';
import type { PhoneLine } from './line.ts';
import type { VariableValues } from './template.ts';

/** What a phone knows about itself. */
export interface Identity {
  readonly mac: string;
  /** Its address, with the port unless it is 80. */
  readonly ip: string;
  /** The host of SIP addresses. */
  readonly sipHost: string;
}

/** As in the document's captures. */
export const FIRMWARE = '2.2.5.45698';

/** ATCOM's prefix, then the number of the phone. */
export function macOf(index: number): string {
  const number = (index + 1).toString(16).toUpperCase().padStart(6, '0');
  return ['80', '82', '87', ...(number.match(/../g) ?? [])].join(':');
}

/**
 * The address that a phone reports. Virtual phones share an address, so the port is how a listener tells them apart; a
 * real phone reports only its address. A phone that listens on every address is reachable on loopback.
 */
export function identityOf(index: number, address: string, port: number): Identity {
  const own = { '0.0.0.0': '127.0.0.1', '::': '::1' }[address] ?? address;
  const sipHost = isIP(own) === 6 ? `[${own}]` : own;
  return { mac: macOf(index), ip: port === 80 ? own : `${sipHost}:${port}`, sipHost };
}

/** The values of all variables for one happening. Without a call, those of the other party are empty. */
export function valuesOf(
  { call = '', remote = '', called = '' }: Happening,
  handset: Handset,
  { mac, ip, sipHost }: Identity,
  line: PhoneLine,
): VariableValues {
  const { extension, model } = handset;
  const host = line.host ?? sipHost;
  const uri = `sip:${extension}@${host}`;
  return {
    mac,
    ip,
    model,
    firmware: FIRMWARE,
    active_url: uri,
    active_user: extension,
    active_host: host,
    local: uri,
    remote: remote === '' ? '' : `sip:${remote}@${host}`,
    display_local: displayName(extension),
    display_remote: line.nameOf(remote),
    call_id: call,
    caller_id: handset.calls.find(({ leg }) => leg.id !== call)?.leg.id ?? '',
    called_number: called,
  };
}

function displayName(extension: string): string {
  return `Virtual ${extension}`;
}
