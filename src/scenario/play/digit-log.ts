import { EventEmitter, once } from 'node:events';
import type { Watch } from '../../receiver/index.ts';
import type { Happening } from '../../simulator/index.ts';

type Kind = Happening['kind'];

/** With these, a phone turns to a call. */
const BEGINS: ReadonlySet<Kind> = new Set(['outgoingCall', 'incomingCall', 'established', 'unHold']);
/** What ends one call in which digits may have come, also before it was answered. */
const ENDS: ReadonlySet<Kind> = new Set(['terminated', 'remoteBusy', 'callRemoteCanceled', 'cancelCallOut']);

/** A digit, and its call. */
interface Received {
  readonly digit: string;
  readonly call: string;
  readonly isOver: boolean;
}

/**
 * The digits that a phone received from the other party, and how far they were read. Those of a call that is over can
 * be read until the phone turns to another one: they are no proof of what comes there.
 */
export class DigitLog {
  readonly #more = new EventEmitter();
  #unread: readonly Received[] = [];

  /** The digits after the last expected ones. */
  get unread(): string {
    return this.#unread.map(({ digit }) => digit).join('');
  }

  /** Records what happens on the phone, in its order. */
  note({ kind, call = '', detail = '' }: Happening): void {
    if (kind === 'toneHeard') this.#add(detail, call);
    else if (kind === 'busyToIdle') this.#end(() => true);
    else if (ENDS.has(kind)) this.#end((digit) => digit.call === call);
    else if (BEGINS.has(kind)) this.#unread = this.#unread.filter(({ isOver }) => !isOver);
  }

  #add(digits: string, call: string): void {
    const received = Array.from(digits, (digit) => ({ digit, call, isOver: false }));
    this.#unread = [...this.#unread, ...received];
    this.#more.emit('more');
  }

  #end(isIn: (digit: Received) => boolean): void {
    this.#unread = this.#unread.map((digit) => (isIn(digit) ? { ...digit, isOver: true } : digit));
  }

  /**
   * Waits until exactly these digits come next, and reads them; false if other digits come, on timeout, or at the
   * signal.
   */
  async take(wanted: string, { within, signal }: Watch): Promise<boolean> {
    const limit = AbortSignal.any([AbortSignal.timeout(within), ...(signal === undefined ? [] : [signal])]);
    while (this.unread.length < wanted.length && wanted.startsWith(this.unread) && !limit.aborted) {
      await once(this.#more, 'more', { signal: limit }).catch(() => undefined);
    }
    if (!this.unread.startsWith(wanted)) return false;
    this.#unread = this.#unread.slice(wanted.length);
    return true;
  }
}
