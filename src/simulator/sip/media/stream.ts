import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIP, isIPv6 } from 'node:net';
import { everyPacket } from './clock.ts';
import { Counter, type StreamCounts } from './counts.ts';
import { DIGITS, DigitSender } from './digits.ts';
import { CODECS, type Codec } from './g711.ts';
import { FRAME, RATE } from './tone.ts';
import { sentWaveOf, waveOf } from './wave.ts';

/** The parameters that both sides have agreed on. */
export interface Agreement {
  readonly address: string;
  readonly port: number;
  /** What is sent. */
  readonly codec: Codec;
  /** By the other side's numbering. */
  readonly payload: number;
  /** All that may come, by the same numbering: any at any time (RFC 3264, 7). */
  readonly codecs: ReadonlyMap<number, Codec>;
  readonly digits: number | undefined;
  readonly sends: boolean;
}

const HEADER = 12;
const SILENT = new Int16Array(RATE);
/** Comfort noise is sent instead of silence (RFC 3389, and 19 before it). */
const COMFORT_NOISE: readonly number[] = [13, 19];
/** How many received packets are kept: one second. */
const KEPT = 50;
/** How many packets may be queued for mixing; more would be audible delay. */
const MIXED = 5;

/** The audio of one leg: sends a tone, and hears only what comes from the agreed address. */
export class Stream {
  port = 0;
  muted = false;
  #speech: Int16Array | undefined;
  lastHeard = 0;
  readonly #host: string;
  readonly #tone: number;
  readonly #onDigit: (digit: string) => void;
  readonly #digits = new DigitSender();
  /** Frames to mix into what this stream sends, by the stream that heard them. */
  readonly #mixed = new Map<Stream, Int16Array[]>();
  /** The streams that mix in what this one hears. */
  readonly #mixers = new Set<Stream>();
  /** Without samples is a packet that nobody can decode. */
  readonly #heard: { readonly at: number; readonly samples: Int16Array | undefined }[] = [];
  readonly #source = Math.floor(Math.random() * 2 ** 32);
  #socket: Socket | undefined;
  /** A call can be over before its offer is answered; a socket that is opened then would keep the process. */
  #isClosed = false;
  #stop: (() => void) | undefined;
  #agreed: Agreement | undefined;
  #sequence = Math.floor(Math.random() * 30_000);
  #timestamp = 0;
  #spoken = 0;
  #sent = 0;
  readonly #counter = new Counter();
  #lastDigit: number | undefined;

  constructor(host: string, tone: number, onDigit: (digit: string) => void) {
    this.#host = host;
    this.#tone = tone;
    this.#onDigit = onDigit;
  }

