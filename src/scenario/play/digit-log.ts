import { EventEmitter, once } from 'node:events';
import type { Watch } from '../../receiver/index.ts';

/** The digits that a phone received from the other party, and how far they were read. */
export class DigitLog {
  readonly #more = new EventEmitter();
  #unread = '';

  /** The digits after the last expected ones. */
  get unread(): string {
    return this.#unread;
  }

  add(digits: string): void {
    this.#unread += digits;
    this.#more.emit('more');
  }

  /**
   * Waits until exactly these digits come next, and reads them; false if other digits come, on timeout, or at the
   * signal.
   */
  async take(wanted: string, { within, signal }: Watch): Promise<boolean> {
    const limit = AbortSignal.any([AbortSignal.timeout(within), ...(signal === undefined ? [] : [signal])]);
    while (this.#unread.length < wanted.length && wanted.startsWith(this.#unread) && !limit.aborted) {
      await once(this.#more, 'more', { signal: limit }).catch(() => undefined);
    }
    if (!this.#unread.startsWith(wanted)) return false;
    this.#unread = this.#unread.slice(wanted.length);
    return true;
  }
}
