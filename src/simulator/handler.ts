import type { IncomingMessage, ServerResponse } from 'node:http';
import { isAtcomError } from '../errors.ts';
import type { FaceRequest } from '../pages/face/data.ts';
import { hasTooManyFields } from '../web/fields.ts';
import { isForeignHost, isOfForeignPage, isPublicName } from '../web/foreign-page.ts';
import { PAGE_HEADERS } from '../web/page.ts';
import { refusalAhead } from '../web/unread.ts';
import { type Admission, normalAddress } from './approval.ts';
import { isRecord, member, readJson } from './body.ts';
import type { Desk } from './desk.ts';
import { FACE_PATHS, faceFile } from './face/pages.ts';
import { act, readAction, readAllowList } from './face/person.ts';
import { type Seat, streamFaces } from './face/stream.ts';
import { PROMPT } from './handset/lcd.ts';
import { parseOutside } from './handset/outside.ts';
import { type ControlQuery, readControlQuery, splitTarget } from './query.ts';
import { delay, html, json, type PhoneReply, send, text } from './reply.ts';
import type { SipLine } from './sip/line.ts';
import { type Fault, parseFault } from './switchboard/faults.ts';
import type { Identity } from './values.ts';
import { newWebCgi, WEB_CGI, type WebOptions } from './web-pages/cgi.ts';

/** The response while the phone shows its prompt. The document does not say, so it is a switch. */
export type PromptReply = 403 | 200 | 'close' | 'hang';

/** Deliberate faults on a phone's line. */
export interface FaultControl {
  get(): readonly Fault[];
  set(fault: Fault | null): void;
}

export interface PageOptions {
  readonly promptReply: PromptReply;
  /** The delay before each response of the phone, in milliseconds. The keys are pressed at once. */
  readonly latency: number;
  readonly faults: FaultControl | undefined;
  /** The name or address under which it listens. */
  readonly host?: string;
  /** The phone's line at a PBX. */
  readonly sip?: SipLine | undefined;
  readonly identity: Identity;
  /** The variant of its own web pages. */
  readonly web?: WebOptions | undefined;
  /** All phones of the simulator, including this one. */
  readonly seats?: readonly Seat[];
}

type Route = (req: IncomingMessage, query: string, res: ServerResponse) => PhoneReply | Promise<PhoneReply>;

/** The HTTP server of one virtual phone, as a plain handler that can be tested without a port. */
export function newHandler(desk: Desk, options: PageOptions) {
  const routes = routesOf(desk, options);
  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    // A phone closes every connection after its answer. Thousands more in one packet would all be answered into memory.
    if (refusalAhead(res) !== undefined) {
      req.socket.destroy();
      return;
    }
    const { path, query } = splitTarget(req.url ?? '/');
    const latency = path.startsWith('/_sim/') ? 0 : options.latency;
    try {
      const refused =
        refuseMany(req) ?? GUARDED.find(([beginning]) => path.startsWith(beginning))?.[1](req, options);
      const reply = refused ?? (await answerTo(routes.get(path), req, query, res));
      if (latency > 0) await delay(latency, res);
      send(res, reply);
    } catch (error) {
      send(res, text(500, `the virtual phone failed: ${error}`));
    }
  };
}

/** A header that says who asks may have been dropped. */
function refuseMany(req: IncomingMessage): PhoneReply | undefined {
  return hasTooManyFields(req) ? text(431, 'too many headers') : undefined;
}

/**
 * A real phone has no such pages, so only tests and people on this computer need to reach them. No browser lets a page
 * send JSON with this content type to another site without permission.
 */
function refusalOf(req: IncomingMessage, options: PageOptions): PhoneReply | undefined {
  const { method, headers } = req;
  const stranger = refuseStranger(req, options);
  if (stranger !== undefined) return stranger;
  if (method !== 'POST' || /^application\/json\s*(?:;|$)/i.test(headers['content-type'] ?? ''))
    return undefined;
  return text(415, 'send JSON that says so, with content-type: application/json, as curl --json does');
}

