import { describe, expect, it } from 'vitest';
import type { EventName } from '../../../src/protocol/events.ts';
import { EventHub, type HeardPhone, type ReportedEvent, UNHEARD } from '../../../src/receiver/index.ts';
import { readStreamLine, streamLine } from '../../../src/receiver/stream-line.ts';

let clock = Date.parse('2026-11-28T10:00:00.000Z');

function reported(phone: string, event: EventName, values: Record<string, string> = {}): ReportedEvent {
  clock += 1000;
  return { time: new Date(clock).toISOString(), event, phone, source: '172.16.0.57', path: '', values };
}

const MB = 1024 * 1024;

/** Reports calls and accounts of a phone. */
function invent(hub: EventHub, phone: string, calls: number, text: string): void {
  for (let number = 0; number < calls; number += 1) {
    const value = `${number}${text}`;
    hub.publish(
      reported(phone, 'incomingCall', { call_id: value, remote: value, display_remote: value, ip: phone }),
    );
    hub.publish(reported(phone, 'registered', { active_user: value, ip: phone }));
  }
}

describe('the states of a hub', () => {
  it('are unknown for a phone that was not heard', () => {
    const hub = new EventHub();
    expect([hub.state('reception'), hub.states().size]).toEqual([UNHEARD, 0]);
  });

  it('are those of each phone, and known to whoever is told of an event', () => {
    const hub = new EventHub();
    const told: string[] = [];
    hub.subscribe(({ phone }) => told.push(`${phone} ${hub.state(phone).call}`));
    hub.publish(reported('reception', 'incomingCall'));
    hub.publish(reported('lobby', 'offHook'));
    expect(told).toEqual(['reception ringing', 'lobby dialling']);
    expect([...hub.states()].map(([phone, { call }]) => [phone, call])).toEqual([
      ['reception', 'ringing'],
      ['lobby', 'dialling'],
    ]);
  });

  it('tell which calls are over, to another program as well, and of a number in use again that it is not', () => {
    const hub = new EventHub();
    const call = (number: string, ...names: readonly EventName[]) => {
      for (const name of names) hub.publish(reported('reception', name, { call_id: number }));
    };
    for (const number of '123456789'.split('')) call(number, 'incomingCall', 'established', 'terminated');
    call('2', 'incomingCall');
    call('5', 'terminated');
    expect(hub.over('reception').map(({ id }) => id)).toEqual(['3', '4', '6', '7', '8', '9', '5']);
    const other = new EventHub();
    const lines = hub.told().map((of) => streamLine({ kind: 'state', of }) ?? '');
    for (const line of lines) {
      const read = readStreamLine(line.trim());
      if (read?.kind === 'state') other.adopt([read.of]);
    }
    expect(other.over('reception')).toEqual(hub.over('reception'));
    expect([hub.over('lobby'), hub.state('reception').calls.map(({ id }) => id)]).toEqual([[], ['2']]);
  });

  it('tell which calls are over by their other sides, where they have no numbers', () => {
    const hub = new EventHub();
    const call = (peer: string, names: readonly EventName[], id?: string) => {
      const values = { remote: `sip:${peer}@pbx`, ...(id === undefined ? {} : { call_id: id }) };
      for (const name of names) hub.publish(reported('reception', name, values));
    };
    const all = ['incomingCall', 'established', 'terminated'] as const;
    call('444', all);
    call('777', all);
    call('888', all, '8');
    call('888', ['terminated'], '8');
    call('444', ['incomingCall']);
    // It is answered by somebody else, and goes on.
    call('555', ['outgoingCall']);
    call('556', ['established']);
    expect(hub.over('reception')).toEqual([
      { id: null, peer: '777' },
      { id: '8', peer: '888' },
    ]);
  });

  it('keep two calls with long numbers apart, and know one by its number, with blanks or without', () => {
    const hub = new EventHub();
    const long = 'x'.repeat(20_000);
    for (const id of [`${long}1`, `${long}2`])
      for (const name of ['incomingCall', 'established'] as const)
        hub.publish(reported('reception', name, { call_id: id, remote: `sip:${id}@pbx` }));
    hub.publish(reported('reception', 'hold', { call_id: ` ${long}1 ` }));
    const { calls } = hub.state('reception');
    expect(calls.map(({ state }) => state)).toEqual(['talking', 'held']);
    expect(new Set(calls.map(({ peer }) => peer)).size).toBe(2);
    expect(calls.flatMap(({ id, peer }) => [id?.length, peer?.length])).toEqual([100, 100, 100, 100]);
  });

  it('tell nothing to another program that is longer than that', () => {
    const hub = new EventHub();
    hub.publish(reported('reception', 'incomingCall', { call_id: '1' }));
    const [of] = hub.told();
    const over = (id: unknown, peer: unknown = null, count = 1) =>
      streamLine({
        kind: 'state',
        of: { ...of, over: Array.from({ length: count }, () => ({ id, peer })) } as HeardPhone,
      });
    for (const line of [over('1'), over(null, 'x'.repeat(100)), over('1', '2', 8)])
      expect(line).toBeDefined();
    for (const line of [over(1), over('x'.repeat(101)), over(null, 'x'.repeat(101)), over('1', '2', 9)])
      expect(line).toBeUndefined();
  });

  it('come as changes, and not when a phone is merely heard again', async () => {
    const hub = new EventHub();
    const changes = hub.changes();
    const first = changes.next();
    hub.publish(reported('reception', 'registered'));
    expect((await first).value).toMatchObject({
      phone: 'reception',
      event: { event: 'registered' },
      state: { registered: true },
    });
    hub.publish(reported('reception', 'registered'));
    hub.publish(reported('reception', 'headset'));
    hub.publish(reported('reception', 'openDND'));
    expect((await changes.next()).value).toMatchObject({ state: { dnd: true } });
    hub.close();
    expect((await changes.next()).done).toBe(true);
  });

  it('forget the phone that was heard longest ago where strangers make up too many', () => {
    const hub = new EventHub();
    hub.publish(reported('reception', 'openDND'));
    hub.publish(reported('lobby', 'openDND'));
    hub.publish(reported('reception', 'registered'));
    for (let number = 1; number < 10_000; number += 1) hub.publish(reported(`made up ${number}`, 'offHook'));
    expect([hub.states().size, hub.state('reception').dnd, hub.state('lobby')]).toEqual([
      10_000,
      true,
      UNHEARD,
    ]);
  });

  it('are all kept of ten thousand phones with a few calls', () => {
    const hub = new EventHub();
    for (let number = 0; number < 10_000; number += 1) invent(hub, `10.0.0.${number}`, 3, '6040');
    expect([hub.states().size, hub.told().length]).toEqual([10_000, 10_000]);
  });

  it.each([
    ['letters', 'x'],
    ['letters of three bytes', '中'],
    ['what JSON writes with six', '\x01'],
  ])('are forgotten, the oldest first, where strangers make up megabytes of %s', (_, letter) => {
    const hub = new EventHub();
    hub.publish(reported('reception', 'openDND'));
    hub.publish(reported('lobby', 'openDND'));
    for (let number = 0; number < 3000; number += 1) invent(hub, `made up ${number}`, 8, letter.repeat(99));
    hub.publish(reported('lobby', 'registered'));
    const told = Buffer.byteLength(JSON.stringify(hub.told()));
    expect(told).toBeLessThan(12.1 * MB);
    expect(told).toBeGreaterThan(10 * MB);
    expect([hub.state('reception'), hub.state('made up 2999').calls.length]).toEqual([UNHEARD, 8]);
  });

  it('are unknown once events may have been lost, but that a phone was in use', () => {
    const hub = new EventHub();
    hub.publish(reported('idle', 'setupCompleted'));
    hub.publish(reported('idle', 'openDND'));
    for (const name of ['openDND', 'offHook', 'established'] as const) hub.publish(reported('talks', name));
    hub.publish(reported('busy', 'idleToBusy'));
    const known = () => ['idle', 'talks', 'busy'].map((phone) => hub.state(phone));
    const heard = known().map((state) => state.heard);
    hub.beginGap();
    hub.endGap();
    expect(known()).toMatchObject([
      { call: 'unknown', offHook: null, dnd: null },
      { call: 'talking', calls: [{ state: 'talking' }], offHook: true, dnd: null },
      { call: 'unknown', busy: true },
    ]);
    expect(known().map((state) => state.heard)).toEqual(heard);
    expect(hub.told().map(({ state }) => state)).toEqual(known());
    hub.publish(reported('busy', 'busyToIdle'));
    expect(hub.state('busy')).toMatchObject({ call: 'idle', busy: false });
  });

  it.each([
    ['name', 'lobby', '172.16.0.99'],
    ['address', 'other', '172.16.0.57'],
  ])('keep no feature after a refused request of the phone, known by its %s', (_, phone, source) => {
    const hub = new EventHub();
    for (const name of ['openDND', 'offHook', 'established'] as const) hub.publish(reported('lobby', name));
    hub.refuse({ time: '', refused: 'token', source, path: '/closeDNDUrl.xml' }, phone);
    expect(hub.state('lobby')).toMatchObject({ call: 'talking', offHook: true, dnd: null });
    expect(hub.told().map(({ state }) => state)).toEqual([hub.state('lobby')]);
    // Another one changes nothing, because anyone can have thousands refused.
    const before = hub.state('lobby');
    hub.refuse({ time: '', refused: 'token', source, path: '/closeDNDUrl.xml' }, phone);
    expect(hub.state('lobby')).toBe(before);
    hub.publish({ ...reported('later', 'hold'), source: '172.16.0.58' });
    hub.publish({ ...reported('lobby', 'openDND'), source: '172.16.0.59' });
    hub.publish({ ...reported('last', 'hold'), source: '172.16.0.60' });
    hub.refuse({ time: '', refused: 'token', source: '172.16.0.59', path: '/closeDNDUrl.xml' }, 'lobby');
    expect(hub.heard().map((one) => one.phone)).toEqual(['later', 'lobby', 'last']);
    hub.publish(reported('lobby', 'openDND'));
    hub.refuse({ time: '', refused: 'token', source: '172.16.0.58', path: '/closeDNDUrl.xml' }, 'other');
    expect(hub.state('lobby').dnd).toBe(true);
  });

  it('are taken over from another hub, the one that was heard later of two', () => {
    const [early, late] = [new EventHub(), new EventHub()];
    early.publish(reported('reception', 'openDND', { mac: '80:82:87:00:00:01' }));
    late.publish(reported('reception', 'closeDND'));
    const adopting = (...heard: readonly (readonly HeardPhone[])[]) => {
      const hub = new EventHub();
      for (const each of heard) hub.adopt(each);
      return hub.state('reception').dnd;
    };
    expect(adopting(early.heard(), late.heard())).toBe(false);
    expect(adopting(late.heard(), early.heard())).toBe(false);
    const ends = (hub: EventHub, id: string) =>
      hub.publish(reported('reception', 'terminated', { call_id: id }));
    ends(early, '1');
    ends(early, '2');
    late.publish(reported('reception', 'incomingCall', { call_id: '2' }));
    ends(late, '3');
    for (const order of [
      [early, late],
      [late, early],
    ]) {
      const hub = new EventHub();
      for (const each of order) hub.adopt(each.heard());
      expect(hub.over('reception').map(({ id }) => id)).toEqual(['1', '3']);
    }
    expect(early.heard()).toMatchObject([{ source: '172.16.0.57', values: { mac: '80:82:87:00:00:01' } }]);
  });

  it('have no identifier that is longer than any MAC and address', () => {
    const hub = new EventHub();
    const { length } = '80:82:87:00:00:01';
    hub.publish(reported('a', 'hold', { mac: '"'.repeat(8192), ip: '1'.repeat(8192) }));
    hub.publish(reported('b', 'hold', { mac: '8'.repeat(length) }));
    expect(hub.told().map(({ values }) => values)).toEqual([
      { mac: '', ip: '' },
      { mac: '8'.repeat(length), ip: '' },
    ]);
  });
});
