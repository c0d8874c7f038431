import type { ChalkInstance } from 'chalk';
import { withoutPasswords } from '../../errors/passwords.ts';
import { visible, visibleLines } from '../../errors/visible.ts';

/** The parts of a writable stream that commands need. */
export interface Writable {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  /** How many bytes its reader has not consumed. */
  readonly writableLength?: number | undefined;
  /** Aborted when its reader is gone. */
  readonly gone?: AbortSignal | undefined;
}

/** How many characters wait in memory for a reader or a disk that is slower than what is written. */
export const MOST_UNREAD = 64 * 1024 * 1024;

/** Whether a reader is so far behind that what can be dropped must be. */
export function isBehind({ writableLength = 0 }: Pick<Writable, 'writableLength'>): boolean {
  return writableLength > MOST_UNREAD;
}

/** What determines colour and detail. */
export interface OutputOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly color: ColorChoice;
}

export type ColorChoice = 'auto' | 'always' | 'never';

/** The styles in use. */
export type Style = 'red' | 'green' | 'yellow' | 'dim' | 'bold';

/** Colours a text after escaping it for a terminal; without colour, only escapes it. */
export type Paint = (style: Style, text: string) => string;

/**
 * Whether a stream gets colour: decided by `--color`, NO_COLOR, FORCE_COLOR, or whether it is a terminal, in this
 * order.
 */
export function wantsColor(
  choice: ColorChoice,
  env: Readonly<Record<string, string | undefined>>,
  isTTY: boolean,
): boolean {
  if (choice !== 'auto') return choice === 'always';
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  const force = env['FORCE_COLOR'] ?? '';
  if (force !== '') return force !== '0';
  return isTTY && env['TERM'] !== 'dumb';
}

/**
 * Where a command writes: its result to stdout, and everything else to stderr. A result is a value, and its text is a
 * rendering of it, so `--json` cannot drift from the text.
 */
export class Output {
  readonly json: boolean;
  readonly quiet: boolean;
  /** Whether stderr, where progress is shown, is a terminal. */
  readonly interactive: boolean;
  readonly #stdout: Writable;
  readonly #stderr: Writable;
  readonly #paintOut: Paint;
  readonly #paintErr: Paint;

  constructor(
    streams: { stdout: Writable; stderr: Writable },
    options: OutputOptions,
    paint: [Paint, Paint],
  ) {
    this.json = options.json;
    this.quiet = options.quiet;
    this.interactive = streams.stderr.isTTY === true && !options.json && !options.quiet;
    this.#stdout = streams.stdout;
    this.#stderr = streams.stderr;
    [this.#paintOut, this.#paintErr] = paint;
  }

  /**
   * Whether a spinner can be drawn on stderr. Some terminals, such as those of `script` or of CI jobs, claim to be 0
   * columns wide, and ora would then count lines forever.
   */
  get animated(): boolean {
    return this.interactive && (this.#stderr.columns ?? 0) > 0;
  }

  /** Colours for text on stdout that is not a result: a full-screen view. */
  get paint(): Paint {
    return this.#paintOut;
  }

  /** Writes the result: the value with `--json`, otherwise its text. An empty text writes nothing. */
  result(value: unknown, render: (paint: Paint) => string): void {
    const text = this.json ? jsonText(value) : render(this.#paintOut);
    if (text !== '') this.#stdout.write(`${text}\n`);
  }

  /** Writes one of many results: its text, or a line of JSON if it has none. */
  line(value: unknown, render?: (paint: Paint) => string): void {
    this.lines([value], render && ((_, paint) => render(paint)));
  }

  /** Writes several of many results at once: the text of each, or a line of JSON if it has none. */
  lines<T>(values: readonly T[], render?: (value: T, paint: Paint) => string): void {
    const text = (value: T) => (render === undefined ? jsonText(value) : render(value, this.#paintOut));
    this.#stdout.write(values.map((value) => `${text(value)}\n`).join(''));
  }

  /** Writes a message for people, on stderr. It may repeat their words, but no password in these. */
  note(render: (paint: Paint) => string): void {
    this.#stderr.write(`${withoutPasswords(render(this.#paintErr))}\n`);
  }
}

/** JSON in which no character can affect a terminal: JSON itself does not escape DEL, C1 and bidirectional marks. */
export function jsonText(value: unknown): string {
  return visible(JSON.stringify(value));
}

/** Creates the output of one run; chalk is loaded only if a stream gets colour. */
export async function createOutput(
  streams: { stdout: Writable; stderr: Writable },
  options: OutputOptions,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Output> {
  const [out, err] = [streams.stdout, streams.stderr].map((stream) =>
    wantsColor(options.color, env, stream.isTTY === true),
  );
  const chalk = out === true || err === true ? new (await import('chalk')).Chalk({ level: 1 }) : undefined;
  return new Output(streams, options, [painter(out ? chalk : undefined), painter(err ? chalk : undefined)]);
}

function painter(chalk: ChalkInstance | undefined): Paint {
  return (style, text) => (chalk === undefined ? visibleLines(text) : chalk[style](visibleLines(text)));
}
