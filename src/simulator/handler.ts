import type { IncomingMessage, ServerResponse } from 'node:http';
import { isAtcomError } from '../errors.ts';
import { isForeignHost, isOfForeignPage } from '../web/foreign-page.ts';
import { isRecord, member, readJson } from './body.ts';
import type { Desk } from './desk.ts';
import { PROMPT } from './handset/lcd.ts';
import { parseOutside } from './handset/outside.ts';
import { readControlQuery, splitTarget } from './query.ts';
import type { SipLine } from './sip/line.ts';
import { type Fault, parseFault } from './switchboard/faults.ts';

/** What goes on the wire while the phone asks; the document does not say, so it is a switch. */
export type PromptReply = 403 | 200 | 'close' | 'hang';

/** What goes wrong on the line of a phone, on purpose. */
export interface FaultControl {
  get(): readonly Fault[];
  set(fault: Fault | null): void;
}

export interface PageOptions {
  readonly promptReply: PromptReply;
  /** Milliseconds before each answer of the phone. The keys are pressed at once. */
  readonly latency: number;
  readonly faults: FaultControl | undefined;
  /** The line of a phone at a PBX. */
  readonly sip?: SipLine | undefined;
}

/** An answer, or none: the connection closed, or left open without a word. */
type Reply =
  | { readonly status: number; readonly body: string; readonly type?: string; readonly allow?: string }
  | 'close'
  | 'hang';

type Route = (req: IncomingMessage, query: string) => Reply | Promise<Reply>;

/** The HTTP server of one virtual phone, as a plain handler: it needs no port to be tested. */
export function newHandler(desk: Desk, options: PageOptions) {
  const routes = routesOf(desk, options);
  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const { path, query } = splitTarget(req.url ?? '/');
    const latency = path.startsWith('/_sim/') ? 0 : options.latency;
    try {
      const refused = path.startsWith('/_sim/') ? refusalOf(req) : undefined;
      const reply = refused ?? (await answerTo(routes.get(path), req, query));
      if (latency > 0) await delay(latency, res);
      send(res, reply);
    } catch (error) {
      send(res, text(500, `the virtual phone failed: ${error}`));
    }
  };
}

/**
 * A real phone has no such pages, so nothing but tests and people at this computer has to reach them. JSON that says so no
 * page can send to another site unasked, in whatever browser.
 */
function refusalOf({ method, headers, socket }: IncomingMessage): Reply | undefined {
  const loopback = /^(?:::ffff:)?127\.|^::1$/.test(socket.localAddress ?? '');
  if (isOfForeignPage(headers) || (loopback && isForeignHost(headers.host)))
    return text(403, 'web pages of other sites, and other hosts, may not play the person at this phone');
  if (method !== 'POST' || /^application\/json\s*(?:;|$)/i.test(headers['content-type'] ?? ''))
    return undefined;
  return text(415, 'send JSON that says so, with content-type: application/json, as curl --json does');
}

function answerTo(
  methods: Readonly<Record<string, Route>> | undefined,
  req: IncomingMessage,
  query: string,
): Reply | Promise<Reply> {
  if (methods === undefined) return text(404, 'there is no such page on this phone');
  const route = methods[req.method ?? ''];
  if (route !== undefined) return route(req, query);
  const allow = Object.keys(methods).join(', ');
  return { ...text(405, `use ${allow}`), allow };
}

