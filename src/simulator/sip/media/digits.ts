import { append } from '../../../append.ts';

/** The telephone keys among the events of RFC 4733, by number. */
export const DIGITS = '0123456789*#ABCD';

/** The number of 20 ms packets per digit, followed by three end packets and a pause. */
const PACKETS = 5;
const ENDS = 3;
const PAUSE = 3;
/** So many digits wait to be sent at most. */
const MOST_WAITING = 256;

/** One packet of a DTMF digit. */
export interface DigitPacket {
  readonly payload: Buffer;
  readonly first: boolean;
  /** The timestamp of its start, which all of its packets carry. */
  readonly timestamp: number;
}

/** Sends DTMF digits one after the other; called every 20 ms. */
export class DigitSender {
  readonly #waiting: string[] = [];
  #sent = 0;
  #begin = 0;

  add(digits: string): void {
    const known = [...digits].filter((digit) => DIGITS.includes(digit));
    append(this.#waiting, known.slice(0, MOST_WAITING - this.#waiting.length));
  }

  /** The next packet; `pause` between two digits, undefined if none is left. */
  next(timestamp: number): DigitPacket | 'pause' | undefined {
    const [digit] = this.#waiting;
    if (digit === undefined) return undefined;
    const sent = this.#sent;
    this.#sent += 1;
    if (sent === 0) this.#begin = timestamp;
    if (sent >= PACKETS + ENDS) {
      if (sent >= PACKETS + ENDS + PAUSE) {
        this.#waiting.shift();
        this.#sent = 0;
      }
      return 'pause';
    }
    const payload = Buffer.alloc(4);
    payload[0] = DIGITS.indexOf(digit);
    payload[1] = (sent >= PACKETS ? 0x80 : 0) | 10;
    payload.writeUInt16BE(Math.min(sent + 1, PACKETS) * 160, 2);
    return { payload, first: sent === 0, timestamp: this.#begin };
  }
}
