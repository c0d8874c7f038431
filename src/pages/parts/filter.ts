/** A box whose words filter what a page shows. `/` goes there, Escape empties it. */
export class Filter {
  readonly #box: HTMLInputElement;

  /** @param changed - called when its words change */
  constructor(box: HTMLInputElement, changed: () => void) {
    this.#box = box;
    box.addEventListener('input', changed);
    document.addEventListener('keydown', (event) => this.#key(event, changed));
  }

  /** Whether a key belongs to it. */
  isTyped({ target }: KeyboardEvent): boolean {
    return target === this.#box;
  }

  /** Whether a text has all its words. */
  fits(text: string): boolean {
    const lower = text.toLowerCase();
    return this.#box.value
      .toLowerCase()
      .split(/\s+/)
      .every((word) => lower.includes(word));
  }

  #key(event: KeyboardEvent, changed: () => void): void {
    const typing = this.isTyped(event);
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === 'Escape' && typing) {
      this.#box.value = '';
      this.#box.blur();
      changed();
    } else if (event.key === '/' && !typing) {
      event.preventDefault();
      this.#box.focus();
    }
  }
}
