import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newRinging } from '../../src/simulator/ringing.ts';
import { newBench, press, send } from './helpers.ts';
import { eventOf, listener } from './listener.ts';
import { start } from './started.ts';

describe('the time of a call that rings', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Phones with a clock, and what happens on them by time alone. */
  function newClock(limit = 60_000) {
    const heard: string[] = [];
    const bench = newBench(4, {
      told: (happenings) => heard.push(...happenings.map(({ phone, kind }) => `${phone} ${kind}`)),
    });
    const ringing = newRinging(() => bench.switchboard.stations.values(), limit);
    const play = (script: string) => {
      bench.play(script);
      ringing.look();
      heard.splice(0);
    };
    return { ...bench, play, heard, ringing };
  }

  it('is over when it is over', () => {
    const { play, heard, states } = newClock();
    play('6001 6002;DIAL');
    vi.advanceTimersByTime(59_999);
    expect(heard).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(heard).toEqual([
      '6002 callRemoteCanceled',
      '6002 missedCall',
      '6002 busyToIdle',
      '6001 callRemoteCanceled',
      '6001 onHook',
      '6001 busyToIdle',
    ]);
    expect(states()).toBe('idle idle idle idle');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not begin again with other keys', () => {
    const { play, heard } = newClock();
    play('6001 6002;DIAL');
    vi.advanceTimersByTime(59_999);
    play('6002 VOLUME_UP | 6003 6004;DIAL');
    expect(vi.getTimerCount()).toBe(2);
    vi.advanceTimersByTime(1);
    expect(heard[1]).toBe('6002 missedCall');
    expect(vi.getTimerCount()).toBe(1);
  });

  it('starts again on the phone to which the call goes next', () => {
    const { play, heard, states } = newClock();
    play('6002 SFORWARD;DOWN;DOWN;6003;OK | 6001 6002;DIAL');
    vi.advanceTimersByTime(60_000);
    expect(states()).toBe('calling idle ringing idle');
    vi.advanceTimersByTime(59_999);
    expect(heard.splice(0)).not.toContain('6003 missedCall');
    vi.advanceTimersByTime(1);
    expect(heard[1]).toBe('6003 missedCall');
  });

  it.each(['6002 ANSWER', '6002 REJECT', '6001 ENDCALL', '6001 REBOOT'])('is forgotten after %s', (turn) => {
    const { play } = newClock();
    play('6001 6002;DIAL');
    play(turn);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is forgotten at the end, and nothing begins after it', () => {
    const { play, ringing } = newClock();
    play('6001 6002;DIAL | 6003 6004;DIAL');
    expect(vi.getTimerCount()).toBe(2);
    ringing.close();
    expect(vi.getTimerCount()).toBe(0);
    play('6003 ENDCALL;REDIAL');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('may be longer than a timer can count', () => {
    const { play, heard } = newClock(Number.POSITIVE_INFINITY);
    play('6001 6002;DIAL');
    vi.advanceTimersByTime(1_000_000);
    expect(heard).toEqual([]);
  });

  it('is a minute when nothing is said, and keeps no closed simulator alive', async () => {
    const { url, simulator } = await start({ phones: 2, approved: true });
    await press(url, '6002;DIAL');
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(59_999);
    expect(simulator.state('6001').state).toBe('calling');
    vi.advanceTimersByTime(1);
    expect(simulator.lcd('6001')).toContain('No answer 6002');
    await press(url, '6002;DIAL');
    expect(vi.getTimerCount()).toBe(1);
    await simulator.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a listener hears', () => {
  const of = (targets: readonly string[], phone: number) =>
    targets.filter((target) => target.includes(`mac=80:82:87:00:00:0${phone}`)).map(eventOf);

  it('that no one has answered', async () => {
    const heard = await listener();
    const { url } = await start({ phones: 2, approved: true, ring: 1, actionUrl: heard.url });
    await press(url, '6002;DIAL');
    await heard.until(
      (targets) => of(targets, 1).includes('busyToIdle') && of(targets, 2).includes('busyToIdle'),
    );
    expect(of(heard.targets, 1).slice(-4)).toEqual([
      'outgoingCall',
      'callRemoteCanceled',
      'onHook',
      'busyToIdle',
    ]);
    expect(of(heard.targets, 2).slice(-5)).toEqual([
      'idleToBusy',
      'incomingCall',
      'callRemoteCanceled',
      'missedCall',
      'busyToIdle',
    ]);
    const missed = heard.targets.find((target) => eventOf(target) === 'missedCall');
    expect(missed).toContain('remote=sip:6001@127.0.0.1');
  });

  it('that a call goes on, and where it ends', async () => {
    const heard = await listener();
    const { urls } = await start({ phones: 3, approved: true, ring: 1, actionUrl: heard.url });
    const [first = '', second = ''] = urls;
    await press(second, 'SFORWARD;DOWN;DOWN;6003;OK;RELEASE');
    await press(first, '6002;DIAL');
    await heard.until((targets) => [1, 2, 3].every((phone) => of(targets, phone).includes('busyToIdle')));
    expect(of(heard.targets, 2).slice(-4)).toEqual([
      'idleToBusy',
      'incomingCall',
      'forwardIncomingCall',
      'busyToIdle',
    ]);
    expect(of(heard.targets, 3).slice(-5)).toEqual([
      'idleToBusy',
      'incomingCall',
      'callRemoteCanceled',
      'missedCall',
      'busyToIdle',
    ]);
    expect(of(heard.targets, 1)).toContain('callRemoteCanceled');
  });

  it('that call waiting is switched, by a key and by an event', async () => {
    const heard = await listener();
    const { url, simulator } = await start({ approved: true, actionUrl: heard.url });
    const event = (name: string) =>
      send(url, '/_sim/event', { method: 'POST', body: JSON.stringify({ event: name }) });
    await press(url, 'MENU;OK');
    expect(simulator.state('6001').callWaiting).toBe(true);
    await event('closeCallWaiting');
    expect(simulator.state('6001').callWaiting).toBe(false);
    await event('openCallWaiting');
    expect(simulator.state('6001').callWaiting).toBe(true);
    await heard.until((targets) => targets.length === 5);
    expect(heard.targets.map(eventOf).slice(2)).toEqual([
      'openCallWaiting',
      'closeCallWaiting',
      'openCallWaiting',
    ]);
  });

  it('and the state shows where calls are forwarded', async () => {
    const { url, simulator } = await start({ approved: true });
    expect(simulator.state('6001')).toMatchObject({ forwards: [], forwardTo: {}, callWaiting: false });
    await press(url, 'SFORWARD;6003;OK;DOWN;6004');
    expect(simulator.state('6001')).toMatchObject({
      forwards: ['always'],
      forwardTo: { always: '6003', busy: '6004' },
    });
  });
});
