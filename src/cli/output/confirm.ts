import type { Context } from '../context.ts';

/** Asks for confirmation on a terminal; without one, the answer is no. */
export async function confirm({ stdin, output, signal }: Context, what: string): Promise<boolean> {
  const input = stdin();
  if (input.isTTY !== true || !output.interactive) return false;
  const { createInterface } = await import('node:readline');
  output.note((paint) => `${what}.\n${paint('bold', 'Continue?')} Type yes:`);
  const lines = createInterface({ input, signal });
  try {
    for await (const answer of lines) return /^y(es)?$/i.test(answer.trim());
    return false;
  } finally {
    // Leaving the loop does not close stdin, and a terminal that is being read keeps the process alive.
    lines.close();
  }
}
