import { describe, expect, it } from 'vitest';
import { AtcomError } from '../../src/errors.ts';
import { Phone, type PressOptions } from '../../src/phone/index.ts';
import type { EventName } from '../../src/protocol/events.ts';
import type { PhoneSettings } from '../../src/protocol/settings.ts';
import { EventHub } from '../../src/receiver/index.ts';
import { rawServer } from '../support/raw-server.ts';

type Told = EventName | readonly [EventName, string | Record<string, string>];

const OWN = { remote: 'sip:555@pbx' };
const OTHER = { remote: 'sip:777@pbx' };
const OK = 'HTTP/1.1 200 OK\r\n\r\n';
const REFUSED = 'HTTP/1.1 500 Oops\r\n\r\n';

/** Dials 555 and 1# once the call is up, on a phone that reports events before each answer. */
async function dialled(
  answers: readonly string[],
  /** Events, some with the number of their call. */
  reports: readonly (readonly Told[])[],
  {
    digits = '1#',
    number = '555',
    lostAt = -1,
    gapAt = -1,
    refusedAt = -1,
    unclearAt = -1,
    unreadAt,
    deafAt,
    stuckAt,
    stuck,
    settings = {},
    ...options
  }: PressOptions & Digits = {},
) {
  const hub = new EventHub();
  const keys: string[] = [];
  const publish = (event: EventName, values: Record<string, string> = {}, phone = server.host) =>
    hub.publish({ time: new Date().toISOString(), event, phone, source: '', path: '', values });
  hub.feedFrom(async () => {
    if (keys.length === unreadAt) publish('terminated');
    if (keys.length === stuckAt) await new Promise(() => void stuck?.());
    return keys.length !== deafAt;
  });
  const during: Record<number, () => void> = {
    [gapAt]: () => hub.beginGap(),
    [unclearAt]: () => publish('terminated', {}, '127.0.0.1 (shared)'),
    [refusedAt]: () => hub.refuse({ time: '', refused: 'token', source: server.host, path: '/ends' }),
    [lostAt]: () => hub.close(new AtcomError('receiver-closed', { events: [] })),
  };
  const server = await rawServer((socket, request) => {
    const turn = keys.push(/key=(\S+)/.exec(request)?.[1] ?? '') - 1;
    for (const reported of reports[turn] ?? []) {
      const [event, id] = typeof reported === 'string' ? [reported] : reported;
      publish(event, typeof id === 'object' ? id : id === undefined ? {} : { call_id: id });
    }
    during[turn]?.();
    socket.end(answers[turn] ?? OK);
  });
  const phone = new Phone({ host: server.host, ...settings });
  const afterAnswer = digits === '' ? undefined : digits;
  const report = await phone.dial(number, { within: 30, afterAnswer, ...options, confirm: hub });
  return { report, keys, outcomes: report.requests.map(({ outcome }) => outcome) };
}

interface Digits {
  readonly digits?: string;
  readonly number?: string;
  readonly settings?: Pick<PhoneSettings, 'auth' | 'user' | 'password'>;
  /** The request during which the listener is lost. */
  readonly lostAt?: number;
  /** The request during which another program takes the listener over. */
  readonly gapAt?: number;
  /** The request during which the listener refuses one of the phone. */
  readonly refusedAt?: number;
  /** The request during which what may be the phone reports the end of a call. */
  readonly unclearAt?: number;
  /** After how many requests the end of the call has arrived, and is read only when it is asked for. */
  readonly unreadAt?: number;
  /** After how many requests the listener does not say any more what has arrived, and what is done then. */
  readonly stuckAt?: number;
  readonly stuck?: () => void;
  /** After how many requests nobody can tell what has arrived. */
  readonly deafAt?: number;
}

