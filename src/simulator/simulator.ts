import { createServer, type Server } from 'node:http';
import { AtcomError } from '../errors.ts';
import { type Endpoint, hostText, originOf } from '../protocol/command-url.ts';
import type { EventName } from '../protocol/events.ts';
import { BIND_ADDRESS } from '../protocol/listener-url.ts';
import type { Model } from '../protocol/models.ts';
import { MOST_FIELDS } from '../web/fields.ts';
import { newActionUrls } from './action-urls.ts';
import { type Desk, newDesk } from './desk.ts';
import type { Seat } from './face/stream.ts';
import { newHandler, type PageOptions, type PromptReply } from './handler.ts';
import type { Happening } from './handset/happenings.ts';
import type { Handset } from './handset/state.ts';
import { newNetwork, type PhoneNetwork } from './network.ts';
import { closeAll, listen } from './ports.ts';
import { newRinging } from './ringing.ts';
import type { SipAccount } from './sip/account.ts';
import type { LegAudio } from './sip/legs.ts';
import type { WireLine } from './sip/message.ts';
import type { PhoneSnapshot } from './snapshot.ts';
import type { Fault } from './switchboard/faults.ts';
import type { Pbx } from './switchboard/pbx.ts';
import { identityOf, macOf } from './values.ts';
import type { WebOptions } from './web-pages/cgi.ts';

/** How the virtual phones behave; anything the document leaves open is a switch here. */
export interface SimulatorOptions {
  /** How many phones, 1 by default. */
  readonly phones?: number | undefined;
  /** Models, one for each phone, the last one repeats; `['A48']` by default. */
  readonly models?: readonly Model[] | undefined;
  /** The address to bind, `127.0.0.1` by default. */
  readonly host?: string | undefined;
  /** The port of the first phone, with the others following; 0, the default, picks any free port for each. */
  readonly port?: number | undefined;
  /** The allow list of the phone's page, `any` by default; `[]` disables remote control. */
  readonly allow?: 'any' | readonly string[] | undefined;
  /** The response while the phone shows its prompt, and to an address that is not listed; 403 by default. */
  readonly promptReply?: PromptReply | undefined;
  /** Listed addresses need no prompt; false by default. */
  readonly approved?: boolean | undefined;
  /** The delay before each response in milliseconds, 0 by default. */
  readonly latency?: number | undefined;
  /** How long an unanswered call rings in milliseconds, 60,000 by default. */
  readonly ring?: number | undefined;
  /** Accounts at a PBX, one phone for each; without them, the phones call each other in this process. */
  readonly sip?: readonly SipAccount[] | undefined;
  /** What appears to be between the phones: `proxy`, the default, or `b2bua`. */
  readonly pbx?: Pbx | undefined;
  /** How busy phones and people who reject calls respond: a final SIP status code, 486 by default. */
  readonly refuse?: number | undefined;
  /** A listener such as `http://127.0.0.1:8088`, to which every phone reports every event. */
  readonly actionUrl?: string | undefined;
  /** An Action URL for each event, as on the phone's page; takes precedence over `actionUrl`. */
  readonly actionUrls?: Readonly<Partial<Record<EventName, string>>> | undefined;
  /** The phones' web pages: user and password, none by default, and their variant. */
  readonly web?: WebOptions | undefined;
  /** Called with each thing that happened, after every press and when a call has rung long enough; for a log. */
  readonly onHappening?: ((happening: Happening) => void) | undefined;
}

/** A virtual phone and its address. */
export interface VirtualPhone {
  /** `virtual-1` */
  readonly name: string;
  /** `6001` */
  readonly extension: string;
  /** `80:82:87:00:00:01` */
  readonly mac: string;
  readonly model: Model;
  /** `127.0.0.1:7001` */
  readonly host: string;
  /** `http://127.0.0.1:7001` */
  readonly url: string;
}

/** Virtual phones that can call each other, over real HTTP. */
export interface Simulator {
  readonly phones: readonly VirtualPhone[];
  /** The lines of a phone's display. */
  lcd(extension: string): readonly string[];
  state(extension: string): PhoneSnapshot;
  /**
   * What is heard in the calls of a phone at a PBX; empty without a PBX, where there is no audio.
   *
   * @param since - ignores audio received before this time, as of `performance.now()`
   */
  audio(extension: string, since?: number): readonly LegAudio[];
  /** The calls of a phone at a PBX, including ended ones, with statistics of their audio. */
  calls(extension: string): readonly LegAudio[];
  /** Makes a phone at a PBX play this audio in its calls instead of its tone: samples at 8000 Hz. */
  say(extension: string, samples: Int16Array): void;
  /** The tone that a phone at a PBX sends, in hertz; undefined if others of this process send it, too, as of more than 89. */
  toneOf(extension: string): number | undefined;
  /** The latest SIP messages of a phone: their first lines. */
  wire(extension: string): readonly WireLine[];
  /** Answers "Allow Remote Control?"; false if it is not shown. */
  answerPrompt(extension: string, press: 'save' | 'cancel'): boolean;
  /** Settles when all that has happened by now was reported to the Action URLs, or could not be (`reportFailed`). */
  settled(): Promise<void>;
  /** Closes every port and every connection; queued reports are dropped. */
  close(): Promise<void>;
}

