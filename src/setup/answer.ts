import { AtcomError } from '../errors.ts';
import {
  type AuthorizedExchange,
  challengesIn,
  credentialsOf,
  failureOf,
  type Hide,
  isUtf8,
} from '../phone/index.ts';
import type { Endpoint } from '../protocol/command-url.ts';
import type { Outcome } from '../protocol/outcomes.ts';
import { interpretReply, type Reply, type ReplyOutcome } from '../protocol/reply.ts';
import type { PhoneSettings } from '../protocol/settings.ts';
import { PAGES, type PageName } from './pages.ts';
import { type AnsweredPage, type PageFields, parsePage } from './values.ts';

/** Why a page could not be read or written. */
export interface PageFailure {
  readonly outcome: Exclude<Outcome, 'ok' | 'confirmed'>;
  readonly error: AtcomError;
}

/** Whether a result is a failure. */
export function isFailure(result: unknown): result is PageFailure {
  return typeof result === 'object' && result !== null && 'outcome' in result;
}

/** The phone's reply to a write: done, or a reply that cannot be understood. */
export type WriteReply = 'done' | 'lost';

/** Where an answer comes from. */
export interface Told {
  readonly host: string;
  readonly settings: PhoneSettings;
  readonly endpoint: Endpoint;
  readonly hide: Hide;
}

/** The page that a phone answered, or why there is none. */
export function readAnswer(
  result: AuthorizedExchange,
  name: PageName,
  told: Told,
): AnsweredPage | PageFailure {
  const { host, settings, hide } = told;
  const page = PAGES[name].label;
  if (result.kind !== 'answer') {
    const error = failureOf(result, { ...told, effect: 'nothing was changed' });
    return { outcome: result.kind === 'lost' ? 'unknown' : 'unreachable', error };
  }
  const { status, head, body } = result;
  if (status === 401) {
    const scheme = challengesIn(hide(head))[0]?.scheme;
    const gaveCredentials = credentialsOf(settings) !== undefined;
    const locked = /\bminutes?\b/i.test(body);
    const withheld = result.credentials === 'withheld';
    const details = { host, status, gaveCredentials, scheme, locked, withheld, page: true } as const;
    return { outcome: 'unauthorized', error: new AtcomError('unauthorized', details) };
  }
  const strange = (reason: string, names: readonly string[] = []): PageFailure => ({
    outcome: 'refused',
    error: new AtcomError('unrecognised-page', { host, page, reason, names }),
  });
  if (status !== 200) return strange(`it answered ${status}`);
  const fields = parsePage(body);
  if ('reason' in fields) return strange(fields.reason);
  return refusalOf(fields, name, told) ?? { fields, isUtf8: isUtf8(head) };
}

/** What a phone answered to a page that it was sent. */
export function readReply(result: AuthorizedExchange, name: PageName, told: Told): WriteReply | PageFailure {
  if (result.kind === 'lost') return 'lost';
  const answer = readAnswer(result, name, told);
  if (!isFailure(answer)) return 'done';
  if (result.kind !== 'answer' || answer.error.code !== 'unrecognised-page') return answer;
  // An unreadable response says no more than a lost one.
  return result.status === 200 ? 'lost' : refused(told.host, name, `it answered ${result.status}`);
}

/**
 * What an answer means for the password. A login page that a script draws, or a text such as "wrong password", comes with
 * 200 as well: only what is in the form of a page shows that the password was right.
 */
export function interpretPage(reply: Reply): ReplyOutcome {
  // A page needs no permission of a person: there, 403 says nothing of that kind.
  const outcome = interpretReply(reply, { status: [] });
  return outcome === 'ok' && !isOfPage(reply.body) ? 'refused' : outcome;
}

/** Whether a body has the fields of a page, or says that the page was taken or that the phone is in a call. */
function isOfPage(body: string): boolean {
  const fields = parsePage(body);
  if ('reason' in fields || fields.size === 0 || fields.has(OTHER_USER)) return false;
  return [...DONE, IN_CALL].includes(codeOf(fields));
}

/** The failure of a phone that did not accept its page. */
function refused(host: string, name: PageName, reason: string, hint?: string): PageFailure {
  const details = { host, page: PAGES[name].label, reason, ...(hint === undefined ? {} : { hint }) };
  return { outcome: 'refused', error: new AtcomError('page-refused', details) };
}

/** The field by which a phone says that someone else has its page. */
const OTHER_USER = 'webUserChange';
/** The codes of success. */
const DONE: readonly string[] = ['0', '3'];
const IN_CALL = '4';

/** The codes by which a phone says that it did not obey; `return_prompt` may say why. */
function refusalOf(fields: PageFields, page: PageName, { host, hide }: Told): PageFailure | undefined {
  if (fields.has(OTHER_USER)) {
    return refused(
      host,
      page,
      'someone else is using its web page',
      'log out there, or wait a few minutes, and run the same again',
    );
  }
  const code = codeOf(fields);
  if (DONE.includes(code)) return undefined;
  if (code === IN_CALL) return { outcome: 'busy', error: new AtcomError('busy', { host }) };
  const prompt = fields.get('return_prompt');
  const said =
    typeof prompt === 'string' && prompt !== '' ? `: ${JSON.stringify(hide(prompt).slice(0, 80))}` : '';
  const what = code === '1' || code === '-1' ? 'its web server failed' : 'a value is invalid there';
  return refused(host, page, `${what} (return_code ${JSON.stringify(hide(code).slice(0, 20))}${said})`);
}

/** The code, as a number or a numeric string; none means success. */
function codeOf(fields: PageFields): string {
  const code = fields.get('return_code') ?? 0;
  return typeof code === 'string' ? code.trim() : JSON.stringify(code);
}
