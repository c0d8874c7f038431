import { isIP } from 'node:net';
import { endpointOf, type PhoneSettings } from '../protocol/settings.ts';
import type { HeardPhone } from '../receiver/index.ts';
import { plainMac, type ReadArp, readNeighbours } from './arp.ts';
import { type Finding, ok, problem, skipped } from './finding.ts';
import { resolvedHosts } from './route.ts';
import type { Look } from './subject.ts';

/** What is known about phones before anything is pressed. */
export interface Hearsay {
  /** Phones that the listener heard. */
  readonly heard: readonly HeardPhone[];
  /** MACs by address. */
  readonly neighbours: ReadonlyMap<string, string>;
}

/** A source of MAC addresses. */
interface Source {
  /** Its name within a sentence. */
  readonly where: string;
  readonly look: (phone: PhoneSettings, hearsay: Hearsay) => Promise<string | undefined>;
  /** It asks the phone, so it comes last, and only where nobody else knows. */
  readonly asks?: true;
}

/** One line per source, most trusted first. */
const SOURCES: readonly Source[] = [
  { where: 'its events', look: inEvents },
  { where: 'the ARP table of this computer', look: inNeighbours },
  { where: 'its status page', look: onStatusPage, asks: true },
];

/** The result of comparing a phone's MAC with the one in the config. */
export type MacAnswer =
  | { readonly kind: 'same' | 'other'; readonly mac: string; readonly where: string }
  | { readonly kind: 'unknown' };

/** Whether the phone at an address is the one that the config means. One source that says no is enough. */
export async function compareMac(phone: PhoneSettings, hearsay: Hearsay): Promise<MacAnswer> {
  let answer: MacAnswer = { kind: 'unknown' };
  for (const { where, look, asks } of SOURCES) {
    if (asks && answer.kind !== 'unknown') continue;
    const mac = await look(phone, hearsay);
    if (mac === undefined) continue;
    if (mac !== plainMac(phone.mac ?? '')) return { kind: 'other', mac, where };
    if (answer.kind === 'unknown') answer = { kind: 'same', mac, where };
  }
  return answer;
}

/** The MAC of the device at a phone's address; the phone itself is not asked. */
export async function macOf(phone: PhoneSettings, hearsay: Hearsay): Promise<string | undefined> {
  for (const { look, asks } of SOURCES) {
    const mac = asks ? undefined : await look(phone, hearsay);
    if (mac !== undefined) return mac;
  }
  return undefined;
}

/** The sources, read once for all phones. */
export async function gatherHearsay(
  heard: readonly HeardPhone[],
  readArp: ReadArp | undefined,
): Promise<Hearsay> {
  return { heard, neighbours: await readNeighbours(readArp) };
}

/** Whether the phone has the MAC that the config gives. */
export const checkMac: Look = async ({ settings, target, listening, readArp }) => {
  const { mac } = settings;
  if (mac === undefined) return [skipped('mac', 'no mac: in the config to compare')];
  const heard = listening instanceof Error ? [] : listening.hub.heard();
  return [findingOf(await compareMac(settings, await gatherHearsay(heard, readArp)), mac, target)];
};

function findingOf(answer: MacAnswer, mac: string, target: string): Finding {
  if (answer.kind === 'unknown') return skipped('mac', `nothing here tells its MAC: ${NOBODY}`);
  if (answer.kind === 'same') return ok('mac', `${answer.where} and the config say ${mac}`);
  return problem(
    'mac',
    WRONG_PHONE,
    `this is another phone: ${answer.where}: ${answer.mac}; the config: ${mac}`,
    `correct host: or mac: of ${target} in the config; atcom discover finds where a phone is now`,
  );
}

/** The exit code of any mistake in a config. */
const WRONG_PHONE = 2;

const NOBODY = 'no event that a listener heard, and no entry of the ARP table';

/** That page needs a password; where it would go in clear text, it stays here until the phone is known. */
async function onStatusPage(settings: PhoneSettings): Promise<string | undefined> {
  if (settings.password === undefined || settings.auth === 'basic') return undefined;
  const { readMac } = await import('../setup/index.ts');
  return readMac({ settings });
}

/** The MAC last reported under the phone's name or address. */
async function inEvents(phone: PhoneSettings, { heard }: Hearsay): Promise<string | undefined> {
  const { host } = endpointOf(phone);
  // Several virtual phones share an address of this computer.
  const shared = isIP(host) === 0 || /^127\.|^::1$/.test(host);
  const reports = heard.filter(({ phone: name, source, values }) => {
    const address = values['ip'] || source;
    if (shared) return name === phone.name;
    return isIP(address) === 0 ? name === phone.name : address === host;
  });
  const latest = reports.sort((a, b) => timeOf(a) - timeOf(b)).at(-1);
  return plainMac(latest?.values['mac'] ?? '');
}

function timeOf({ state }: HeardPhone): number {
  return Date.parse(state.heard?.time ?? '') || 0;
}

async function inNeighbours(phone: PhoneSettings, { neighbours }: Hearsay): Promise<string | undefined> {
  const addresses = await resolvedHosts(endpointOf(phone).host);
  return addresses.map((address) => neighbours.get(address)).find((mac) => mac !== undefined);
}
