import type { Terminal } from '../terminal.ts';

const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l';
const LEAVE = '\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l';

/** What stands between is shown at once, by terminals that know it. */
const BEGIN = '\x1b[?2026h';
const END = '\x1b[?2026l';

/**
 * A screen of lines, which writes only those that changed: nothing flickers. What was on the terminal before comes back
 * whatever ends the process.
 */
export class LiveScreen {
  readonly #terminal: Terminal;
  readonly #forget: () => void;
  #shown: readonly string[] = [];

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#forget = terminal.onExit(() => this.leave());
  }

  /** Takes the whole screen. */
  enter(): void {
    this.#terminal.write(`${ENTER}\x1b[2J`);
    this.#shown = [];
  }

  /** Gives it back as it was. */
  leave(): void {
    this.#terminal.write(LEAVE);
  }

  /** Gives it back for good. */
  close(): void {
    this.#forget();
    this.leave();
  }

  /** Shows lines from the top; there must be no more than the terminal has rows. */
  draw(lines: readonly string[]): void {
    const most = Math.max(lines.length, this.#shown.length);
    const changed = Array.from({ length: most }, (_, index) => index).filter(
      (index) => lines[index] !== this.#shown[index],
    );
    this.#shown = lines;
    if (changed.length === 0) return;
    const text = changed.map((index) => `\x1b[${index + 1};1H${lines[index] ?? ''}\x1b[0m\x1b[K`).join('');
    this.#terminal.write(`${BEGIN}${text}${END}`);
  }

  /** Draws everything anew next time, as after another size. */
  reset(): void {
    this.#shown = [];
    this.#terminal.write('\x1b[2J');
  }
}
