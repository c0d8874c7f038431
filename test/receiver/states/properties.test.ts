import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENT_DEFINITIONS, type EventName } from '../../../src/protocol/events.ts';
import type { ReportedEvent } from '../../../src/receiver/index.ts';
import { mostBytesOf } from '../../../src/receiver/states/most-bytes.ts';
import { nextState, stateAfter } from '../../../src/receiver/states/next.ts';
import { CALL_STATES, type PhoneState } from '../../../src/receiver/states/state.ts';

const START = Date.parse('2026-11-28T10:00:00.000Z');

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\ud800', '\x1b'.repeat(400), '"\\'));

/** Few ids and few other sides, so that events meet; and whatever a stranger may send. */
const values = fc.record(
  {
    call_id: fc.oneof(fc.constantFrom('', '1', '2', '3'), anyText),
    remote: fc.oneof(fc.constantFrom('', 'sip:6001@pbx', 'sip:6002@pbx'), anyText),
    active_user: fc.oneof(fc.constantFrom('', '6001', '__proto__'), anyText),
    active_host: fc.constantFrom('', 'pbx'),
  },
  { requiredKeys: [] },
);

const event = fc
  .tuple(fc.constantFrom(...EVENT_DEFINITIONS.map((row) => row.event)), values, fc.nat(5000))
  .map(([event, values, at]): ReportedEvent => {
    const time = new Date(START + at).toISOString();
    return Object.freeze({ time, event, phone: 'a', source: '', path: '', values: Object.freeze(values) });
  });

const events = fc.array(event, { maxLength: 60, size: 'max' });

function expectSound(state: PhoneState): void {
  const ids = state.calls.flatMap(({ id }) => id ?? []);
  expect(CALL_STATES).toContain(state.call);
  expect(state.calls.length).toBeLessThanOrEqual(8);
  expect(new Set(ids).size).toBe(ids.length);
  expect(state.calls.length > 0).toBe(!['unknown', 'idle', 'dialling'].includes(state.call));
  expect(Object.keys(state.accounts).length).toBeLessThanOrEqual(16);
  expect(JSON.parse(JSON.stringify(state))).toEqual(state);
}

describe('any events in any order', () => {
  it('give a state', () => {
    fc.assert(
      fc.property(events, (reported) => {
        let state = stateAfter([]);
        for (const each of reported) {
          state = nextState(Object.freeze(state), each);
          expectSound(state);
        }
      }),
    );
  });

  it.each<EventName>(['busyToIdle', 'setupCompleted'])('leave no call after %s', (name) => {
    fc.assert(
      fc.property(events, event, (reported, last) => {
        const state = stateAfter([...reported, { ...last, event: name }]);
        expect([state.call, state.calls]).toEqual(['idle', []]);
      }),
    );
  });

  it('leave no call after onHook but one that rings', () => {
    fc.assert(
      fc.property(events, event, (reported, last) => {
        const { calls } = stateAfter([...reported, { ...last, event: 'onHook' }]);
        expect(calls.filter(({ state }) => state !== 'ringing')).toEqual([]);
      }),
    );
  });

  it('leave no call of an id after its terminated', () => {
    fc.assert(
      fc.property(events, event, fc.constantFrom('1', '2', '3'), (reported, last, id) => {
        const end: ReportedEvent = { ...last, event: 'terminated', values: { call_id: id } };
        expect(stateAfter([...reported, end]).calls.map((call) => call.id)).not.toContain(id);
      }),
    );
  });

  it('take no more bytes than they are counted for', () => {
    const phones = fc.record({ phone: anyText, source: anyText, mac: anyText, ip: anyText });
    fc.assert(
      fc.property(events, phones, (reported, { phone, source, mac, ip }) => {
        const one = { phone, source, values: { mac, ip }, state: stateAfter(reported) };
        const bytes = Buffer.byteLength(JSON.stringify(one));
        expect(mostBytesOf(one)).toBeGreaterThanOrEqual(bytes);
        const plain = /^[ !#-[\]-~]*$/.test(JSON.stringify(one).replaceAll('"', ''));
        if (plain) expect(mostBytesOf(one)).toBeLessThan(bytes * 2);
      }),
    );
  });
});
