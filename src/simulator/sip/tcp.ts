import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { bytesOf } from './bytes.ts';
import { firstMessage } from './framing.ts';
import { deliver, type Hop, isBearable, type MessageGate, outgoing, readHead } from './message.ts';
import { EmitterImpl, type Transport, TransportState } from './sipjs.ts';

/** RFC 5626, 4.4.1: a double line break keeps the connection, and NAT mappings, alive. In milliseconds. */
const KEEP_ALIVE = 30_000;
/** How long a connection may take to be made, in milliseconds. */
const PATIENCE = 10_000;
/** How long the other side may take to read what it was sent last, in milliseconds. */
const GOODBYE = 1000;
const BROKEN = 'the PBX sent a message whose end nobody can tell';

export interface TcpOptions {
  readonly host: string;
  readonly next: Hop;
  /** The TLS options; without them the connection is plain TCP. */
  readonly tls?: ConnectionOptions | undefined;
  readonly gate: MessageGate;
  /** For tests: {@link PATIENCE}. */
  readonly patience?: number;
}

/** SIP over one TCP or TLS connection to the proxy, for sip.js. */
export class TcpTransport implements Transport {
  readonly protocol: string;
  readonly stateChange = new EmitterImpl<TransportState>();
  state = TransportState.Disconnected;
  onConnect: (() => void) | undefined;
  onDisconnect: ((error?: Error) => void) | undefined;
  onMessage: ((message: string) => void) | undefined;
  port = 0;
  readonly #options: TcpOptions;
  #socket: Socket | undefined;
  #opening: Socket | undefined;
  #awake: NodeJS.Timeout | undefined;
  #data: Buffer = Buffer.alloc(0);

  constructor(_logger: unknown, options: TcpOptions) {
    this.#options = options;
    this.protocol = options.tls === undefined ? 'TCP' : 'TLS';
  }

  isConnected(): boolean {
    return this.state === TransportState.Connected;
  }

  async connect(): Promise<void> {
    if (this.isConnected()) return;
    this.#become(TransportState.Connecting);
    try {
      this.#socket = await this.#open();
    } catch (error) {
      this.#become(TransportState.Disconnected);
      throw error;
    }
    const socket = this.#socket.setNoDelay(true);
    this.port = socket.localPort ?? 0;
    this.#data = Buffer.alloc(0);
    socket.on('data', (data: Buffer) => {
      this.#data = Buffer.concat([this.#data, data]);
      this.#deliver(socket);
    });
    let why = 'the connection to the PBX was lost';
    socket.on('error', (error) => {
      if (error.message === BROKEN) why = BROKEN;
    });
    socket.once('close', () => this.#lost(why));
    this.#awake = setInterval(() => socket.write('\r\n\r\n'), KEEP_ALIVE).unref();
    this.#become(TransportState.Connected);
    this.onConnect?.();
  }

  async disconnect(): Promise<void> {
    this.#opening?.destroy(new Error('the line is closed'));
    const socket = this.#socket;
    if (socket === undefined) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => socket.destroy(), GOODBYE);
      socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      socket.destroySoon();
    });
  }

  dispose(): Promise<void> {
    return this.disconnect();
  }

  async send(plain: string): Promise<void> {
    const head = readHead(plain);
    const message = outgoing(this.#options.gate, head, plain);
    this.#options.gate.onMessage(head, true);
    await new Promise<void>((resolve, reject) => {
      const done = (error?: Error | null) => (error ? reject(error) : resolve());
      if (this.#socket === undefined) done(new Error('the connection is closed'));
      else this.#socket.write(bytesOf(message), done);
    });
  }

  async #open(): Promise<Socket> {
    const { host: localAddress, next, tls, patience = PATIENCE } = this.#options;
    const { host, port } = next;
    const socket =
      tls === undefined ? connect({ host, port, localAddress }) : connectTls({ host, port, ...tls });
    this.#opening = socket;
    const timer = setTimeout(() => socket.destroy(new Error('no answer from the PBX')), patience).unref();
    try {
      await once(socket, tls === undefined ? 'connect' : 'secureConnect');
      return socket;
    } finally {
      clearTimeout(timer);
      this.#opening = undefined;
    }
  }

  /** The only connection is the one to it. */
  isFromPbx(): boolean {
    return true;
  }

  #become(state: TransportState): void {
    this.state = state;
    this.stateChange.emit(state);
  }

  #lost(why: string): void {
    clearInterval(this.#awake);
    this.#socket = undefined;
    this.#become(TransportState.Disconnected);
    this.onDisconnect?.(new Error(why));
  }

  /**
   * What one message causes is complete before the next: after a CANCEL, the phone is idle when another INVITE follows
   * in the same packet. Whoever does not read the answers is not read either.
   */
  #deliver(socket: Socket): void {
    if (socket !== this.#socket || socket.destroyed) return;
    const first = firstMessage(this.#data);
    if (first === 'broken') return void socket.destroy(new Error(BROKEN));
    const { message, rest } = first;
    this.#data = rest;
    if (message === undefined) return void socket.resume();
    socket.pause();
    if (isBearable(message)) this.#take(message);
    const next = () => this.#deliver(socket);
    if (socket.writableNeedDrain) socket.once('drain', next);
    else setImmediate(next);
  }

  #take(message: string): void {
    const head = readHead(message);
    this.#options.gate.onMessage(head, false);
    const answer = this.#options.gate.receive?.(head, message);
    if (answer === undefined) deliver(message, this.onMessage);
    else this.send(answer).catch(() => undefined);
  }
}
