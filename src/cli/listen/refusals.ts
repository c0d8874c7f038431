import {
  againText,
  type EventHub,
  type RefusedRequest,
  refusalAdvice,
  refusalKey,
  Sparingly,
} from '../../receiver/index.ts';
import type { Output } from '../output/output.ts';
import type { Warn } from './warnings.ts';

/** What was refused is told once a minute for each sender and path, and of so many of them. */
const SELDOM = { every: 60_000, most: 20 } as const;

/**
 * Tells of requests that were no event, which is what a phone with a wrong Action URL sends: a warning on stderr, with
 * `--json` a document.
 */
export function tellRefusals(hub: EventHub, output: Output, warn: Warn): void {
  if (output.quiet) return;
  const tell = (refusal: RefusedRequest, again: number) => {
    if (output.json) output.line(again === 0 ? refusal : { ...refusal, again });
    else warn(refusalAdvice(refusal) + againText(again));
  };
  const seldom = new Sparingly(tell, (count) => warn(`${count} more requests were no event`), SELDOM);
  hub.onRefusal((refusal) => seldom.take(refusalKey(refusal), refusal));
}
