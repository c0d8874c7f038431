import { AtcomError } from '../errors.ts';
import {
  type AuthorizedExchange,
  credentialsOf,
  exchangeAuthorized,
  failureOf,
  headerValues,
  parseChallenges,
  type RequestReport,
  type SendOptions,
  type Transport,
} from '../phone/index.ts';
import { type Endpoint, hostText, originOf } from '../protocol/command-url.ts';
import type { Outcome } from '../protocol/outcomes.ts';
import { endpointOf, type PhoneSettings } from '../protocol/settings.ts';
import { PAGES, type PageName, WEB_PATH, type WritablePage } from './pages.ts';
import { type PageFields, parsePage, shownBody, type TextFields } from './values.ts';

/** A phone whose web pages are read, and the credentials for them. */
export interface WebPhone {
  readonly settings: PhoneSettings;
  /** Aborts the request in flight. */
  readonly signal?: AbortSignal | undefined;
  /** Once aborted, prevents new requests, and aborts those that only read. */
  readonly stop?: AbortSignal | undefined;
  /** Sends requests; replaced in tests. */
  readonly transport?: Transport | undefined;
  /** Called after each request with the response, which contains no password. */
  readonly onRequest?: SendOptions['onRequest'];
}

/** Why a page could not be read or written. */
export interface PageFailure {
  readonly outcome: Exclude<Outcome, 'ok' | 'confirmed'>;
  readonly error: AtcomError;
}

/** The phone's reply to a write: done, nothing changed, or a reply that cannot be understood. */
export type WriteReply = 'done' | 'same' | 'lost';

/** The web pages of one phone, accessed one request at a time. */
export interface WebSession {
  readonly host: string;
  /** All requests so far. */
  readonly requests: readonly RequestReport[];
  read(page: PageName): Promise<PageFields | PageFailure>;
  /** Reads a page after it was written: what became of that is found out even when the run is stopped. */
  readWritten(page: PageName): Promise<PageFields | PageFailure>;
  write(page: WritablePage, fields: TextFields): Promise<WriteReply | PageFailure>;
}

/** Whether a result is a failure. */
export function isFailure(result: unknown): result is PageFailure {
  return typeof result === 'object' && result !== null && 'outcome' in result;
}

/** The default user of these pages. */
const USER = 'admin';

export function newSession({ settings: given, transport, signal, stop, onRequest }: WebPhone): WebSession {
  const endpoint = endpointOf(given);
  const host = hostText(endpoint);
  // These pages require Digest even if pressing keys needs no password.
  const auth = given.auth === 'basic' ? ('basic' as const) : ('digest' as const);
  // A page needs no permission of a person: there, 403 says nothing of that kind.
  const settings = { ...given, auth, user: given.user ?? USER, approval: { status: [] } };
  const requests: RequestReport[] = [];
  let posts = false;

  const reading =
    stop === undefined || signal === undefined ? (stop ?? signal) : AbortSignal.any([stop, signal]);

  const send = async (command: string, form?: string, until = signal): Promise<AuthorizedExchange> => {
    const started = performance.now();
    const path = `${WEB_PATH}?${command}`;
    const result = await exchangeAuthorized({ settings, endpoint, path, form, signal: until, transport });
    const ms = Math.round(performance.now() - started);
    const report = reportOf(result, originOf(endpoint) + path, ms);
    requests.push(report);
    if (result.kind === 'answer') onRequest?.(report, result.head, shownBody(result.body));
    else onRequest?.(report, '', '');
    return result;
  };
  const told = { host, settings, endpoint };

  const readOnce = async (
    page: PageName,
    form: string | undefined,
    isOver: () => boolean,
    until = signal,
  ) => {
    if (isOver()) return stopped();
    const fields = readAnswer(await send(PAGES[page].read, form, until), page, told);
    return isFailure(fields) && isOver() ? stopped() : fields;
  };
  const readPage = async (page: PageName, isOver: () => boolean, until = signal) => {
    // Two public clients read with GET; the phone's own page sends the command with POST.
    if (!posts) {
      const fields = await readOnce(page, undefined, isOver, until);
      if (!isFailure(fields) || fields.outcome !== 'refused') return fields;
    }
    const fields = await readOnce(page, PAGES[page].read, isOver, until);
    posts ||= !isFailure(fields);
    return fields;
  };

  return {
    host,
    requests,
    read: (page) => readPage(page, () => stop?.aborted === true, reading),
    readWritten: (page) => readPage(page, () => false),
    async write(page, fields) {
      const { write: command } = PAGES[page];
      const values = [...fields].map((pair) => pair.map(encodeURIComponent).join('='));
      const result = await send(command, [...values, command].join('&'));
      if (result.kind === 'lost') return 'lost';
      const answer = readAnswer(result, page, told);
      // An unreadable response says no more than a lost one.
      if (isFailure(answer)) return isUnread(answer, result) ? 'lost' : answer;
      return codeOf(answer) === '3' ? 'same' : 'done';
    },
  };
}

