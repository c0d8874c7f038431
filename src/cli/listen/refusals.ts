import {
  againText,
  type EventHub,
  type RefusedRequest,
  refusalAdvice,
  refusalKey,
  Sparingly,
} from '../../receiver/index.ts';
import { isBehind, type Output, type Writable } from '../output/output.ts';
import type { Warn } from './warnings.ts';

/** A refusal is reported once a minute for each sender and path, up to this many of them. */
const SELDOM = { every: 60_000, most: 20 } as const;

/**
 * Reports requests that were not events, which is what a phone with a wrong Action URL sends: a warning on stderr, or a
 * JSON document with `--json`.
 */
export function tellRefusals(hub: EventHub, output: Output, stdout: Writable, warn: Warn): void {
  if (output.quiet) return;
  const tell = (refusal: RefusedRequest, again: number) => {
    // Where nobody reads, a refusal, which anybody can cause, must not end the listener.
    if (output.json && !isBehind(stdout)) output.line(again === 0 ? refusal : { ...refusal, again });
    else warn(refusalAdvice(refusal) + againText(again));
  };
  const seldom = new Sparingly(tell, (count) => warn(`${count} more requests were not events`), SELDOM);
  hub.onRefusal((refusal) => seldom.take(refusalKey(refusal), refusal));
}
