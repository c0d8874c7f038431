import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EVENTS } from '../../src/protocol/events.ts';
import type { Happening, SimulatorOptions } from '../../src/simulator/index.ts';
import { closedPort } from '../support/raw-server.ts';
import { CALL, press, SECOND, send } from './helpers.ts';
import { eventOf, HANG, type Listener, listener } from './listener.ts';
import { start, startAwaiting } from './started.ts';

const fixture = (name: string) => readFileSync(new URL(`../support/certificates/${name}`, import.meta.url));
const post = (url: string, path: string, body: unknown) =>
  send(url, path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });

/** `6001 6002;DIAL | 6002 ANSWER`, over HTTP. */
async function play(urls: readonly string[], script: string): Promise<void> {
  for (const turn of script.split(' | ')) {
    const [extension = '', keys = ''] = turn.split(' ');
    const url = urls[Number(extension) - 6001] ?? '';
    const answer = keys.startsWith('!')
      ? await post(url, '/_sim/event', { event: keys.slice(1) })
      : await press(url, keys);
    expect(answer.status).toBe(200);
  }
}

/** What one phone reported, by its MAC address. */
function reportsOf({ targets }: Listener, phone: number): string[] {
  return targets.filter((target) => target.includes(`mac=80:82:87:00:00:0${phone}`)).map(eventOf);
}

const END = '6001 RELEASE;ENDCALL;ENDCALL;ENDCALL';
/** Everything that a phone can report; what begins with `!` is not caused by keys. */
const ALL = [
  `${CALL} | 6001 MUTE;MUTE;HOLD;RESUME;SPEAKER;HEADSET;ENDCALL`,
  '6001 6002;DIAL | 6002 REJECT | 6001 6002;DIAL;ENDCALL',
  '6001 6002;DIAL | 6002 FORWARD;6003;SEND | 6001 ENDCALL',
  `${CALL} | 6001 TRANSFER;6003;BLIND | 6002 ENDCALL`,
  `${SECOND} | 6001 TRANSFER | 6002 ENDCALL`,
  `${CALL} | 6001 TRANSFER;6999;BLIND | ${END}`,
  '6001 DND_ON;DND_OFF;STATIC_FORWARD;OK;OK;DOWN;OK;OK;DOWN;OK;OK;REBOOT',
  '6001 !registerFailed | 6001 !IPChanged | 6001 !autopFinish | 6001 !openCallWaiting | 6001 !closeCallWaiting',
].join(' | ');

