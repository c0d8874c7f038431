import { expect, it } from 'vitest';
import { Phone, type PressOptions, type ProvenReport } from '../../src/phone/index.ts';
import type { EventName } from '../../src/protocol/events.ts';
import { EventHub } from '../../src/receiver/index.ts';
import { rawServer } from '../support/raw-server.ts';

/** An event, the number of its call, or the other side, where the phone tells it, and how many milliseconds later it does. */
type Told = EventName | readonly [EventName, string, string?, number?];

/** How keys are pressed. */
const VERBS = {
  dial: (phone, options) => phone.dial('555', { ...options, afterAnswer: '1' }),
  answer: (phone, options) => phone.answer(options),
  hangup: (phone, options) => phone.hangup(options),
  wait: (phone, options) => phone.hangup({ ...options, wait: 'terminated' }),
  waitFor: (phone, options) => phone.hangup({ ...options, wait: 'unHold' }),
  reject: (phone, options) => phone.reject(options),
  forward: (phone, options) => phone.forward('555', options),
  transfer: (phone, options) => phone.transfer('555', { ...options, blind: true }),
  hold: (phone, options) => phone.hold(options),
  resume: (phone, options) => phone.resume(options),
} as const satisfies Record<string, (phone: Phone, options: PressOptions) => Promise<ProvenReport>>;

/** Presses keys on a phone that reports some events before them, and others while it answers. */
async function pressed(verb: keyof typeof VERBS, before: readonly Told[], reports: readonly Told[]) {
  const hub = new EventHub();
  const keys: string[] = [];
  const publish = (told: Told) => {
    const [event, id, remote = '', later = 0] = typeof told === 'string' ? [told, ''] : told;
    const values = { ...(id === '' ? {} : { call_id: id }), ...(remote === '' ? {} : { remote }) };
    const time = new Date(Date.now() + later).toISOString();
    hub.publish({ time, event, phone: server.host, source: '', path: '', values });
  };
  const server = await rawServer((socket, request) => {
    keys.push(/key=(\S+)/.exec(request)?.[1] ?? '');
    if (keys.length === 1) for (const told of reports) publish(told);
    socket.end('HTTP/1.1 200 OK\r\n\r\n');
  });
  for (const told of before) publish(told);
  const phone = new Phone({ host: server.host });
  const report = await VERBS[verb](phone, { confirm: hub, within: 30 });
  return { outcome: report.outcome, keys };
}

/** More than is kept. */
const LONG = 'x'.repeat(200);

const talking = (id: string, remote = ''): readonly Told[] => [
  ['incomingCall', id, remote],
  ['established', id, remote],
];
const held = (id: string, remote = ''): readonly Told[] => [...talking(id, remote), ['hold', id, remote]];
const over = (id: string, event: EventName): readonly Told[] => [...talking(id), [event, id]];

