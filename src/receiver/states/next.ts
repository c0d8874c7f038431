import { callNumber } from '../../call-identity.ts';
import { effectOfEvent } from '../../protocol/effects.ts';
import type { Effect } from '../../protocol/meaning.ts';
import type { ReportedEvent } from '../../protocol/reported-event.ts';
import { handedOver, withCall, withoutCalls } from './calls.ts';
import { type PhoneCallState, type PhoneState, UNHEARD } from './state.ts';

/** The state of a phone after one more event of it. Pure; an event that makes no sense changes nothing it need not. */
export function nextState(state: PhoneState, event: ReportedEvent): PhoneState {
  const { event: name, time } = event;
  const after = withEffect(state, effectOfEvent(name), event);
  const call = callOf(after);
  return {
    ...after,
    call,
    since: call === state.call ? state.since : time,
    // Mute ends with the call.
    muted: call === 'idle' ? false : after.muted,
    heard: { event: name, time },
  };
}

/** The state that events lead to, oldest first. */
export function stateAfter(events: Iterable<ReportedEvent>, state = UNHEARD): PhoneState {
  let now = state;
  for (const event of events) now = nextState(now, event);
  return now;
}

function withEffect(state: PhoneState, effect: Effect, event: ReportedEvent): PhoneState {
  if ('call' in effect) return withCall(state, effect, event);
  if ('handedOver' in effect) return withoutCalls(state, handedOver(state, event), event.time);
  if ('line' in effect) return effect.line === 'open' ? opened(state) : closed(state, event.time);
  if ('lamp' in effect) return effect.lamp === 'busy' ? inUse(state) : free(state, event.time);
  if ('started' in effect) return started(state, event.time);
  if ('feature' in effect) {
    const known = effect.feature === 'muted' ? withMuted(state, event) : state;
    return { ...known, [effect.feature]: effect.on };
  }
  if ('forward' in effect) return { ...state, forwards: { ...state.forwards, [effect.forward]: effect.on } };
  if ('registered' in effect) return withAccount(state, effect.registered, event);
  return state;
}

/** A call that is muted, or was, is up, also one of which nobody heard before. */
function withMuted(state: PhoneState, event: ReportedEvent): PhoneState {
  const number = callNumber(event.values);
  if (number === null || state.calls.some(({ id }) => id === null || id === number)) return state;
  return withCall(state, { call: 'talking', from: ['talking', 'calling'] }, event);
}

function opened(state: PhoneState): PhoneState {
  return { ...state, offHook: true, busy: state.busy === null ? null : true };
}

/** A phone rings with its line closed; any other call needs it. */
function closed(state: PhoneState, time: string): PhoneState {
  const over = state.calls.filter((call) => call.state !== 'ringing');
  return { ...withoutCalls(state, over, time), offHook: false };
}

/** In use for any reason, which outdates an earlier onHook. */
function inUse(state: PhoneState): PhoneState {
  return { ...state, busy: true, offHook: state.offHook === true ? true : null };
}

function free(state: PhoneState, time: string): PhoneState {
  return { ...withoutCalls(state, state.calls, time), offHook: false, busy: false };
}

/** It is not documented whether a phone keeps its settings across a restart: they are unknown until it reports them. */
function started(state: PhoneState, time: string): PhoneState {
  const { lastCall } = withoutCalls(state, state.calls, time);
  return {
    ...UNHEARD,
    since: state.since,
    lastCall,
    offHook: false,
    busy: state.busy === null ? null : false,
  };
}

/** More accounts than any phone has; bounds what forged events can create. */
const MOST_ACCOUNTS = 16;
const LONGEST_ACCOUNT = 100;

/** An event without an account applies to all accounts. */
function withAccount(state: PhoneState, registered: boolean, { values }: ReportedEvent): PhoneState {
  const { active_user: user = '', active_host: host = '' } = values;
  const account = (host === '' ? user : `${user}@${host}`).slice(0, LONGEST_ACCOUNT);
  const { '': _, [account]: __, ...others } = state.accounts;
  const named = Object.entries(others).slice(1 - MOST_ACCOUNTS);
  const accounts = user === '' ? { '': registered } : Object.fromEntries([...named, [account, registered]]);
  return { ...state, accounts, registered: Object.values(accounts).every(Boolean) };
}

/** The state of a phone: that of the call that most needs attention. */
function callOf({ calls, offHook, busy }: PhoneState): PhoneCallState {
  const phases = calls.map(({ state }) => state);
  if (phases.includes('ringing')) return 'ringing';
  if (phases.includes('calling')) return 'calling';
  // No event reports a conference: two calls that are up at the same time are one.
  if (phases.filter((phase) => phase === 'talking').length > 1) return 'conference';
  if (phases.includes('talking')) return 'talking';
  if (phases.includes('held')) return 'held';
  if (offHook === true) return 'dialling';
  return offHook === false || busy === false ? 'idle' : 'unknown';
}