/** The failure of a phone that is left alone because the run was stopped. */
export function stopped(): PageFailure {
  return { outcome: 'skipped', error: new AtcomError('skipped', { reason: 'the run was stopped' }) };
}

/** Whether a 200 response could not be read. */
function isUnread({ error }: PageFailure, result: AuthorizedExchange): boolean {
  return error.code === 'unrecognised-page' && result.kind === 'answer' && result.status === 200;
}

interface Told {
  readonly host: string;
  readonly settings: PhoneSettings;
  readonly endpoint: Endpoint;
}

function readAnswer(result: AuthorizedExchange, name: PageName, told: Told): PageFields | PageFailure {
  const { host, settings } = told;
  const page = PAGES[name].label;
  if (result.kind !== 'answer') {
    const error = failureOf(result, { ...told, effect: 'nothing was changed' });
    return { outcome: result.kind === 'lost' ? 'unknown' : 'unreachable', error };
  }
  const { status, head, body } = result;
  if (status === 401) {
    const scheme = parseChallenges(headerValues(head, 'www-authenticate'))[0]?.scheme;
    const gaveCredentials = credentialsOf(settings) !== undefined;
    const locked = /\bminutes?\b/i.test(body);
    const { withheld } = result;
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
  return refusalOf(fields, host, page) ?? fields;
}

/** The codes by which a phone says that it did not obey; `return_prompt` may say why. */
function refusalOf(fields: PageFields, host: string, page: string): PageFailure | undefined {
  const refused = (reason: string, hint?: string): PageFailure => ({
    outcome: 'refused',
    error: new AtcomError('page-refused', { host, page, reason, ...(hint === undefined ? {} : { hint }) }),
  });
  if (fields.has('webUserChange')) {
    return refused(
      'someone else is using its web page',
      'log out there, or wait a few minutes, and run the same again',
    );
  }
  const code = codeOf(fields);
  if (code === '0' || code === '3') return undefined;
  if (code === '4') return { outcome: 'busy', error: new AtcomError('busy', { host }) };
  const prompt = fields.get('return_prompt');
  const said = typeof prompt === 'string' && prompt !== '' ? `: ${JSON.stringify(prompt.slice(0, 80))}` : '';
  const what = code === '1' || code === '-1' ? 'its web server failed' : 'a value is invalid there';
  return refused(`${what} (return_code ${JSON.stringify(code.slice(0, 20))}${said})`);
}

/** The code, as a number or a numeric string; none means success. */
function codeOf(fields: PageFields): string {
  const code = fields.get('return_code') ?? 0;
  return typeof code === 'string' ? code.trim() : JSON.stringify(code);
}

function reportOf(result: AuthorizedExchange, url: string, ms: number): RequestReport {
  if (result.kind === 'undelivered') return { url, outcome: 'unreachable', ms };
  if (result.kind === 'lost') return { url, outcome: 'unknown', ms };
  const { status } = result;
  const outcome = status === 200 ? 'ok' : status === 401 ? 'unauthorized' : 'refused';
  return { url, outcome, status, ms };
}
