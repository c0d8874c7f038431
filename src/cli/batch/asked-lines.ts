import { attempt } from '../../files/attempt.ts';
import { pathIn } from '../../files/links.ts';
import { readPlainFile } from '../../files/plain.ts';
import { BatchReader } from '../../fleet/batch.ts';
import type { Context } from '../context.ts';
import { type AskedFiles, askedIn, onlyShows } from '../reports/asked.ts';
import { StepReader } from './step-reader.ts';

/** How many lines of a file may be wrong: each takes time and memory. What is behind them is not read. */
export const MOST_WRONG = 10_000;

/** What lines of a batch ask to be written, whatever else is wrong with them. */
export class AskedLines {
  readonly #reader: BatchReader;
  readonly #steps = new StepReader('atcom run');
  readonly #from: number;
  #number = 0;
  #unreadable = 0;

  /** @param from - of the lines before this one only `set` matters */
  constructor(from = 1) {
    this.#reader = new BatchReader('', from);
    this.#from = from;
  }

  /** How many lines could not be read. */
  get unreadable(): number {
    return this.#unreadable;
  }

  /** What the next line asks for. */
  next(text: string): AskedFiles {
    this.#number += 1;
    const { words, sure } = this.#read(text);
    if (this.#number < this.#from) return { targets: [], journals: [] };
    // A command that there is not says nothing.
    return askedIn(words, () => attempt(() => this.#steps.said(words)) ?? [], sure);
  }

  #read(text: string): { readonly words: readonly string[]; readonly sure: boolean } {
    try {
      return { words: this.#reader.next(text)?.words ?? [], sure: true };
    } catch {
      this.#unreadable += 1;
      return { words: this.#reader.meant(text), sure: false };
    }
  }
}

/** What the lines of a text ask for. */
export function askedInText(text: string, from: number): readonly AskedFiles[] {
  const lines = new AskedLines(from);
  const asked: AskedFiles[] = [];
  for (const line of text.split('\n')) {
    if (lines.unreadable >= MOST_WRONG) break;
    asked.push(lines.next(line));
  }
  return asked;
}

/**
 * What the lines of the files ask for that a wrong command line names, of which it is not known which one was to be run. A
 * pipe may have no writer.
 */
export function askedInFiles({
  words,
  said,
  cwd,
}: Pick<Context, 'words' | 'said' | 'cwd'>): readonly AskedFiles[] {
  const all = said();
  if (onlyShows(words, all)) return [];
  const [from = 1] = all.flatMap((one) =>
    one.kind === 'option' && one.name === '--from' ? [Number.parseInt(one.value ?? '', 10) || 1] : [],
  );
  const files = all.flatMap((one) => (one.kind === 'argument' ? [one.word] : []));
  return files.flatMap((file) => {
    const text = attempt(() => readPlainFile(pathIn(cwd, file)));
    return text === undefined ? [] : askedInText(text, from);
  });
}
