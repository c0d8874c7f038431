import { pause } from '../abort.ts';

/**
 * The error codes for having no socket, file handle or local port left on this computer. They say nothing about the
 * phone.
 */
const SCARCE: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS']);

/** The code of an error caused by this computer's own limits; undefined for any other error. */
export function scarcityOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && SCARCE.has(code) ? code : undefined;
}

/** The part of an exchange's result that matters here. */
interface Attempted {
  readonly kind: string;
  readonly error?: Error;
}

let open = 0;
/** How many exchanges may be open at once; lowered when the system runs out of handles. */
let most = Number.POSITIVE_INFINITY;
const waiting: (() => void)[] = [];

/** The delay between two attempts when no exchange of this process can free a handle, in milliseconds. */
const TRY_AGAIN = 100;

/**
 * Runs as many exchanges concurrently as there are handles for. An exchange that got no handle sent nothing: it waits
 * until another is closed, and from then on fewer are open at once.
 *
 * @param within - the timeout in milliseconds
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
    // If others are open, the loop waits for one of them; otherwise, for other programs.
    if (open === 0 && !(await pause(TRY_AGAIN, signal))) return result;
  }
}
