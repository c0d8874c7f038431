import { describe, expect, it } from 'vitest';
import { EVENT_DEFINITIONS, type EventName } from '../../../src/protocol/events.ts';
import type { ReportedEvent } from '../../../src/receiver/index.ts';
import { nextState, stateAfter } from '../../../src/receiver/states/next.ts';
import { isInUse, type PhoneState, UNHEARD } from '../../../src/receiver/states/state.ts';

/** `incomingCall#7 6001 +200`: an event, the id of its call, the other side, and after how many milliseconds. */
function events(script: string): readonly ReportedEvent[] {
  let clock = Date.parse('2026-11-28T10:00:00.000Z');
  return script
    .split(', ')
    .filter(Boolean)
    .map((text) => {
      const [, event = '', id = '', peer = '', later = '0'] =
        /^(\w+)(?:#(\w+))?(?: (\d+))?(?: ([+-]\d+))?$/.exec(text) ?? [];
      if (event === '') throw new Error(`no event: ${text}`);
      clock += Number(later);
      const values = { call_id: id, remote: peer === '' ? '' : `sip:${peer}@pbx` };
      const time = new Date(clock).toISOString();
      return { time, event: event as EventName, phone: 'a', source: '', path: '', values };
    });
}

/** `talking: talking#7 6001, held#8 6002`. */
function told({ call, calls }: PhoneState): string {
  const each = calls.map(({ id, state, peer }) => `${state}${id === null ? '' : `#${id}`} ${peer ?? '?'}`);
  return each.length === 0 ? call : `${call}: ${each.join(', ')}`;
}

describe('what a phone does', () => {
  it.each([
    ['', 'unknown'],
    ['registered, openDND, autopFinish, mute', 'unknown'],
    ['setupCompleted', 'idle'],
    ['offHook', 'dialling'],
    ['offHook, onHook', 'idle'],
    ['idleToBusy', 'unknown'],
    ['idleToBusy, busyToIdle', 'idle'],
    ['onHook, idleToBusy', 'unknown'],
    ['incomingCall 6001', 'ringing: ringing 6001'],
    ['incomingCall 6001, established 6001', 'talking: talking 6001'],
    ['incomingCall 6001, answerNewIncomingCall 6001', 'talking: talking 6001'],
    ['outgoingCall 6001, established 6001, hold 6001', 'held: held 6001'],
    ['outgoingCall 6001, established 6001, hold 6001, unHold 6001', 'talking: talking 6001'],
    // Heard from the middle of a call on.
    ['established 6001', 'talking: talking 6001'],
    ['hold 6001', 'held: held 6001'],
    ['terminated 6001', 'unknown'],
    // The end of the last call is the end of all where the phone does not say itself when it is in use.
    ['incomingCall 6001, missedCall 6001', 'idle'],
    ['offHook, outgoingCall 6001, remoteBusy 6001', 'idle'],
    ['outgoingCall 6001, cancelCallOut 6001', 'idle'],
    ['outgoingCall 6001, callRemoteCanceled 6001', 'idle'],
    ['incomingCall 6001, rejectIncomingCall 6001', 'idle'],
    ['incomingCall 6001, forwardIncomingCall 6009', 'idle'],
    ['idleToBusy, incomingCall 6001, missedCall 6001', 'unknown'],
    ['idleToBusy, offHook, outgoingCall 6001, remoteBusy 6001', 'dialling'],
  ])('%s: %s', (script, expected) => {
    expect(told(stateAfter(events(script)))).toBe(expected);
  });
});

describe('several calls', () => {
  it.each([
    ['established#1 6001, incomingCall#2 6002', 'ringing: ringing#2 6002, talking#1 6001'],
    ['established#1 6001, hold#1, outgoingCall#2 6002', 'calling: calling#2 6002, held#1 6001'],
    ['established#1 6001, hold#1, established#2 6002', 'talking: talking#2 6002, held#1 6001'],
    [
      'established#1 6001, hold#1, established#2 6002, unHold#1',
      'conference: talking#2 6002, talking#1 6001',
    ],
    ['established#1 6001, hold#1, established#2 6002, terminated#2', 'held: held#1 6001'],
    // That in which it asked is over by its own event; it may be one that was placed since.
    ['established#1, hold#1, outgoingCall#2, established#2, transferFinished#1, terminated#2', 'idle'],
    ['established#1, blindTransfer#1, outgoingCall#2, transferFinished#1', 'calling: calling#2 ?'],
    ['established 6001, hold 6001, outgoingCall 6002, established 6002, transferFinished 6001', 'idle'],
    [
      'established 6001, hold 6001, incomingCall 6002, established 6002, transferFinished 6001',
      'talking: talking 6002',
    ],
    ['incomingCall#9 6003, established#1, hold#1, transferFinished#1', 'ringing: ringing#9 6003'],
    ['outgoingCall#1, incomingCall#2, missedCall#2, callRemoteCanceled#2', 'calling: calling#1 ?'],
    ['outgoingCall#1, callRemoteCanceled#2, established#1', 'talking: talking#1 ?'],
    ['outgoingCall#1, remoteBusy#1, outgoingCall#2, cancelCallOut#1', 'calling: calling#2 ?'],
    ['established#1, hold#1, incomingCall#2, established#2, transferFinished#1', 'talking: talking#2 ?'],
    [
      'established#1, blindTransfer#1, incomingCall#2, established#2, transferFinished#1',
      'talking: talking#2 ?',
    ],
    // Without ids, by what can follow, and by the other side.
    ['established 6001, incomingCall 6002', 'ringing: ringing 6002, talking 6001'],
    ['established 6001, incomingCall 6002, missedCall 6002', 'talking: talking 6001'],
    ['established 6001, hold 6001, established 6002, terminated 6002', 'held: held 6001'],
    ['established 6001, hold 6001, established 6002, terminated 6001', 'talking: talking 6002'],
    ['established, incomingCall, rejectIncomingCall', 'talking: talking ?'],
    // Some Action URLs name the call, and some do not.
    ['incomingCall 6001, established#1 6001', 'talking: talking#1 6001'],
    ['incomingCall#1 6001, established 6001, terminated 6001', 'idle'],
    // Who answers need not be who was called, nor the call keep its id.
    ['outgoingCall 600, established 6003', 'talking: talking 6003'],
    ['outgoingCall#1 600, established#2 6003', 'talking: talking#2 6003'],
    ['outgoingCall#1 600, cancelCallOut#2', 'idle'],
    // A call that takes the place of one that has just ended is not the one that is being placed.
    [
      'established#1 6001, hold#1, outgoingCall#2 6002, terminated#1, established#3 6003',
      'calling: talking#3 6003, calling#2 6002',
    ],
    ['incomingCall#1, missedCall#1, outgoingCall#2 600, established#3 6003', 'talking: talking#3 6003'],
    [
      'established#1, terminated#1, outgoingCall#2 600 +1500, established#3 6003 +1500',
      'talking: talking#3 6003',
    ],
    // A second caller that is sent on is not the one that rings.
    ['established#1 6001, forwardIncomingCall#2 6009', 'talking: talking#1 6001'],
  ])('%s: %s', (script, expected) => {
    expect(told(stateAfter(events(script)))).toBe(expected);
  });
});

describe('events that are missing, doubled or late', () => {
  it.each([
    ['outgoingCall#1 6001, established#1, onHook', 'idle'],
    ['incomingCall#2, outgoingCall#1, established#1, onHook', 'ringing: ringing#2 ?'],
    ['incomingCall#2, established#1, busyToIdle', 'idle'],
    ['incomingCall#2, established#1, hold#1, setupCompleted', 'idle'],
    ['established#1 6001, terminated#2', 'talking: talking#1 6001'],
    ['incomingCall#1 6001, incomingCall#1 6001', 'ringing: ringing#1 6001'],
    ['incomingCall 6001, incomingCall 6001', 'ringing: ringing 6001'],
    ['established 6001, established 6001, terminated 6001, terminated 6001', 'idle'],
    ['established#1 6001, incomingCall#1 6001', 'talking: talking#1 6001'],
    // Overtaken by the end of the call.
    ['outgoingCall#1 6001, terminated#1 6001, established#1 6001', 'idle'],
    ['established#1, terminated#1, hold#1', 'idle'],
    ['established 6001, terminated 6001, hold 6001 +1500', 'idle'],
    // The clock was set back between two calls.
    ['established 6001, terminated 6001, established 6001 -3600000', 'talking: talking 6001'],
    // A phone may give its calls the same few ids again.
    ['established#1, terminated#1, hold#1 +2500', 'held: held#1 ?'],
    ['established#1, terminated#1, incomingCall#1 6005, established#1', 'talking: talking#1 6005'],
  ])('%s: %s', (script, expected) => {
    expect(told(stateAfter(events(script)))).toBe(expected);
  });
});

describe('in use', () => {
  it.each([
    ['', null],
    ['registered, openDND', null],
    ['idleToBusy', true],
    ['idleToBusy, terminated', true],
    ['idleToBusy, terminated, busyToIdle', false],
    ['busyToIdle, openDND', false],
    ['idleToBusy, setupCompleted', false],
    // Also where the page names no URL for the begin of a call.
    ['setupCompleted, incomingCall, established', true],
    ['busyToIdle, incomingCall, established', true],
    ['busyToIdle, established, terminated', true],
    // A phone that says itself when it is in use is believed: it may have a call that was never heard of.
    ['idleToBusy, established, terminated, onHook', true],
    // Else the begin and the end of calls have to do.
    ['incomingCall', true],
    ['incomingCall, missedCall', false],
    ['outgoingCall, remoteBusy', false],
    ['outgoingCall, established', true],
    ['established, terminated', false],
    ['established, hold', true],
    ['offHook, onHook', false],
    ['outgoingCall, cancelCallOut', false],
    ['incomingCall, forwardIncomingCall', false],
    ['terminated, unHold', true],
  ])('%s: %s', (script, expected) => {
    expect(isInUse(stateAfter(events(script)))).toBe(expected);
  });
});

describe('the rest of the state', () => {
  it('says who, which way, since when and since when answered', () => {
    const script = 'incomingCall#1 6001, established#1 +3000, hold#1 +1000, unHold#1 +1000';
    const state = stateAfter(events(script));
    expect(state.since).toBe('2026-11-28T10:00:05.000Z');
    expect(state.calls).toEqual([
      {
        id: '1',
        state: 'talking',
        peer: '6001',
        display: null,
        direction: 'incoming',
        since: '2026-11-28T10:00:05.000Z',
        answered: '2026-11-28T10:00:03.000Z',
      },
    ]);
    expect(state.heard).toEqual({ event: 'unHold', time: '2026-11-28T10:00:05.000Z' });
    expect(state.lastCall).toBeNull();
    const [end] = events('terminated#1 +60000');
    expect(end && nextState(state, end).lastCall).toMatchObject({
      id: '1',
      ended: '2026-11-28T10:01:00.000Z',
    });
  });

  it('is unknown until it is told, and again when the phone starts anew', () => {
    const told = stateAfter(
      events('openDND, openBusyForward, closeNoAnswerForward, openCallWaiting, mute, registered'),
    );
    const { dnd, forwards, callWaiting, muted, registered } = told;
    expect({ dnd, forwards, callWaiting, muted, registered }).toEqual({
      dnd: true,
      forwards: { always: null, busy: true, noAnswer: false },
      callWaiting: true,
      muted: true,
      registered: true,
    });
    const [start] = events('setupCompleted');
    expect(start && nextState(told, start)).toEqual({
      ...UNHEARD,
      call: 'idle',
      since: start?.time,
      offHook: false,
      muted: false,
      heard: { event: 'setupCompleted', time: start?.time },
    });
  });

  it('knows each account of a phone', () => {
    const account = (event: EventName, user: string): ReportedEvent => ({
      ...(events(event)[0] as ReportedEvent),
      values: user === '' ? {} : { active_user: user, active_host: 'pbx' },
    });
    const both = [account('registered', '6001'), account('registerFailed', '6002')];
    expect(stateAfter(both)).toMatchObject({
      registered: false,
      accounts: { '6001@pbx': true, '6002@pbx': false },
    });
    expect(stateAfter([...both, account('registered', '6002')]).registered).toBe(true);
    expect(stateAfter([...both, account('registered', '')])).toMatchObject({
      registered: true,
      accounts: { '': true },
    });
    expect(stateAfter([account('unregistered', ''), account('registered', '6001')]).registered).toBe(true);
  });

  it.each([
    ['sip:6001@pbx', '6001'],
    ['"Anna" <sip:6001@pbx;transport=udp>', '6001'],
    ['sips:anna@pbx:5061', 'anna'],
    ['tel:+4930123', '+4930123'],
    ['sip:+49-30@pbx', '+49-30'],
    ['6001', '6001'],
    ['', null],
  ])('reads the other side of %j: %j', (remote, peer) => {
    const [event] = events('incomingCall');
    const state = event && nextState(UNHEARD, { ...event, values: { remote } });
    expect(state?.calls[0]?.peer).toBe(peer);
  });

  it.each(EVENT_DEFINITIONS)(
    '$event changes what it means, "$means", and nothing that it does not',
    (row) => {
      const [event] = events(row.event);
      const somewhere = [
        '',
        'idleToBusy, incomingCall 6001',
        'established, hold, openDND, openCallWaiting, openAlwaysForward, openBusyForward, openNoAnswerForward',
        'outgoingCall, mute, registered',
      ].map((script) => stateAfter(events(script)));
      const changed = somewhere.filter((before) => {
        const after = event && nextState(before, { ...event, time: before.since ?? event.time });
        expect(after?.heard?.event).toBe(row.event);
        return JSON.stringify({ ...after, heard: null }) !== JSON.stringify({ ...before, heard: null });
      });
      expect(changed.length > 0).toBe(row.means !== 'nothing');
    },
  );
});
