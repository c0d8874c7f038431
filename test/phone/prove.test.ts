import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { AtcomError } from '../../src/errors.ts';
import { Phone, type PressOptions } from '../../src/phone/index.ts';
import { returns } from '../../src/phone/reboot.ts';
import type { WebPage } from '../../src/phone/web-page.ts';
import type { EventName } from '../../src/protocol/events.ts';
import { parseSequence } from '../../src/protocol/sequence.ts';
import { VERB_EVENTS, type VerbProof } from '../../src/protocol/verb-events.ts';
import { VERB_FORMS } from '../../src/protocol/verbs.ts';
import { EventHub, type ReportedEvent } from '../../src/receiver/index.ts';
import { startSimulator } from '../../src/simulator/index.ts';
import { rawServer } from '../support/raw-server.ts';

const HOLD = parseSequence(['HOLD']);

function event(name: EventName, phone: string) {
  const time = new Date().toISOString();
  return { time, event: name, phone, source: '', path: '', values: {} };
}

/** Has an event arrive that is read only when somebody asks for all that was reported. */
function leaveUnread(hub: EventHub, ...unread: ReportedEvent[]): void {
  hub.feedFrom(async () => {
    for (const one of unread.splice(0)) hub.publish(one);
    return true;
  });
}

/** A phone that answers, or not, and reports events right before it does. */
async function proven(
  answer: string,
  reports: readonly EventName[],
  expectation: VerbProof,
  options: PressOptions & { readonly before?: readonly EventName[] } = {},
) {
  const hub = new EventHub();
  const server = await rawServer((socket) => {
    for (const name of reports) hub.publish(event(name, server.host));
    socket.end(answer);
  });
  for (const name of options.before ?? []) hub.publish(event(name, server.host));
  const phone = new Phone({ host: server.host });
  return phone.send(HOLD, { ...options, confirm: hub, wait: { within: 30, ...expectation } });
}

const OK = 'HTTP/1.1 200 OK\r\n\r\n';

