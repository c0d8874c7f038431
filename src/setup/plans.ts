import ipaddr from 'ipaddr.js';
import type { Hide } from '../phone/index.ts';
import { targetAt } from '../protocol/action-url-lint.ts';
import { canonicalHost } from '../protocol/command-url.ts';
import { type EventName, findEvent } from '../protocol/events.ts';
import type { ChangePlan, FieldChange } from './change.ts';
import { type PageFields, type Strange, shownName, type TextFields } from './values.ts';

/** The fields of the page 'Phone – Action URL', by event. */
export function actionUrlFields(fields: PageFields, hide: Hide): ReadonlyMap<EventName, string> | Strange {
  const found = new Map<EventName, string>();
  for (const name of fields.keys()) {
    const event = /url$/i.test(name) ? findEvent(name) : undefined;
    if (event === undefined) continue;
    const other = found.get(event);
    if (other !== undefined)
      return { reason: `${shownName(other, hide)} and ${shownName(name, hide)} are one event` };
    found.set(event, name);
  }
  return found;
}

/** Sets Action URLs; an empty one clears its field. */
export function actionUrlPlan(wanted: ReadonlyMap<EventName, string>): ChangePlan {
  return planUrls([...wanted.keys()], (event) => wanted.get(event) ?? '');
}

/** Clears the Action URLs that point to a listener, and leaves all others. */
export function clearPlan(events: readonly EventName[], listener: string): ChangePlan {
  return planUrls(events, (_, url) => (targetAt(listener, url) === undefined ? url : ''));
}

function planUrls(
  events: readonly EventName[],
  urlFor: (event: EventName, present: string) => string,
): ChangePlan {
  return (fields, hide) => {
    const names = actionUrlFields(fields, hide);
    if ('reason' in names) return names;
    const missing = events.filter((event) => !names.has(event));
    if (missing.length > 0) {
      const some = missing.slice(0, 3).join(', ');
      return { reason: `it has no field for ${missing.length > 3 ? `${some} … (${missing.length})` : some}` };
    }
    return events.flatMap((event) => {
      const name = names.get(event) ?? '';
      return changeOf(fields, name, urlFor(event, fields.get(name) ?? ''));
    });
  };
}

function changeOf(fields: TextFields, field: string, to: string): readonly FieldChange[] {
  const from = fields.get(field) ?? '';
  return from === to ? [] : [{ field, from, to }];
}

/** The field of the allow list: the only one whose name contains `iplist`. */
export function allowListField(fields: PageFields): string | Strange {
  const names = [...fields.keys()].filter((name) => /iplist/i.test(name.replace(/[^a-z]/gi, '')));
  const [only, ...others] = names;
  if (only === undefined) return { reason: 'it has no field whose name holds iplist' };
  return others.length === 0 ? only : { reason: `${names.length} of its fields hold iplist in their name` };
}

/** The entries of an allow list; undefined if they are not separated by commas. */
export function allowListEntries(value: string): readonly string[] | undefined {
  if (/[^\w.:,*/ -]/.test(value)) return undefined;
  return value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** An address, or `any`, and whether it should be on the list. */
export interface AllowListWish {
  readonly address: string;
  readonly listed: boolean;
  /** Whether nothing may be left on the list. */
  readonly mayEmpty?: boolean;
}

/** Adds an address to the allow list, or removes it. Other entries stay, in their order. */
export function allowListPlan({ address, listed, mayEmpty = false }: AllowListWish): ChangePlan {
  return (fields, hide) => {
    const name = allowListField(fields);
    if (typeof name !== 'string') return name;
    const value = fields.get(name) ?? '';
    const entries = allowListEntries(value);
    if (entries === undefined)
      return { reason: `its field ${shownName(name, hide)} is not a list with commas` };
    const wanted = listed ? withAddress(entries, address) : withoutAddress(entries, address, hide);
    if ('reason' in wanted) return wanted;
    if (wanted.length === 0 && entries.length > 0 && !mayEmpty)
      return {
        reason: 'its list would be empty, and the phone would take keys from nobody',
        hint: 'add --yes-empty if you mean it, or --add another address first',
      };
    return wanted.join() === entries.join() ? [] : changeOf(fields, name, wanted.join(','));
  };
}

/** The list is either addresses separated by commas, or the single word `any`. */
function withAddress(entries: readonly string[], address: string): readonly string[] {
  if (isAllowed(entries, address)) return entries;
  return address === 'any' ? [address] : [...entries, address];
}

/** The entries without an address, unless another of them lets it in as well. */
function withoutAddress(
  entries: readonly string[],
  address: string,
  hide: Hide,
): readonly string[] | Strange {
  const kept = entries.filter((entry) => !isEntry(entry, address));
  const still = kept.find((entry) => covers(entry, address));
  if (still === undefined) return kept;
  return {
    reason: `its list has ${JSON.stringify(hide(still))}, which may let ${address} in as well`,
    hint: /^any$/i.test(still)
      ? 'put single addresses in its place: --remove any --yes-empty, then --add'
      : 'put single addresses in its place, on the page of the phone',
  };
}

/** Whether a list allows an address: by its own entry, or by `any`. */
export function isAllowed(entries: readonly string[], address: string): boolean {
  return entries.some((entry) => isEntry(entry, address) || isEntry(entry, 'any'));
}

function isEntry(entry: string, address: string): boolean {
  return canonical(entry) === canonical(address);
}

function canonical(entry: string): string {
  return canonicalHost(entry) ?? entry.toLowerCase();
}

/** Entries that let in all: `any`, `*.*.*.*`, `0.0.0.0/0`. */
const EVERYBODY = /^(?:any|all|[*x.]+|[0:.]+\/0)$/i;

/**
 * Whether an entry that is not the address itself may let it in: `172.16.0.*`, `172.16.0.0/24`, `172.16.0.1-9`, and what
 * could mean many.
 */
function covers(entry: string, address: string): boolean {
  const host = canonical(address);
  if (EVERYBODY.test(entry)) return true;
  if (host === 'any' || isOne(entry)) return false;
  // A name may be that of any computer.
  if (!ipaddr.isValid(host)) return true;
  if (ipaddr.isValidCIDR(entry)) {
    const [found, net] = [ipaddr.parse(host), ipaddr.parseCIDR(entry)];
    return found.kind() === net[0].kind() ? found.match(net) : /^::ffff:/i.test(entry);
  }
  const parts = entry.split('.');
  if (!/^[\d*]/.test(entry) || parts.length > 4 || entry.includes('/')) return true;
  // `172.16.*` has no part for the last.
  return host.split('.').every((part, at) => takes(parts[at] ?? '*', Number(part)));
}

/** Whether an entry is a single address, or the name of a computer; `172.16.0.x` would be a name to a browser. */
function isOne(entry: string): boolean {
  const host = canonicalHost(entry);
  if (host === undefined || entry.includes('*')) return false;
  return ipaddr.isValid(host) || !/^\d/.test(host) || /\.[a-z][a-z\d-]+\.?$/.test(host);
}

/** Whether a part of an entry, such as `*` or `1-9`, may mean a part of an address. */
function takes(part: string, value: number): boolean {
  const [, least, most = least] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
  return least === undefined || (Number(least) <= value && value <= Number(most));
}
