import type { Context } from '../context.ts';

/**
 * Whether somebody can be asked: on a terminal, of which nothing else was read. After its end (`--to -`), no answer ever
 * comes; and where lines are read from it (`run -`), one of them would be taken for the answer.
 */
export function canAsk({ stdin, output, readsStdin }: Context): boolean {
  if (!output.interactive || readsStdin === true) return false;
  const input = stdin();
  return input.isTTY === true && input.readable;
}

/** Asks for confirmation on a terminal; where nobody can be asked, the answer is no. */
export async function confirm(context: Context, what: string): Promise<boolean> {
  if (!canAsk(context)) return false;
  const { stdin, output, signal } = context;
  const { createInterface } = await import('node:readline');
  output.note((paint) => `${what}.\n${paint('bold', 'Continue?')} Type yes:`);
  const lines = createInterface({ input: stdin(), signal });
  try {
    for await (const answer of lines) return /^y(es)?$/i.test(answer.trim());
    return false;
  } finally {
    // Leaving the loop does not close stdin, and a terminal that is being read keeps the process alive.
    lines.close();
  }
}
