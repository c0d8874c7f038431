import { RATE } from './tone.ts';

/** The statistics of one stream, as defined by RFC 3550. */
export interface StreamCounts {
  readonly sent: number;
  readonly received: number;
  readonly lost: number;
  /** In milliseconds. */
  readonly jitter: number;
}

/** Counts the packets that arrive (RFC 3550, A.3 and A.8). */
export class Counter {
  #received = 0;
  #lost = 0;
  #jitter = 0;
  #lastSequence: number | undefined;
  #lastTransit: number | undefined;

  get counts(): Omit<StreamCounts, 'sent'> {
    const jitter = Math.round((this.#jitter / RATE) * 10_000) / 10;
    return { received: this.#received, lost: this.#lost, jitter };
  }

  /** @param packet - a whole packet of RTP */
  count(packet: Buffer): void {
    this.#received += 1;
    const sequence = packet.readUInt16BE(2);
    if (this.#lastSequence !== undefined) {
      const gap = (sequence - this.#lastSequence) & 0xffff;
      if (gap > 1 && gap < 1000) this.#lost += gap - 1;
    }
    this.#lastSequence = sequence;
    const transit = (performance.now() / 1000) * RATE - packet.readUInt32BE(4);
    if (this.#lastTransit !== undefined) {
      const difference = Math.abs(transit - this.#lastTransit);
      if (difference < RATE) this.#jitter += (difference - this.#jitter) / 16;
    }
    this.#lastTransit = transit;
  }
}
