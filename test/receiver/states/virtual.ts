import { EVENT_DEFINITIONS, type EventName } from '../../../src/protocol/events.ts';
import type { ReportedEvent } from '../../../src/receiver/index.ts';
import type { PhoneCallState } from '../../../src/receiver/states/state.ts';
import type { Happening } from '../../../src/simulator/handset/happenings.ts';
import { type Handset, offHook } from '../../../src/simulator/handset/state.ts';

const NAMES: ReadonlySet<string> = new Set(EVENT_DEFINITIONS.map(({ event }) => event));

/** Gives what virtual phones report of what happens on them; what no event tells is left out. */
export function newReporter(): (happenings: readonly Happening[]) => readonly ReportedEvent[] {
  let clock = Date.parse('2026-11-28T10:00:00.000Z');
  return (happenings) =>
    happenings.flatMap(({ phone, kind, call = '', remote = '' }) => {
      if (!NAMES.has(kind)) return [];
      clock += 10;
      const event = kind as EventName;
      const side = remote === '' ? '' : `sip:${remote}@127.0.0.1`;
      const values = { call_id: call, remote: side, active_user: phone };
      const time = new Date(clock).toISOString();
      return { time, event, phone, source: '127.0.0.1', path: `/${event}Url.xml`, values };
    });
}

/** A call of a virtual phone, as it has it itself. */
export interface TrueCall {
  readonly id: string;
  readonly state: 'ringing' | 'calling' | 'talking' | 'held';
  readonly peer: string;
  readonly direction: 'incoming' | 'outgoing';
}

/** A call that is to be replaced by one to somebody else goes on until that one is answered. */
export function callsOf({ calls }: Handset): readonly TrueCall[] {
  return calls
    .flatMap((call) => [call, ...(call.instead === undefined ? [] : [call.instead])])
    .map(({ leg, incoming, answered, held }) => {
      const waiting = incoming ? 'ringing' : 'calling';
      return {
        id: leg.id,
        state: answered ? (held ? 'held' : 'talking') : waiting,
        peer: leg.remote,
        direction: incoming ? 'incoming' : 'outgoing',
      };
    });
}

/** What a virtual phone does. Digits with the line still closed, or beside a call, are nothing yet: no event tells. */
export function doingOf(phone: Handset): PhoneCallState {
  const phases = callsOf(phone).map(({ state }) => state);
  if (phases.includes('ringing')) return 'ringing';
  if (phases.includes('calling')) return 'calling';
  if (phone.conference && phases.includes('talking')) return 'conference';
  if (phases.includes('talking')) return 'talking';
  if (phases.length > 0) return 'held';
  return offHook(phone) ? 'dialling' : 'idle';
}

/** The events that say what became of a call. */
const SAYS: Readonly<Record<TrueCall['state'] | 'over', readonly EventName[]>> = {
  ringing: ['incomingCall'],
  calling: ['outgoingCall'],
  talking: ['established', 'unHold'],
  held: ['hold'],
  over: [
    'terminated',
    'missedCall',
    'rejectIncomingCall',
    'forwardIncomingCall',
    'cancelCallOut',
    'remoteBusy',
    'callRemoteCanceled',
  ],
};

/** Calls of which something changed and no event told: the phone itself keeps that to itself. */
export class Untold {
  readonly ids = new Set<string>();

  /** Takes what one key did to the calls of one phone, and what the phone reported of it. */
  note(before: readonly TrueCall[], after: readonly TrueCall[], reports: readonly ReportedEvent[]): void {
    const told = reports.filter(({ values }) => values['call_id'] !== '');
    const ids = new Set([...before, ...after].map(({ id }) => id));
    for (const { values } of told) ids.add(values['call_id'] ?? '');
    for (const id of ids) {
      const was = before.find((call) => call.id === id)?.state ?? 'over';
      const is = after.find((call) => call.id === id)?.state ?? 'over';
      const last = told.findLast(({ event, values }) => values['call_id'] === id && tells(event));
      if (last === undefined ? was !== is : !SAYS[is].includes(last.event)) this.ids.add(id);
      else if (last !== undefined) this.ids.delete(id);
    }
    if (reports.some(({ event }) => event === 'busyToIdle' || event === 'setupCompleted')) this.ids.clear();
  }
}

function tells(event: EventName): boolean {
  return Object.values(SAYS).some((events) => events.includes(event));
}
