/** How much is told. */
interface SparinglyOptions {
  /** Milliseconds in which the same is told once. */
  readonly every: number;
  /** So many different things are told in that time. */
  readonly most: number;
}

/** What follows a text that was told before, and happened again so many times since. */
export function againText(again: number): string {
  return again === 0 ? '' : ` (again ${again} ${again === 1 ? 'time' : 'times'})`;
}

/** Something that was told, and how often it happened again since. */
interface Told<T> {
  last: T;
  again: number;
}

/**
 * Tells what may happen thousands of times without filling a log: what is new at once, and what happened again when its
 * time is over, with how often it did. A stranger chooses what is new, so of that, too, there is no more than so much.
 */
export class Sparingly<T> {
  readonly #tell: (what: T, again: number) => void;
  readonly #tellOthers: (count: number) => void;
  readonly #options: SparinglyOptions;
  readonly #told = new Map<string, Told<T>>();
  #others = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param tell - tells one of them, and how often it happened again since it was told
   * @param tellOthers - tells how many were too many to be told one by one
   */
  constructor(
    tell: (what: T, again: number) => void,
    tellOthers: (count: number) => void,
    options: SparinglyOptions,
  ) {
    this.#tell = tell;
    this.#tellOthers = tellOthers;
    this.#options = options;
  }

  /** Takes what happened; what has the same key is the same to whoever reads of it. */
  take(key: string, what: T): void {
    const told = this.#told.get(key);
    if (told !== undefined) {
      told.last = what;
      told.again += 1;
    } else if (this.#told.size >= this.#options.most) this.#others += 1;
    else {
      this.#told.set(key, { last: what, again: 0 });
      this.#timer ??= setTimeout(() => this.#tellRest(), this.#options.every).unref();
      this.#tell(what, 0);
    }
  }

  /** Begins anew, and tells nothing of what was held back. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#told.clear();
    this.#others = 0;
  }

  #tellRest(): void {
    for (const { last, again } of this.#told.values()) if (again > 0) this.#tell(last, again);
    if (this.#others > 0) this.#tellOthers(this.#others);
    this.forget();
  }
}
