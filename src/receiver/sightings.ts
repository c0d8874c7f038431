import { parseMac } from '../protocol/mac.ts';
import { claimedAddress } from './claimed-address.ts';

/** A MAC address that was reported: by whom, and for which address. */
export interface Sighting {
  /** The address that the report came from. */
  readonly source: string;
  /** The address that the report names (`ip=`); empty if it names none. */
  readonly ip: string;
  readonly mac: string;
  /** When it was last reported, in ISO 8601. */
  readonly time: string;
}

/** A sighting with its time as a number, which every report sets. */
interface Seen extends Omit<Sighting, 'time'> {
  at: number;
}

/** Anyone who reaches the listener can make up reports, so their number is bounded. */
const MOST = 10_000;

/**
 * Every combination of source, address and MAC that was reported. Each comes from a single report: the address of one
 * report and the MAC of another would make a statement that no phone made.
 */
export class Sightings {
  /** By source, so that a source that makes up reports displaces its own first. */
  readonly #bySource = new Map<string, Map<string, Seen>>();
  /** The sources that have so many, so that the one with the most is found without looking through all. */
  readonly #having: Set<string>[] = [];
  #count = 0;
  #last = 0;

  /** Every sighting, the latest last. */
  get all(): readonly Sighting[] {
    const all = [...this.#bySource.values()].flatMap((sightings) => [...sightings.values()]);
    const sorted = all.sort((a, b) => a.at - b.at);
    return sorted.map(({ at, ...sighting }) => ({ ...sighting, time: new Date(at).toISOString() }));
  }

  /** Adds a sighting, or the time of one that is known. A text that is not the MAC of a phone says nothing. */
  add({ source, ip, mac, time }: Sighting): void {
    if (mac === '') return;
    const known = this.#bySource.get(source);
    const own = known ?? new Map<string, Seen>();
    const key = `${mac} ${ip}`;
    const before = own.get(key);
    if (before === undefined) {
      const canonical = parseMac(mac);
      if (canonical === undefined) return;
      if (claimedAddress(ip) === undefined && ip !== '') {
        this.add({ source, ip: '', mac, time });
        return;
      }
      own.set(key, { source, ip, mac: canonical, at: this.#inOrder(time) });
      this.#count += 1;
      this.#bySource.set(source, own);
      this.#move(source, own.size - 1, own.size);
    } else before.at = this.#inOrder(time);
    if (this.#count > MOST) this.#forgetOne();
  }

  /** A time not before those before it, because what came last counts, also where the clock was set back meanwhile. */
  #inOrder(time: string): number {
    const told = Date.parse(time) || 0;
    this.#last = told < this.#last ? this.#last + 1 : told;
    return this.#last;
  }

  /** Forgets the oldest sighting of the source that has the most. */
  #forgetOne(): void {
    const [source = ''] = this.#having.at(-1) ?? [];
    const sightings = this.#bySource.get(source);
    const [oldest = ''] = sightings?.keys() ?? [];
    if (sightings?.delete(oldest) !== true) return;
    if (sightings.size === 0) this.#bySource.delete(source);
    this.#move(source, sightings.size + 1, sightings.size);
    this.#count -= 1;
  }

  /** A source has one more or one less. */
  #move(source: string, before: number, now: number): void {
    this.#having[before]?.delete(source);
    if (now > 0) {
      const those = this.#having[now] ?? new Set();
      this.#having[now] = those.add(source);
    }
    while (this.#having.length > 0 && !this.#having.at(-1)?.size) this.#having.pop();
  }
}
