import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIP, isIPv6 } from 'node:net';
import { bytesOf, textOf } from './bytes.ts';
import {
  deliver,
  type Hop,
  headerOf,
  hopOf,
  isBearable,
  type MessageGate,
  type MessageHead,
  outgoing,
  readHead,
} from './message.ts';
import { answerToStranger } from './methods.ts';
import { EmitterImpl, type Transport, TransportState } from './sipjs.ts';

/** RFC 3261, 17: the first retransmission delay, the maximum delay, and the timeout. */
const T1 = 500;
const T2 = 4000;
const GIVE_UP = 64 * T1;
/** Of how many requests each way the other end is remembered. */
const MOST_HOPS = 1000;

export interface UdpOptions {
  /** The address to bind. */
  readonly host: string;
  readonly port?: number;
  /** The destination of requests outside a dialog. */
  readonly next: Hop;
  readonly gate: MessageGate;
  /** For tests: whether to lose this message. */
  readonly lose?: (message: string, sent: boolean) => boolean;
}

/** A message that is retransmitted. */
interface Pending {
  readonly put: () => void;
  readonly timer: NodeJS.Timeout;
}

/** SIP over UDP for sip.js, which leaves retransmission to its transport. */
export class UdpTransport implements Transport {
  readonly protocol = 'UDP';
  readonly stateChange = new EmitterImpl<TransportState>();
  state = TransportState.Disconnected;
  onConnect: (() => void) | undefined;
  onDisconnect: ((error?: Error) => void) | undefined;
  onMessage: ((message: string) => void) | undefined;
  port = 0;
  readonly #options: UdpOptions;
  readonly #again = new Map<string, Pending>();
  /** The sources of requests, by the branch of their topmost Via. */
  readonly #sources = new Map<string, Hop>();
  /** The destinations of requests, likewise. Nobody who sends many makes the phone forget where it sent its own. */
  readonly #destinations = new Map<string, Hop>();
  #socket: Socket | undefined;

  constructor(_logger: unknown, options: UdpOptions) {
    this.#options = options;
  }

  isConnected(): boolean {
    return this.state === TransportState.Connected;
  }

  async connect(): Promise<void> {
    if (this.#socket !== undefined) return;
    this.#become(TransportState.Connecting);
    const { host, port = 0 } = this.#options;
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
    this.#socket = socket;
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(port, host, () => {
        socket.off('error', reject);
        resolve();
      });
    });
    // Delivery failures are noticed by the timers.
    socket.on('error', () => undefined);
    socket.on('message', (data, from) => this.#receive(data, from));
    this.port = socket.address().port;
    this.#become(TransportState.Connected);
    this.onConnect?.();
  }

