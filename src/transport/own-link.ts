import { networkInterfaces } from 'node:os';
import { pause } from '../abort.ts';
import type { Endpoint } from '../protocol/command-url.ts';
import { ownAddress } from './route.ts';

/** How often to look, in milliseconds: a cable that is out comes back after seconds. */
const EVERY = 500;

/** The connection of this computer towards a phone. */
export interface OwnLink {
  /** Whether it was lost since the phone was last reached. A switch passes nothing for a while after it is back. */
  isLost(): boolean;
  /** The phone was reached. */
  reached(): void;
}

/** Watches the interface that leads to a phone now, until the signal. */
export async function watchLink(endpoint: Endpoint, signal: AbortSignal): Promise<OwnLink> {
  const own = await ownAddress(endpoint).catch(() => undefined);
  // Not every system lists the addresses that it uses.
  const watched = own !== undefined && isLinked(own) ? own : undefined;
  let lost = false;
  const isLost = () => {
    lost ||= watched !== undefined && !isLinked(watched);
    return lost;
  };
  const keepLooking = async () => {
    while (await pause(EVERY, signal)) isLost();
  };
  void keepLooking();
  return {
    isLost,
    reached() {
      lost = false;
    },
  };
}

/** Whether the interface that leads to a phone is linked now. */
export function hasLink(endpoint: Endpoint): Promise<boolean> {
  return ownAddress(endpoint).then(isLinked, () => false);
}

/** Whether an address is on an interface that is linked: Node leaves out those without a cable. */
function isLinked(own = ''): boolean {
  const [address] = own.split('%');
  try {
    const all = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
    return all.length === 0 || all.some((one) => one.address === address);
  } catch {
    // A sandbox may forbid the question.
    return true;
  }
}
