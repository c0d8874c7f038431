import { describe, expect, it } from 'vitest';
import type { EventName } from '../../../src/protocol/events.ts';
import { EventHub, type HeardPhone, type ReportedEvent, UNHEARD } from '../../../src/receiver/index.ts';

let clock = Date.parse('2026-11-28T10:00:00.000Z');

function reported(phone: string, event: EventName, values: Record<string, string> = {}): ReportedEvent {
  clock += 1000;
  return { time: new Date(clock).toISOString(), event, phone, source: '172.16.0.57', path: '', values };
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
    expect(early.heard()).toMatchObject([{ source: '172.16.0.57', values: { mac: '80:82:87:00:00:01' } }]);
  });
});