describe('keys are', () => {
  it('confirmed by an event, even one that overtakes the answer', async () => {
    const report = await proven(OK, ['hold'], { events: ['hold'] });
    expect(report).toMatchObject({ outcome: 'confirmed', events: [{ event: 'hold' }] });
    expect('error' in report).toBe(false);
  });

  it('not confirmed by the event that has confirmed others', async () => {
    const hub = new EventHub();
    let presses = 0;
    const server = await rawServer((socket) => {
      presses += 1;
      socket.end(OK);
      if (presses === 2) hub.publish(event('mute', server.host));
    });
    const phone = new Phone({ host: server.host });
    const options = { confirm: hub, within: 30 };
    const both = await Promise.all([phone.mute(options), phone.mute(options)]);
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['confirmed', 'unconfirmed']);
  });

  it('not confirmed by what had arrived before them, also without a connection', async () => {
    const hub = new EventHub();
    leaveUnread(hub, event('hold', '10.0.0.1'));
    const transport = async () => ({ kind: 'answer', status: 200, head: '', body: '' }) as const;
    const phone = new Phone({ host: '10.0.0.1' }, transport);
    expect((await phone.hold({ confirm: hub, within: 30 })).outcome).toBe('unconfirmed');
  });

  it.each([
    ['is read', false],
    ['arrives unread', true],
  ])('not confirmed by an event that %s while the phone asks for its password', async (_, isUnread) => {
    const hub = new EventHub();
    const unread: ReportedEvent[] = [];
    hub.feedFrom(async () => {
      for (const one of unread.splice(0)) hub.publish(one);
      return true;
    });
    const asks = 'HTTP/1.1 401 Who?\r\nWWW-Authenticate: Digest realm="x", nonce="n", qop="auth"\r\n\r\n';
    const reported: EventName[][] = [['hold'], [], [], ['hold']];
    const server = await rawServer((socket, request) => {
      for (const name of reported.shift() ?? []) {
        if (isUnread && reported.length === 3) unread.push(event(name, server.host));
        else hub.publish(event(name, server.host));
      }
      socket.end(/\nauthorization:/i.test(request) ? OK : asks);
    });
    const phone = new Phone({ host: server.host, auth: 'digest', user: 'admin', password: 'secret' });
    const options = { confirm: hub, within: 30 };
    expect((await phone.hold(options)).outcome).toBe('unconfirmed');
    expect((await phone.hold(options)).outcome).toBe('confirmed');
  });

  it('confirmed for a call that the phone places only by the answer to that one', async () => {
    const hub = new EventHub();
    const server = await rawServer((socket) => {
      for (const name of ['incomingCall', 'established'] as const)
        hub.publish({ ...event(name, server.host), values: { call_id: '2' } });
      socket.end(OK);
    });
    const phone = new Phone({ host: server.host });
    const options = { confirm: hub, wait: 'established', within: 30 } as const;
    const report = await phone.dial('6002', options);
    expect(report).toMatchObject({ outcome: 'unconfirmed', error: { code: 'no-event' } });
    // Not "nothing at all".
    expect('error' in report && report.error.details).toMatchObject({
      seen: [`${server.host} incomingCall`, `${server.host} established`],
    });
    expect(await phone.answer(options)).toMatchObject({ outcome: 'confirmed' });
  });

  it('confirmed by any of several events', async () => {
    expect(await proven(OK, ['unMute'], { events: ['mute', 'unMute'] })).toMatchObject({
      outcome: 'confirmed',
    });
  });

  it('confirmed only once all that follow came too', async () => {
    const expectation = { events: ['setupCompleted'], followedBy: ['registered'] } as const;
    expect(await proven(OK, ['setupCompleted', 'registered'], expectation)).toMatchObject({
      outcome: 'confirmed',
      events: [{ event: 'setupCompleted' }, { event: 'registered' }],
    });
    expect(await proven(OK, ['setupCompleted'], expectation)).toMatchObject({ outcome: 'unconfirmed' });
    expect(await proven(OK, ['registered', 'setupCompleted'], expectation)).toMatchObject({
      outcome: 'unconfirmed',
      seen: ['registered', 'setupCompleted'],
    });
    expect(await proven(OK, ['registered', 'setupCompleted', 'registered'], expectation)).toMatchObject({
      outcome: 'confirmed',
      events: [{ event: 'setupCompleted' }, { event: 'registered' }],
    });
  });

  it('unconfirmed without the event, which tells what was seen instead', async () => {
    expect(await proven(OK, ['offHook'], { events: ['hold'] })).toMatchObject({
      outcome: 'unconfirmed',
      seen: ['offHook'],
      error: { code: 'no-event', exitCode: 6 },
    });
  });

  it('unconfirmed when the contrary comes right after', async () => {
    const report = await proven(OK, ['outgoingCall', 'remoteBusy'], {
      events: ['outgoingCall'],
      contrary: ['remoteBusy'],
    });
    expect(report).toMatchObject({ outcome: 'unconfirmed', error: { code: 'unconfirmed', exitCode: 6 } });
  });

  it('confirmed by an event although no answer came', async () => {
    expect(await proven('', ['hold'], { events: ['hold'] })).toMatchObject({ outcome: 'confirmed' });
  });

  it('unknown when neither answer nor event came', async () => {
    expect(await proven('', ['offHook'], { events: ['hold'] })).toMatchObject({
      outcome: 'unknown',
      seen: ['offHook'],
    });
  });

  it('not waited for when the phone refused them', async () => {
    const refusal = 'HTTP/1.1 403 Forbidden\r\n\r\n';
    const report = await proven(refusal, ['hold'], { events: ['hold'], within: 3_600_000 });
    expect(report).toMatchObject({ outcome: 'approval' });
  });

  it('not waited for longer than the run', async () => {
    const signal = AbortSignal.timeout(200);
    const report = proven(OK, [], { events: ['hold'], within: 3_600_000 }, { signal });
    expect(await report).toMatchObject({
      outcome: 'unconfirmed',
      error: { code: 'unwatched', exitCode: 6, details: { events: ['hold'], reason: 'the run was stopped' } },
      seen: [],
    });
  });

  it.each([
    ['its receiver', undefined, 'did not hear everything, while waiting for hold'],
    [
      'the listener of another program',
      new AtcomError('port-unavailable', { address: '127.0.0.1:8088', reason: 'it is in use' }),
      '127.0.0.1:8088',
    ],
  ])('unconfirmed when %s ends meanwhile', async (_, reason, said) => {
    const hub = new EventHub();
    const server = await rawServer((socket) => {
      socket.end(OK);
      socket.once('close', () => hub.close(reason));
    });
    const wait = { events: ['hold'], within: 3_600_000 } as const;
    const report = await new Phone({ host: server.host }).send(HOLD, { confirm: hub, wait });
    expect(report).toMatchObject({ outcome: 'unconfirmed', error: { code: 'unwatched', retryable: false } });
    expect('error' in report && report.error.message).toContain(`the listener was lost: `);
    expect('error' in report && report.error.message).toContain(said);
  });

  it.each([
    ['has arrived unread', true, 'unconfirmed'],
    ['may have arrived, for all that anybody can tell', false, 'unwatched'],
  ])('unconfirmed when what refutes them %s', async (_, isTold, code) => {
    const hub = new EventHub();
    const server = await rawServer((socket) => {
      hub.publish(event('outgoingCall', server.host));
      socket.end(OK);
    });
    hub.feedFrom(async () => {
      if (isTold) hub.publish(event('remoteBusy', server.host));
      return isTold;
    });
    const report = await new Phone({ host: server.host }).dial('6002', { confirm: hub });
    expect(report).toMatchObject({ outcome: 'unconfirmed', error: { code } });
  });

  it('unconfirmed when what tells whose call is up may have been reported to nobody', async () => {
    const hub = new EventHub();
    const server = await rawServer((socket) => {
      hub.beginGap();
      hub.endGap();
      hub.publish(event('established', server.host));
      socket.end(OK);
    });
    const wait = { events: ['established'], direction: 'outgoing' } as const;
    const report = await new Phone({ host: server.host }).send(HOLD, { confirm: hub, wait });
    expect(report).toMatchObject({ outcome: 'unconfirmed', error: { code: 'unwatched' } });
  });

  it('unconfirmed when so much was reported that what tells whose call is up is no longer kept', async () => {
    const hub = new EventHub();
    const server = await rawServer((socket) => {
      hub.publish(event('outgoingCall', server.host));
      hub.publish(event('remoteBusy', server.host));
      for (let others = 0; others < 10_000; others += 1) hub.publish(event('onHook', 'another'));
      hub.publish(event('outgoingCall', server.host));
      hub.publish(event('established', server.host));
      socket.end(OK);
    });
    const wait = { events: ['established'], direction: 'outgoing' } as const;
    const report = await new Phone({ host: server.host }).send(HOLD, { confirm: hub, wait });
    expect(report).toMatchObject({ outcome: 'unconfirmed', error: { code: 'unwatched' } });
    expect('error' in report && report.error.message).toContain('more was reported meanwhile than is kept');
  });

  it('unconfirmed when what would refute them may have been reported to nobody', async () => {
    const hub = new EventHub();
    const server = await rawServer((socket) => {
      hub.publish(event('outgoingCall', server.host));
      socket.end(OK);
    });
    const { onGap } = EventHub.prototype;
    // Another program takes the listener over just after the proof.
    vi.spyOn(hub, 'onGap').mockImplementation((listener) => {
      queueMicrotask(() => hub.beginGap());
      return onGap.call(hub, listener);
    });
    const report = await new Phone({ host: server.host }).dial('6002', { confirm: hub });
    expect(report).toMatchObject({ outcome: 'unconfirmed', error: { code: 'unwatched' } });
  });

  it('done with a hub once they are proven, or refuted at once', async () => {
    const hub = new EventHub();
    const [begun, over] = [vi.spyOn(hub, 'onGap'), vi.fn()];
    const { onGap } = EventHub.prototype;
    begun.mockImplementation((listener) => {
      const forget = onGap.call(hub, listener);
      return () => {
        over();
        forget();
      };
    });
    let calls = 0;
    const server = await rawServer((socket) => {
      calls += 1;
      hub.publish(event('outgoingCall', server.host));
      if (calls === 2) hub.publish(event('remoteBusy', server.host));
      socket.end(OK);
    });
    const phone = new Phone({ host: server.host });
    expect(await phone.dial('6002', { confirm: hub })).toMatchObject({ outcome: 'confirmed' });
    expect(await phone.dial('6002', { confirm: hub })).toMatchObject({ outcome: 'unconfirmed' });
    expect(over.mock.calls.length).toBe(begun.mock.calls.length);
  });

  it('no reason to hide a bug while they are waited for', async () => {
    const hub = Object.assign(new EventHub(), {
      waitFor: () => Promise.reject(new TypeError('a bug')),
    });
    const server = await rawServer((socket) => socket.end(OK));
    const sent = new Phone({ host: server.host }).send(HOLD, { confirm: hub, wait: { events: ['hold'] } });
    await expect(sent).rejects.toThrow('a bug');
  });

  it.each<[string, readonly EventName[], VerbProof]>([
    ['busy', ['outgoingCall', 'remoteBusy'], VERB_EVENTS.dial],
    ['busy, in the other order', ['remoteBusy', 'outgoingCall'], VERB_EVENTS.dial],
    ['idle again at once', ['outgoingCall', 'onHook', 'busyToIdle'], VERB_EVENTS.dial],
    ['closed at once', ['outgoingCall', 'onHook'], VERB_EVENTS.dial],
    ['given up', ['outgoingCall', 'cancelCallOut'], VERB_EVENTS['dial.line']],
    ['over', ['outgoingCall', 'terminated'], VERB_EVENTS.redial],
    ['over as soon as it was answered', ['established', 'terminated'], VERB_EVENTS.answer],
    ['refused', ['transferFailed', 'transferFinished'], VERB_EVENTS.transfer],
  ])('unconfirmed by a call that was %s', async (_, reports, proof) => {
    const report = await proven(OK, reports, { ...proof, within: 1000 });
    expect(report).toMatchObject({ outcome: 'unconfirmed', error: { code: 'unconfirmed' } });
    expect('error' in report && report.error.message).toContain(
      reports.find((name) => !proof.events.includes(name)),
    );
    expect('error' in report && report.error.hint).toMatch(
      reports.includes('transferFailed')
        ? /^the number may not exist; .* on hold: atcom resume takes the call back$/
        : /^the number may not exist, or .*--wait established/,
    );
  });

  it('unconfirmed where what may have told that the call failed was refused', async () => {
    const hub = new EventHub();
    const refused = { time: '', refused: 'unknown-event', path: '/remotBusyUrl.xml' } as const;
    const server = await rawServer((socket) => {
      hub.publish(event('outgoingCall', server.host));
      socket.end(OK);
      socket.on('close', () => hub.refuse({ ...refused, source: server.host }));
    });
    const phone = new Phone({ host: server.host });
    const report = await phone.dial('6002', { confirm: hub });
    expect(report).toMatchObject({ outcome: 'unconfirmed', error: { code: 'unwatched' } });
    expect('error' in report && report.error.message).toContain(
      'remoteBusy or terminated or cancelCallOut or busyToIdle or onHook was not waited for to the end',
    );
    expect('error' in report && report.error.message).toContain('asked for /remotBusyUrl.xml');
  });

  it('confirmed although a call that ended before them is reported late', async () => {
    const report = await proven(OK, ['busyToIdle', 'terminated', 'outgoingCall'], VERB_EVENTS.dial);
    expect(report).toMatchObject({ outcome: 'confirmed' });
  });

  it('not proven by what was reported before the request that was lost', async () => {
    const hub = new EventHub();
    let asked = 0;
    const server = await rawServer((socket) => {
      asked += 1;
      // The event belongs to the first keys.
      if (asked === 1) hub.publish(event('hold', server.host));
      socket.end(asked === 1 ? OK : '');
    });
    const phone = new Phone({ host: server.host });
    const keys = parseSequence(['HOLD', 'wait:1ms', 'RESUME']);
    const report = await phone.send(keys, { confirm: hub, wait: { events: ['hold'], within: 30 } });
    expect(report).toMatchObject({ outcome: 'unknown', error: { code: 'partial' } });
  });

  it('not proven by an event where the rest was not sent after a lost request', async () => {
    const hub = new EventHub();
    const server = await rawServer((socket) => {
      hub.publish(event('hold', server.host));
      socket.end();
    });
    const phone = new Phone({ host: server.host });
    const keys = parseSequence(['HOLD', 'wait:1ms', 'RESUME']);
    const report = await phone.send(keys, { confirm: hub, wait: { events: ['hold'], within: 30 } });
    expect(report.outcome).toBe('unknown');
    expect(report.requests.map(({ outcome }) => outcome)).toEqual(['unknown', 'skipped']);
  });

  it('not proven by what was reported before they were sent', async () => {
    const options = { before: ['hold'] } as const;
    const report = await proven(OK, [], { events: ['hold'] }, options);
    expect(report).toMatchObject({ outcome: 'unconfirmed', seen: [] });
  });

  it('not proven by what was reported before they were sent, but is read only then', async () => {
    const hub = new EventHub();
    const server = await rawServer((socket) => socket.end(OK));
    leaveUnread(hub, event('hold', server.host));
    const phone = new Phone({ host: server.host });
    const report = await phone.send(HOLD, { confirm: hub, wait: { events: ['hold'], within: 30 } });
    expect(report).toMatchObject({ outcome: 'unconfirmed', error: { code: 'no-event' }, seen: [] });
  });

  it('not proven where what was reported before they were sent may be read at any time', async () => {
    const hub = new EventHub();
    const server = await rawServer((socket) => {
      hub.publish(event('hold', server.host));
      socket.end(OK);
    });
    hub.feedFrom(() => Promise.resolve(false));
    const phone = new Phone({ host: server.host });
    const report = await phone.send(HOLD, { confirm: hub, wait: { events: ['hold'], within: 30 } });
    expect(report).toMatchObject({
      outcome: 'unconfirmed',
      error: { code: 'unwatched', message: expect.stringContaining('an event may be older than they are') },
      seen: ['hold'],
    });
  });

  it('not proven by what was reported while the phone still asked', async () => {
    const hub = new EventHub();
    let asked = 0;
    const server = await rawServer((socket) => {
      asked += 1;
      if (asked > 1) return socket.end(OK);
      hub.publish(event('hold', server.host));
      return socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    const phone = new Phone({ host: server.host });
    const wait = { events: ['hold'], within: 30 } as const;
    const report = await phone.send(HOLD, { confirm: hub, wait, waitApproval: 5000 });
    expect(asked).toBe(2);
    expect(report).toMatchObject({ outcome: 'unconfirmed', seen: [] });
  });
});

describe('a phone that is so already', () => {
  const ON = VERB_EVENTS['dnd.on'];

  it('is not proven by that, and the report says it', async () => {
    const report = await proven(OK, [], ON, { before: ['openDND'], within: 30 });
    expect(report).toMatchObject({ outcome: 'unconfirmed', error: { code: 'already', exitCode: 6 } });
    expect('error' in report && report.error.message).toMatch(
      /^openDND was not reported; it was reported at \d{4}-/,
    );
  });

  it('is known to be so also where that is read only before the keys are sent', async () => {
    const hub = new EventHub();
    const server = await rawServer((socket) => socket.end(OK));
    leaveUnread(hub, event('openDND', server.host));
    const phone = new Phone({ host: server.host });
    const report = await phone.send(HOLD, { confirm: hub, wait: { ...ON, within: 30 } });
    expect(report).toMatchObject({ outcome: 'unconfirmed', error: { code: 'already' } });
  });

  it('is enough with orAlready', async () => {
    const report = await proven(OK, [], ON, { before: ['openDND'], within: 30, orAlready: true });
    expect(report).toMatchObject({
      outcome: 'confirmed',
      proof: expect.stringMatching(/^it was so already: openDND/),
    });
  });

  it.each<[string, readonly EventName[]]>([
    ['nothing is known', []],
    ['it was taken back', ['openDND', 'closeDND']],
    ['it started anew since', ['openDND', 'setupCompleted']],
  ])('is not enough with orAlready where %s', async (_, before) => {
    const report = await proven(OK, [], ON, { before, within: 30, orAlready: true });
    expect(report).toMatchObject({ outcome: 'unconfirmed', error: { code: 'no-event' } });
  });

  it.each<[string, string, (hub: EventHub) => void]>([
    ['before', 'no-event', (hub) => hub.endGap()],
    ['since, and still', 'unwatched', () => undefined],
  ])('is not known to be so where events may have been lost %s', async (_, code, goOn) => {
    const hub = new EventHub();
    const server = await rawServer((socket) => socket.end(OK));
    hub.publish(event('openDND', server.host));
    hub.beginGap();
    goOn(hub);
    const wait = { ...ON, within: 30 };
    const report = await new Phone({ host: server.host }).send(HOLD, { confirm: hub, wait, orAlready: true });
    expect(report).toMatchObject({ outcome: 'unconfirmed', error: { code } });
  });

  it.each([
    ['the phone', 'unknown-event', 'no-event'],
    ['a browser beside it', 'foreign-page', undefined],
  ] as const)('is known to be so where a request of %s was refused: %s', async (_, refused, code) => {
    const hub = new EventHub();
    const server = await rawServer((socket) => socket.end(OK));
    hub.publish(event('openDND', server.host));
    hub.refuse({ time: '', refused, source: server.host, path: '/closDNDUrl.xml' });
    const wait = { ...ON, within: 30 };
    const report = await new Phone({ host: server.host }).send(HOLD, { confirm: hub, wait, orAlready: true });
    expect(report).toMatchObject(
      code ? { outcome: 'unconfirmed', error: { code } } : { outcome: 'confirmed' },
    );
  });

  it('is not known to be so still where events may have been lost meanwhile', async () => {
    const hub = new EventHub();
    const server = await rawServer((socket) => {
      hub.beginGap();
      // Another listener has not heard of the key either.
      hub.adopt(before);
      hub.endGap();
      socket.end(OK);
    });
    hub.publish(event('openDND', server.host));
    const before = hub.heard();
    const wait = { ...ON, within: 30 };
    const report = await new Phone({ host: server.host }).send(HOLD, { confirm: hub, wait, orAlready: true });
    expect(report).toMatchObject({ outcome: 'unconfirmed', error: { code: 'unwatched' } });
  });

  it.each([true, false])(
    'is so no more where the opposite was reported since, orAlready: %j',
    async (orAlready) => {
      const report = await proven(OK, ['closeDND'], ON, { before: ['openDND'], within: 30, orAlready });
      expect(report).toMatchObject({
        outcome: 'unconfirmed',
        error: { code: 'no-event' },
        seen: ['closeDND'],
      });
      expect('error' in report && report.error.message).toMatch(/seen: .* closeDND$/);
    },
  );

  it('is not known where its name and its address tell different things', async () => {
    const hub = new EventHub();
    const server = await rawServer((socket) => socket.end(OK));
    hub.publish(event('openDND', 'lobby'));
    hub.publish(event('closeDND', server.host));
    const phone = new Phone({ host: server.host, name: 'lobby' });
    const report = await phone.send(HOLD, { confirm: hub, wait: { ...ON, within: 30 }, orAlready: true });
    expect(report).toMatchObject({ outcome: 'unconfirmed', error: { code: 'no-event' } });
  });

  it('is not enough with orAlready after an answer that was lost', async () => {
    const report = await proven('', [], ON, { before: ['openDND'], within: 30, orAlready: true });
    expect(report).toMatchObject({ outcome: 'unknown' });
  });
});

describe('the web page after a reboot', () => {
  const TIMES = { every: 1, blind: 10_000, leaves: 10_000, within: 20_000 };
  const none = new AbortController().signal;
  /** A page that does one thing after the other, and the last for good. */
  const page = (...states: readonly WebPage[]) => {
    let asked = 0;
    return async () => states[Math.min(asked++, states.length - 1)] ?? 'other';
  };

  it('proves it once it was away and is back', async () => {
    const said = await returns(page('answers', 'answers', 'away', 'away', 'answers'), none, TIMES);
    expect(said).toMatch(/^its web page went away, and was back after \d/);
  });

  it.each<[string, readonly WebPage[]]>([
    ['always answers', ['answers']],
    ['answers something else', ['other']],
    ['answers something else for a while', ['answers', 'other', 'answers']],
  ])('proves nothing where it %s', async (_, states) => {
    const never = returns(page(...states), none, { ...TIMES, leaves: 20 });
    await expect(never).rejects.toMatchObject({ code: 'never-away' });
  });

  it.each<[string, readonly WebPage[]]>([
    ['stays away', ['answers', 'away']],
    ['comes back with 503', ['away', 'other']],
  ])('proves nothing where it %s', async (_, states) => {
    const never = returns(page(...states), none, { ...TIMES, leaves: 5, within: 20 });
    await expect(never).rejects.toMatchObject({ code: 'no-event' });
  });

  it.each<[string, readonly WebPage[]]>([
    ['cannot be asked for a while', ['answers', 'unknown', 'answers']],
    ['can never be asked', ['unknown']],
  ])('may have gone away and come back where it %s', async (_, states) => {
    const never = returns(page(...states), none, { ...TIMES, leaves: 5, within: 20 });
    await expect(never).rejects.toMatchObject({ code: 'unwatched' });
  });

  it('may have gone away and come back while this process stood still', async () => {
    let [asked, time] = [0, 0];
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => time);
    onTestFinished(() => clock.mockRestore());
    const page = async (): Promise<WebPage> => {
      if (++asked === 2) time += TIMES.blind;
      return 'answers';
    };
    const never = returns(page, none, { ...TIMES, leaves: 5, within: 20 });
    await expect(never).rejects.toMatchObject({
      code: 'unwatched',
      message: expect.stringMatching(/its restart was not waited for .* may have gone away and come back/),
    });
  });

  it('proves it where it was away before and after this process stood still', async () => {
    const said = await returns(page('away', 'answers'), none, { ...TIMES, blind: 0 });
    expect(said).toMatch(/^its web page went away, and was back/);
  });

  it.each([
    ['HTTP/1.0 200 OK\n\n', true],
    ['HTTP/1.0 503 Busy\n\n', true],
  ])('is asked as the vendor does: %j', async (answer, isUp) => {
    const up = await rawServer((socket) => socket.end(answer));
    const phone = new Phone({ host: up.host });
    expect(await phone.isUp()).toBe(isUp);
    expect(up.received[0]).toMatch(/^GET \/cgi-bin\/server_test\.cgi HTTP/);
    expect(await new Phone({ host: '127.0.0.1:1' }).isUp()).toBe(false);
  });

  /** A phone that takes REBOOT, or not, and then shows a page or has none. */
  async function rebooted(answer: string, page: (asked: number) => string | undefined) {
    let asked = 0;
    const server = await rawServer((socket, head) => {
      if (head.includes('key=REBOOT')) return socket.end(answer);
      asked += 1;
      const shown = page(asked);
      return shown === undefined ? socket.resetAndDestroy() : socket.end(shown);
    });
    const phone = new Phone({ host: server.host });
    const report = await phone.reboot({ destructive: true, confirm: new EventHub(), within: 50 });
    return { report, asked };
  }

  it('alone never lifts a lost answer', async () => {
    const { report, asked } = await rebooted('', () => OK);
    expect(report).toMatchObject({ outcome: 'unknown' });
    expect(asked).toBe(0);
  });
});

