import { describe, expect, it } from 'vitest';
import type { EventName } from '../../src/protocol/events.ts';
import { EventHub, parseWhere, type ReportedEvent, WorkQueue } from '../../src/receiver/index.ts';
import { receiver } from './raw.ts';

function fail(message: string): never {
  throw new Error(message);
}

function event(name: EventName, phone = 'a', values: Record<string, string> = {}): ReportedEvent {
  return { time: '2026-11-23T10:00:00.000Z', event: name, phone, source: '127.0.0.1', path: '/', values };
}

describe('waitFor', () => {
  it('sees an event that comes later', async () => {
    const hub = new EventHub();
    const came = hub.waitFor('hold');
    hub.publish(event('offHook'));
    hub.publish(event('hold'));
    expect(await came).toEqual(event('hold'));
  });

  it('sees an event that came just before it was called, once', async () => {
    const hub = new EventHub();
    hub.publish(event('hold'));
    expect(await hub.waitFor('hold')).toEqual(event('hold'));
    await expect(hub.waitFor('hold', { within: 5 })).rejects.toMatchObject({ code: 'no-event' });
  });

  it('keeps a cursor for each phone', async () => {
    const hub = new EventHub();
    hub.publish(event('hold', 'a'));
    hub.publish(event('hold', 'b'));
    hub.publish(event('unHold', 'a'));
    expect((await hub.waitFor('unHold', { phones: ['a'] })).phone).toBe('a');
    // What a reported before its unHold is past; what b reported is not.
    await expect(hub.waitFor('hold', { phones: ['a'], within: 5 })).rejects.toMatchObject({
      code: 'no-event',
    });
    expect((await hub.waitFor('hold', { phones: ['b'] })).phone).toBe('b');
  });

  it('knows of which phones events can have been lost since the last that was waited for', async () => {
    const hub = new EventHub();
    const whole = () => [hub.isWhole(['a', '10.0.0.1']), hub.isWhole(['b']), hub.isWhole()];
    expect(whole()).toEqual([true, true, true]);
    hub.beginGap();
    expect(whole()).toEqual([false, false, false]);
    hub.endGap();
    expect(whole()).toEqual([false, false, false]);
    hub.publish(event('hold', 'a'));
    await hub.waitFor('hold');
    expect(whole()).toEqual([true, false, false]);
  });

  it('passes over what was forgotten, and misses nothing of it', async () => {
    const hub = new EventHub();
    hub.publish(event('hold', 'a'));
    const mark = hub.mark();
    hub.publish(event('unHold', 'b'));
    hub.beginGap();
    hub.endGap();
    hub.forget();
    await expect(hub.waitFor(['hold', 'unHold'], { within: 5 })).rejects.toMatchObject({ code: 'no-event' });
    expect([hub.isWhole(), hub.isWhole(['a'])]).toEqual([true, true]);
    hub.publish(event('hold', 'b'));
    expect(await hub.waitFor('hold')).toMatchObject({ phone: 'b' });
    expect(await hub.waitFor('unHold', { since: mark })).toMatchObject({ phone: 'b' });
    hub.beginGap();
    hub.forget();
    expect(hub.isWhole()).toBe(false);
  });

  it('takes any of several events, from any of several phones', async () => {
    const hub = new EventHub();
    const came = hub.waitFor(['mute', 'unMute'], { phones: ['b', 'c'] });
    hub.publish(event('mute', 'a'));
    hub.publish(event('unMute', 'c'));
    expect(await came).toMatchObject({ event: 'unMute', phone: 'c' });
  });

  it('looks at values', async () => {
    const hub = new EventHub();
    const came = hub.waitFor('incomingCall', { where: parseWhere(['remote=*6040*', 'model=A4?']) });
    hub.publish(event('incomingCall', 'a', { remote: 'sip:6041@pbx', model: 'A48' }));
    hub.publish(event('incomingCall', 'a', { remote: 'sip:6040@pbx' }));
    hub.publish(event('incomingCall', 'a', { remote: 'SIP:6040@pbx', model: 'a48' }));
    expect((await came).values['remote']).toBe('SIP:6040@pbx');
    // Nothing of a pattern but * and ? means anything.
    hub.publish(event('hold', 'a', { remote: 'a.c' }));
    hub.publish(event('hold', 'a', { remote: 'abc' }));
    expect(hub.since(0, { where: { remote: 'a.c' } })).toHaveLength(1);
    expect(hub.since(0, { where: { toString: '*' } })).toEqual([]);
  });

  it.each([
    ['sip:\\*7@*', 'sip:*7@pbx', true],
    ['sip:\\*7@*', 'sip:6667@pbx', false],
    ['*\\??', 'a?b', true],
    ['*\\??', 'axb', false],
    ['a\\\\*', 'a\\b', true],
    ['a\\b', 'a\\b', true],
    ['a\\b', 'ab', false],
  ])('looks by %j at %j', (remote, told, found) => {
    const hub = new EventHub();
    hub.publish(event('incomingCall', 'a', { remote: told }));
    expect(hub.since(0, { where: { remote } })).toHaveLength(found ? 1 : 0);
  });

  it('refuses conditions that nothing meets', async () => {
    const hub = new EventHub();
    const misspelt = { where: { remot: '*' } };
    expect(() => hub.since(0, misspelt)).toThrow('no event has a value called remot');
    await expect(hub.waitFor('hold', misspelt)).rejects.toMatchObject({ hint: 'did you mean remote?' });
    const number = { where: { remote: 6001 } } as unknown as { where: Record<string, string> };
    expect(() => hub.since(0, number)).toThrow(/something else than patterns/);
  });

  it('begins at a mark', async () => {
    const hub = new EventHub();
    hub.publish(event('hold'));
    const since = hub.mark();
    await expect(hub.waitFor('hold', { since, within: 5 })).rejects.toMatchObject({ code: 'no-event' });
    hub.publish(event('hold'));
    expect(await hub.waitFor('hold', { since })).toEqual(event('hold'));
  });

  it('begins right after an event, however much else was counted', async () => {
    const hub = new EventHub();
    const first = event('hold');
    hub.publish(first);
    const refusal = { time: first.time, refused: 'unknown-event', source: '10.0.0.1', path: '/' } as const;
    for (let count = 0; count < 3; count += 1) hub.refuse(refusal);
    hub.publish(event('unHold'));
    const since = hub.mark(first);
    expect(hub.since(since).map((one) => one.event)).toEqual(['unHold']);
    expect(since).toBeLessThan(hub.mark());
    // One that is not kept any more is as old as can be told.
    expect(hub.mark(event('mute'))).toBe(hub.mark());
  });

  it('tells of what may have been it, where two phones cannot be told apart', async () => {
    const hub = new EventHub();
    const missing = hub.waitFor('hold', { phones: ['a'], where: { remote: '1' }, within: 20 });
    hub.publish(event('hold', '10.0.0.1 (shared)', { remote: '1' }));
    hub.publish(event('hold', '10.0.0.1 (shared)', { remote: '2' }));
    hub.publish(event('mute', '10.0.0.2 (shared)', { remote: '1' }));
    await expect(missing).rejects.toMatchObject({
      message:
        'hold was not reported within 20ms; 10.0.0.1 (shared) hold may be of this phone or of another one at its address',
      hint: expect.stringContaining('mac=$mac&ip=$ip'),
    });
  });

  it('tells what was seen instead', async () => {
    const hub = new EventHub();
    const missing = hub.waitFor('established', { phones: ['a'], within: 20 });
    hub.publish(event('remoteBusy', 'a'));
    hub.publish(event('hold', 'b'));
    await expect(missing).rejects.toMatchObject({
      exitCode: 6,
      message: 'established was not reported within 20ms; seen: a remoteBusy',
    });
  });

  it('ends by a signal, with its reason, also one that is aborted already', async () => {
    const stop = new AbortController();
    const waiting = new EventHub().waitFor('hold', { signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect(new EventHub().waitFor('hold', { signal: stop.signal })).rejects.toThrow('enough');
  });
});

describe('a subscriber', () => {
  it('is called until it stops', () => {
    const hub = new EventHub();
    const seen: string[] = [];
    const stop = hub.subscribe((came) => seen.push(came.event));
    hub.publish(event('hold'));
    stop();
    hub.publish(event('unHold'));
    expect(seen).toEqual(['hold']);
    expect(hub.count).toBe(2);
  });

  it('can be a loop', async () => {
    const hub = new EventHub();
    const stop = new AbortController();
    const seen: string[] = [];
    const loop = (async () => {
      for await (const came of hub.events(stop.signal)) {
        seen.push(came.event);
        if (came.event === 'unHold') hub.publish(event('mute'));
        if (came.event === 'mute') stop.abort();
      }
    })();
    hub.publish(event('hold'));
    hub.publish(event('unHold'));
    await loop;
    expect(seen).toEqual(['hold', 'unHold', 'mute']);
  });

  it('that is slow loses the oldest events, and nothing else', async () => {
    const hub = new EventHub();
    const events = hub.events();
    const first = events.next();
    for (let index = 0; index < 10_002; index += 1) hub.publish(event('hold', String(index)));
    expect((await first).value).toMatchObject({ phone: '2' });
    await events.return();
  });

  it('keeps a bounded past', () => {
    const hub = new EventHub();
    for (let index = 0; index < 12_000; index += 1) hub.publish(event('hold', String(index)));
    const kept = hub.since(0);
    expect(kept.length).toBeGreaterThanOrEqual(5000);
    expect(kept.length).toBeLessThan(10_000);
    expect(kept.at(-1)?.phone).toBe('11999');
  });

  it('keeps less of what is large', () => {
    const hub = new EventHub();
    const MB = 'x'.repeat(1_000_000);
    const mark = hub.mark();
    for (let index = 0; index < 100; index += 1) {
      hub.publish({ ...event('hold', String(index)), values: { x: MB } });
    }
    const kept = hub.since(0);
    expect(kept.length).toBeLessThan(40);
    expect(kept.at(-1)?.phone).toBe('99');
    expect(hub.keeps(mark)).toBe(false);
    // What was dropped takes no room any more.
    for (let index = 0; index < 5000; index += 1) hub.publish(event('hold', String(index)));
    expect(hub.since(0).length).toBeGreaterThan(5000);
  });
});

describe('a subscriber that fails', () => {
  it.each([
    ['throws', () => fail('broken')],
    ['is rejected later', async () => fail('broken')],
    ['is rejected at once', () => Promise.reject(new Error('broken'))],
  ])('because it %s, is told and stops nobody else', async (_, broken) => {
    const told: unknown[] = [];
    const hub = new EventHub((error, { event: name }) => told.push((error as Error).message, name));
    const seen: string[] = [];
    hub.subscribe(broken);
    hub.subscribe((came) => seen.push(came.event));
    const waiting = hub.waitFor('unHold');
    hub.publish(event('hold'));
    hub.publish(event('unHold'));
    expect((await waiting).event).toBe('unHold');
    expect(seen).toEqual(['hold', 'unHold']);
    expect(told).toEqual(['broken', 'hold', 'broken', 'unHold']);
  });

  it('of a receiver is told to whoever started it', async () => {
    const told: unknown[] = [];
    const { hub } = await receiver({ onError: (error) => told.push(error) });
    hub.subscribe(() => fail('broken'));
    hub.publish(event('hold'));
    expect(told).toEqual([new Error('broken')]);
  });
});

describe('when the receiver is closed', () => {
  it('whoever waits is told, and nobody waits any more', async () => {
    const { hub, close } = await receiver();
    const waiting = [hub.waitFor('hold'), hub.waitFor(['mute', 'unMute'], { within: 3_600_000, since: 0 })];
    const told = Promise.all(waiting.map((wait) => wait.catch((error) => [error.code, error.message])));
    await close();
    expect(await told).toEqual([
      ['receiver-closed', 'the receiver closed, or did not hear everything, while waiting for hold'],
      [
        'receiver-closed',
        'the receiver closed, or did not hear everything, while waiting for mute or unMute',
      ],
    ]);
    await expect(hub.waitFor('hold', { within: 3_600_000 })).rejects.toMatchObject({
      code: 'receiver-closed',
    });
  });

  it('loops end, after what they still hold', async () => {
    const { hub, close } = await receiver();
    const [idle, behind] = [hub.events(), hub.events()];
    const [none, first] = [idle.next(), behind.next()];
    hub.publish(event('hold'));
    await Promise.all([none, first]);
    const end = idle.next();
    hub.publish(event('unHold', 'b'));
    await end;
    const after = idle.next();
    await close();
    expect(await after).toEqual({ value: undefined, done: true });
    expect((await behind.next()).value).toMatchObject({ event: 'unHold' });
    expect((await behind.next()).done).toBe(true);
    expect((await hub.events().next()).done).toBe(true);
    expect(hub.subscribers).toBe(0);
  });

  it('what was reported before can still be asked for, and nothing more comes', async () => {
    const { hub, close } = await receiver();
    hub.publish(event('hold'));
    await close();
    await close();
    hub.publish(event('unHold'));
    expect(hub.since(0)).toEqual([event('hold')]);
    expect(await hub.waitFor('hold')).toEqual(event('hold'));
  });
});

it.each([Number.NaN, -1, Number.POSITIVE_INFINITY, 2 ** 31, '5s' as unknown as number])(
  'waits for no time such as %s',
  async (within) => {
    await expect(new EventHub().waitFor('hold', { within })).rejects.toMatchObject({ code: 'usage' });
  },
);

it('waits no longer than is left of a time that began before', async () => {
  const waiting = new EventHub().waitFor('hold', { within: 3_600_000, begun: performance.now() - 3_600_000 });
  await expect(waiting).rejects.toThrow('hold was not reported within 1h');
});

it('waits for no event that there is not', async () => {
  const waiting = new EventHub().waitFor('holdd' as EventName);
  await expect(waiting).rejects.toMatchObject({ code: 'unknown-event', details: { suggestions: ['hold'] } });
});

describe('a work queue', () => {
  it('works side by side, no more than allowed, and drops what is too much', async () => {
    let [working, most] = [0, 0];
    const gates: (() => void)[] = [];
    const queue = new WorkQueue<number>({
      jobs: 2,
      most: 3,
      work: async (item) => {
        working += 1;
        most = Math.max(most, working);
        await new Promise<void>((resolve) => gates.push(resolve));
        working -= 1;
        if (item === 1) throw new Error('one');
      },
      onError: (error, item) => failures.push(`${item} ${error.message}`),
      onDrop: (item) => drops.push(item),
    });
    const failures: string[] = [];
    const drops: number[] = [];
    for (let item = 0; item < 8; item += 1) queue.add(item);
    expect(queue.counts.dropped).toBe(3);
    expect(drops).toEqual([5, 6, 7]);
    const drained = queue.drain();
    while (gates.length > 0) {
      gates.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await drained;
    expect(most).toBe(2);
    expect(queue.counts).toEqual({ done: 4, failed: 1, dropped: 3 });
    expect(failures).toEqual(['1 one']);
    await queue.drain();
  });

  it('gives up what is under way and what waits when it is stopped', async () => {
    const queue = new WorkQueue<number>({
      jobs: 1,
      most: 3,
      work: (_, stopped) =>
        new Promise((_resolve, reject) => stopped.addEventListener('abort', () => reject(stopped.reason))),
      onError: () => undefined,
      onDrop: () => undefined,
    });
    for (let item = 0; item < 3; item += 1) queue.add(item);
    queue.stop();
    await queue.drain();
    expect(queue.counts).toEqual({ done: 0, failed: 1, dropped: 2 });
  });
});

it.each(['remote', '=x', 'a b=c'])('the condition %j is an error that helps', (text) => {
  expect(() => parseWhere([text])).toThrow(/is not a condition/);
});

it('two conditions for one value are an error, instead of one that counts', () => {
  expect(() => parseWhere(['remote=*6040*', 'model=A4?', 'remote=*@pbx2'])).toThrow(
    'there are two conditions for remote',
  );
});
