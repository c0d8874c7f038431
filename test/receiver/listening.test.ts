import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Phonebook, type Receiver } from '../../src/receiver/index.ts';
import { SECRET } from '../support/same-user.ts';
import { trusted } from './played.ts';
import { get, receiver, send, subscribed } from './raw.ts';
import { event, listening, running, user } from './shared.ts';

/** The receiver that takes over, once it does. */
function takeOver() {
  let onTakeOver = (_: Receiver) => {};
  const takenOver = new Promise<Receiver>((resolve) => {
    onTakeOver = resolve;
  });
  return { takenOver, onTakeOver };
}

describe('a listener to which several phones are one address', () => {
  const [x, y] = ['80:82:87:00:00:01', '80:82:87:00:00:02'];
  const report = (event: string, ...more: readonly string[]) =>
    get(`/${event}Url.xml${more.length === 0 ? '' : `?${more.join('&')}`}`);

  it('does not tell of one what another reported', async () => {
    const { port } = await receiver({ secret: SECRET });
    await send(port, report('openDND', `mac=${x}`));
    await send(port, report('established', `mac=${x}`, 'remote=7'));
    await send(port, report('registered'));
    await send(port, report('offHook', `mac=${y}`));
    const book = new Phonebook([
      { name: 'x', host: '10.0.0.1', mac: x },
      { name: 'y', host: '10.0.0.2', mac: y },
    ]);
    const { hub } = await listening({ port, phonebook: book });
    const known = ['x', 'y'].map((phone) => hub.state(phone)).map(({ dnd, call }) => [dnd, call]);
    expect(known).toEqual([
      [true, 'talking'],
      [null, 'dialling'],
    ]);
    expect([...hub.states().keys()].sort()).toEqual(['127.0.0.1', 'x', 'y']);
  });

  it('tells all of one phone that does not always say who it is', async () => {
    const { port } = await receiver({ secret: SECRET });
    await send(port, report('openDND'));
    await send(port, report('established', 'ip=127.0.0.1', 'remote=7'));
    await send(port, report('mute', `mac=${x}`));
    const { hub } = await listening({
      port,
      phonebook: new Phonebook([{ name: 'x', host: '127.0.0.1', mac: x }]),
    });
    expect(hub.state('x')).toMatchObject({ dnd: true, call: 'talking', muted: true });
    expect(hub.told().map(({ phone }) => phone)).toEqual(['x', 'x', 'x', 'x']);
  });
});

