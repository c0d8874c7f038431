import { MODELS } from '../../protocol/models.ts';
import type { PhoneLine, Signal } from '../line.ts';
import { lift } from './actions/hook.ts';
import { forwardCall } from './calls.ts';
import { edgesOf, forget, look } from './edges.ts';
import type { Happening, HappeningFacts } from './happenings.ts';
import { type Press, type PressName, readPress } from './press.ts';
import { hearSignal, targetOf } from './signals.ts';
import { type Call, type CallState, type Handset, incomingCall, type Moment, stateOf } from './state.ts';
import { type Action, EVERYWHERE, SOFT_KEYS, type SoftKey, TABLE } from './table.ts';

/** The immediate effect of one token. */
export interface Pressed {
  /** The state before. */
  readonly state: CallState;
  /** The keys it stands for; empty if the phone has no such key. */
  readonly keys: readonly string[];
  /** Why the phone ignored it; undefined if it did not. */
  readonly ignored: string | undefined;
}

/**
 * A handset on its line, with keys from one side and signals from the other. No I/O and no clock; the time is passed
 * in.
 */
export interface Station {
  readonly handset: Handset;
  readonly line: PhoneLine;
  /** Presses one raw token. */
  press(token: string): Pressed;
  /** Lifts the handset, or puts it down. */
  hook(to: 'off' | 'on'): Pressed;
  /** The last key of a request was pressed, so others may now be notified. */
  settle(): void;
  hear(signal: Signal): void;
  /** The call that is ringing. */
  ringing(): Call | undefined;
  /** This call has rung long enough. Has no effect on a call that is not ringing. */
  ringOver(id: string): void;
  /** Called after each key and each signal, whether or not anything changed. */
  watch(changed: () => void): void;
}

/** The callbacks of a station. */
export interface StationOptions {
  /** Called with what happened, in order, after each key and each signal. */
  readonly told: (happenings: readonly Happening[]) => void;
  /** Called after the keys of a request and after each signal, because the line may have something to deliver. */
  readonly settle?: () => void;
}

/** @param lineOf - creates the line, given the receiver of its signals */
export function newStation(
  handset: Handset,
  lineOf: (hear: (signal: Signal) => void) => PhoneLine,
  { told, settle = () => undefined }: StationOptions,
): Station {
  let running: Moment | undefined;
  const watchers: (() => void)[] = [];
  /** Processes one key or signal, and the line's immediate responses. */
  const play = (act: (moment: Moment) => void): boolean => {
    if (running !== undefined) {
      act(running);
      return true;
    }
    const before = look(handset);
    const happenings: Happening[] = [];
    let asked = false;
    const happen = (kind: Happening['kind'], facts: HappeningFacts = {}) => {
      happenings.push({ phone: handset.extension, kind, ...facts });
    };
    running = {
      handset,
      line,
      happen,
      asked: () => {
        asked = true;
      },
    };
    try {
      act(running);
    } finally {
      running = undefined;
    }
    const all = edgesOf(handset, before, happenings);
    forget(handset);
    if (all.length > 0) told(all);
    for (const changed of watchers) changed();
    return asked || happenings.length > 0;
  };
  const hear = (signal: Signal) => {
    play((moment) => hearSignal(moment, signal));
    if (running === undefined) settle();
  };
  const line = lineOf(hear);
  const ignore = (token: string, why: string) =>
    told([{ phone: handset.extension, kind: 'ignored', detail: `${token.slice(0, 40)} ${why}` }]);
  const act = (
    token: string,
    { keys }: Press,
    [action, press]: readonly [Action | undefined, Press],
  ): Pressed => {
    const state = stateOf(handset);
    const did = action !== undefined && play((moment) => action({ ...moment, press }));
    const ignored = did ? undefined : `does nothing in state ${state}`;
    if (ignored !== undefined) ignore(token, ignored);
    return { state, keys, ignored };
  };
  return {
    handset,
    line,
    hear,
    settle,
    press(token) {
      handset.notice = '';
      const state = stateOf(handset);
      const press = readPress(token, handset.model);
      if (typeof press === 'string') {
        ignore(token, press);
        return { state, keys: [], ignored: press };
      }
      return act(token, press, actionFor(handset, press));
    },
    hook(to) {
      handset.notice = '';
      const action = to === 'off' ? lift : TABLE[stateOf(handset)].ENDCALL;
      const press: Press = { name: 'ENDCALL', keys: ['HOOK'] };
      return act(`handset ${to} hook`, press, [action, press]);
    },
    watch: (changed) => watchers.push(changed),
    ringing: () => incomingCall(handset),
    ringOver(id) {
      play((moment) => {
        const call = incomingCall(handset);
        if (call?.leg.id !== id) return;
        const target = targetOf(handset, 'noAnswer');
        if (target === undefined) call.leg.unanswered();
        else forwardCall(moment, call, target, false);
      });
      settle();
    },
  };
}

/** The soft keys of the display, as many as the model has. */
export function softKeysOf(handset: Handset): readonly SoftKey[] {
  const state = stateOf(handset);
  const shown = state === 'idle' && handset.screen !== undefined ? 'screen' : state;
  return SOFT_KEYS[shown].slice(0, MODELS[handset.model].softkeys);
}

/** A soft key acts like the key named by its label. */
function actionFor(handset: Handset, press: Press): readonly [Action | undefined, Press] {
  const label = press.name === 'SOFTKEY' ? softKeysOf(handset)[(press.number ?? 0) - 1] : undefined;
  const name: PressName = label?.[1] ?? press.name;
  return [EVERYWHERE[name] ?? TABLE[stateOf(handset)][name], { ...press, name }];
}
