import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, or until the signal. */
export async function sleepUntil(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
