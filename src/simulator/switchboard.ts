import type { EventName } from '../protocol/events.ts';
import type { Model } from '../protocol/models.ts';
import { MODELS } from '../protocol/models.ts';
import { ringOver } from './calls.ts';
import type { Happening, HappeningFacts } from './happenings.ts';
import { type Press, type PressName, readPress } from './press.ts';
import {
  busy,
  type CallState,
  type Handset,
  incomingCall,
  type Moment,
  newHandset,
  offHook,
  stateOf,
} from './state.ts';
import { type Action, EVERYWHERE, SOFT_KEYS, type SoftKey, TABLE } from './table.ts';

/** What one token did. */
export interface Pressed {
  /** The state that it met. */
  readonly state: CallState;
  /** The keys it is made of, none when the phone has no such key. */
  readonly keys: readonly string[];
  /** At least one; `ignored` says why nothing else. */
  readonly happenings: readonly Happening[];
}

/** The virtual switchboard: its phones, and what a key on one does to all. No I/O, no clock; it is told the time. */
export interface Switchboard {
  readonly phones: ReadonlyMap<string, Handset>;
  /** Presses one token as it stands on the wire. */
  press(phone: Handset, token: string): Pressed;
  /** The ids of the calls that ring now. */
  ringing(): readonly string[];
  /** This call has rung long enough. Nothing happens to one that does not ring. */
  ringOver(id: string): readonly Happening[];
}

/** A switchboard of idle phones: extension 6001, 6002 and so on, one for each model. */
export function newSwitchboard(models: readonly Model[]): Switchboard {
  const phones = new Map(
    models.map((model, index) => [`${6001 + index}`, newHandset(`${6001 + index}`, model)] as const),
  );
  let calls = 0;
  const newCallId = () => `call-${++calls}`;
  const play = (act: (moment: Moment) => void): readonly Happening[] => {
    const before = [...phones.values()].map(look);
    const happenings: Happening[] = [];
    const happen: Moment['happen'] = (where, kind, facts: HappeningFacts = {}) => {
      happenings.push({ phone: where.extension, kind, ...facts });
    };
    act({ phones, newCallId, happen });
    return withTransitions(happenings, before);
  };
  const ringingCalls = () => [...phones.values()].flatMap((phone) => incomingCall(phone) ?? []);
  return {
    phones,
    press(phone, token) {
      phone.notice = '';
      const state = stateOf(phone);
      const press = readPress(token, phone.model);
      if (typeof press === 'string') return { state, keys: [], happenings: [ignored(phone, press)] };
      const { keys } = press;
      const [action, resolved] = actionFor(phone, press);
      const happenings = play((moment) => action?.({ ...moment, phone, press: resolved }));
      const nothing = ignored(phone, `does nothing in state ${state}`);
      return { state, keys, happenings: happenings.length === 0 ? [nothing] : happenings };
    },
    ringing: () => ringingCalls().map(({ id }) => id),
    ringOver: (id) =>
      play((moment) => {
        const call = ringingCalls().find((one) => one.id === id);
        if (call !== undefined) ringOver(moment, call);
      }),
  };
}

/** The soft keys of the display, as many as the model has. */
export function softKeysOf(phone: Handset): readonly SoftKey[] {
  const state = stateOf(phone);
  const shown = state === 'idle' && phone.screen !== undefined ? 'screen' : state;
  return SOFT_KEYS[shown].slice(0, MODELS[phone.model].softkeys);
}

/** A soft key does what the key under its label does. */
function actionFor(phone: Handset, press: Press): readonly [Action | undefined, Press] {
  const label = press.name === 'SOFTKEY' ? softKeysOf(phone)[(press.number ?? 0) - 1] : undefined;
  const name: PressName = label?.[1] ?? press.name;
  return [EVERYWHERE[name] ?? TABLE[stateOf(phone)][name], { ...press, name }];
}

function ignored(phone: Handset, detail: string): Happening {
  return { phone: phone.extension, kind: 'ignored', detail };
}

interface Look {
  readonly phone: Handset;
  readonly busy: boolean;
  readonly open: boolean;
}

function look(phone: Handset): Look {
  return { phone, busy: busy(phone), open: offHook(phone) };
}

/**
 * Puts the events of hook and busy lamp around the others, in the order of the document's captures: off hook and busy
 * first, idle last. A phone that starts anew has ended its calls before. A phone that became idle forgets what
 * belonged to them.
 */
function withTransitions(happenings: readonly Happening[], before: readonly Look[]): readonly Happening[] {
  const edges = before.map((was) => edgesOf(was, look(was.phone), happenings));
  for (const { phone } of before) {
    if (!busy(phone)) Object.assign(phone, { muted: false, audio: 'handset', line: 1, dtmf: '' });
  }
  const restart = happenings.findIndex(({ kind }) => kind === 'unregistered');
  const end = restart < 0 ? happenings.length : restart;
  return [
    ...edges.flatMap(({ opening }) => opening),
    ...happenings.slice(0, end),
    ...edges.flatMap(({ closing }) => closing),
    ...happenings.slice(end),
  ];
}

/** What one phone reports of its hook and its lamp. A call that failed at once had the line open meanwhile. */
function edgesOf(was: Look, is: Look, happenings: readonly Happening[]) {
  const phone = was.phone.extension;
  const called = happenings.some((one) => one.phone === phone && one.kind === 'outgoingCall');
  const when = (happened: boolean, kind: EventName): readonly Happening[] =>
    happened ? [{ phone, kind }] : [];
  return {
    opening: [
      ...when(!was.open && (is.open || called), 'offHook'),
      ...when(!was.busy && (is.busy || called), 'idleToBusy'),
    ],
    closing: [
      ...when((was.open || called) && !is.open, 'onHook'),
      ...when((was.busy || called) && !is.busy, 'busyToIdle'),
    ],
  };
}