  async open(): Promise<void> {
    if (this.#socket !== undefined || this.#isClosed) return;
    const type = isIPv6(this.#host) ? 'udp6' : 'udp4';
    const socket = createSocket({ type, lookup: noLookup });
    this.#socket = socket;
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('close', resolve);
      socket.bind(0, this.#host, () => {
        socket.off('error', reject);
        resolve();
      });
    });
    if (this.#socket !== socket) return;
    // A peer that is gone answers with ICMP errors, which are ignored: silence already shows it.
    socket.on('error', () => undefined);
    socket.on('message', (packet, from) => this.#receive(packet, from));
    this.port = socket.address().port;
    this.#stop = everyPacket(() => this.#tick());
  }

  agree(agreement: Agreement): void {
    this.#agreed = agreement;
    this.lastHeard = performance.now();
  }

  /** Plays this audio once, then the tone again. */
  speak(samples: Int16Array): void {
    this.#speech = samples;
    this.#spoken = 0;
  }

  say(digits: string): void {
    this.#digits.add(digits);
  }

  /** Sends what the other stream hears to this stream's peer. */
  mix(other: Stream): void {
    this.#mixed.set(other, []);
    other.#mixers.add(this);
  }

  mixNothing(): void {
    for (const other of this.#mixed.keys()) other.#mixers.delete(this);
    this.#mixed.clear();
  }

  /**
   * The latest samples, at most a second, and whether packets of an unknown codec came between them.
   *
   * @param since - ignores audio received before this time, as of `performance.now()`
   */
  heard(milliseconds: number, since = 0): { readonly samples: Int16Array; readonly undecoded: boolean } {
    const latest = this.#heard.slice(-Math.ceil(milliseconds / 20)).filter(({ at }) => at >= since);
    const frames = latest.flatMap(({ samples }) => samples ?? []);
    const samples = new Int16Array(frames.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const frame of frames) {
      samples.set(frame, at);
      at += frame.length;
    }
    return { samples, undecoded: frames.length < latest.length };
  }

  /** The codec that is sent: `PCMA`; undefined before both sides have agreed. */
  get codec(): string | undefined {
    return this.#agreed?.codec.name;
  }

  get counts(): StreamCounts {
    return { sent: this.#sent, ...this.#counter.counts };
  }

  close(): void {
    this.#isClosed = true;
    this.#stop?.();
    this.mixNothing();
    this.#socket?.close();
    this.#socket = undefined;
  }

  #tick(): void {
    const agreed = this.#agreed;
    const timestamp = this.#timestamp;
    this.#timestamp = (timestamp + FRAME) >>> 0;
    if (agreed === undefined || !agreed.sends || agreed.port === 0) return;
    const digit = agreed.digits === undefined ? undefined : this.#digits.next(timestamp);
    if (digit === 'pause') return;
    if (digit !== undefined && agreed.digits !== undefined) {
      this.#send(agreed, this.#packet(agreed.digits, digit.payload, digit.first, digit.timestamp));
    } else {
      const payload = this.#frame(agreed.codec);
      this.#send(agreed, this.#packet(agreed.payload, payload, this.#sent === 0, timestamp));
    }
  }

  /** The tone or the speech, mixed with the audio of joined calls. */
  #frame(codec: Codec): Uint8Array {
    const begin = this.#spoken;
    this.#spoken += FRAME;
    if (this.#speech !== undefined && begin >= this.#speech.length) this.#speech = undefined;
    const own = this.muted ? SILENT : (this.#speech ?? waveOf(this.#tone));
    const from = own === this.#speech ? begin : begin % RATE;
    if (this.#mixed.size === 0 && own !== this.#speech && !this.muted)
      return sentWaveOf(this.#tone, codec).subarray(from, from + FRAME);
    const mixed = [...this.#mixed.values()].flatMap((frames) => frames.shift() ?? []);
    const frame = new Uint8Array(FRAME);
    for (let at = 0; at < FRAME; at += 1) {
      let sum = own[from + at] ?? 0;
      for (const other of mixed) sum += other[at] ?? 0;
      frame[at] = codec.encode[Math.max(-32_768, Math.min(32_767, sum)) + 32_768] ?? 0;
    }
    return frame;
  }

  #packet(payload: number, body: Uint8Array, marked: boolean, timestamp: number): Buffer {
    const packet = Buffer.alloc(HEADER + body.length);
    packet[0] = 0x80;
    packet[1] = payload | (marked ? 0x80 : 0);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    packet.writeUInt16BE(this.#sequence, 2);
    packet.writeUInt32BE(timestamp >>> 0, 4);
    packet.writeUInt32BE(this.#source, 8);
    packet.set(body, HEADER);
    return packet;
  }

  #send({ address, port }: Agreement, packet: Buffer): void {
    this.#sent += 1;
    this.#socket?.send(packet, port, address, () => undefined);
  }

  #receive(packet: Buffer, { address, port }: RemoteInfo): void {
    const agreed = this.#agreed;
    if (agreed === undefined || address !== agreed.address || port !== agreed.port) return;
    if (packet.length < HEADER || (packet[0] ?? 0) >> 6 !== 2) return;
    const begin = HEADER + ((packet[0] ?? 0) & 15) * 4;
    const payload = (packet[1] ?? 0) & 0x7f;
    this.lastHeard = performance.now();
    this.#counter.count(packet);
    const codec = agreed.codecs.get(payload);
    if (codec !== undefined) this.#hear(packet.subarray(begin), codec);
    else if (payload === agreed.digits) this.#digit(packet, begin);
    // Without a body, it only keeps ways through NAT open (RFC 6263).
    else if (packet.length > begin && !COMFORT_NOISE.includes(payload)) this.#keep(undefined);
  }

  #keep(samples: Int16Array | undefined): void {
    this.#heard.push({ at: this.lastHeard, samples });
    if (this.#heard.length > KEPT) this.#heard.shift();
  }

  #hear(body: Buffer, { decode }: Codec): void {
    const samples = new Int16Array(Math.min(body.length, RATE));
    for (let at = 0; at < samples.length; at += 1) samples[at] = decode[body[at] ?? 0] ?? 0;
    this.#keep(samples);
    for (const mixer of this.#mixers) {
      const frames = mixer.#mixed.get(this);
      frames?.push(samples);
      if (frames !== undefined && frames.length > MIXED) frames.shift();
    }
  }

  /** Each packet of a digit has the timestamp of the digit's start. */
  #digit(packet: Buffer, begin: number): void {
    if (packet.length < begin + 4) return;
    const timestamp = packet.readUInt32BE(4);
    if (timestamp === this.#lastDigit) return;
    this.#lastDigit = timestamp;
    const digit = DIGITS[packet[begin] ?? DIGITS.length];
    if (digit !== undefined) this.#onDigit(digit);
  }
}

/** Peers are given as addresses; a name must never be looked up. */
function noLookup(
  host: string,
  _options: unknown,
  done: (error: NodeJS.ErrnoException | null, address: string, family: number) => void,
): void {
  const family = isIP(host);
  done(family === 0 ? new Error('no address') : null, host, family);
}

export function codecOf(name: string | undefined): Codec | undefined {
  return CODECS.find((codec) => `${codec.name}/8000` === name?.toUpperCase());
}