function routesOf(
  desk: Desk,
  { promptReply, faults, sip }: PageOptions,
): ReadonlyMap<string, Readonly<Record<string, Route>>> {
  const { model } = desk.station.handset;
  const control: Route = (req, query) => {
    if (desk.admit(req.socket.remoteAddress ?? '') !== 'admitted') return unanswered(promptReply);
    const wanted = readControlQuery(query);
    if ('wrong' in wanted) return text(400, wanted.wrong);
    desk.press(wanted.keys);
    return html('OK');
  };
  return new Map<string, Readonly<Record<string, Route>>>([
    ['/cgi-bin/server.cgi', { GET: control }],
    // The vendor's own page asks for it after a reboot, until it answers.
    ['/cgi-bin/server_test.cgi', { GET: () => html('OK') }],
    ['/', { GET: () => html(`<html><head><title>ATCOM ${model}</title></head><body></body></html>`) }],
    ['/_sim/state', { GET: () => json(desk.snapshot()) }],
    ['/_sim/lcd', { GET: () => text(200, desk.lcd().join('\n')), POST: (req) => person(desk, req) }],
    ['/_sim/event', { POST: (req) => outside(desk, req) }],
    ['/_sim/action-url', { GET: () => json(desk.urls.fields), POST: (req) => fillIn(desk, req) }],
    ...(faults === undefined
      ? []
      : [
          [
            '/_sim/fault',
            { GET: () => json(faults.get()), POST: (req: IncomingMessage) => goWrong(faults, req) },
          ] as const,
        ]),
    ...(sip === undefined
      ? []
      : [
          ['/_sim/sip', { GET: () => json({ tone: sip.tone, audio: sip.audio(), wire: sip.wire }) }] as const,
        ]),
  ]);
}

/** The person at the phone. */
async function person(desk: Desk, req: IncomingMessage): Promise<Reply> {
  const press = member(await readJson(req), 'press');
  if (press !== 'save' && press !== 'cancel') return text(400, 'send {"press":"save"} or {"press":"cancel"}');
  return desk.answerPrompt(press) ? text(200, press) : text(409, `no "${PROMPT}" shows`);
}

/** What happens to the phone without a key. */
async function outside(desk: Desk, req: IncomingMessage): Promise<Reply> {
  const name = member(await readJson(req), 'event');
  if (typeof name !== 'string') return text(400, 'send {"event":"autopFinish"}');
  return complaint(() => {
    const event = parseOutside(name);
    desk.undergo(event);
    return text(200, event);
  });
}

/** Something goes wrong on the line. */
async function goWrong(faults: FaultControl, req: IncomingMessage): Promise<Reply> {
  const name = member(await readJson(req), 'fault');
  if (name !== null && typeof name !== 'string')
    return text(400, 'send {"fault":"holdRefused"}, or null for none');
  return complaint(() => {
    faults.set(name === null ? null : parseFault(name));
    return json(faults.get());
  });
}

/** Room for every field of the page, filled to the brim. */
const LARGEST_PAGE = 64 * 1024;

/** Somebody fills in the page 'Phone – Action URL'. */
async function fillIn(desk: Desk, req: IncomingMessage): Promise<Reply> {
  const fields = await readJson(req, LARGEST_PAGE);
  const wanted =
    'send {"incomingCall":"http://127.0.0.1:8088/x.xml?mac=$mac"} or {"*":"http://127.0.0.1:8088"}';
  if (!isRecord(fields) || Object.keys(fields).length === 0) return text(400, wanted);
  return complaint(() => {
    desk.urls.set(fields);
    return json(desk.urls.fields);
  });
}

/** An answer, or what was wrong with the request. */
function complaint(answer: () => Reply): Reply {
  try {
    return answer();
  } catch (error) {
    if (!isAtcomError(error)) throw error;
    return text(400, [error.message, error.hint].filter(Boolean).join('\n'));
  }
}

/** The same while the phone asks and for an address that is not listed. */
function unanswered(reply: PromptReply): Reply {
  if (reply === 'close' || reply === 'hang') return reply;
  return html(reply === 200 ? PROMPT : 'Forbidden', reply);
}

function html(body: string, status = 200): Reply {
  return { status, body, type: 'text/html' };
}

function text(status: number, body: string): Reply & object {
  return { status, body: `${body}\n` };
}

function json(value: unknown): Reply {
  return { status: 200, body: `${JSON.stringify(value, null, 2)}\n`, type: 'application/json' };
}

function send(res: ServerResponse, reply: Reply): void {
  if (reply === 'hang') return;
  if (reply === 'close') {
    res.socket?.destroy();
    return;
  }
  const { status, body, type = 'text/plain; charset=utf-8', allow } = reply;
  res.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
    ...(allow === undefined ? {} : { Allow: allow }),
  });
  res.end(body);
}

/** Ends early when the connection does, so that nothing waits for an answer nobody reads. */
function delay(ms: number, res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    res.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
