import { AtcomError } from '../../errors.ts';
import { expectationOf as proofOf } from '../../phone/index.ts';
import { VERB_EVENTS, type VerbProof, verbProof } from '../../protocol/verb-events.ts';
import type { Pressing } from './job.ts';

/**
 * What a command waits for after its keys: the event of `--wait`, with `--confirm` the verb's own event, or with
 * `--then` an established call.
 *
 * @throws {AtcomError} `usage` for `--confirm` if no event can prove the verb, and for `--or-already` if the verb sets
 * no state
 */
export function expectationOf({
  options: { wait, confirm, orAlready },
  command,
  call,
  afterAnswer,
}: Pressing): VerbProof | undefined {
  const proof = call === undefined ? undefined : verbProof(call.form);
  if (orAlready === true && (confirm !== true || proof?.state === undefined)) {
    throw new AtcomError('usage', {
      reason: '--or-already accepts a state that already held',
      hint: 'use it with --confirm and dnd on or off',
    });
  }
  if (afterAnswer !== undefined) {
    const { answer } = VERB_EVENTS;
    const [established] = answer.events;
    if (wait !== undefined && wait.event !== established) {
      throw new AtcomError('usage', {
        reason: `--then waits for ${established}, not for ${wait.event}`,
        hint: `--wait ${established}:30s says how long`,
      });
    }
    return wait?.within === undefined ? answer : { ...answer, within: wait.within };
  }
  // As in the library: of the verb, it counts whether the call is its own.
  if (wait !== undefined) return proofOf({ wait: wait.event, within: wait.within }, proof);
  if (confirm !== true) return undefined;
  if (proof !== undefined) return proof;
  throw new AtcomError('usage', {
    reason: `no event confirms ${command}`,
    hint: 'name the event to wait for: --wait established:15s (atcom events lists them)',
  });
}
