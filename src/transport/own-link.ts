import { networkInterfaces } from 'node:os';
import { pause } from '../abort.ts';
import type { Endpoint } from '../protocol/command-url.ts';
import { ownAddress } from './route.ts';

/** How often to look, in milliseconds: a cable that is out comes back after seconds. */
const EVERY = 500;

/** The connection of this computer towards a phone. */
export interface OwnLink {
  /** Whether it was lost since the phone was last reached. A switch passes nothing for a while after it is back. */
  isLost(): Promise<boolean>;
  /** The phone was reached. */
  reached(): void;
}

/** Watches the way to a phone, until the signal: the route to it, and the interface that it leads through. */
export async function watchLink(endpoint: Endpoint, signal: AbortSignal): Promise<OwnLink> {
  let usual = await ownAddress(endpoint).catch(() => undefined);
  // Not every system lists the addresses that it uses.
  const isListed = isLinked(usual);
  let latest = usual;
  let lost = usual === undefined;
  const isLost = async () => {
    latest = await ownAddress(endpoint).catch(() => undefined);
    // Another address is another way: the VPN to the phone is down, and its packets go elsewhere.
    lost ||= latest === undefined || latest !== usual || (isListed && !isLinked(latest));
    return lost;
  };
  const keepLooking = async () => {
    while (await pause(EVERY, signal)) await isLost();
  };
  void keepLooking();
  return {
    isLost,
    reached() {
      usual = latest;
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
