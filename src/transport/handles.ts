import { onAbort, pause } from '../abort.ts';
import { perProcess } from '../per-process.ts';

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

const state = perProcess('handles', () => ({
  open: 0,
  /** How many exchanges may be open at once; lowered when the system runs out of handles. */
  most: Number.POSITIVE_INFINITY,
  /** Callbacks of exchanges that wait for a handle, in order of arrival. */
  waiting: new Set<() => void>(),
  /** The last error caused by a lack of handles. */
  shortage: new Error('no handle is free'),
}));

/** The delay between two attempts when no exchange of this process can free a handle, in milliseconds. */
const TRY_AGAIN = 100;

/** Limits on waiting for a handle. */
export interface HandleOptions<Result> {
  /** The longest wait for a handle, in milliseconds. */
  readonly within: number;
  /** Ends the waiting. */
  readonly signal: AbortSignal | undefined;
  /** Makes the result of an exchange that never got a handle. */
  readonly without: (error: Error) => Result;
}

/**
 * Runs as many exchanges concurrently as there are handles for. An exchange that got no handle sent nothing: it waits
 * until another is closed, and from then on fewer are open at once.
 */
export async function withHandle<Result extends Attempted>(
  exchange: () => Promise<Result>,
  { within, signal, without }: HandleOptions<Result>,
): Promise<Result> {
  const deadline = performance.now() + within;
  for (;;) {
    const late = await turn(deadline, signal);
    if (late !== undefined) return without(late);
    state.open += 1;
    const result = await exchange();
    state.open -= 1;
    const [next] = state.waiting;
    next?.();
    if (result.kind !== 'undelivered' || scarcityOf(result.error) === undefined) return result;
    state.shortage = result.error ?? state.shortage;
    state.most = Math.max(1, Math.min(state.most, state.open));
    if (performance.now() >= deadline || signal?.aborted === true) return result;
    // If others are open, the loop waits for one of them; otherwise, for other programs.
    if (state.open === 0 && !(await pause(TRY_AGAIN, signal))) return result;
  }
}

/** Waits until a handle is free; returns the reason if none became free in time. */
async function turn(deadline: number, signal: AbortSignal | undefined): Promise<Error | undefined> {
  while (state.open >= state.most) {
    if (signal?.aborted === true) return reasonOf(signal);
    if (performance.now() >= deadline) return state.shortage;
    await givenBack(deadline, signal);
  }
  return undefined;
}

/** Resolves when a handle is given back, at the deadline, or on abort. */
function givenBack(deadline: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      forget();
      state.waiting.delete(end);
      resolve();
    };
    const timer = setTimeout(end, Math.max(1, deadline - performance.now()));
    const forget = onAbort(signal, end);
    state.waiting.add(end);
  });
}

function reasonOf({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error('interrupted');
}