/** Browsers let any page submit a form to any site, and to a name of its own that was made to resolve here. */
function refuseStranger({ headers, socket }: IncomingMessage, { host }: PageOptions): PhoneReply | undefined {
  const loopback = /^(?:::ffff:)?127\.|^::1$/.test(socket.localAddress ?? '');
  const isRebound = loopback ? isForeignHost(headers.host) : isPublicName(headers.host, host?.toLowerCase());
  if (!isOfForeignPage(headers) && !isRebound) return undefined;
  return text(403, 'web pages of other sites, and other hosts, may not play the person at this phone');
}

/** The prefixes of paths that pages of other sites may not use. */
const GUARDED: readonly (readonly [string, typeof refusalOf])[] = [
  ['/_sim/', refusalOf],
  [WEB_CGI, refuseStranger],
];

function answerTo(
  methods: Readonly<Record<string, Route>> | undefined,
  req: IncomingMessage,
  query: string,
  res: ServerResponse,
): PhoneReply | Promise<PhoneReply> {
  if (methods === undefined) return text(404, 'there is no such page on this phone');
  const route = methods[req.method ?? ''];
  if (route !== undefined) return route(req, query, res);
  const allow = Object.keys(methods).join(', ');
  return { ...text(405, `use ${allow}`), headers: { Allow: allow } };
}

function routesOf(
  desk: Desk,
  { promptReply, faults, sip, identity, web = {}, seats = [{ desk, port: 0 }] }: PageOptions,
): ReadonlyMap<string, Readonly<Record<string, Route>>> {
  const { model } = desk.station.handset;
  const control: Route = (req, query) => {
    const from = req.socket.remoteAddress ?? '';
    const admission = desk.admit(from);
    const wanted = readControlQuery(query);
    desk.feed.request({ from: normalAddress(from), query, outcome: outcomeOf(admission, wanted) });
    if (admission !== 'admitted') return unanswered(promptReply);
    if ('wrong' in wanted) return text(400, wanted.wrong);
    desk.press(wanted.keys);
    return html('OK');
  };
  const page = async (path: string): Promise<PhoneReply> => {
    const { type, body } = await faceFile(path, model);
    return { status: 200, type, body, headers: PAGE_HEADERS };
  };
  const streamed = (phones: readonly Seat[], res: ServerResponse): PhoneReply => {
    streamFaces(phones, res);
    return 'streamed';
  };
  const cgi = newWebCgi(desk, identity, web);
  const own = seats.filter((seat) => seat.desk === desk);
  return new Map<string, Readonly<Record<string, Route>>>([
    ['/cgi-bin/server.cgi', { GET: control }],
    // The vendor's own page polls it after a reboot, until it responds.
    ['/cgi-bin/server_test.cgi', { GET: () => html('OK'), POST: () => html('OK') }],
    [WEB_CGI, { GET: (req, query) => cgi(req, query), POST: (req, query) => cgi(req, query) }],
    // A public client recognises phones of this family by this picture, which needs no password.
    ['/images/earth.png', { GET: () => ({ status: 200, body: '', type: 'image/png' }) }],
    ...FACE_PATHS.map((path) => [path, { GET: () => page(path) }] as const),
    ['/_sim/face', { GET: (_req, _query, res) => streamed(own, res) }],
    ['/_sim/faces', { GET: (_req, _query, res) => streamed(seats, res) }],
    ['/_sim/press', { POST: (req) => touch(desk, seats, req) }],
    ['/_sim/allow-list', { GET: () => json(listOf(desk)), POST: (req) => changeList(desk, req) }],
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
          [
            '/_sim/sip',
            {
              GET: () => {
                const { noService } = desk.snapshot();
                return json({ noService, tone: sip.tone?.hertz, audio: sip.audio(), wire: sip.wire });
              },
            },
          ] as const,
        ]),
  ]);
}

