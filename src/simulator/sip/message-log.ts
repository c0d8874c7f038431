import type { MessageHead, WireLine } from './message.ts';

/** How many of the latest messages are kept. */
const MOST_WIRE = 400;

/** The latest messages of a line, oldest first. */
export class MessageLog {
  readonly lines: WireLine[] = [];

  note({ line, method, callId }: MessageHead, sent: boolean): void {
    this.lines.push({ time: new Date().toISOString(), sent, line, method, callId });
    if (this.lines.length > MOST_WIRE) this.lines.shift();
  }
}
