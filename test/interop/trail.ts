import type { Passing } from './relay.ts';

/** Identifies a message of a call: its phone, its direction, and its index among messages of the same kind. */
export type Kind = string;

/** The messages of one call. Messages of an earlier call that are still in transit do not count, and are never lost. */
export class Trail {
  readonly kinds: Kind[] = [];
  readonly lost: Kind[] = [];
  readonly lines: string[] = [];
  /** Whether a phone's BYE has been answered. */
  readonly goodbye: Promise<void>;
  readonly #loses: (kind: Kind) => boolean;
  readonly #calls = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  #answered: () => void = () => undefined;

  constructor(loses: (kind: Kind) => boolean) {
    this.#loses = loses;
    this.goodbye = new Promise((resolve) => {
      this.#answered = resolve;
    });
  }

  /** Whether a message is lost on its way to or from a phone. */
  loses(phone: string, { name, callId, toPhone }: Passing): boolean {
    if (name.startsWith('INVITE') && !this.#calls.has(phone)) this.#calls.set(phone, callId);
    if (this.#calls.get(phone) !== callId) return false;
    const what = `${phone} ${toPhone ? 'gets' : 'sends'} ${name.replace(/ \d+$/, '')}`;
    const count = (this.#counts.get(what) ?? 0) + 1;
    this.#counts.set(what, count);
    const kind = `${what} #${count}`;
    const lost = this.#loses(kind);
    this.kinds.push(kind);
    if (lost) this.lost.push(kind);
    this.lines.push(`${performance.now().toFixed(0)} ms ${kind}${lost ? ', lost' : ''}`);
    if (!lost && toPhone && name.startsWith('200 BYE')) this.#answered();
    return lost;
  }
}