  async disconnect(): Promise<void> {
    const socket = this.#socket;
    if (socket === undefined) return;
    this.#socket = undefined;
    for (const key of this.#again.keys()) this.#stop(key);
    await new Promise<void>((resolve) => socket.close(() => resolve()));
    this.#become(TransportState.Disconnected);
    this.onDisconnect?.();
  }

  dispose(): Promise<void> {
    return this.disconnect();
  }

  async send(plain: string): Promise<void> {
    const head = readHead(plain);
    const message = outgoing(this.#options.gate, head, plain);
    let hop = head.status === undefined ? this.#hopOfRequest(message, head) : this.#hopOfAnswer(head);
    if (isIP(hop.host) === 0) hop = { ...hop, host: await this.#addressOf(hop.host) };
    // A name may lead elsewhere than when the PBX asked for the password there.
    if (headerOf(message, 'authorization', 'proxy-authorization') !== '' && !this.#isPbx(hop))
      throw new Error('a password is for the PBX alone');
    this.#options.gate.onMessage(head, true);
    if (head.status === undefined) remember(this.#destinations, head.branch, hop);
    const key = keyOf(head);
    const again = head.status === undefined ? head.method !== 'ACK' : isRefusal(head);
    if (again && !this.#again.has(key)) this.#repeat(key, message, hop, head);
    await this.#put(message, hop);
  }

  #become(state: TransportState): void {
    this.state = state;
    this.stateChange.emit(state);
  }

  #receive(data: Buffer, { address, port }: RemoteInfo): void {
    const message = textOf(data);
    if (!isBearable(message)) return;
    if (this.#options.lose?.(message, false)) return;
    const head = readHead(message);
    this.#options.gate.onMessage(head, false);
    const source = { host: address, port };
    if (this.#isStranger(head, source)) {
      this.#turnAway(head, message, source);
      return;
    }
    if (head.status === undefined) {
      if (head.method === 'ACK') this.#stop(`${head.branch} INVITE answer`);
      else remember(this.#sources, head.branch, source);
      // sip.js refuses some without a transaction, and would take the retransmission for a new request (RFC 3261, 17.2.1).
      const refused = head.method === 'INVITE' && this.#again.get(`${head.branch} INVITE answer`);
      if (refused) {
        refused.put();
        return;
      }
    } else if (head.status >= 200 || head.method === 'INVITE') this.#stop(`${head.branch} ${head.method}`);
    const answer = this.#options.gate.receive?.(head, message);
    if (answer === undefined) deliver(this.#withoutForeignChallenge(message, head), this.onMessage);
    else this.send(answer).catch(() => undefined);
  }

  /** It is neither the PBX, nor the other side of a call, nor asked: it may send its request again after the call. */
  #isStranger({ status, branch, callId, inDialog }: MessageHead, source: Hop): boolean {
    if (this.#isPbx(source)) return false;
    if (status !== undefined) return !this.#wasAsked(branch, source);
    const isOfCall = inDialog && this.#options.gate.isOfCall?.(callId) === true;
    return !isOfCall && !isSame(this.#sources.get(branch), source);
  }

  /**
   * Whether the request with this branch went there, and not to the PBX, which answers from where it is asked, as `rport`
   * wants (RFC 3581, 4). Of others, the host alone counts: RFC 3261, 18.2.2 does not say from which port an answer comes,
   * and some phones send from another than they hear at.
   */
  #wasAsked(branch: string, { host }: Hop): boolean {
    const hop = this.#destinations.get(branch);
    return hop?.host === host && !this.#isPbx(hop);
  }

  /** Anybody can send a datagram. sip.js takes long to read some, and would keep each for 32 s. */
  #turnAway(head: MessageHead, message: string, source: Hop): void {
    const answer = answerToStranger(head, message);
    if (answer === undefined) return;
    this.#options.gate.onMessage(readHead(answer), true);
    this.#put(answer, source).catch(() => undefined);
  }

  /**
   * The password is for the PBX alone: not for a caller elsewhere, nor for another program on its computer, which could
   * ask for it when the phone hangs up, as it does without the PBX. It goes where the request went; where the challenge
   * comes from may be forged.
   */
  #withoutForeignChallenge(message: string, { status, branch }: MessageHead): string {
    const isOurs = this.#isPbx(this.#destinations.get(branch));
    if (isOurs || (status !== 401 && status !== 407)) return message;
    return message.replace(/^\S+ \d+/, 'SIP/2.0 403');
  }

  /** Whether the request with this branch came from the PBX: anybody can send a datagram. */
  isFromPbx(branch: string): boolean {
    return this.#isPbx(this.#sources.get(branch));
  }

  #isPbx(hop: Hop | undefined): boolean {
    return isSame(hop, this.#options.next);
  }

  /**
   * The route, the peer of a dialog, or the proxy. Retransmissions and the ACK go to the same place as the first
   * request.
   */
  #hopOfRequest(message: string, head: MessageHead): Hop {
    const known = this.#destinations.get(head.branch);
    if (known !== undefined) return known;
    const route = hopOf(headerOf(message, 'route'));
    const target = head.inDialog ? hopOf(head.line.split(' ')[1] ?? '') : undefined;
    return route ?? target ?? this.#options.next;
  }

  /** Where a name leads, so that it is known who answers. */
  async #addressOf(name: string): Promise<string> {
    const { address } = await lookup(name, { family: isIPv6(this.#options.host) ? 6 : 4 });
    return address;
  }

  /** A response goes to the source of its request (RFC 3581). */
  #hopOfAnswer({ branch }: MessageHead): Hop {
    return this.#sources.get(branch) ?? this.#options.next;
  }

  #stop(key: string): void {
    clearTimeout(this.#again.get(key)?.timer);
    this.#again.delete(key);
  }

  /** Timers A, E and G. */
  #repeat(key: string, message: string, hop: Hop, { method, status }: MessageHead): void {
    const longest = method === 'INVITE' && status === undefined ? GIVE_UP : T2;
    let wait = T1;
    let waited = 0;
    const put = () => void this.#put(message, hop).catch(() => undefined);
    const next = () => {
      waited += wait;
      wait = Math.min(wait * 2, longest);
      if (waited >= GIVE_UP) {
        this.#again.delete(key);
        return;
      }
      put();
      this.#again.set(key, { put, timer: setTimeout(next, wait).unref() });
    };
    this.#again.set(key, { put, timer: setTimeout(next, wait).unref() });
  }

  #put(message: string, { host, port }: Hop): Promise<void> {
    if (this.#options.lose?.(message, true)) return Promise.resolve();
    return new Promise((resolve, reject) => {
      if (this.#socket === undefined) reject(new Error('the line is closed'));
      else
        this.#socket.send(bytesOf(message), port, host, (error) =>
          error === null ? resolve() : reject(error),
        );
    });
  }
}

function isSame(hop: Hop | undefined, { host, port }: Hop): boolean {
  return hop?.host === host && hop.port === port;
}

function remember(hops: Map<string, Hop>, branch: string, hop: Hop): void {
  if (hops.has(branch)) return;
  hops.set(branch, hop);
  const [oldest = ''] = hops.keys();
  if (hops.size > MOST_HOPS) hops.delete(oldest);
}

function keyOf({ branch, method, status }: MessageHead): string {
  return `${branch} ${method}${status === undefined ? '' : ' answer'}`;
}

/** A response to an INVITE is retransmitted until its ACK arrives; for others, the peer retransmits its request. */
function isRefusal({ method, status = 0 }: MessageHead): boolean {
  return method === 'INVITE' && status >= 300;
}
