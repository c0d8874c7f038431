import dns, { type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { perProcess } from './per-process.ts';

type Callback = Parameters<LookupFunction>[2];

/** Who waits for the lookup of a name. */
const waiting = perProcess('lookups', () => new Map<string, Callback[]>());

/**
 * Looks a name up, once for all who ask at the same time. Nobody can cancel a lookup: where a name server is silent, each
 * takes many seconds and Node does two at a time, so that those of one name would keep all others waiting.
 */
export const lookUpOnce: LookupFunction = (host, options, callback) => {
  const key = JSON.stringify([host, options]);
  const others = waiting.get(key);
  if (others !== undefined) {
    others.push(callback);
    return;
  }
  const all = [callback];
  waiting.set(key, all);
  dns.lookup(host, options, (error, address: string | LookupAddress[], family?: number) => {
    waiting.delete(key);
    for (const each of all) each(error, address, family);
  });
};
