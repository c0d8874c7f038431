import type { Terminal } from '../process/terminal.ts';

const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l';
const LEAVE = '\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l';

/** Synchronized output: terminals that support it show everything in between at once. */
const BEGIN = '\x1b[?2026h';
const END = '\x1b[?2026l';

/**
 * A screen that rewrites only changed lines, so that nothing flickers. The previous contents of the terminal are
 * restored however the process ends.
 */
export class LiveScreen {
  readonly #terminal: Terminal;
  readonly #forget: () => void;
  #shown: readonly string[] = [];

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#forget = terminal.onExit(() => this.leave());
  }

  /** Switches to the alternate screen. */
  enter(): void {
    this.#terminal.write(`${ENTER}\x1b[2J`);
    this.#shown = [];
  }

  /** Restores the previous screen. */
  leave(): void {
    this.#terminal.write(LEAVE);
  }

  /** Restores the previous screen for good. */
  close(): void {
    this.#forget();
    this.leave();
  }

  /** Draws lines from the top; there must not be more than the terminal has rows. */
  draw(lines: readonly string[]): void {
    // What changes meanwhile is drawn next time.
    if (this.#terminal.isBehind) return;
    const most = Math.max(lines.length, this.#shown.length);
    const changed = Array.from({ length: most }, (_, index) => index).filter(
      (index) => lines[index] !== this.#shown[index],
    );
    this.#shown = lines;
    if (changed.length === 0) return;
    const text = changed.map((index) => `\x1b[${index + 1};1H${lines[index] ?? ''}\x1b[0m\x1b[K`).join('');
    this.#terminal.write(`${BEGIN}${text}${END}`);
  }

  /** Redraws everything next time, such as after a resize. */
  reset(): void {
    this.#shown = [];
    this.#terminal.write('\x1b[2J');
  }
}
