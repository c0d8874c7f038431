import type { ChalkInstance } from 'chalk';
import { visible, visibleLines } from './text.ts';

/** A stream to write to, as far as a command needs it. */
export interface Writable {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  /** What its reader has not taken yet. */
  readonly writableLength?: number | undefined;
  /** Aborted when nobody reads it any more. */
  readonly gone?: AbortSignal | undefined;
}

/** What decides about colour and detail. */
export interface OutputOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly color: ColorChoice;
}

export type ColorChoice = 'auto' | 'always' | 'never';

/** A style of the few that are used. */
export type Style = 'red' | 'green' | 'yellow' | 'dim' | 'bold';

/** Colours a text, after making it harmless for a terminal; without colour, only the latter. */
export type Paint = (style: Style, text: string) => string;

/** Whether a stream gets colour: `--color`, then NO_COLOR, then FORCE_COLOR, then a terminal. */
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
 * Where a command writes: its result to stdout, everything for people to stderr. A result is a value; its text is a
 * rendering of it, so `--json` cannot drift from the text.
 */
export class Output {
  readonly json: boolean;
  readonly quiet: boolean;
  /** Whether a person watches stderr, where progress goes. */
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
   * Whether a spinner can be drawn on stderr. Some terminals, such as those of `script` or of a CI job, say that they
   * are 0 columns wide, and ora would then count lines for ever.
   */
  get animated(): boolean {
    return this.interactive && (this.#stderr.columns ?? 0) > 0;
  }

  /** Colours what stands on stdout without being a result: a screen. */
  get paint(): Paint {
    return this.#paintOut;
  }

  /** Writes the result: the value with `--json`, else its text. An empty text writes nothing. */
  result(value: unknown, render: (paint: Paint) => string): void {
    const text = this.json ? jsonText(value) : render(this.#paintOut);
    if (text !== '') this.#stdout.write(`${text}\n`);
  }

  /** Writes one of many results: its text, or without one a document of its own line. */
  line(value: unknown, render?: (paint: Paint) => string): void {
    this.lines([value], render && ((_, paint) => render(paint)));
  }

  /** Writes some of many results at once: the text of each, or without one a document of its own line. */
  lines<T>(values: readonly T[], render?: (value: T, paint: Paint) => string): void {
    const text = (value: T) => (render === undefined ? jsonText(value) : render(value, this.#paintOut));
    this.#stdout.write(values.map((value) => `${text(value)}\n`).join(''));
  }

  /** Tells a person something, on stderr. */
  note(render: (paint: Paint) => string): void {
    this.#stderr.write(`${render(this.#paintErr)}\n`);
  }
}

/** JSON in which no character reaches a terminal raw: JSON itself leaves DEL, C1 and bidirectional marks as they are. */
export function jsonText(value: unknown): string {
  return visible(JSON.stringify(value));
}

/** Makes the output of one run; chalk is loaded only when a stream gets colour. */
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
