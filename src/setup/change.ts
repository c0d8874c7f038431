import { pause } from '../abort.ts';
import { AtcomError } from '../errors.ts';
import { type Hide, inTurn, type ProvenReport } from '../phone/index.ts';
import { nameOf } from '../protocol/settings.ts';
import { isFailure, type PageFailure, type WriteReply } from './answer.ts';
import { PAGES, type WritablePage } from './pages.ts';
import { newSession, stopped, type WebPhone, type WebSession } from './session.ts';
import { type PageFields, type Strange, shownNames, type TextFields, textFields } from './values.ts';

/** A field that differs from the wanted value. */
export interface FieldChange {
  readonly field: string;
  readonly from: string;
  readonly to: string;
}

/** Finds the changes to a page, by the field names that the phone itself uses, which may contain its password. */
export type ChangePlan = (fields: TextFields, hide: Hide) => readonly FieldChange[] | Strange;

/** The result of changing a page of a phone; `error` is set for every outcome except `ok`. */
export type ChangeReport = ProvenReport & {
  /** The differences, without secrets. */
  readonly changes: readonly FieldChange[];
};

/** How a page is changed. */
export interface ChangeOptions {
  /** Read and compare, but write nothing. */
  readonly dryRun?: boolean;
  /** The changes that the user confirmed; undefined if nobody was asked. */
  readonly agreed?: readonly FieldChange[] | undefined;
  /** How often to retry a phone that was not reached or is in a call; 0 by default. */
  readonly retry?: number | undefined;
}

/** The delay between two attempts, in milliseconds. */
const TRY_AGAIN = 1000;

/**
 * Changes a page of a phone: reads it, finds what differs, sends back every field with the changes, then reads again
 * and compares. `ok` means that the phone now reports the wanted values. Failures of the phone or the network are never
 * thrown.
 */
export function changePage(
  phone: WebPhone,
  page: WritablePage,
  plan: ChangePlan,
  options: ChangeOptions = {},
): Promise<ChangeReport> {
  const session = newSession(phone);
  return inTurn(session.host, async () => {
    const started = performance.now();
    let ended = await attempt(session, phone, page, plan, options);
    for (let left = options.retry ?? 0; left > 0 && isTransient(ended); left -= 1) {
      if (!(await pause(TRY_AGAIN, phone.signal, phone.stop))) break;
      const next = await attempt(session, phone, page, plan, options);
      ended = afterRetry(ended, next);
      if (!isTransient(next)) break;
    }
    const ms = Math.round(performance.now() - started);
    const { host, requests } = session;
    const changes = ended.changes.map((change) => shownChange(change, session));
    const base = { phone: nameOf(phone.settings), host, ms, requests, changes };
    const { failure } = ended;
    return failure === undefined ? { ...base, outcome: 'ok' } : ({ ...base, ...failure } as ChangeReport);
  });
}

interface Ended {
  readonly changes: readonly FieldChange[];
  /** Whether the phone answered the page with its changes. */
  readonly sent?: boolean;
  readonly failure?: PageFailure;
}

function isTransient({ failure }: Ended): boolean {
  return failure?.outcome === 'busy' || failure?.outcome === 'unreachable';
}

/** What a retry that sent nothing says of the phone does not hold for the page that was sent before. */
function afterRetry(before: Ended, retry: Ended): Ended {
  if (before.sent !== true || retry.sent === true) return retry;
  return retry.failure === undefined ? { changes: before.changes } : before;
}

async function attempt(
  session: WebSession,
  { stop }: WebPhone,
  page: WritablePage,
  plan: ChangePlan,
  { dryRun = false, agreed }: ChangeOptions,
): Promise<Ended> {
  const fields = await readTexts(session, page);
  if (isFailure(fields)) return { changes: [], failure: fields };
  const changes = plan(fields, session.hide);
  if ('reason' in changes) return { changes: [], failure: strange(session, page, changes, fields) };
  if (changes.length === 0 || dryRun) return { changes };
  const shown = changes.map((change) => shownChange(change, session));
  if (agreed !== undefined && !isSame(agreed, shown)) {
    const reason = 'it was changed since you saw how it differs; nothing was written';
    const details = { host: session.host, page: PAGES[page].label, reason };
    return { changes, failure: { outcome: 'refused', error: new AtcomError('page-refused', details) } };
  }
  if (stop?.aborted === true) return { changes, failure: stopped() };
  const wanted = new Map([...fields, ...changes.map(({ field, to }) => [field, to] as const)]);
  const reply = await session.write(page, wanted);
  if (isFailure(reply) && reply.error.code !== 'page-refused')
    return { changes, sent: reply.outcome === 'busy', failure: reply };
  const failure = await compare(session, page, wanted, reply);
  return failure === undefined ? { changes, sent: true } : { changes, sent: true, failure };
}

/** Reads again: what the phone reports now is decisive, even if it refused the page or its response was lost. */
async function compare(
  session: WebSession,
  page: WritablePage,
  wanted: TextFields,
  reply: WriteReply | PageFailure,
): Promise<PageFailure | undefined> {
  const { host, hide } = session;
  const { label } = PAGES[page];
  const now = await session.readWritten(page);
  if (isFailure(now)) {
    const answered = isFailure(reply)
      ? `did not accept it (${reasonOf(reply)})`
      : reply === 'lost'
        ? 'gave no answer'
        : 'took it';
    const reason = `was sent its page, ${answered}, and could not be read again (${reasonOf(now)})`;
    const effect = `what is on ${label} now is not known`;
    return { outcome: 'unknown', error: new AtcomError('unknown', { host, reason, effect }) };
  }
  const fields = [...wanted]
    .filter(([name, value]) => now.fields.get(name) !== value)
    .map(([name]) => hide(name));
  if (fields.length === 0) return undefined;
  if (isFailure(reply)) return reply;
  return { outcome: 'unconfirmed', error: new AtcomError('not-kept', { host, page: label, fields }) };
}

/** Why something failed, without the claim that nothing was changed: the page has been sent. */
function reasonOf({ error }: PageFailure): string {
  return 'reason' in error.details ? error.details.reason : error.message;
}

async function readTexts(session: WebSession, page: WritablePage): Promise<TextFields | PageFailure> {
  const answer = await session.read(page);
  if (isFailure(answer)) return answer;
  const texts = textFields(answer, session.hide);
  return 'reason' in texts ? strange(session, page, texts, answer.fields) : texts;
}

function strange(
  { host, hide }: WebSession,
  page: WritablePage,
  { reason, hint }: Strange,
  fields: PageFields,
): PageFailure {
  if (hint !== undefined) {
    const details = { host, page: PAGES[page].label, reason, hint, unsent: true };
    return { outcome: 'refused', error: new AtcomError('page-refused', details) };
  }
  const details = { host, page: PAGES[page].label, reason, names: shownNames(fields, hide) };
  return { outcome: 'refused', error: new AtcomError('unrecognised-page', details) };
}

function shownChange({ field, from, to }: FieldChange, { hide }: WebSession): FieldChange {
  return { field: hide(field), from: hide(from), to: hide(to) };
}

function isSame(a: readonly FieldChange[], b: readonly FieldChange[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
