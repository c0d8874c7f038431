import { portOf } from '../protocol/command-url.ts';
import { parseMac } from '../protocol/mac.ts';
import { endpointOf, nameOf, type PhoneSettings, phoneKey } from '../protocol/settings.ts';
import { isLoopbackAddress, type Sighting } from '../receiver/index.ts';
import { type ReadArp, readNeighbours } from './arp.ts';
import { type Finding, ok, problem, skipped, warning } from './finding.ts';
import { judgeReports, type Location, type MacReports, readReports, reportedMac } from './reports.ts';
import { resolvedHosts } from './route.ts';
import type { Look } from './subject.ts';

/** What is known about phones before anything is pressed. */
export interface Hearsay {
  /** What a listener heard. */
  readonly reports: MacReports;
  /** MACs by address. */
  readonly neighbours: ReadonlyMap<string, string>;
  /** Hosts of several phones, each at a port of its own. */
  readonly shared: ReadonlySet<string>;
}

/** The result of comparing a phone's MAC with the one in the config. */
export type MacAnswer =
  /** `doubt`: what says otherwise, although a better source says that it is the same. */
  | { readonly kind: 'same'; readonly where: string; readonly doubt?: string }
  | { readonly kind: 'other'; readonly mac: string; readonly where: string }
  /** Reports disagree, and nothing here decides. */
  | { readonly kind: 'contradiction'; readonly says: string; readonly config?: true }
  | { readonly kind: 'unknown'; readonly why: string };

const ARP = 'the ARP table of this computer';

/**
 * Whether the phone at an address is the one that the config means. Events come first, because they know phones behind
 * routers, then the ARP table; either of them can say no. The phone itself is asked only if neither decides.
 */
export async function compareMac(
  phone: PhoneSettings,
  hearsay: Hearsay,
  signal?: AbortSignal,
): Promise<MacAnswer> {
  const mac = parseMac(phone.mac ?? '') ?? '';
  const place = await placeOf(phone, hearsay);
  const reports = judgeReports(mac, place, hearsay.reports);
  if (reports.kind === 'other' && reports.firsthand) return reports;
  const neighbour = inNeighbours(place, hearsay, mac);
  if (neighbour !== undefined && neighbour !== mac) return { kind: 'other', mac: neighbour, where: ARP };
  if (reports.kind === 'same') return { kind: 'same', where: 'its events' };
  const [shown, where] =
    neighbour === undefined
      ? ([await onStatusPage(phone, signal), 'its status page'] as const)
      : [neighbour, ARP];
  if (shown === undefined) return reports.kind === 'unknown' ? { why: unseen(place), ...reports } : reports;
  if (shown !== mac) return { kind: 'other', mac: shown, where };
  const doubt = doubtOf(reports);
  return { kind: 'same', where, ...(doubt === undefined ? {} : { doubt }) };
}

function doubtOf(reports: ReturnType<typeof judgeReports>): string | undefined {
  if (reports.kind === 'contradiction') return reports.says;
  return reports.kind === 'other' ? `${reports.mac} by ${reports.where}` : undefined;
}

/** The MAC of the device at a phone's address; the phone itself is not asked. */
export async function macOf(phone: PhoneSettings, hearsay: Hearsay): Promise<string | undefined> {
  const place = await placeOf(phone, hearsay);
  return reportedMac(place, hearsay.reports) ?? inNeighbours(place, hearsay);
}

/** Phones to speak to first, because the ARP table knows no others. */
interface Meeting {
  readonly meet?: readonly PhoneSettings[];
  readonly signal?: AbortSignal;
}

/**
 * What is known, read once for all phones.
 *
 * @param phones - every phone of the config, because they tell which addresses are shared
 */
export async function gatherHearsay(
  phones: Iterable<PhoneSettings>,
  sightings: readonly Sighting[],
  readArp: ReadArp | undefined,
  { meet = [], signal }: Meeting = {},
): Promise<Hearsay> {
  return {
    reports: readReports(sightings),
    neighbours: await readNeighbours(readArp, meet, signal),
    shared: sharedHosts(phones),
  };
}

