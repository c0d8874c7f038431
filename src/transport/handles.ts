import { pause } from '../abort.ts';

/** What this computer says when it has no socket, file handle or local port left. None of it is about the phone. */
const SCARCE: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS']);

/** The code of an error that is this computer's own; undefined for any other. */
export function scarcityOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && SCARCE.has(code) ? code : undefined;
}

/** What an exchange came to, as far as it matters here. */
interface Attempted {
  readonly kind: string;
  readonly error?: Error;
}

let open = 0;
/** How many may be open side by side; lowered when there are no handles for more. */
let most = Number.POSITIVE_INFINITY;
const waiting: (() => void)[] = [];

/** Between two tries where nobody here can give a handle back, in milliseconds. */
const TRY_AGAIN = 100;

/**
 * Makes exchanges, as many side by side as there are handles for. One for which there was none sent nothing: it waits
 * until another is closed, and from then on fewer are open at once.
 *
 * @param within - milliseconds after which it is given up
 */
export async function withHandle<Result extends Attempted>(
  exchange: () => Promise<Result>,
  within: number,
  signal: AbortSignal | undefined,
): Promise<Result> {
  const deadline = performance.now() + within;
  for (;;) {
    while (open >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    open += 1;
    const result = await exchange();
    open -= 1;
    waiting.shift()?.();
    if (result.kind !== 'undelivered' || scarcityOf(result.error) === undefined) return result;
    most = Math.max(1, Math.min(most, open));
    if (performance.now() >= deadline || signal?.aborted === true) return result;
    // With others open the loop waits for one of them; alone, for other programs.
    if (open === 0 && !(await pause(TRY_AGAIN, signal))) return result;
  }
}