describe('a virtual phone reports', () => {
  it('all events, each at its own path', async () => {
    const heard = await listener();
    const { urls } = await start({ phones: 3, approved: true, actionUrl: heard.url });
    await play(urls, ALL);
    const seen = () => new Set(heard.targets.map((target) => target.split('?')[0]));
    await heard.until(() => seen().size >= EVENTS.length);
    expect([...seen()].sort()).toEqual(EVENTS.map(({ event }) => `/${event}Url.xml`).sort());
  });

  it('as the captures show it, byte by byte', async () => {
    const heard = await listener();
    const { urls, simulator } = await start({ phones: 2, approved: true, actionUrl: heard.url });
    await play(urls, '6001 6002;DIAL');
    await heard.until(() => reportsOf(heard, 1).length === 5 && reportsOf(heard, 2).length === 4);
    const [ip, other] = simulator.phones.map(({ host }) => host);
    const request = (target: string) => `GET ${target} HTTP/1.0\r\nHost: 127.0.0.1:${heard.port}\r\n\r\n`;
    const me = `mac=80:82:87:00:00:01&ip=${ip}`;
    expect(heard.requests.filter((text) => text.includes(me))).toEqual([
      request(`/setupCompletedUrl.xml?${me}&model=A48&firmware=2.2.5.45698`),
      request(`/registeredUrl.xml?${me}&active_user=6001&active_host=127.0.0.1`),
      request(`/offHookUrl.xml?${me}`),
      request(`/idleToBusyUrl.xml?${me}`),
      request(
        `/outgoingCallUrl.xml?${me}&local=sip:6001@127.0.0.1&call_id=call-1&remote=sip:6002@127.0.0.1&display_remote=Virtual 6002`,
      ),
    ]);
    expect(heard.requests).toContain(
      request(
        `/incomingCallUrl.xml?mac=80:82:87:00:00:02&ip=${other}&local=sip:6002@127.0.0.1&call_id=call-1&remote=sip:6001@127.0.0.1&display_remote=Virtual 6001`,
      ),
    );
  });

  it.each([
    ['a call that is answered', CALL, ['offHook', 'idleToBusy', 'outgoingCall', 'established']],
    [
      'a call to a phone on DND',
      '6002 DND_ON | 6001 6002;DIAL',
      ['offHook', 'idleToBusy', 'outgoingCall', 'remoteBusy', 'onHook', 'busyToIdle'],
    ],
    [
      'a call that is rejected',
      '6001 LINEKEY1;6002;SEND | 6002 REJECT',
      ['offHook', 'idleToBusy', 'outgoingCall', 'remoteBusy', 'onHook', 'busyToIdle'],
    ],
    [
      'a call given up',
      '6001 6002;DIAL;ENDCALL',
      ['offHook', 'idleToBusy', 'outgoingCall', 'cancelCallOut', 'onHook', 'busyToIdle'],
    ],
    ['a new start', '6001 REBOOT', ['unregistered', 'setupCompleted', 'registered']],
  ])('%s, in order', async (_, script, events) => {
    const heard = await listener();
    const { urls } = await start({ phones: 2, approved: true, actionUrl: heard.url });
    await play(urls, script);
    const wanted = ['setupCompleted', 'registered', ...events];
    await heard.until(() => reportsOf(heard, 1).length >= wanted.length);
    expect(reportsOf(heard, 1)).toEqual(wanted);
  });

  it('to https, whoever signed the certificate', async () => {
    const tls = { key: fixture('phone.key'), cert: fixture('phone.crt') };
    const heard = await listener(undefined, tls);
    await start({ actionUrl: heard.url });
    await heard.until((targets) => targets.length === 2);
    expect(heard.targets.map(eventOf)).toEqual(['setupCompleted', 'registered']);
  });

  it('nothing without an Action URL', async () => {
    const { url, simulator } = await start({ approved: true });
    await press(url, 'DND_ON');
    expect(simulator.state('6001').reports).toEqual({ sent: 0, failed: 0, dropped: 0 });
    expect((await send(url, '/_sim/action-url')).body).toBe('{}\n');
  });
});

describe('a listener that hangs', () => {
  it('delays no key, no other phone, and not the end', async () => {
    const [deaf, heard] = await Promise.all([listener(HANG), listener()]);
    const { urls, simulator } = await start({ phones: 2, approved: true });
    const [first = '', second = ''] = urls;
    await post(first, '/_sim/action-url', { '*': deaf.url });
    await post(second, '/_sim/action-url', { '*': heard.url });
    const began = performance.now();
    await play(urls, `${CALL} | 6001 HOLD;RESUME;ENDCALL | 6002 DND_ON`);
    await heard.until((targets) => targets.some((target) => eventOf(target) === 'openDND'));
    await deaf.until((targets) => targets.length === 1);
    await simulator.close();
    // A report may take two seconds; nothing here waited for one.
    expect(performance.now() - began).toBeLessThan(1500);
    expect(reportsOf(heard, 2)).toEqual([
      'idleToBusy',
      'incomingCall',
      'offHook',
      'answerNewIncomingCall',
      'established',
      'terminated',
      'onHook',
      'busyToIdle',
      'openDND',
    ]);
    expect(deaf.targets.map(eventOf)).toEqual(['offHook']);
    expect(simulator.state('6001').reports).toEqual({ sent: 0, failed: 0, dropped: 9 });
  });
});

describe('a listener that refuses', () => {
  it('is reported and counted, and the phone continues', async () => {
    const actionUrls = { openDND: `http://127.0.0.1:${await closedPort()}/x` };
    const { url, simulator, seen } = await startAwaiting('reportFailed', { approved: true, actionUrls });
    expect((await press(url, 'DND_ON')).status).toBe(200);
    expect(await seen).toEqual({ phone: '6001', kind: 'reportFailed', detail: 'openDND ECONNREFUSED' });
    const state = JSON.parse((await send(url, '/_sim/state')).body);
    expect(state.reports).toEqual({ sent: 0, failed: 1, dropped: 0 });
    expect(simulator.state('6001').dnd).toBe(true);
  });
});