it.each<[string, readonly Told[], readonly Told[]]>([
  [
    'was dialled before',
    [['outgoingCall', '1']],
    [
      ['outgoingCall', '2'],
      ['established', '1'],
    ],
  ],
  ['was dialled before, and ours is not told', [['outgoingCall', '1']], [['established', '1']]],
  [
    'rang before',
    [['incomingCall', '1']],
    [
      ['outgoingCall', '2'],
      ['established', '1'],
    ],
  ],
  [
    'was on hold',
    [
      ['established', '1'],
      ['hold', '1'],
    ],
    [
      ['outgoingCall', '2'],
      ['established', '1'],
    ],
  ],
  ['was dialled before, on a phone that numbers no calls', ['outgoingCall'], ['established']],
  ['rang before, on a phone that numbers no calls', ['incomingCall'], ['established']],
  ['rang before, of the same side', [['incomingCall', '', '444']], [['established', '', 'sip:444@pbx']]],
  [
    'was over before, as its late event tells',
    [...over('1', 'terminated'), ...over('2', 'terminated')],
    [
      ['outgoingCall', '3'],
      ['established', '1'],
    ],
  ],
  [
    'comes in meanwhile, by its other side',
    [],
    [
      ['outgoingCall', '', 'sip:555@pbx'],
      ['incomingCall', '', 'sip:777@pbx'],
      ['established', '', 'sip:777@pbx'],
    ],
  ],
  [
    'rang before, by its other side',
    [['incomingCall', '', 'sip:777@pbx']],
    [
      ['outgoingCall', '', 'sip:555@pbx'],
      ['established', '', '"Bob" <sip:777@10.0.0.5>'],
    ],
  ],
  ['may be one that rang before, because nothing tells', ['incomingCall'], ['outgoingCall', 'established']],
  [
    'was being dialled before, by its other side',
    [['outgoingCall', '', 'sip:777@pbx']],
    [
      ['outgoingCall', '', 'sip:555@pbx'],
      ['established', '', 'sip:777@pbx'],
    ],
  ],
  [
    'may be one that came in meanwhile, because nothing tells',
    [],
    ['outgoingCall', 'incomingCall', 'established'],
  ],
  [
    'may be one that came in meanwhile, because that does not tell',
    [],
    [
      ['outgoingCall', '1', 'sip:555@pbx'],
      ['incomingCall', '2'],
      ['established', ''],
    ],
  ],
  [
    'may be one that came in meanwhile, from behind a queue',
    [],
    [
      ['outgoingCall', '', 'sip:555@pbx'],
      ['incomingCall', '', 'sip:800@pbx'],
      ['established', '', 'sip:777@pbx'],
    ],
  ],
  [
    'is dialled after it',
    [],
    [
      ['outgoingCall', '1'],
      ['outgoingCall', '2'],
      ['established', '2'],
    ],
  ],
  ['is told to be busy right after', [], ['outgoingCall', 'established', 'remoteBusy']],
  ['is dialled once it is refused', [], ['outgoingCall', 'remoteBusy', 'outgoingCall', 'established']],
  [
    'is dialled once it is refused, on a phone that numbers only some',
    [],
    [
      ['outgoingCall', '1'],
      ['remoteBusy', ''],
      ['established', '2'],
    ],
  ],
  [
    'is dialled after it, on a phone that numbers no calls',
    [],
    ['outgoingCall', 'outgoingCall', 'established'],
  ],
  [
    'was over before, by its other side',
    [...talking('', 'sip:777@pbx'), ['terminated', '', 'sip:777@pbx']],
    [
      ['outgoingCall', '', 'sip:555@pbx'],
      ['established', '', 'sip:777@pbx'],
    ],
  ],
  [
    'is put on hold for it, by its other side',
    talking('', 'sip:777@pbx'),
    [
      ['hold', '', 'sip:777@pbx'],
      ['outgoingCall', '', 'sip:555@pbx'],
      ['established', '', 'sip:777@pbx'],
    ],
  ],
  [
    'rang before, with a number that begins like its own',
    [['incomingCall', `${LONG}1`]],
    [
      ['outgoingCall', `${LONG}2`],
      ['established', `${LONG}1`],
    ],
  ],
  [
    'rang before, with a blank before its number',
    [['incomingCall', ' 1']],
    [
      ['outgoingCall', ' 2'],
      ['established', ' 1'],
    ],
  ],
  [
    'nobody heard of, once it is refused',
    [],
    [
      ['outgoingCall', '1'],
      ['remoteBusy', '1'],
      ['established', '3'],
    ],
  ],
  ...(['onHook', 'busyToIdle', 'setupCompleted'] as const).flatMap((end): [string, Told[], Told[]][] => [
    [`nobody heard of, after ${end}`, [], [['outgoingCall', '1'], end, ['established', '3']]],
    [
      `another side answers after ${end}`,
      [],
      [['outgoingCall', '', 'sip:555@pbx'], end, ['established', '', 'sip:777@pbx']],
    ],
  ]),
  [
    'nobody heard of, once one of which nobody knows the number is over',
    [],
    [['outgoingCall', '1'], 'terminated', ['established', '3']],
  ],
  [
    'nobody heard of, once it is handed over',
    [],
    [
      ['outgoingCall', '1'],
      ['transferFinished', '1'],
      ['established', '3'],
    ],
  ],
  ...(['terminated', 'hold'] as const).flatMap((event): [string, readonly Told[], readonly Told[]][] => {
    const [side, other] = ['sip:555@pbx', 'sip:0301234@pbx'];
    const up = (heard: string, ...told: Told[]): [string, readonly Told[], readonly Told[]] => [
      `is told to be up after ${event} ${heard}`,
      [],
      told,
    ];
    return [
      up('with its other side', ['outgoingCall', '', side], [event, '', side], ['established', '', side]),
      up('with a number that it has later', ['outgoingCall', '', side], [event, '7'], ['established', '7']),
      up(
        'with a side that it has later',
        ['outgoingCall', '7'],
        [event, '', side],
        ['established', '7', side],
      ),
      up('of who answers', ['outgoingCall', '', side], [event, '', other], ['established', '', other]),
      up('before anybody heard of it', [event, '', side], ['established', '', side]),
    ];
  }),
  ...(['terminated', 'hold'] as const).flatMap((event) =>
    [[], [['outgoingCall', '1'] as const]].map((placed): [string, readonly Told[], readonly Told[]] => [
      `is told to be up after ${event}${placed.length === 0 ? ', and nobody heard that it was placed' : ''}`,
      [],
      [...placed, [event, '1'], ['established', '1']],
    ]),
  ),
  ...(['onHook', 'busyToIdle'] as const).map((event): [string, readonly Told[], readonly Told[]] => [
    `is told to be up after ${event}`,
    [],
    [event, ['established', '1']],
  ]),
  [
    'comes in meanwhile, of whoever is called',
    [],
    [
      ['outgoingCall', '', 'sip:555@pbx'],
      ['incomingCall', '', 'sip:555@pbx'],
      ['established', '', 'sip:555@pbx'],
    ],
  ],
  [
    'was muted before, and nobody heard of before that',
    [['mute', '3']],
    [
      ['outgoingCall', '1'],
      ['established', '3'],
    ],
  ],
  [
    'nobody heard of, once it is over',
    [],
    [
      ['outgoingCall', '1'],
      ['terminated', '1'],
      ['established', '3'],
    ],
  ],
])('the digits are not pressed in a call that %s', async (_, before, reports) => {
  expect(await pressed('dial', before, reports)).toMatchObject({
    outcome: 'unconfirmed',
    keys: ['555;DIAL'],
  });
});

