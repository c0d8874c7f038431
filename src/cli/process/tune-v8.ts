/** From this many phones on, V8's optimised code pays off. */
const MANY_PHONES = 200;

/**
 * On Node 20 the first response makes V8 optimise undici's WebAssembly parser for more than 100 ms, and the process
 * waits for that before it exits. Unoptimised code is faster up to about 200 phones. Node 22 and later do not wait.
 */
export async function tuneV8(phones = 1): Promise<void> {
  // Undici creates an error for every connection that closes; with many phones, the stack traces are a fifth of the
  // work.
  if (phones > MANY_PHONES) Error.stackTraceLimit = 0;
  else if (Number.parseInt(process.versions.v8, 10) < 12) {
    const { setFlagsFromString } = await import('node:v8');
    setFlagsFromString('--wasm-tiering-budget=2000000000');
  }
}