describe('a program that finds the port taken by its own user', () => {
  it('knows what was reported before, by its own names, and gets what comes', async () => {
    const { port } = await running();
    const { hub, receiver: own } = await listening({ port });
    expect(own).toBeUndefined();
    expect(hub.state('reception')).toMatchObject({ busy: true });
    expect(hub.count).toBe(0);
    const next = hub.waitFor('busyToIdle', { phones: ['reception'] });
    await send(port, get('/busyToIdleUrl.xml?ip=172.16.0.57&display_remote=%1B%5B2J%0Alive:'));
    expect(await next).toMatchObject({ phone: 'reception', values: { display_remote: '\u001b[2J\nlive:' } });
  });

  it('hears what is refused there', async () => {
    const { port } = await running();
    const { hub } = await listening({ port });
    const waiting = hub.waitFor('incomingCall', { within: 200 });
    await send(port, get('/api/incoming'), '127.0.0.7');
    await expect(waiting).rejects.toThrow(/127\.0\.0\.7 asked for \/api\/incoming, which names no event/);
  });

  it('is told nothing for which it would leave', async () => {
    const { hub: there, port } = await running();
    const event = { event: 'openDND', phone: 'x', path: '/', values: {} } as const;
    const [odd, time] = ['fe80::7%tap+1', '2026-11-23T10:00:00.000Z'];
    there.publish({ ...event, phone: 'y', time: 'now', source: odd });
    const { hub } = await listening({ port });
    there.publish({ ...event, time, source: `fe80::7%${'a'.repeat(90)}` });
    const next = hub.waitFor('openDND');
    there.publish({ ...event, time, source: odd });
    expect(await next).toMatchObject({ source: odd });
    expect(hub.count).toBe(1);
    expect(hub.state('reception')).toMatchObject({ busy: true });
  });

  it.each(['127.55.0.1', '::1', '0.0.0.0', '::', 'localhost'])('bound to %s', async (host) => {
    const { port } = await running({ host });
    const { hub, origin, receiver: own } = await listening({ port, host });
    expect(own).toBeUndefined();
    expect(hub.state('reception')).toMatchObject({ busy: true });
    const mark = hub.mark();
    await fetch(`${origin}/holdUrl.xml?ip=172.16.0.57`);
    expect(await hub.waitFor('hold', { since: mark })).toMatchObject({ phone: 'reception' });
  });

  it('finds one that is bound to another address than it would use', async () => {
    const sameUser = user();
    const first = await listening({ host: '127.55.0.1', port: 0, sameUser });
    const { port } = first;
    const second = await listening({ port, sameUser });
    expect(second.receiver).toBeUndefined();
    const heard = second.hub.waitFor('hold');
    first.hub.publish(JSON.parse(event('hold').slice('event: '.length)));
    expect(await heard).toMatchObject({ phone: 'reception' });
    // Who says which address gets that one.
    const other = await listening({ port, host: '127.0.0.1', sameUser });
    expect(other.receiver).toBeDefined();
  });

  it('asks no other computer, whatever is written down', async () => {
    const sameUser = user();
    const { port, close } = await receiver();
    await close();
    await sameUser.record(port, '192.0.2.1');
    expect((await listening({ port, sameUser })).receiver).toBeDefined();
  });

  it('gets many states, and what comes while they are still read', async () => {
    const { hub, port } = await running();
    for (let number = 0; number < 1900; number += 1) {
      const ip = `10.0.${number >> 8}.${number & 255}`;
      hub.publish({
        time: '2026-11-23T10:00:00.000Z',
        event: 'hold',
        phone: ip,
        source: ip,
        path: '',
        values: { ip, remote: 'x'.repeat(900) },
      });
    }
    const attached = subscribed({ hub });
    const attaching = listening({ port });
    await attached;
    hub.publish({
      time: '2026-11-23T10:00:00Z',
      event: 'unHold',
      phone: '',
      source: '172.16.0.57',
      path: '',
      values: {},
    });
    const { hub: own } = await attaching;
    expect(own.states().size).toBe(1901);
    expect(await own.waitFor('unHold')).toMatchObject({ phone: 'reception' });
  });
});