it.each<[string, readonly Told[], readonly Told[]]>([
  [
    'another one still rings',
    [['incomingCall', '1']],
    [
      ['outgoingCall', '2'],
      ['established', '2'],
    ],
  ],
  [
    'another one is dialled',
    [['outgoingCall', '1']],
    [
      ['outgoingCall', '2'],
      ['established', '2'],
    ],
  ],
  [
    'an older one had its number',
    [
      ['outgoingCall', '1'],
      ['terminated', '1'],
    ],
    [['established', '1']],
  ],
  [
    'one that has not ended had its number',
    [['established', '1']],
    [
      ['outgoingCall', '1'],
      ['established', '1'],
    ],
  ],
  [
    'an older one ends right after it is answered',
    [
      ['incomingCall', '1'],
      ['established', '1'],
      ['hold', '1'],
    ],
    [
      ['outgoingCall', '2'],
      ['established', '2'],
      ['terminated', '1'],
    ],
  ],
  [
    'one of the same side was up, whose end nobody heard',
    talking('', 'sip:555@pbx'),
    [['established', '', 'sip:555@pbx']],
  ],
  [
    'somebody whose number is withheld rings meanwhile',
    [],
    [['outgoingCall', '', 'sip:555@pbx'], 'incomingCall', ['established', '', 'sip:555@pbx']],
  ],
  [
    'one of the same side was missed, with a number',
    [['incomingCall', '5', 'sip:555@pbx']],
    [['established', '9', 'sip:555@pbx']],
  ],
  [
    'one of the same side was missed',
    [['incomingCall', '', 'sip:555@pbx']],
    [
      ['outgoingCall', '', 'sip:555@pbx'],
      ['established', '', 'sip:555@pbx'],
    ],
  ],
  [
    'another one comes in meanwhile, of another side',
    [],
    [
      ['outgoingCall', '', 'sip:555@pbx'],
      ['incomingCall', '', 'sip:777@pbx'],
      ['established', '', 'sip:555@pbx'],
    ],
  ],
  [
    'another one comes in meanwhile, of the same side, with another number',
    [],
    [
      ['outgoingCall', '1', 'sip:555@pbx'],
      ['incomingCall', '2', 'sip:555@pbx'],
      ['established', '1', 'sip:555@pbx'],
    ],
  ],
  [
    'it is forwarded, and has another number then',
    [],
    [
      ['outgoingCall', '1'],
      ['established', '2'],
    ],
  ],
  ['an earlier one ends meanwhile', [], ['outgoingCall', 'terminated', 'established']],
  [
    'an earlier one ends meanwhile, of which nobody knows the number',
    [],
    [['outgoingCall', '1'], 'terminated', ['established', '1']],
  ],
  [
    'an earlier one with another side ends meanwhile',
    [],
    [
      ['outgoingCall', '', 'sip:555@pbx'],
      ['terminated', '', 'sip:777@pbx'],
      ['established', '', 'sip:555@pbx'],
    ],
  ],
  [
    'an earlier one ends meanwhile, and it is forwarded',
    [],
    [
      ['outgoingCall', '1'],
      ['terminated', '9'],
      ['established', '3'],
    ],
  ],
  [
    'another one is dialled after it',
    [],
    [
      ['outgoingCall', '1'],
      ['outgoingCall', '2'],
      ['established', '1'],
    ],
  ],
  [
    'one of somebody else rang before, whose end nobody heard',
    [['incomingCall', '', 'sip:444@pbx']],
    [['established', '', 'sip:222@pbx']],
  ],
])('the digits are pressed in the call that was dialled, although %s', async (_, before, reports) => {
  expect(await pressed('dial', before, reports)).toEqual({ outcome: 'confirmed', keys: ['555;DIAL', '1'] });
});