describe('Action URLs', () => {
  it('are set for each event, and win over the listener of all', async () => {
    const [every, one] = await Promise.all([listener(), listener()]);
    const actionUrls = { openDND: `${one.url}/x.xml?m=$mac&action_url=$action_url`, closeDND: '' };
    const { url } = await start({ approved: true, actionUrl: every.url, actionUrls });
    await press(url, 'DND_ON;DND_OFF;MENU;HEADSET');
    await every.until((targets) => targets.some((target) => eventOf(target) === 'headset'));
    expect(one.targets).toEqual(['/x.xml?m=80:82:87:00:00:01&action_url=']);
    expect(every.targets.map(eventOf)).toEqual([
      'setupCompleted',
      'registered',
      'offHook',
      'idleToBusy',
      'headset',
    ]);
  });

  it('can be read and set while the phone runs', async () => {
    const [before, after] = await Promise.all([listener(), listener()]);
    const { url } = await start({ approved: true, actionUrls: { openDND: `${before.url}/a` } });
    const fields = { openDND: `${after.url}/b`, missedCall: `${after.url}/c?r=$remote` };
    const answer = await post(url, '/_sim/action-url', fields);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toEqual(fields);
    expect(JSON.parse((await send(url, '/_sim/action-url')).body)).toEqual(fields);
    await press(url, 'DND_ON');
    await after.until((targets) => targets.length === 1);
    expect(after.targets).toEqual(['/b']);
    expect(before.targets).toEqual([]);
    expect(JSON.parse((await post(url, '/_sim/action-url', { '*': '' })).body)).toEqual({});
  });

  it.each([
    ['', 'send {"incomingCall":"http'],
    ['{}', 'send {"incomingCall":"http'],
    ['[]', 'send {"incomingCall":"http'],
    ['"http://127.0.0.1"', 'send {"incomingCall":"http'],
    [`{"*":"http://127.0.0.1"${' '.repeat(70_000)}}`, 'send {"incomingCall":"http'],
    ['{"incomingCal":"http://127.0.0.1"}', 'did you mean incomingCall'],
    ['{"incomingCall":"127.0.0.1"}', 'http://127.0.0.1:8088'],
    ['{"incomingCall":["http://127.0.0.1"]}', 'is a text'],
    ['{"*":"http://127.0.0.1/?a=1"}', 'name the event'],
  ])('%.40s is answered with what to send', async (body, words) => {
    const { url } = await start();
    const answer = await post(url, '/_sim/action-url', body);
    expect(answer.status).toBe(400);
    expect(answer.body).toContain(words);
    expect((await send(url, '/_sim/action-url')).body).toBe('{}\n');
  });

  it.each([
    [{ actionUrl: 'localhost:8088' }, 'usage'],
    [{ actionUrl: 'http://127.0.0.1:8088/?a=1' }, 'usage'],
    [{ actionUrls: { offHook: 'ftp://127.0.0.1' } }, 'usage'],
    [{ actionUrls: Object.fromEntries([['offHok', 'http://127.0.0.1']]) }, 'unknown-event'],
  ])('%j starts nothing', async (options: SimulatorOptions, code) => {
    await expect(start(options)).rejects.toMatchObject({ code });
  });
});

describe('what happens to a phone without a key', () => {
  it('is reported as well', async () => {
    const happenings: Happening[] = [];
    const { url } = await start({ onHappening: (happening) => happenings.push(happening) });
    expect(await post(url, '/_sim/event', { event: 'autopfinish' })).toMatchObject({
      status: 200,
      body: 'autopFinish\n',
    });
    expect(happenings).toEqual([{ phone: '6001', kind: 'autopFinish' }]);
  });

  it.each([
    ['', 'send {"event":"autopFinish"}'],
    ['null', 'send {"event":"autopFinish"}'],
    ['{"event":1}', 'send {"event":"autopFinish"}'],
    [`{"event":"autopFinish"${' '.repeat(2000)}}`, 'send {"event":"autopFinish"}'],
    ['{"event":"autopFinsh"}', 'did you mean autopFinish'],
    ['{"event":"incomingCall"}', 'comes from keys'],
  ])('is not %.30s', async (body, words) => {
    const happenings: Happening[] = [];
    const { url } = await start({ onHappening: (happening) => happenings.push(happening) });
    const answer = await post(url, '/_sim/event', body);
    expect(answer.status).toBe(400);
    expect(answer.body).toContain(words);
    expect(happenings).toEqual([]);
  });
});