/**
 * Starts virtual phones.
 *
 * @throws {AtcomError} `port-unavailable`, with nothing left listening; `usage` for an invalid count, address or Action URL;
 * `unknown-event`
 * @example
 * ```ts
 * import { startSimulator } from 'atcom/simulator';
 * const simulator = await startSimulator({ phones: 2, approved: true });
 * await fetch(`${simulator.phones[0]?.url}/cgi-bin/server.cgi?key=6002;DIAL`);
 * simulator.state('6002').state; // 'ringing'
 * await simulator.close();
 * ```
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { host = '127.0.0.1', port = 0, promptReply = 403, latency = 0, ring = 60_000, web } = options;
  checkHost(host);
  const servers: Server[] = [];
  const desks = new Map<string, Desk>();
  const seats: Seat[] = [];
  const phones: VirtualPhone[] = [];
  const happened = (happening: Happening) => {
    desks.get(happening.phone)?.report(happening);
    options.onHappening?.(happening);
  };
  const network = await newNetwork({
    models: modelsOf(options),
    accounts: options.sip,
    pbx: options.pbx,
    refuse: options.refuse,
    told(happenings) {
      ringing.look();
      for (const happening of happenings) happened(happening);
    },
  });
  const ringing = newRinging(() => network.stations.values(), ring);
  // Before anything listens, so that an invalid Action URL leaves nothing behind.
  const pages = [...network.stations.values()].map((station) => ({
    station,
    urls: newActionUrls({ '*': options.actionUrl, ...options.actionUrls }),
  }));
  const end = async () => {
    ringing.close();
    await network.close();
    for (const desk of desks.values()) desk.close();
    await closeAll(servers);
  };
  try {
    for (const [index, { station, urls }] of pages.entries()) {
      const { handset } = station;
      const server = createServer();
      server.maxConnections = MOST_CONNECTIONS;
      server.maxHeadersCount = MOST_FIELDS;
      const bound = await listen(server, host, port === 0 ? 0 : port + index);
      servers.push(server);
      const identity = identityOf(index, bound.address, bound.port);
      const desk = newDesk({ station, urls, identity, happened, ...accessOf(options) });
      const phone = virtualPhone(index, handset, { scheme: 'http', host, port: bound.port });
      seats.push({ desk, port: bound.port });
      server.on(
        'request',
        newHandler(desk, { promptReply, latency, identity, web, seats, host, ...lineOf(network, handset) }),
      );
      desks.set(handset.extension, desk);
      phones.push(phone);
    }
  } catch (error) {
    await end();
    throw error;
  }
  for (const desk of desks.values()) desk.start();
  // Not awaited: a PBX may be away for long, and each phone shows when it is registered.
  void network.open();
  const deskOf = (extension: string): Desk => {
    const desk = desks.get(extension);
    if (desk !== undefined) return desk;
    throw new AtcomError('unknown-phone', { input: extension, suggestions: [], names: [...desks.keys()] });
  };
  let closed: Promise<void> | undefined;
  return {
    phones,
    lcd: (extension) => deskOf(extension).lcd(),
    state: (extension) => deskOf(extension).snapshot(),
    audio: (extension, since) => network.sip(extension)?.audio(since) ?? [],
    calls: (extension) => network.sip(extension)?.calls() ?? [],
    say: (extension, samples) => network.sip(extension)?.say(samples),
    toneOf: (extension) => {
      const tone = network.sip(extension)?.tone;
      return tone?.isOwn === true ? tone.hertz : undefined;
    },
    wire: (extension) => network.sip(extension)?.wire ?? [],
    answerPrompt: (extension, press) => deskOf(extension).answerPrompt(press),
    settled: async () => void (await Promise.all(Array.from(desks.values(), (desk) => desk.settled()))),
    close: () => {
      closed ??= end();
      return closed;
    },
  };
}

function checkHost(host: unknown): void {
  if (typeof host === 'string' && BIND_ADDRESS.test(host)) return;
  throw new AtcomError('usage', {
    reason: `virtual phones cannot have the address ${JSON.stringify(host)}`,
    hint: 'give an address of this computer, without a zone, such as 127.0.0.1',
  });
}

/** Each takes a port; a larger number is probably a typing mistake. */
const MOST_PHONES = 1000;

/** How many connections a phone takes. Each may ask for a page that it does not read, which waits in memory. */
const MOST_CONNECTIONS = 256;

function modelsOf({ phones = 1, models = [] }: SimulatorOptions): readonly Model[] {
  if (!Number.isInteger(phones) || phones < 1 || phones > MOST_PHONES) {
    throw new AtcomError('usage', {
      reason: `${phones} virtual phones cannot be started`,
      hint: `give a number from 1 to ${MOST_PHONES}`,
    });
  }
  return Array.from({ length: phones }, (_, index) => models[index] ?? models.at(-1) ?? 'A48');
}

/** What a phone's page shows about its line. */
function lineOf({ faults, sip }: PhoneNetwork, { extension }: Handset): Pick<PageOptions, 'faults' | 'sip'> {
  const control =
    faults === undefined
      ? undefined
      : { get: () => faults.of(extension), set: (fault: Fault | null) => faults.set(extension, fault) };
  return { faults: control, sip: sip(extension) };
}

function accessOf({ allow = 'any', approved = false }: SimulatorOptions) {
  return { allow, approved };
}

function virtualPhone(
  index: number,
  { extension, model }: Handset,
  endpoint: Omit<Endpoint, 'path'>,
): VirtualPhone {
  return {
    name: `virtual-${index + 1}`,
    extension,
    mac: macOf(index),
    model,
    host: hostText(endpoint),
    url: originOf(endpoint),
  };
}