describe('when the other program ends', () => {
  it('its port is taken over, and that is told', async () => {
    const { port, close } = await running();
    const { takenOver, onTakeOver } = takeOver();
    const { hub } = await listening({ port, onTakeOver });
    const gaps: boolean[] = [];
    hub.onGap((lasts) => gaps.push(lasts));
    const heard = hub.waitFor('hold', { within: 10_000 });
    await close();
    expect((await takenOver).url).toBe(`http://127.0.0.1:${port}`);
    // From the end of one to the beginning of the other, phones reported to nobody.
    expect(gaps).toEqual([true, false]);
    await send(port, get('/holdUrl.xml?ip=172.16.0.57'));
    expect(await heard).toMatchObject({ event: 'hold', phone: 'reception' });
    // Who was in use may be so still.
    expect(hub.state('reception').busy).toBe(true);
  });

  it('its port is taken over at the address to which the phones report', async () => {
    const sameUser = user();
    const first = await listening({ host: '127.55.0.1', port: 0, sameUser });
    const { port } = first;
    const { takenOver, onTakeOver } = takeOver();
    const second = await listening({ port, sameUser, onTakeOver });
    await first.close();
    expect((await takenOver).address).toBe('127.55.0.1');
    const gap = vi.fn();
    second.hub.onGap(gap);
    expect(gap).not.toHaveBeenCalled();
  });

  it('and phones reported to it at more addresses, events may be lost from then on', async () => {
    const { port, close } = await running({ host: '0.0.0.0' });
    const { takenOver, onTakeOver } = takeOver();
    const { hub } = await listening({ port, host: '127.0.0.1', onTakeOver });
    await close();
    await takenOver;
    const gaps: boolean[] = [];
    hub.onGap((lasts) => gaps.push(lasts));
    expect(gaps).toEqual([true]);
  });

  it('one that came back at another address is heard, and what is reported to the first one may be lost', async () => {
    const known = user();
    let isBack: Promise<void> | undefined;
    // It takes nothing over before the other one has come back.
    const recall = async (port: number) => isBack?.then(() => known.recall(port)) ?? known.recall(port);
    const sameUser = { ...known, recall };
    const { port, close } = await running({ host: '0.0.0.0' });
    await sameUser.record(port, '0.0.0.0');
    const { hub, lost } = await listening({ port, sameUser });
    const lasting: boolean[] = [];
    hub.onGap((lasts) => lasting.push(lasts));
    isBack = close().then(async () => {
      await running({ host: '127.55.0.2', port });
      await known.record(port, '127.55.0.2');
    });
    await isBack;
    const heard = hub.waitFor('hold', { within: 10_000 });
    await Promise.race([
      lost.then((error) => Promise.reject(error)),
      vi.waitFor(async () => {
        await fetch(`http://127.55.0.2:${port}/holdUrl.xml?ip=172.16.0.57`);
        expect(hub.count).toBeGreaterThan(0);
      }),
    ]);
    expect(await heard).toMatchObject({ event: 'hold' });
    expect(lasting).toEqual([true]);
  });

  it('at all addresses, it takes over from one that had one of them', async () => {
    const sameUser = user();
    const { port, close } = await running({ host: '127.55.0.1' });
    await sameUser.record(port, '127.55.0.1');
    const { takenOver, onTakeOver } = takeOver();
    const { hub } = await listening({ port, sameUser, host: '0.0.0.0', onTakeOver });
    const gaps: boolean[] = [];
    hub.onGap((lasts) => gaps.push(lasts));
    await close();
    expect((await takenOver).address).toBe('0.0.0.0');
    expect(gaps).toEqual([true, false]);
  });

  it('of several that were attached one takes it over, and the others attach to that', async () => {
    const sameUser = user();
    const { port, close } = await running();
    const all = await Promise.all(Array.from({ length: 4 }, () => listening({ port, sameUser })));
    const heard = all.map(({ hub }) => hub.waitFor('hold', { within: 15_000 }));
    await close();
    let done = false;
    void Promise.all(heard).then(() => {
      done = true;
    });
    // Until all of them are there again.
    while (!done) {
      await send(port, get('/holdUrl.xml')).catch(() => undefined);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(all.filter(({ receiver: own }) => own !== undefined)).toHaveLength(1);
  });

  it('whoever waits is told why, when somebody else has the port then', async () => {
    const { port, close } = await running();
    const { hub, lost } = await listening({ port });
    const waiting = hub.waitFor('hold', { within: 3_600_000 }).catch((error) => error);
    const loop = hub.events().next();
    const closed = close();
    const other = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
    onTestFinished(() => void other.close());
    await closed;
    const error = await lost;
    expect(error.message).toContain(`cannot listen on 127.0.0.1:${port}: it is in use, and `);
    expect(await waiting).toBe(error);
    expect((await loop).done).toBe(true);
  });

  it('nothing goes on once it is closed', async () => {
    const { port, close } = await running();
    const started = await listening({ port });
    await started.close();
    await close();
    await expect(send(port, get('/holdUrl.xml'))).rejects.toThrow('ECONNREFUSED');
  });

  it('closed while it attaches again, it gives that up at once', async () => {
    const answers: ServerResponse[] = [];
    let asked = () => {};
    const again = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const port = await trusted((response) => {
      answers.push(response);
      if (answers.length === 1) response.write('live:\n');
      else asked();
    });
    const started = await listening({ port });
    answers[0]?.destroy();
    await again;
    const ended = once(answers[1] as ServerResponse, 'close');
    await started.close();
    await ended;
  });
});
