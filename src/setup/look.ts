import { type Hide, inTurn, type ProvenReport } from '../phone/index.ts';
import type { EventName } from '../protocol/events.ts';
import { nameOf } from '../protocol/settings.ts';
import { isFailure, type PageFailure } from './answer.ts';
import { PAGES, type PageName } from './pages.ts';
import { actionUrlFields, allowListEntries, allowListField } from './plans.ts';
import { newSession, type WebPhone } from './session.ts';
import { type PageFields, type PageValue, shownFields } from './values.ts';

/** The recognised facts on a phone's pages. */
export interface SetupFacts {
  readonly model?: string;
  readonly firmware?: string;
  /** `80:82:87:04:6B:C2` */
  readonly mac?: string;
  /** The Action URLs that are filled in, by event. */
  readonly actionUrls?: Readonly<Partial<Record<EventName, string>>>;
  /** How many events have a field on the page. */
  readonly events?: number;
  readonly allowList?: readonly string[];
}

/** What was read from a phone. */
export type SetupReport = ProvenReport & {
  readonly facts: SetupFacts;
  /** Every field of every page as the phone returned it, without passwords. */
  readonly pages: Readonly<Partial<Record<PageName, Readonly<Record<string, PageValue>>>>>;
};

/** After these outcomes, the other pages would fail as well, or a wrong password would be tried again. */
const FINAL: readonly string[] = ['unreachable', 'unauthorized', 'unknown', 'skipped'];

/**
 * Reads the pages of a phone without changing anything. A page that is not recognised does not prevent the others from
 * being reported.
 */
export async function lookAt(phone: WebPhone): Promise<SetupReport> {
  return (await lookClosely(phone)).report;
}

/**
 * The same, and the facts as they are, to be compared: in those that are shown, what the password is also a part of is
 * hidden, and `hide` does that.
 */
export function lookClosely(
  phone: WebPhone,
  pages: readonly PageName[] = Object.keys(PAGES) as PageName[],
): Promise<{ readonly report: SetupReport; readonly facts: SetupFacts; readonly hide: Hide }> {
  const session = newSession(phone);
  const { host, hide, requests } = session;
  return inTurn(host, async () => {
    const started = performance.now();
    const read = new Map<PageName, PageFields>();
    let failure: PageFailure | undefined;
    for (const page of pages) {
      const answer = await session.read(page);
      if (!isFailure(answer)) {
        read.set(page, answer.fields);
        continue;
      }
      failure ??= answer;
      if (FINAL.includes(answer.outcome)) break;
    }
    const shown = new Map([...read].map(([page, fields]) => [page, shownFields(fields, hide)]));
    const base = {
      phone: nameOf(phone.settings),
      host,
      ms: Math.round(performance.now() - started),
      requests,
      facts: factsOf(shown),
      pages: Object.fromEntries([...shown].map(([page, fields]) => [page, Object.fromEntries(fields)])),
    };
    const report = failure === undefined ? { ...base, outcome: 'ok' } : { ...base, ...failure };
    return { report: report as SetupReport, facts: factsOf(read), hide };
  });
}

/**
 * The MAC address on a phone's status page; undefined if it has none, or if there is no password for it.
 */
export async function readMac(phone: WebPhone): Promise<string | undefined> {
  if (phone.settings.password === undefined) return undefined;
  return (await lookClosely(phone, ['status'])).facts.mac;
}

function factsOf(read: ReadonlyMap<PageName, PageFields>): SetupFacts {
  const [status, urls, remote] = (['status', 'action-urls', 'remote-control'] as const).map((page) =>
    read.get(page),
  );
  return { ...statusFacts(status), ...urlFacts(urls), ...listFacts(remote) };
}

/** The field names of the status page are not known, so a field counts if both its name and its value fit. */
function statusFacts(fields: PageFields | undefined): SetupFacts {
  if (fields === undefined) return {};
  const one = (name: RegExp, value: RegExp) => {
    const found = [...fields].flatMap(([field, held]) =>
      typeof held === 'string' && name.test(field) && value.test(held.trim()) ? [held.trim()] : [],
    );
    return new Set(found).size === 1 ? found[0] : undefined;
  };
  const model = one(/model|product/i, /^[\w -]{1,30}$/);
  const firmware = one(/firmware|software/i, /^[\w.-]{0,40}\d\.[\w.-]{1,40}$/);
  const mac = one(/mac/i, /^(?:[\da-f]{2}[:-]?){5}[\da-f]{2}$/i);
  return {
    ...(model === undefined ? {} : { model }),
    ...(firmware === undefined ? {} : { firmware }),
    ...(mac === undefined ? {} : { mac: (mac.toUpperCase().match(/[\dA-F]{2}/g) ?? []).join(':') }),
  };
}

function urlFacts(fields: PageFields | undefined): SetupFacts {
  const names = fields === undefined ? undefined : actionUrlFields(fields, (name) => name);
  if (fields === undefined || names === undefined || 'reason' in names || names.size === 0) return {};
  const filled = [...names].flatMap(([event, name]) => {
    const url = fields.get(name);
    return typeof url === 'string' && url !== '' ? [[event, url] as const] : [];
  });
  return { events: names.size, actionUrls: Object.fromEntries(filled) };
}

function listFacts(fields: PageFields | undefined): SetupFacts {
  const name = fields === undefined ? undefined : allowListField(fields);
  const value = typeof name === 'string' ? fields?.get(name) : undefined;
  const entries = typeof value === 'string' ? allowListEntries(value) : undefined;
  return entries === undefined ? {} : { allowList: entries };
}
