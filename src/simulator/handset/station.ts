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

/** What one token did, as far as it was seen at once. */
export interface Pressed {
  /** The state that it met. */
  readonly state: CallState;
  /** The keys it is made of, none when the phone has no such key. */
  readonly keys: readonly string[];
  /** Why the phone did nothing; undefined when it did something. */
  readonly ignored: string | undefined;
}

/** A handset on its line: keys from one side, signals from the other. No I/O, no clock; it is told the time. */
export interface Station {
  readonly handset: Handset;
  readonly line: PhoneLine;
  /** Presses one token as it stands on the wire. */
  press(token: string): Pressed;
  /** The person lifts the handset, or puts it down. */
  hook(to: 'off' | 'on'): Pressed;
  /** The last key of a request was pressed: others may hear of it now. */
  settle(): void;
  hear(signal: Signal): void;
  /** The call that rings here now. */
  ringing(): Call | undefined;
  /** This call has rung long enough. Nothing happens to one that does not ring. */
  ringOver(id: string): void;
  /** Called after each key and each signal, whether anything happened or not. */
  watch(changed: () => void): void;
}

/** Who is told. */
export interface StationOptions {
  /** Called with what happened, in order, after each key and each signal. */
  readonly told: (happenings: readonly Happening[]) => void;
  /** Called after the keys of a request, and after each signal: the line may have something to deliver. */
  readonly settle?: () => void;
}

/** @param lineOf - makes the line, given where its signals go */
export function newStation(
  handset: Handset,
  lineOf: (hear: (signal: Signal) => void) => PhoneLine,
  { told, settle = () => undefined }: StationOptions,
): Station {
  let running: Moment | undefined;
  const watchers: (() => void)[] = [];
  /** One key or one signal, and what the line answers at once. */
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

/** A soft key does what the key under its label does. */
function actionFor(handset: Handset, press: Press): readonly [Action | undefined, Press] {
  const label = press.name === 'SOFTKEY' ? softKeysOf(handset)[(press.number ?? 0) - 1] : undefined;
  const name: PressName = label?.[1] ?? press.name;
  return [EVERYWHERE[name] ?? TABLE[stateOf(handset)][name], { ...press, name }];
}
