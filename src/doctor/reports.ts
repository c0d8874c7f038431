import { claimedAddress, isLoopbackAddress, type Sighting } from '../receiver/index.ts';

/** Where a phone is. */
export interface Location {
  /** The addresses of its host. */
  readonly hosts: readonly string[];
  readonly port: number;
  /** Whether several phones have these addresses, each a port, as behind NAT. */
  readonly shared: boolean;
}

/** What reports prove about the MAC of the phone at a place. */
export type Verdict =
  | { readonly kind: 'same' }
  /** `firsthand`: the phone's own address said so. */
  | { readonly kind: 'other'; readonly mac: string; readonly where: string; readonly firsthand: boolean }
  /** `config`: the only report disagrees with the config. */
  | { readonly kind: 'contradiction'; readonly says: string; readonly config?: true }
  | { readonly kind: 'unknown'; readonly why?: string };

/** A sighting, and the address that it is about: the one that it names, else the one that it came from. */
interface Report extends Sighting {
  readonly host: string;
  readonly port: number | undefined;
}

/** MacReports by host and by MAC: thousands of phones are looked up among thousands of reports. */
export interface MacReports {
  readonly about: ReadonlyMap<string, readonly Report[]>;
  readonly of: ReadonlyMap<string, readonly Report[]>;
}

/** Indexes sightings. */
export function readReports(sightings: readonly Sighting[]): MacReports {
  const about = new Map<string, Report[]>();
  const of = new Map<string, Report[]>();
  for (const sighting of sightings) {
    const claimed = claimedAddress(sighting.ip);
    const report = { ...sighting, host: claimed?.host ?? sighting.source, port: claimed?.port };
    push(about, report.host, report);
    push(of, report.mac, report);
  }
  return { about, of };
}

/**
 * What reports prove about the MAC of a phone. Anybody who reaches the listener can send one, so:
 *
 * - A report is about the address that it names (`ip=`), and about its port if several phones share the address.
 * - It can prove that the phone is the right one only if it names the very address that it came from. Of a
 *   name with several addresses, that holds of each: keys go to whichever of them answers.
 * - It counts against the phone wherever it came from: pressing nothing is the safe mistake.
 * - No report takes back another one. Two that disagree are a contradiction, whichever came last.
 */
export function judgeReports(mac: string, place: Location, reports: MacReports): Verdict {
  const there = place.hosts.flatMap((host) => reports.about.get(host) ?? []);
  const here = there.filter((report) => isAbout(report, place));
  const against = latest(here.filter((report) => report.mac !== mac));
  const support = here.filter((report) => report.mac === mac);
  if (against !== undefined) {
    const other = latest(support);
    return other === undefined
      ? {
          kind: 'other',
          mac: against.mac,
          where: sender(against, place),
          firsthand: isFirsthand(against, place),
        }
      : { kind: 'contradiction', says: `${statement(other)}; ${statement(against)}` };
  }
  const firsthand = support.filter((report) => report.ip !== '' && isFirsthand(report, place));
  const isProven = place.hosts.every((host) => firsthand.some((report) => isFrom(report.host, [host])));
  const proof = isProven ? latest(firsthand) : undefined;
  const away = latest((reports.of.get(mac) ?? []).filter((report) => isAway(report, place)));
  if (proof === undefined) {
    const claim = latest(support.filter((report) => isFirsthand(report, place)));
    const isHere = claim !== undefined && away !== undefined && claim.time >= away.time;
    if (away !== undefined && !isHere && place.hosts.length > 0)
      return { kind: 'contradiction', says: statement(away), config: true };
    const vague = there.some(({ port }) => port === undefined);
    return { kind: 'unknown', ...whyUnknown({ claim: latest(support), away, vague }, place) };
  }
  // No two phones have one MAC, so this one has moved, and another phone may be here now.
  if (away !== undefined && away.time > proof.time)
    return { kind: 'contradiction', says: `${statement(proof)}; ${statement(away)}` };
  return { kind: 'same' };
}

/** The MAC of the phone at a place, if its reports agree on one. */
export function reportedMac(place: Location, { about }: MacReports): string | undefined {
  const there = place.hosts.flatMap((host) => about.get(host) ?? []);
  const macs = new Set(there.filter((report) => isAbout(report, place)).map(({ mac }) => mac));
  const [mac] = macs;
  return macs.size === 1 ? mac : undefined;
}

/** Whether a report about an address is about the phone at this place. A real phone names no port. */
function isAbout({ port }: Report, place: Location): boolean {
  return port === undefined ? !place.shared : port === place.port;
}

/**
 * Whether a phone said of itself that it is at another place. Behind NAT, the address that it names is not the one that
 * its reports come from.
 */
function isAway(report: Report, { hosts, port }: Location): boolean {
  if (report.ip === '' || !isFrom(report.source, [report.host])) return false;
  return !hosts.includes(report.host) || (report.port !== undefined && report.port !== port);
}

function isFirsthand({ source }: Report, { hosts }: Location): boolean {
  return isFrom(source, hosts);
}

/** All loopback addresses are this computer. */
function isFrom(source: string, hosts: readonly string[]): boolean {
  return hosts.includes(source) || (isLoopbackAddress(source) && hosts.some(isLoopbackAddress));
}

function latest(reports: readonly Report[]): Report | undefined {
  return [...reports].sort((a, b) => Date.parse(a.time) - Date.parse(b.time)).at(-1);
}

function sender(report: Report, place: Location): string {
  return isFirsthand(report, place) ? 'its events' : `an event from ${report.source}`;
}

function statement({ source, ip, mac, time }: Report): string {
  const where = ip === '' ? '' : ` for ${ip}`;
  return `${mac}${where} from ${source} at ${time}`;
}

interface Known {
  /** A report that says that the phone is the right one, and proves nothing. */
  readonly claim: Report | undefined;
  readonly away: Report | undefined;
  /** Whether a report is about one of the phones that share the address. */
  readonly vague: boolean;
}

function whyUnknown({ claim, away, vague }: Known, place: Location): { readonly why?: string } {
  if (claim !== undefined) {
    if (!isFirsthand(claim, place))
      return {
        why: `only an event from ${claim.source} says that it is the right one, and anyone can send that`,
      };
    // If it names one, that is not all of them.
    return claim.ip === ''
      ? { why: 'its events do not name its address: add ip=$ip to its Action URLs' }
      : {};
  }
  if (away !== undefined) return { why: `the phone with that MAC reported from ${away.ip}` };
  return vague ? { why: 'several phones share its address, and no event names its port' } : {};
}

function push(map: Map<string, Report[]>, key: string, report: Report): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [report]);
  else known.push(report);
}