it.each<[string, readonly Told[], readonly Told[]]>([
  [
    'was dialled before',
    [
      ['outgoingCall', '1'],
      ['incomingCall', '2'],
    ],
    [['established', '1']],
  ],
  [
    'is dialled meanwhile',
    [['incomingCall', '2']],
    [
      ['outgoingCall', '1'],
      ['established', '1'],
    ],
  ],
  ['was dialled before, on a phone that numbers no calls', ['outgoingCall'], ['established']],
  ['is dialled, on a phone that numbers no calls', [], ['outgoingCall', 'established']],
  [
    'is dialled while another one rings, by its other side',
    [['incomingCall', '', 'sip:777@pbx']],
    [
      ['outgoingCall', '', 'sip:555@pbx'],
      ['established', '', 'sip:555@pbx'],
    ],
  ],
  [
    'rings a second later',
    [],
    [
      ['incomingCall', '2', '', 1000],
      ['established', '2', '', 1000],
    ],
  ],
  [
    'was on hold before',
    [
      ['incomingCall', '1'],
      ['established', '1'],
      ['hold', '1'],
      ['incomingCall', '2'],
    ],
    [['established', '1']],
  ],
  [
    'was over before, as its late event tells',
    [...over('1', 'terminated'), ...over('2', 'terminated'), ['incomingCall', '3']],
    [['established', '1']],
  ],
])('nothing is answered by a call that %s', async (_, before, reports) => {
  expect(await pressed('answer', before, reports)).toMatchObject({ outcome: 'unconfirmed' });
});

