import { describe, expect, it, onTestFinished } from 'vitest';
import { Phone } from '../../src/phone/index.ts';
import type { EventName } from '../../src/protocol/events.ts';
import { parseSequence } from '../../src/protocol/sequence.ts';
import { VERB_EVENTS } from '../../src/protocol/verb-events.ts';
import { VERB_FORMS } from '../../src/protocol/verbs.ts';
import { EventHub, type Expectation, probe, sendAndProve } from '../../src/receiver/index.ts';
import { startSimulator } from '../../src/simulator/index.ts';
import { rawServer } from '../support/raw-server.ts';

const HOLD = parseSequence(['HOLD']);

function event(name: EventName, phone: string) {
  return { time: '', event: name, phone, source: '', path: '', values: {} };
}

/** A phone that answers, or not, and reports events right before it does. */
async function proven(
  answer: string,
  reports: readonly EventName[],
  expectation: Expectation,
  signal?: AbortSignal,
) {
  const hub = new EventHub();
  const server = await rawServer((socket) => {
    for (const name of reports) hub.publish(event(name, server.host));
    socket.end(answer);
  });
  const phone = new Phone({ host: server.host });
  return sendAndProve(
    phone,
    HOLD,
    hub,
    { within: 30, ...expectation },
    signal === undefined ? {} : { signal },
  );
}

const OK = 'HTTP/1.1 200 OK\r\n\r\n';

describe('keys are', () => {
  it('confirmed by an event, even one that overtakes the answer', async () => {
    const report = await proven(OK, ['hold'], { events: ['hold'] });
    expect(report).toMatchObject({ outcome: 'confirmed', events: [{ event: 'hold' }] });
    expect('error' in report).toBe(false);
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
    const report = proven(OK, [], { events: ['hold'], within: 3_600_000 }, AbortSignal.timeout(200));
    expect(await report).toMatchObject({ outcome: 'ok', seen: [] });
  });

  it('confirmed by another sign that comes first', async () => {
    const expectation: Expectation = {
      events: ['hold'],
      within: 3_600_000,
      orElse: () => Promise.resolve('the lamp is on'),
    };
    expect(await proven(OK, [], expectation)).toMatchObject({
      outcome: 'confirmed',
      proof: 'the lamp is on',
    });
  });

  it('unconfirmed when no sign comes', async () => {
    const orElse = () => Promise.reject(new Error('dark'));
    expect(await proven(OK, [], { events: ['hold'], orElse })).toMatchObject({
      outcome: 'unconfirmed',
      error: { code: 'no-event' },
    });
  });
});

describe('the probe after a reboot', () => {
  const TIMES = { first: 3, every: 2, within: 200 };

  it('asks first after a while, then regularly, until something answers', async () => {
    let asked = 0;
    const said = await probe(
      async () => {
        asked += 1;
        return asked === 3;
      },
      TIMES,
      new AbortController().signal,
    );
    expect(asked).toBe(3);
    expect(said).toMatch(/^its web page answered after \d+ms$/);
  });

  it('gives up', async () => {
    const never = probe(async () => false, { ...TIMES, within: 20 }, new AbortController().signal);
    await expect(never).rejects.toMatchObject({ code: 'no-event' });
  });

  it('asks the page that the phone itself has for it', async () => {
    const up = await rawServer((socket) => socket.end('HTTP/1.0 200 OK\n\n'));
    const phone = new Phone({ host: up.host });
    expect(await phone.isUp()).toBe(true);
    expect(up.received[0]).toMatch(/^GET \/cgi-bin\/server_test\.cgi HTTP/);
    expect(await new Phone({ host: '127.0.0.1:1' }).isUp()).toBe(false);
  });
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
    const { verbSequence } = await import('../../src/protocol/verbs.ts');
    const sequence = verbSequence(number === undefined ? { form } : { form, number });
    const report = await sendAndProve(phone, sequence, hub, { ...VERB_EVENTS[form], within: 1000 });
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
