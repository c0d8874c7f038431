import type { EventName } from '../../protocol/events.ts';
import type { Happening } from './happenings.ts';
import { busy, type Handset, offHook } from './state.ts';

/** The state of hook and busy lamp. */
export interface HookAndLamp {
  readonly busy: boolean;
  readonly open: boolean;
}

export function look(handset: Handset): HookAndLamp {
  return { busy: busy(handset), open: offHook(handset) };
}

/** An idle phone forgets everything that belonged to its calls. */
export function forget(handset: Handset): void {
  if (!busy(handset)) Object.assign(handset, { muted: false, audio: 'handset', dtmf: '', heard: '' });
}

/**
 * Adds the events of hook and busy lamp around the others, in the order of the document's captures: off hook and busy
 * first, idle last. A phone that restarts has ended its calls before.
 */
export function edgesOf(
  handset: Handset,
  was: HookAndLamp,
  happenings: readonly Happening[],
): readonly Happening[] {
  const is = look(handset);
  const when = (happened: boolean, kind: EventName): readonly Happening[] =>
    happened ? [{ phone: handset.extension, kind }] : [];
  const restart = happenings.findIndex(({ kind }) => kind === 'unregistered');
  const end = restart < 0 ? happenings.length : restart;
  return [
    ...when(!was.open && is.open, 'offHook'),
    ...when(!was.busy && is.busy, 'idleToBusy'),
    ...happenings.slice(0, end),
    ...when(was.open && !is.open, 'onHook'),
    ...when(was.busy && !is.busy, 'busyToIdle'),
    ...happenings.slice(end),
  ];
}