it('a verb that no event confirms, and keys alone, want the event to be named', async () => {
  const phone = new Phone({ host: '127.0.0.1:1' });
  const confirm = new EventHub();
  await expect(phone.volume('up', { confirm })).rejects.toMatchObject({ code: 'usage' });
  await expect(phone.press(['HOLD'], { confirm })).rejects.toMatchObject({ code: 'usage' });
  await expect(phone.hold({ wait: 'hold' })).rejects.toMatchObject({ code: 'usage' });
  // @ts-expect-error a reboot has to be meant
  await expect(phone.reboot({})).rejects.toMatchObject({ code: 'usage' });
});

it('every verb has a form, and the virtual phone reports the event that confirms it', async () => {
  expect(
    Object.keys(VERB_EVENTS).filter((form) => !(VERB_FORMS as readonly string[]).includes(form)),
  ).toEqual([]);
  const hub = new EventHub();
  const simulator = await startSimulator({
    phones: 3,
    approved: true,
    onHappening: ({ phone, kind }) => hub.publish(event(kind as EventName, phone)),
  });
  onTestFinished(() => simulator.close());
  const [a, b, c] = simulator.phones.map(({ extension, host }) => new Phone({ name: extension, host }));
  if (a === undefined || b === undefined || c === undefined) throw new Error('no phones');
  const confirm = async (phone: Phone, form: keyof typeof VERB_EVENTS, number?: string) => {
    const call = number === undefined ? { form } : { form, number };
    const report = await phone.do(call, { confirm: hub, within: 1000 });
    expect([form, report.outcome, 'seen' in report ? report.seen : []]).toEqual([form, 'confirmed', []]);
  };
  await confirm(a, 'dial', '6002');
  await confirm(b, 'answer');
  await confirm(a, 'mute');
  await confirm(a, 'mute');
  await confirm(a, 'hold');
  await confirm(a, 'resume');
  await confirm(a, 'hangup');
  await confirm(a, 'dial.line', '6002');
  await confirm(b, 'reject');
  await confirm(a, 'dial.speaker', '6002');
  await confirm(b, 'forward', '6003');
  await confirm(c, 'answer.speaker');
  await confirm(c, 'transfer', '6002');
  await confirm(b, 'answer.softkey');
  await confirm(b, 'hold.dial', '6003');
  await confirm(c, 'answer.headset');
  await confirm(c, 'hangup');
  await confirm(b, 'resume');
  await confirm(b, 'conference.number', '6003');
  await confirm(c, 'reject');
  await confirm(b, 'resume');
  await confirm(b, 'transfer.blind', '6003');
  await confirm(c, 'answer');
  await confirm(a, 'hangup');
  await confirm(a, 'redial');
  await confirm(a, 'hangup');
  await confirm(a, 'dial.headset', '6002');
  await confirm(a, 'hangup');
  await confirm(a, 'dnd.on');
  await confirm(a, 'dnd.off');
  await confirm(a, 'reboot');
});
