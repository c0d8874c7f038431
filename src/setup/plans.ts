import { type EventName, findEvent } from '../protocol/events.ts';
import type { ChangePlan, FieldChange } from './change.ts';
import { type PageFields, type Strange, shownName, type TextFields } from './values.ts';

/** The fields of the page 'Phone – Action URL', by event. */
export function actionUrlFields(fields: PageFields): ReadonlyMap<EventName, string> | Strange {
  const found = new Map<EventName, string>();
  for (const name of fields.keys()) {
    const event = /url$/i.test(name) ? findEvent(name) : undefined;
    if (event === undefined) continue;
    const other = found.get(event);
    if (other !== undefined) return { reason: `${shownName(other)} and ${shownName(name)} are one event` };
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
  const beginning = `${listener}/`.toLowerCase();
  return planUrls(events, (_, url) => (url.toLowerCase().startsWith(beginning) ? '' : url));
}

function planUrls(
  events: readonly EventName[],
  urlFor: (event: EventName, present: string) => string,
): ChangePlan {
  return (fields) => {
    const names = actionUrlFields(fields);
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
}

/** Adds an address to the allow list, or removes it. Other entries stay, in their order. */
export function allowListPlan({ address, listed }: AllowListWish): ChangePlan {
  return (fields) => {
    const name = allowListField(fields);
    if (typeof name !== 'string') return name;
    const value = fields.get(name) ?? '';
    const entries = allowListEntries(value);
    if (entries === undefined) return { reason: `its field ${shownName(name)} is not a list with commas` };
    // The list is either addresses separated by commas, or the single word `any`.
    const longer = address === 'any' ? address : [...entries, address].join(',');
    if (listed) return isAllowed(entries, address) ? [] : changeOf(fields, name, longer);
    const kept = entries.filter((entry) => !isEntry(entry, address));
    return kept.length === entries.length ? [] : changeOf(fields, name, kept.join(','));
  };
}

/** Whether a list allows an address: by its own entry, or by `any`. */
export function isAllowed(entries: readonly string[], address: string): boolean {
  return entries.some((entry) => isEntry(entry, address) || isEntry(entry, 'any'));
}

function isEntry(entry: string, address: string): boolean {
  return entry.toLowerCase() === address.toLowerCase();
}