it.each<[string, readonly Told[], readonly Told[]]>([
  [
    'the one that rang',
    [
      ['outgoingCall', '1'],
      ['incomingCall', '2'],
    ],
    [['established', '2']],
  ],
  [
    'one that comes in meanwhile',
    [],
    [
      ['incomingCall', '2'],
      ['established', '2'],
    ],
  ],
  ['one that nobody heard ring', [], ['established']],
  [
    'one of a side that was called before',
    [['outgoingCall', '1', 'sip:222@pbx']],
    [['established', '2', 'sip:222@pbx']],
  ],
  ['one of two without numbers', ['outgoingCall', 'incomingCall'], ['established']],
  ['one that is answered, by its own event', ['outgoingCall'], ['answerNewIncomingCall', 'established']],
  ['one that nobody heard ring, with a number again', over('1', 'terminated'), [['established', '1']]],
  [
    'one that rang, with a number again',
    [...over('1', 'terminated'), ['incomingCall', '1']],
    [['established', '1']],
  ],
  [
    'one with the number of an earlier one, whose end nobody heard',
    [
      ['incomingCall', '1'],
      ['established', '1'],
      ['incomingCall', '1'],
    ],
    [['established', '1']],
  ],
])('what is answered is %s', async (_, before, reports) => {
  expect(await pressed('answer', before, reports)).toMatchObject({ outcome: 'confirmed' });
});

const TWO = [...held('1'), ...talking('2')];
const UNNUMBERED = [...held('', 'sip:111@pbx'), ...talking('', 'sip:222@pbx')];