describe('digits for after the answer are', () => {
  it('pressed once, when the call is up', async () => {
    const { report, keys } = await dialled([], [['outgoingCall', 'established']]);
    expect(keys).toEqual(['555;DIAL', '1;POUND']);
    expect(report).toMatchObject({ outcome: 'confirmed', events: [{ event: 'established' }] });
    expect(report.requests.map(({ url }) => url.split('key=')[1])).toEqual(keys);
  });

  it('pressed where they stand in the number', async () => {
    const { keys } = await dialled([], [['established']], { number: '555,1#', digits: '' });
    expect(keys).toEqual(['555;DIAL', '1;POUND']);
  });

  it('pressed where the answer was lost and the event came', async () => {
    const { report, keys } = await dialled([''], [['established']]);
    expect(keys).toEqual(['555;DIAL', '1;POUND']);
    expect(report.outcome).toBe('confirmed');
  });

  it('not pressed when the call is not up in time', async () => {
    const { report, keys, outcomes } = await dialled([], [['outgoingCall']]);
    expect(keys).toEqual(['555;DIAL']);
    expect(outcomes).toEqual(['ok', 'skipped']);
    expect(report).toMatchObject({ outcome: 'unconfirmed', error: { code: 'no-event', exitCode: 6 } });
    expect('error' in report && report.error).toMatchObject({
      message: expect.stringMatching(/established was not reported .*; 1# was not pressed$/),
      hint: expect.stringContaining('--wait established:30s'),
    });
  });

  it.each([
    ['confirmed', 1, ['555;DIAL']],
    ['the first were', 2, ['555;DIAL', '1']],
  ])('not pressed when the end of the call has arrived unread once %s', async (_, unreadAt, pressed) => {
    const { report, keys } = await dialled([], [['established']], { digits: '1,2', unreadAt });
    expect(keys).toEqual(pressed);
    expect(report).toMatchObject({ outcome: 'unconfirmed', error: { code: 'unconfirmed' } });
  });

  it('not pressed when the call ends before the phone gets its password', async () => {
    const asks = 'HTTP/1.1 401 Who?\r\nWWW-Authenticate: Digest realm="x", nonce="n", qop="auth"\r\n\r\n';
    const settings = { auth: 'digest', user: 'admin', password: 'secret' } as const;
    const reports: readonly Told[][] = [[], ['outgoingCall', 'established'], ['terminated']];
    const { report, keys, outcomes } = await dialled([asks, OK, asks], reports, { settings });
    expect(keys).toEqual(['555;DIAL', '555;DIAL', '1;POUND']);
    expect(outcomes).toEqual(['ok', 'skipped']);
    expect(report).toMatchObject({ outcome: 'unconfirmed', error: { code: 'unconfirmed' } });
  });

  it('not pressed when the end of the call has arrived unread before the phone gets its password', async () => {
    const asks = 'HTTP/1.1 401 Who?\r\nWWW-Authenticate: Digest realm="x", nonce="n", qop="auth"\r\n\r\n';
    const settings = { auth: 'digest', user: 'admin', password: 'secret' } as const;
    const reports: readonly Told[][] = [[], ['outgoingCall', 'established']];
    const { report, keys } = await dialled([asks, OK, asks], reports, { settings, unreadAt: 3 });
    expect(keys).toEqual(['555;DIAL', '555;DIAL', '1;POUND']);
    expect(report).toMatchObject({ outcome: 'unconfirmed', error: { code: 'unconfirmed' } });
  });

  it('not pressed when nobody can tell whether the call is still up', async () => {
    const { report, keys } = await dialled([], [['established']], { digits: '1,2', deafAt: 2 });
    expect(keys).toEqual(['555;DIAL', '1']);
    expect(report).toMatchObject({ outcome: 'partial', error: { cause: { code: 'skipped' } } });
    const { report: none } = await dialled([], [['established']], { deafAt: 1 });
    expect(none).toMatchObject({ outcome: 'partial', error: { cause: { code: 'skipped' } } });
  });

  it('not pressed when the call is over at once', async () => {
    const { report, keys } = await dialled([], [['established', 'terminated']]);
    expect(keys).toEqual(['555;DIAL']);
    expect(report).toMatchObject({ outcome: 'unconfirmed', error: { code: 'unconfirmed' } });
    expect('error' in report && report.error.message).toContain('; 1# was not pressed');
  });

  it.each<[string, string, string]>([
    [REFUSED, 'refused', 'refused'],
    ['', 'unknown', 'unknown'],
  ])('not pressed where the number was answered with %j', async (answer, outcome, code) => {
    const { report, keys, outcomes } = await dialled([answer], []);
    expect(keys).toEqual(['555;DIAL']);
    expect(outcomes).toEqual([outcome, 'skipped']);
    expect(report).toMatchObject({ outcome, error: { code } });
  });

  it('not pressed after the end of the call', async () => {
    const options = { digits: '1,2' };
    const { report, keys, outcomes } = await dialled([], [['established'], ['terminated']], options);
    expect(keys).toEqual(['555;DIAL', '1']);
    expect(outcomes).toEqual(['ok', 'ok', 'skipped']);
    expect(report).toMatchObject({
      outcome: 'unconfirmed',
      error: { code: 'unconfirmed', details: { unpressed: '2' } },
    });
  });

  it('not pressed when nobody would notice the end of the call any more', async () => {
    const options = { digits: '1,2', lostAt: 1 };
    const { report, keys, outcomes } = await dialled([], [['established']], options);
    expect(keys).toEqual(['555;DIAL', '1']);
    expect(outcomes).toEqual(['ok', 'ok', 'skipped']);
    expect(report).toMatchObject({
      outcome: 'partial',
      error: {
        code: 'partial',
        details: { done: 2, total: 3, reason: expect.stringContaining('the listener was lost') },
      },
    });
  });

  it('not pressed when the end of the call may have been reported to nobody', async () => {
    const { report, keys } = await dialled([], [['established']], { digits: '1,2', gapAt: 1 });
    expect(keys).toEqual(['555;DIAL', '1']);
    expect(report.outcome).toBe('partial');
  });

  it('not pressed any more once what may be the phone has reported the end of its call', async () => {
    const { keys } = await dialled([], [['established']], { digits: '1,2', unclearAt: 1 });
    expect(keys).toEqual(['555;DIAL', '1']);
  });

  it('not pressed any more once the listener has refused what may be the end of the call', async () => {
    const { report, keys } = await dialled([], [['established']], { digits: '1,2', refusedAt: 1 });
    expect(keys).toEqual(['555;DIAL', '1']);
    expect(report.outcome).toBe('partial');
    expect('error' in report && report.error.message).toContain('asked for /ends without the token');
  });

  it.each([
    ['has reported the end of its call', { unclearAt: 0 }, 'unconfirmed'],
    ['has had a request refused', { refusedAt: 0 }, 'partial'],
  ])('not pressed where what may be the phone %s together with the answer', async (_, options, outcome) => {
    const { report, keys } = await dialled([], [['established']], options);
    expect([report.outcome, keys]).toEqual([outcome, ['555;DIAL']]);
  });

  it('not pressed in the call of another side that is up meanwhile', async () => {
    const reports = [
      [['established', { remote: 'sip:555@pbx' }]],
      [['established', { remote: 'sip:111@pbx' }]],
    ] as const;
    const { keys } = await dialled([], reports, { digits: '1,2' });
    expect(keys).toEqual(['555;DIAL', '1']);
  });

  it('not pressed when the listener is lost before the call has proven to last', async () => {
    const { report, keys } = await dialled([], [['established']], { lostAt: 0 });
    expect(keys).toEqual(['555;DIAL']);
    expect(report.outcome).toBe('partial');
  });

  it('never pressed again, and neither is the number', async () => {
    const { report, keys } = await dialled([OK, ''], [['established']], { retry: 3 });
    expect(keys).toEqual(['555;DIAL', '1;POUND']);
    expect(report).toMatchObject({
      outcome: 'unknown',
      error: { code: 'partial', retryable: false, details: { done: 1, total: 2 } },
    });
  });

  it('told of where some were pressed', async () => {
    const { report } = await dialled([OK, OK, REFUSED], [['established']], {
      digits: '1,2',
    });
    expect(report).toMatchObject({
      outcome: 'partial',
      error: { code: 'partial', details: { done: 2, total: 3, reason: expect.stringContaining('500') } },
    });
  });

  it('not pressed in a call that came in and was answered meanwhile', async () => {
    const { report, keys } = await dialled(
      [],
      [
        [
          ['outgoingCall', '1'],
          ['incomingCall', '2'],
          ['established', '2'],
        ],
      ],
    );
    expect(keys).toEqual(['555;DIAL']);
    const seen = ['outgoingCall', 'incomingCall', 'established'].map((event) => `${report.phone} ${event}`);
    expect(report).toMatchObject({ outcome: 'unconfirmed', error: { code: 'no-event', details: { seen } } });
  });

  it('pressed in the call that was dialled, although another one came in', async () => {
    const { report, keys } = await dialled(
      [],
      [
        [
          ['outgoingCall', '1'],
          ['incomingCall', '2'],
          ['established', '2'],
          ['established', '1'],
        ],
      ],
    );
    expect(keys).toEqual(['555;DIAL', '1;POUND']);
    expect(report.outcome).toBe('confirmed');
  });

  it('not pressed in a call that was answered here, of a phone that does not number its calls', async () => {
    const { keys } = await dialled([], [['outgoingCall', 'answerNewIncomingCall', 'established']]);
    expect(keys).toEqual(['555;DIAL']);
  });

  it.each([
    ['1', ' 1 '],
    ['x'.repeat(100), ` ${'x'.repeat(100)}`],
    [`${'x'.repeat(200)}1`, `${'x'.repeat(200)}1 `],
  ])('pressed on where it is only said again that call %j was placed, and is up', async (number, again) => {
    const said = (id: string) =>
      [
        ['outgoingCall', id],
        ['established', id],
        ['unHold', id],
      ] as const;
    const { keys } = await dialled(
      [],
      [
        said(number),
        // Another one, whose number begins like it.
        [...said(again), ['hold', `${number}2`], ['terminated', `${number}2`]],
      ],
      { digits: '1,2' },
    );
    expect(keys).toEqual(['555;DIAL', '1', '2']);
  });

  it.each<[string, EventName | readonly [EventName, string]]>([
    ['the call is on hold', 'hold'],
    ['another one is answered', 'answerNewIncomingCall'],
    ['another one is dialled', ['outgoingCall', '2']],
    ['another one is dialled, of which nobody knows the number', 'outgoingCall'],
    ['another one is up', ['established', '2']],
    ['another one is taken off hold', ['unHold', '2']],
    ['one is taken off hold, of which nobody knows the number', 'unHold'],
    ['it is handed over', ['transferFinished', '1']],
    ['one is handed over, of which nobody knows the number', 'transferFinished'],
    ['it is given up by the other side', ['callRemoteCanceled', '1']],
    ['the phone has started anew', 'setupCompleted'],
    ['the phone is idle, whatever number that has', ['busyToIdle', '2']],
  ])('not pressed any more once %s', async (_, event) => {
    const { keys, outcomes } = await dialled([], [[['established', '1']], [event]], { digits: '1,2' });
    expect(keys).toEqual(['555;DIAL', '1']);
    expect(outcomes).toEqual(['ok', 'ok', 'skipped']);
  });

  it.each<[string, readonly Told[], readonly Told[], boolean]>([
    ['nothing tells', ['outgoingCall', 'established'], ['incomingCall', 'established'], false],
    [
      'the number of one is not told',
      [['outgoingCall', '1'], 'established'],
      [['incomingCall', '2'], 'established'],
      false,
    ],
    ['the side is not told', [['established', OWN]], [['incomingCall', OTHER], 'established'], false],
    ['the own side is not told', ['established'], ['incomingCall', ['established', OTHER]], false],
    ['the own side is told again', [['established', OWN]], ['incomingCall', ['established', OWN]], true],
    ['none came in', ['outgoingCall', 'established'], ['established'], true],
    ['one came in and was missed', ['established'], ['incomingCall', 'missedCall', 'established'], true],
    ['one came in and gave up', ['established'], ['incomingCall', 'callRemoteCanceled'], true],
    ['one from another side gave up', [['established', OWN]], [['callRemoteCanceled', OTHER]], true],
    ['one from the same side gave up', [['established', OWN]], [['callRemoteCanceled', OWN]], false],
    ['another one is handed over', [['established', '1']], [['transferFinished', '2']], true],
  ])('pressed on, or not, once a call may be up that came in meanwhile: %s', async (_, ...reports) => {
    const [first, then, isPressed] = reports;
    const { keys } = await dialled([], [first, then], { digits: '1,2' });
    expect(keys).toEqual(['555;DIAL', '1', ...(isPressed ? ['2'] : [])]);
  });

  it('not pressed when the run is stopped while the listener is busy', async () => {
    const stop = new AbortController();
    const stuck = () => stop.abort();
    const options = { digits: '1,2', stop: stop.signal, stuckAt: 2, stuck };
    const { report, keys } = await dialled([], [['established']], options);
    expect(keys).toEqual(['555;DIAL', '1']);
    expect(report).toMatchObject({ outcome: 'partial', error: { cause: { code: 'skipped' } } });
  });

  it('not pressed when the run is stopped', async () => {
    const stop = AbortSignal.timeout(100);
    const { report, keys, outcomes } = await dialled([], [['outgoingCall']], { stop, within: 3_600_000 });
    expect(keys).toEqual(['555;DIAL']);
    expect(outcomes).toEqual(['ok', 'skipped']);
    expect(report).toMatchObject({ outcome: 'partial', error: { code: 'partial', retryable: false } });
    expect('error' in report && report.error.message).toContain('the run was stopped');
  });
});

describe('before anything is sent', () => {
  const phone = new Phone({ host: '127.0.0.1:1' });
  const confirm = new EventHub();

  it.each<[string, PressOptions, string]>([
    ['digits that nobody can wait for', { afterAnswer: '1' }, 'usage'],
    ['another event', { afterAnswer: '1', confirm, wait: 'hold' }, 'usage'],
    ['what is no digit', { afterAnswer: '1x', confirm }, 'invalid-number'],
    ['no digit', { afterAnswer: '', confirm }, 'invalid-number'],
    ['a pause at the end', { afterAnswer: '1,', confirm }, 'invalid-sequence'],
  ])('%s is refused', async (_, options, code) => {
    await expect((async () => phone.dial('555', options))()).rejects.toMatchObject({ code });
  });

  it('digits in two places are refused', async () => {
    const both = (async () => phone.dial('555,1', { afterAnswer: '2', confirm }))();
    await expect(both).rejects.toMatchObject({ code: 'invalid-number' });
    await expect((async () => phone.dial('555,1'))()).rejects.toMatchObject({
      code: 'invalid-number',
      hint: expect.stringContaining('--then 1'),
    });
  });
});