/** The hosts that several phones have in common. */
function sharedHosts(phones: Iterable<PhoneSettings>): ReadonlySet<string> {
  const first = new Map<string, string>();
  const shared = new Set<string>();
  for (const phone of phones) {
    const { host } = endpointOf(phone);
    const key = phoneKey(phone);
    if ((first.get(host) ?? key) !== key) shared.add(host);
    first.set(host, key);
  }
  return shared;
}

async function placeOf(phone: PhoneSettings, { shared }: Hearsay): Promise<Location> {
  const endpoint = endpointOf(phone);
  const hosts = await resolvedHosts(endpoint.host);
  const isShared = [endpoint.host, ...hosts].some((host) => shared.has(host) || isLoopbackAddress(host));
  return { hosts, port: portOf(endpoint), shared: isShared };
}

/** Whether the phone has the MAC that the config gives. */
export const checkMac: Look = async ({ settings, listening, readArp, config, signal }) => {
  const { mac } = settings;
  if (mac === undefined) return [skipped('mac', 'no mac: in the config to compare')];
  const sightings = listening instanceof Error ? [] : listening.hub.sightings();
  const hearsay = await gatherHearsay(config.phones.values(), sightings, readArp);
  return [findingOf(await compareMac(settings, hearsay, signal), mac, nameOf(settings))];
};

function findingOf(answer: MacAnswer, mac: string, name: string): Finding {
  switch (answer.kind) {
    case 'unknown':
      return skipped('mac', `cannot be checked: ${answer.why}`);
    case 'same': {
      const same = `${answer.where} and the config say ${mac}`;
      return answer.doubt === undefined
        ? ok('mac', same)
        : warning('mac', `${same}, but events contradict: ${answer.doubt}`, FORGET);
    }
    case 'contradiction':
      return answer.config === true
        ? problem('mac', WRONG_PHONE, `events contradict the config: ${answer.says}`, correct(name))
        : problem('mac', WRONG_PHONE, `events contradict each other: ${answer.says}`, FORGET);
    case 'other':
      return problem(
        'mac',
        WRONG_PHONE,
        `this is another phone: ${answer.where}: ${answer.mac}; the config: ${mac}`,
        correct(name),
      );
  }
}

function correct(name: string): string {
  return `correct host: or mac: of ${name} in the config; atcom discover finds where a phone is now`;
}

/** The exit code of any mistake in a config. */
const WRONG_PHONE = 2;

function unseen({ hosts }: Location): string {
  const whose = hosts.length > 1 ? 'the MAC of each address of its name' : 'its MAC';
  return `neither an event that a listener heard nor the ARP table shows ${whose}`;
}

/** Who sent the wrong report is in the message. */
const FORGET =
  'find out which report is wrong; if the phone was replaced or moved, restart the listener, which then forgets the earlier reports';

/** That page needs a password; where it would go in clear text, it stays here until the phone is known. */
async function onStatusPage(
  settings: PhoneSettings,
  stop: AbortSignal | undefined,
): Promise<string | undefined> {
  if (settings.password === undefined || settings.auth === 'basic') return undefined;
  const { readMac } = await import('../setup/index.ts');
  return readMac({ settings, stop });
}

/**
 * The MAC of a phone, if each of its addresses has it: keys go to whichever of them answers. If one has another, that one.
 * Of an address that several phones share, the ARP table has the device in front of them.
 */
function inNeighbours(
  { hosts, shared }: Location,
  { neighbours }: Hearsay,
  mac?: string,
): string | undefined {
  if (shared) return undefined;
  const found = hosts.map((host) => neighbours.get(host));
  const another = found.find((one) => one !== undefined && one !== mac);
  return another ?? (found.includes(undefined) ? undefined : found[0]);
}