it.each<[string, Exclude<keyof typeof VERBS, 'dial'>, readonly Told[], readonly Told[], string]>([
  ['the call on hold ends', 'hangup', TWO, [['terminated', '1']], 'unconfirmed'],
  ['the call ends', 'hangup', TWO, [['terminated', '2']], 'confirmed'],
  ['a side on hold hangs up', 'hangup', UNNUMBERED, [['terminated', '', 'sip:111@pbx']], 'unconfirmed'],
  ['the other side hears the end', 'hangup', UNNUMBERED, [['terminated', '', 'sip:222@pbx']], 'confirmed'],
  ['one of two ends, and nothing tells which', 'hangup', UNNUMBERED, ['terminated'], 'confirmed'],
  ['one that nobody knows ends', 'hangup', talking('2'), [['terminated', '1']], 'confirmed'],
  [
    'the last one ends again',
    'hangup',
    [...over('1', 'terminated'), ...talking('2')],
    [['terminated', '1']],
    'unconfirmed',
  ],
  [
    'one before the last one ends again',
    'hangup',
    [...over('1', 'terminated'), ...over('2', 'terminated'), ...talking('3')],
    [['terminated', '1']],
    'unconfirmed',
  ],
  [
    'it ends, with a number again',
    'hangup',
    [...over('1', 'terminated'), ...over('2', 'terminated'), ...talking('1')],
    [['terminated', '1']],
    'confirmed',
  ],
  [
    'one ends that a person has placed meanwhile',
    'hangup',
    talking('1'),
    [
      ['outgoingCall', '2'],
      ['cancelCallOut', '2'],
    ],
    'unconfirmed',
  ],
  [
    'an earlier one could not be handed over',
    'transfer',
    [...over('1', 'terminated'), ...talking('2')],
    [
      ['transferFailed', '1'],
      ['blindTransfer', '2'],
    ],
    'confirmed',
  ],
  [
    'it could not be handed over',
    'transfer',
    talking('2'),
    [
      ['blindTransfer', '2'],
      ['transferFailed', '2'],
    ],
    'unconfirmed',
  ],
  [
    'one is held that came in after one was placed, on a phone that reports no answers',
    'hold',
    [
      ['outgoingCall', '1'],
      ['incomingCall', '2'],
    ],
    [['hold', '2']],
    'confirmed',
  ],
  ['the call on hold is held again', 'hold', TWO, [['hold', '1']], 'unconfirmed'],
  ['the call is held', 'hold', TWO, [['hold', '2']], 'confirmed'],
  ['one of two is held, and nothing tells which', 'hold', UNNUMBERED, ['hold'], 'confirmed'],
  ['the call that was up is resumed', 'resume', TWO, [['unHold', '2']], 'unconfirmed'],
  ['the call on hold is resumed', 'resume', TWO, [['unHold', '1']], 'confirmed'],
  ['one is resumed that nobody heard was on hold', 'resume', talking('1'), [['unHold', '1']], 'confirmed'],
  ['the only call ends, which is on hold', 'hangup', held('1'), [['terminated', '1']], 'confirmed'],
  ['one ends beside one without a number', 'hangup', ['established'], [['terminated', '1']], 'confirmed'],
  ...(['mute', 'unMute', 'transferFailed', 'blindTransfer'] as const).map(
    (event) =>
      [
        `one ends of which only ${event} was heard`,
        'hangup',
        [[event, '7']],
        [['terminated', '7']],
        'confirmed',
      ] as [string, 'hangup', Told[], Told[], string],
  ),
  ['one ends that was not heard', 'hangup', [], [['terminated', '1']], 'confirmed'],
  [
    'the call on hold ends, whose number is long',
    'hangup',
    [...held(`${LONG}1`), ...talking(`${LONG}2`)],
    [['terminated', `${LONG}1`]],
    'unconfirmed',
  ],
  ['one ends that comes in meanwhile', 'hangup', [], [...talking('1'), ['terminated', '1']], 'unconfirmed'],
  [
    'one is held that a person has placed meanwhile',
    'hold',
    talking('1'),
    [
      ['outgoingCall', '2'],
      ['hold', '2'],
    ],
    'unconfirmed',
  ],
  ...(['hold', 'hangup'] as const).map(
    (verb) =>
      [
        `a call proves ${verb} of which the first thing heard is that it is up meanwhile`,
        verb,
        talking('1'),
        [
          ['established', '5', '', 1000],
          [verb === 'hold' ? 'hold' : 'terminated', '5', '', 1000],
        ],
        'unconfirmed',
      ] as [string, typeof verb, readonly Told[], readonly Told[], string],
  ),
  [
    'one ends that was up just before the keys',
    'hangup',
    [],
    [
      ['established', '5', '', 100],
      ['terminated', '5', '', 1000],
    ],
    'confirmed',
  ],
  [
    'one ends that is reported twice to be up',
    'hangup',
    talking('1'),
    [
      ['established', '1', '', 1000],
      ['terminated', '1', '', 1000],
    ],
    'confirmed',
  ],
  [
    'one ends that a person has answered beside it meanwhile',
    'hangup',
    talking('1'),
    [
      ['answerNewIncomingCall', '5'],
      ['terminated', '5'],
    ],
    'unconfirmed',
  ],
  [
    'one is resumed that a person has put on hold meanwhile',
    'resume',
    talking('2'),
    [
      ['hold', '2', '', 1000],
      ['unHold', '2', '', 1000],
    ],
    'unconfirmed',
  ],
  [
    'one is resumed of which the first thing heard is that it is put on hold meanwhile',
    'resume',
    held('1'),
    [
      ['hold', '2', '', 1000],
      ['unHold', '2', '', 1000],
    ],
    'unconfirmed',
  ],
  [
    'one is rejected that rings a second later',
    'reject',
    [],
    [
      ['incomingCall', '1', '', 1000],
      ['rejectIncomingCall', '1', '', 1000],
    ],
    'unconfirmed',
  ],
  [
    'one is rejected that is told of right after the keys',
    'reject',
    [],
    [
      ['incomingCall', '1'],
      ['rejectIncomingCall', '1', '', 1000],
    ],
    'confirmed',
  ],
  [
    'one was rejected before, and is told of late',
    'reject',
    [['incomingCall', '1'], ['rejectIncomingCall', '1'], ...talking('2')],
    [['rejectIncomingCall', '1']],
    'unconfirmed',
  ],
  [
    'one is put on hold and taken back',
    'resume',
    talking('1'),
    [
      ['hold', '1', '', 1000],
      ['unHold', '1', '', 1000],
    ],
    'unconfirmed',
  ],
  [
    'one of the same side as before ends, of which nobody heard',
    'hangup',
    [...talking('', 'sip:111@pbx'), ['terminated', '', 'sip:111@pbx']],
    [['terminated', '', 'sip:111@pbx']],
    'confirmed',
  ],
  [
    'one that was over before ends again, by its other side',
    'hangup',
    [...talking('', 'sip:111@pbx'), ['terminated', '', 'sip:111@pbx'], ...talking('', 'sip:222@pbx')],
    [['terminated', '', 'sip:111@pbx']],
    'unconfirmed',
  ],
  [
    'an earlier transfer ends',
    'transfer',
    [...held('1'), ['blindTransfer', '1'], ...talking('2')],
    [['transferFinished', '1']],
    'unconfirmed',
  ],
  [
    'an earlier transfer ends after another call',
    'transfer',
    [...held('1'), ['blindTransfer', '1'], ...over('2', 'terminated'), ...talking('3')],
    [['transferFinished', '1']],
    'unconfirmed',
  ],
  ['it is transferred', 'transfer', talking('2'), [['transferFinished', '2']], 'confirmed'],
  ['the one on hold was transferred before', 'transfer', TWO, [['blindTransfer', '1']], 'unconfirmed'],
  [
    'the next one rings then',
    'waitFor',
    TWO,
    [
      ['terminated', '2'],
      ['unHold', '1'],
    ],
    'confirmed',
  ],
  [
    'the call on hold ends while one that was missed rings',
    'hangup',
    [['incomingCall', '6'], ...held('1')],
    [['terminated', '1']],
    'confirmed',
  ],
  [
    'a side on hold hangs up, with a number',
    'hangup',
    UNNUMBERED,
    [['terminated', '1', 'sip:111@pbx']],
    'unconfirmed',
  ],
  [
    'another one is forwarded by itself',
    'forward',
    [['incomingCall', '1']],
    [['forwardIncomingCall', '2']],
    'unconfirmed',
  ],
  [
    'another side is rejected',
    'reject',
    [
      ['incomingCall', '', 'sip:111@pbx'],
      ['incomingCall', '', 'sip:333@pbx'],
      ['established', '', 'sip:333@pbx'],
    ],
    [['rejectIncomingCall', '', 'sip:333@pbx']],
    'unconfirmed',
  ],
  ['the call on hold ends', 'wait', TWO, [['terminated', '1']], 'unconfirmed'],
  ['the call ends', 'wait', TWO, [['terminated', '2']], 'confirmed'],
  [
    'one that talks is rejected',
    'reject',
    [...talking('1'), ['incomingCall', '2']],
    [['rejectIncomingCall', '1']],
    'unconfirmed',
  ],
  [
    'it is rejected',
    'reject',
    [...talking('1'), ['incomingCall', '2']],
    [['rejectIncomingCall', '2']],
    'confirmed',
  ],
  ['it is rejected, and was not told', 'reject', [], [['rejectIncomingCall', '2']], 'confirmed'],
  [
    'the next one is forwarded',
    'forward',
    [['incomingCall', '1']],
    [
      ['incomingCall', '2'],
      ['forwardIncomingCall', '2'],
    ],
    'unconfirmed',
  ],
  [
    'it is told by the call in which the phone asked',
    'transfer',
    talking('1'),
    [
      ['outgoingCall', '2'],
      ['blindTransfer', '2'],
    ],
    'confirmed',
  ],
  [
    'it is handed to the one on hold',
    'transfer',
    UNNUMBERED,
    [['transferFinished', '', 'sip:111@pbx']],
    'confirmed',
  ],
  [
    'it is told by its target',
    'transfer',
    talking('', 'sip:222@pbx'),
    [['transferFinished', '', 'sip:555@pbx']],
    'confirmed',
  ],
])('where %s, a %s is proven or not: %#', async (_, verb, before, reports, outcome) => {
  expect(await pressed(verb, before, reports)).toMatchObject({ outcome });
});