/** What a person does at the phone. */
async function person(desk: Desk, req: IncomingMessage): Promise<PhoneReply> {
  const press = member(await readJson(req), 'press');
  if (press !== 'save' && press !== 'cancel') return text(400, 'send {"press":"save"} or {"press":"cancel"}');
  return desk.answerPrompt(press) ? text(200, press) : text(409, `no "${PROMPT}" shows`);
}

/** The page of a phone can also press the keys of the phones next to it. */
async function touch(desk: Desk, seats: readonly Seat[], req: IncomingMessage): Promise<PhoneReply> {
  const body = await readJson(req, 8 * 1024);
  const action = readAction(body);
  const phone = member(body, 'phone');
  const touched =
    phone === undefined ? desk : seats.find((seat) => seat.desk.station.handset.extension === phone)?.desk;
  if (action === undefined) return text(400, 'send {"keys":["SPEAKER"]} or {"hook":"off"}');
  if (touched === undefined) return text(404, 'there is no such phone');
  act(touched, action);
  return text(200, 'pressed');
}

function listOf({ allowList }: Desk) {
  return { allow: allowList === 'any' ? 'any' : allowList.join(', ') };
}

/** Saves the page 'Phone – Remote Control'. */
async function changeList(desk: Desk, req: IncomingMessage): Promise<PhoneReply> {
  const list = readAllowList(await readJson(req, LARGEST_PAGE));
  if (typeof list === 'object' && 'wrong' in list) return text(400, list.wrong);
  desk.allowList = list;
  return json(listOf(desk));
}

/** Makes something happen to the phone without a key. */
async function outside(desk: Desk, req: IncomingMessage): Promise<PhoneReply> {
  const name = member(await readJson(req), 'event');
  if (typeof name !== 'string') return text(400, 'send {"event":"autopFinish"}');
  return complaint(() => {
    const event = parseOutside(name);
    desk.undergo(event);
    return text(200, event);
  });
}

/** Makes something go wrong on the line. */
async function goWrong(faults: FaultControl, req: IncomingMessage): Promise<PhoneReply> {
  const name = member(await readJson(req), 'fault');
  if (name !== null && typeof name !== 'string')
    return text(400, 'send {"fault":"holdRefused"}, or null for none');
  return complaint(() => {
    faults.set(name === null ? null : parseFault(name));
    return json(faults.get());
  });
}

/** Large enough for the page with every field at its maximum length. */
const LARGEST_PAGE = 64 * 1024;

/** Saves the page 'Phone – Action URL'. */
async function fillIn(desk: Desk, req: IncomingMessage): Promise<PhoneReply> {
  const fields = await readJson(req, LARGEST_PAGE);
  const wanted =
    'send {"incomingCall":"http://127.0.0.1:8088/x.xml?mac=$mac"} or {"*":"http://127.0.0.1:8088"}';
  if (!isRecord(fields) || Object.keys(fields).length === 0) return text(400, wanted);
  return complaint(() => {
    desk.urls.set(fields);
    return json(desk.urls.fields);
  });
}

/** The response, or what was wrong with the request. */
function complaint(answer: () => PhoneReply): PhoneReply {
  try {
    return answer();
  } catch (error) {
    if (!isAtcomError(error)) throw error;
    return text(400, [error.message, error.hint].filter(Boolean).join('\n'));
  }
}

function outcomeOf(admission: Admission, wanted: ControlQuery): FaceRequest['outcome'] {
  if (admission !== 'admitted') return admission === 'asking' ? 'asks' : 'not listed';
  return 'wrong' in wanted ? 'not understood' : 'pressed';
}

/** The same while the phone shows its prompt and for an address that is not listed. */
function unanswered(reply: PromptReply): PhoneReply {
  if (reply === 'close' || reply === 'hang') return reply;
  return html(reply === 200 ? PROMPT : 'Forbidden', reply);
}
