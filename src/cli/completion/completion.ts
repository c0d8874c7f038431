import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { visible } from '../../errors/visible.ts';
import type { Context } from '../context.ts';
import { complete } from './complete.ts';
import { SCRIPTS, type Shell } from './shells.ts';
import type { Answer, Candidate } from './values.ts';

/** More candidates than anybody reads. A few ranges of a config make thousands, which keep a shell busy for seconds. */
const MOST = 1000;

/** More than a terminal shows of what one means. */
const LONGEST_ABOUT = 200;

/** Writes the script for a shell. */
export function writeScript({ output }: Context, shell: Shell): void {
  const script = SCRIPTS[shell];
  const head = { schema: 'atcom/1', command: 'completion', ok: true, exitCode: 0 };
  output.result({ ...head, shell, script }, () => script.trimEnd());
}

/** Writes the candidates at the cursor in the form that the script reads. */
export async function writeCandidates(
  context: Context,
  program: CommandUnknownOpts,
  shell: Shell,
  words: readonly string[],
): Promise<void> {
  const read = shell === 'bash' ? words.map(unquoted) : words;
  const lines = linesOf(await complete(context, program, read));
  if (lines.length > 0) context.stdout.write(`${lines.join('\n')}\n`);
}

/** Bash passes words as they are typed: what one means, without expanding anything; its quote may be open still. */
function unquoted(word: string): string {
  return word.replace(
    /'([^']*)'?|"((?:[^"\\]|\\.)*)"?|\\(.?)/gs,
    (_, single?: string, double?: string, escaped?: string) =>
      single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? '',
  );
}

function linesOf(answer: Answer): readonly string[] {
  if ('files' in answer) {
    const { files } = answer;
    if (files === 'folders') return [':folders'];
    return [files === 'any' ? ':files' : `:files ${files.join(' ')}`];
  }
  // Names come from files, so control characters are escaped.
  return fewer(answer).map(({ value, about }) =>
    about === undefined ? visible(value) : `${visible(value)}\t${visible(about.slice(0, LONGEST_ABOUT))}`,
  );
}

/** As many as fit. The first and the last of the alphabet are among them: a shell inserts what all begin with. */
function fewer(all: readonly Candidate[]): readonly Candidate[] {
  if (all.length <= MOST) return all;
  const sorted = all.toSorted((one, other) => (one.value < other.value ? -1 : 1));
  return [...new Set([...all.slice(0, MOST - 2), ...sorted.slice(0, 1), ...sorted.slice(-1)])];
}
