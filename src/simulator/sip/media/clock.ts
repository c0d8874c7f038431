import { performance } from 'node:perf_hooks';

/** One clock for all streams of a process: every 20 ms each may send a packet. It compensates for late ticks. */
const PACKET = 20;
/** How often it checks the time, in milliseconds. */
const LOOK = 5;
/** After a longer pause, such as a suspended laptop, it does not catch up. */
const MOST_AT_ONCE = 10;

const running = new Set<() => void>();
let timer: NodeJS.Timeout | undefined;
let next = 0;

/** @returns a function that stops it */
export function everyPacket(send: () => void): () => void {
  running.add(send);
  if (timer === undefined) {
    next = performance.now() + PACKET;
    timer = setInterval(look, LOOK);
    timer.unref();
  }
  return () => {
    running.delete(send);
    if (running.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function look(): void {
  const now = performance.now();
  for (let times = 0; next <= now && times < MOST_AT_ONCE; times += 1) {
    for (const send of running) send();
    next += PACKET;
  }
  if (next <= now) next = now + PACKET;
}
