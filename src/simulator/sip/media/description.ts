import type { Session } from '../sipjs.ts';
import { CODECS } from './g711.ts';
import { answerTo, type Direction, readSdp, writeSdp } from './sdp.ts';
import { codecOf, Stream } from './stream.ts';

/** The payload type of DTMF in our own offers; any of the dynamic ones. */
const OUR_DIGITS = 101;

/** The callbacks and settings of a leg's audio. */
export interface MediaOptions {
  readonly host: string;
  /** The frequency that this phone sends, in hertz. */
  readonly tone: number;
  readonly onDigit: (digit: string) => void;
  /** Called when the other side holds or resumes. */
  readonly onRemoteHold: (on: boolean) => void;
}

/** Whether a session description offers audio that can be answered. */
export function isAcceptable(sdp: string): boolean {
  return chosen(sdp) !== undefined;
}

function chosen(sdp: string) {
  const offer = readSdp(sdp);
  if (offer === undefined || !/^RTP\/AVPF?$/.test(offer.profile)) return undefined;
  const codecs = new Map(
    offer.payloads.flatMap((one) => {
      const codec = codecOf(offer.names.get(one));
      return codec === undefined ? [] : [[one, codec] as const];
    }),
  );
  const [first] = codecs;
  if (first === undefined) return undefined;
  const [payload, codec] = first;
  const digits = offer.payloads.find((one) => /^telephone-event\/8000$/i.test(offer.names.get(one) ?? ''));
  return { offer, payload, codec, codecs, digits };
}

/** The audio of a call; undefined before it was asked for. */
export function mediaOf(session: Session): Media | undefined {
  return session.sessionDescriptionHandler as unknown as Media | undefined;
}

/**
 * Offers and answers of one leg (RFC 3264), as the session description handler of sip.js.
 */
export class Media {
  readonly stream: Stream;
  readonly #options: MediaOptions;
  readonly #session = Math.floor(Math.random() * 2 ** 31);
  #version = 0;
  #held = false;
  #before = false;
  #remote: Direction = 'sendrecv';
  #offer: ReturnType<typeof chosen>;
  /** The other side's offer awaits our answer. */
  #answering = false;

  constructor(options: MediaOptions) {
    this.#options = options;
    this.stream = new Stream(options.host, options.tone, options.onDigit);
  }

  hasDescription(contentType: string): boolean {
    return contentType === 'application/sdp';
  }

  async getDescription(options?: { readonly hold?: boolean }) {
    await this.stream.open();
    this.#version += 1;
    if (this.#answering) {
      this.#answering = false;
      return this.#written(answerTo(this.#remote, this.#held));
    }
    this.#before = this.#held;
    this.#held = options?.hold ?? this.#held;
    this.#offer = undefined;
    return this.#written(this.#held ? 'sendonly' : 'sendrecv');
  }

  async setDescription(sdp: string): Promise<void> {
    await this.stream.open();
    const found = chosen(sdp);
    if (found === undefined) throw new Error('no codec in common');
    // A description that arrives while we have no offer pending is an offer.
    this.#answering = true;
    this.#offered(found);
  }

  #offered(found: NonNullable<ReturnType<typeof chosen>>): void {
    this.#offer = found;
    const held = (direction: Direction) => direction === 'sendonly' || direction === 'inactive';
    const was = held(this.#remote);
    this.#remote = found.offer.direction;
    this.#apply();
    if (held(this.#remote) !== was && !this.#held) this.#options.onRemoteHold(held(this.#remote));
  }

  /**
   * What is played before the answer, such as an announcement, is heard from now on; nothing is sent before. sip.js
   * could do that only where no proxy forks.
   */
  early(sdp: string): void {
    const found = chosen(sdp);
    if (found === undefined) return;
    const { offer, ...kinds } = found;
    this.stream.agree({ address: offer.address, port: offer.port, ...kinds, sends: false });
  }

  /** Takes an offer that comes by UPDATE; gives the answer, undefined when there is nothing in common. */
  update(sdp: string): { readonly sdp: string } | undefined {
    const found = chosen(sdp);
    if (found === undefined) return undefined;
    this.#version += 1;
    this.#offered(found);
    return { sdp: this.#written(answerTo(this.#remote, this.#held)).body };
  }

  /** Our offer was answered, so the description was not an offer of theirs. */
  answered(): void {
    this.#answering = false;
    this.#apply();
  }

  async rollbackDescription(): Promise<void> {
    this.#held = this.#before;
    this.#answering = false;
    this.#apply();
  }

  sendDtmf(digits: string): boolean {
    this.stream.say(digits);
    return true;
  }

  /** Each side hears the other's; without one, no other any more. */
  mix(other: Media | undefined): void {
    this.stream.mixNothing();
    if (other === undefined) return;
    this.stream.mix(other.stream);
    other.stream.mix(this.stream);
  }

  /** Whether this side holds the call. */
  get held(): boolean {
    return this.#held;
  }

  /** Whether audio from the other side is expected now. */
  get expectsAudio(): boolean {
    return (
      this.#offer !== undefined && !this.#held && (this.#remote === 'sendrecv' || this.#remote === 'sendonly')
    );
  }

  close(): void {
    this.stream.close();
  }

  #apply(): void {
    if (this.#offer === undefined) return;
    const { offer, ...kinds } = this.#offer;
    const sends = !this.#held && (this.#remote === 'sendrecv' || this.#remote === 'recvonly');
    this.stream.agree({ address: offer.address, port: offer.port, ...kinds, sends });
  }

  #written(direction: Direction) {
    const { host } = this.#options;
    const theirs = this.#offer;
    const codecs =
      theirs === undefined
        ? CODECS.map(({ payload, name }) => [payload, name] as const)
        : [[theirs.payload, theirs.codec.name] as const];
    const own = { address: host, port: this.stream.port, session: this.#session, version: this.#version };
    const digits = theirs === undefined ? OUR_DIGITS : theirs.digits;
    return { body: writeSdp({ ...own, codecs, digits, direction }), contentType: 'application/sdp' };
  }
}
