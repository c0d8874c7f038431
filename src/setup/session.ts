import { AtcomError } from '../errors.ts';
import {
  type AuthorizedExchange,
  exchangeAuthorized,
  type Hide,
  type RequestReport,
  type SendOptions,
  secretHider,
  type Transport,
} from '../phone/index.ts';
import { hostText, originOf } from '../protocol/command-url.ts';
import { endpointOf, type PhoneSettings } from '../protocol/settings.ts';
import {
  interpretPage,
  isFailure,
  type PageFailure,
  readAnswer,
  readReply,
  type WriteReply,
} from './answer.ts';
import { PAGES, type PageName, WEB_PATH, type WritablePage } from './pages.ts';
import { type AnsweredPage, shownBody, shownHead, shownText, type TextFields } from './values.ts';

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

/** The web pages of one phone, accessed one request at a time. */
export interface WebSession {
  readonly host: string;
  /** Hides, in what is shown of a page, passwords, what was sent as a proof of one, and the listener's secret. */
  readonly hide: Hide;
  /** All requests so far. */
  readonly requests: readonly RequestReport[];
  read(page: PageName): Promise<AnsweredPage | PageFailure>;
  /** Reads a page after it was written: what became of that is found out even when the run is stopped. */
  readWritten(page: PageName): Promise<AnsweredPage | PageFailure>;
  write(page: WritablePage, fields: TextFields): Promise<WriteReply | PageFailure>;
}

/** The default user of these pages. */
const USER = 'admin';

export function newSession({ settings: given, transport, signal, stop, onRequest }: WebPhone): WebSession {
  const endpoint = endpointOf(given);
  const host = hostText(endpoint);
  // These pages require Digest even if pressing keys needs no password.
  const auth = given.auth === 'basic' ? ('basic' as const) : ('digest' as const);
  const settings = { ...given, auth, user: given.user ?? USER };
  const secret = secretHider(settings);
  const hide: Hide = (text) => shownText(secret(text));
  const requests: RequestReport[] = [];
  let posts = false;

  const reading =
    stop === undefined || signal === undefined ? (stop ?? signal) : AbortSignal.any([stop, signal]);

  const send = async (
    page: PageName,
    command: string,
    form?: string,
    until = signal,
  ): Promise<AuthorizedExchange> => {
    const started = performance.now();
    const path = `${WEB_PATH}?${command}`;
    const result = await exchangeAuthorized({
      settings,
      endpoint,
      path,
      page,
      form,
      interpret: interpretPage,
      signal: until,
      transport,
    });
    const ms = Math.round(performance.now() - started);
    const report = reportOf(result, originOf(endpoint) + path, ms);
    requests.push(report);
    if (result.kind === 'answer')
      onRequest?.(report, shownHead(result.head, hide), shownBody(result.body, hide));
    else onRequest?.(report, '', '');
    return result;
  };
  const told = { host, settings, endpoint, hide };

  const readOnce = async (
    page: PageName,
    form: string | undefined,
    isOver: () => boolean,
    until = signal,
  ) => {
    if (isOver()) return stopped();
    const answer = readAnswer(await send(page, PAGES[page].read, form, until), page, told);
    return isFailure(answer) && isOver() ? stopped() : answer;
  };
  const readPage = async (page: PageName, isOver: () => boolean, until = signal) => {
    // Two public clients read with GET; the phone's own page sends the command with POST.
    if (!posts) {
      const answer = await readOnce(page, undefined, isOver, until);
      if (!isFailure(answer) || answer.outcome !== 'refused') return answer;
    }
    const answer = await readOnce(page, PAGES[page].read, isOver, until);
    posts ||= !isFailure(answer);
    return answer;
  };

  return {
    host,
    hide,
    requests,
    read: (page) => readPage(page, () => stop?.aborted === true, reading),
    readWritten: (page) => readPage(page, () => false),
    async write(page, fields) {
      const { write: command } = PAGES[page];
      const values = [...fields].map((pair) => pair.map(encodeURIComponent).join('='));
      return readReply(await send(page, command, [...values, command].join('&')), page, told);
    },
  };
}

/** The failure of a phone that is left alone because the run was stopped. */
export function stopped(): PageFailure {
  return { outcome: 'skipped', error: new AtcomError('skipped', { reason: 'the run was stopped' }) };
}

function reportOf(result: AuthorizedExchange, url: string, ms: number): RequestReport {
  if (result.kind === 'undelivered') return { url, outcome: 'unreachable', ms };
  if (result.kind === 'lost') return { url, outcome: 'unknown', ms };
  const { status } = result;
  const outcome = status === 200 ? 'ok' : status === 401 ? 'unauthorized' : 'refused';
  return { url, outcome, status, ms };
}
