import { describe, expect, it } from 'vitest';
import { commandUrl } from '../../src/protocol/command-url.ts';
import { MODEL_NAMES, MODELS } from '../../src/protocol/models.ts';
import { formatSequence, type SequenceSettings, wireRequests } from '../../src/protocol/sequence.ts';
import { endpointOf } from '../../src/protocol/settings.ts';
import {
  answerCall,
  dialCall,
  VERB_FORMS,
  VERBS,
  type VerbCall,
  type VerbForm,
  type VerbOverrides,
  verbSequence,
} from '../../src/protocol/verbs.ts';
import { ILLUSTRATIONS, type Illustration } from './document.ts';
import { codeOf, failure } from './failure.ts';

const wire = (call: VerbCall, settings?: SequenceSettings & { verbs?: VerbOverrides }) =>
  formatSequence(verbSequence(call, settings));

/** Two of the four ways to dial are what a phone's setting makes of the verb. */
const withSend = { dial: '{number};SEND', 'dial.speaker': 'SPEAKER;{number};SEND' };

/** The verb of each illustration. */
const GOLDEN: { readonly [url in Illustration]: { call: VerbCall; verbs?: VerbOverrides } } = {
  'http://172.16.0.57/cgi-bin/server.cgi?key=6040;DIAL;': { call: dialCall('6040') },
  'http://172.16.0.57/cgi-bin/server.cgi?key=6040;SEND': { call: dialCall('6040'), verbs: withSend },
  'http://172.16.0.57/cgi-bin/server.cgi?key=SPEAKER;6040;DIAL': {
    call: dialCall('6040', { speaker: true }),
  },
  'http://172.16.0.57/cgi-bin/server.cgi?key=SPEAKER;6040;SEND': {
    call: dialCall('6040', { speaker: true }),
    verbs: withSend,
  },
  'http://172.16.0.37/cgi-bin/server.cgi?key=LINEKEY1;6040;SEND': { call: dialCall('6040', { line: 1 }) },
  'http://172.16.0.37/cgi-bin/server.cgi?key=LINEKEY2;6040;SEND': { call: dialCall('6040', { line: 2 }) },
  'http://172.16.0.57/cgi-bin/server.cgi?key=ANSWER;': { call: answerCall() },
  'http://172.16.0.57/cgi-bin/server.cgi?key=SPEAKER': { call: answerCall({ speaker: true }) },
  'http://172.16.0.57/cgi-bin/server.cgi?key=SFK1;': { call: answerCall({ softkey: 1 }) },
  'http://172.16.0.57/cgi-bin/server.cgi?key=HEADSET': { call: answerCall({ headset: true }) },
  'http://172.16.0.57/cgi-bin/server.cgi?key=REJECT;': { call: { form: 'reject' } },
  'http://172.16.0.57/cgi-bin/server.cgi?key=FORWARD;6044;SEND;': {
    call: { form: 'forward', number: '6044' },
  },
  'http://172.16.0.57/cgi-bin/server.cgi?key=ENDCALL;': { call: { form: 'hangup' } },
  'http://172.16.0.57/cgi-bin/server.cgi?key=HOLD;6040;DIAL;': {
    call: { form: 'hold.dial', number: '6040' },
  },
  'http://172.16.0.57/cgi-bin/server.cgi?key=HOLD;': { call: { form: 'hold' } },
  'http://172.16.0.57/cgi-bin/server.cgi?key=RESUME;': { call: { form: 'resume' } },
  'http://172.16.0.57/cgi-bin/server.cgi?key=TRANSFER;6044;SEND;TRANSFER;': {
    call: { form: 'transfer', number: '6044' },
  },
  'http://172.16.0.57/cgi-bin/server.cgi?key=CONFERENCE;6044;SEND': {
    call: { form: 'conference.number', number: '6044' },
  },
  'http://172.16.0.57/cgi-bin/server.cgi?key=CONFERENCE;': { call: { form: 'conference' } },
};

describe('the illustrations of the document, to the letter', () => {
  it.each(ILLUSTRATIONS)('%s', (url) => {
    const { call, verbs } = GOLDEN[url];
    const endpoint = endpointOf({ host: new URL(url).hostname });
    const requests = wireRequests(verbSequence(call, { verbs }));
    expect(requests.map(({ key }) => commandUrl(endpoint, key))).toEqual([url.replace(/;$/, '')]);
  });
});

describe('the verbs that no illustration shows', () => {
  it.each<[VerbCall, string]>([
    [dialCall('6040', { headset: true }), 'HEADSET;6040;DIAL'],
    [{ form: 'redial' }, 'REDIAL'],
    [{ form: 'transfer.blind', number: '6044' }, 'TRANSFER;6044;BLIND'],
    [{ form: 'split' }, 'SPLIT'],
    [{ form: 'dtmf', number: '12#' }, '12;POUND'],
    [{ form: 'dtmf', number: '1 2,34' }, '12;wait:2s;34'],
    [{ form: 'dtmf', number: ',,1,2#' }, 'wait:2s;wait:2s;1;wait:2s;2;POUND'],
    [{ form: 'dtmf', number: '1p2w#' }, '1;wait:2s;2;wait:2s;POUND'],
    [{ form: 'mute' }, 'MUTE'],
    [{ form: 'volume.up' }, 'VOLUME_UP'],
    [{ form: 'volume.up', n: 3 }, 'VOLUME_UP;VOLUME_UP;VOLUME_UP'],
    [{ form: 'volume.down', n: 2 }, 'VOLUME_DOWN;VOLUME_DOWN'],
    [{ form: 'dnd.on' }, 'DND_ON'],
    [{ form: 'dnd.off' }, 'DND_OFF'],
    [{ form: 'reboot' }, 'REBOOT'],
  ])('%j sends %s', (call, text) => {
    expect(wire(call)).toBe(text);
  });
});

describe('every row of the verbs', () => {
  const sample = (form: VerbForm, n = 1): VerbCall => ({ form, number: '6040', n });

  it.each(VERB_FORMS)('%s can be sent to every model', (form) => {
    const expected = VERBS[form].replace('{number}', '6040').replace('*{n}', '').replace('{n}', '1');
    for (const model of MODEL_NAMES) expect(wire(sample(form), { model })).toBe(expected);
  });

  it.each(MODEL_NAMES)('reaches the last line and soft key of %s and none beyond', (model) => {
    const { lineKeys, softkeys } = MODELS[model];
    for (const [form, most] of [
      ['dial.line', lineKeys],
      ['answer.softkey', softkeys],
    ] as const) {
      expect(wire(sample(form, most), { model })).toContain(`${most}`);
      expect(codeOf(() => wire(sample(form, most + 1), { model }))).toBe('key-not-on-model');
    }
  });

  it('has no place for anything but a number and a count', () => {
    const places = Object.values(VERBS).flatMap((text) => text.match(/\{.*?\}/g) ?? []);
    expect(new Set(places)).toEqual(new Set(['{number}', '{n}']));
  });
});

describe('what the user gives a verb', () => {
  it('is a number as people write it', () => {
    expect(wire(dialCall('(030) 12-34'))).toBe('0301234;DIAL');
    expect(wire(dialCall('*72#'))).toBe('*72;POUND;DIAL');
    expect(wire(dialCall('+4930'), { dialPrefix: '00' })).toBe('004930;DIAL');
    expect(wire({ form: 'transfer', number: '1-800-AAA' }, { letters: true })).toBe(
      'TRANSFER;1800222;SEND;TRANSFER',
    );
  });

  it('follows the dial plan, unless it is touch tones', () => {
    const dialPlan = { country: '49', outside: '0', internal: 3 };
    expect(wire(dialCall('+49 30 1'), { dialPlan })).toBe('00301;DIAL');
    expect(wire({ form: 'forward', number: '0301' }, { dialPlan })).toBe('FORWARD;00301;SEND');
    expect(wire({ form: 'dtmf', number: '0301' }, { dialPlan })).toBe('0301');
    expect(wire({ form: 'dtmf', number: '1' }, { verbs: { dtmf: 'DTMF;{number}' } })).toBe('DTMF;1');
  });

  it.each<[VerbCall, string]>([
    [dialCall('+4930'), 'invalid-number'],
    [dialCall(''), 'invalid-number'],
    [dialCall('6040;REBOOT'), 'invalid-number'],
    [dialCall('REBOOT'), 'invalid-number'],
    [dialCall('6040\r\n&x'), 'invalid-number'],
    [dialCall('555,1234'), 'invalid-number'],
    [{ form: 'transfer', number: 'tel:555;ext=12' }, 'invalid-number'],
    [{ form: 'dial' }, 'invalid-sequence'],
    [{ form: 'dtmf' }, 'invalid-sequence'],
    [{ form: 'dtmf', number: '1,' }, 'invalid-sequence'],
    [{ form: 'dtmf', number: ',' }, 'invalid-sequence'],
    [{ form: 'dtmf', number: '1,x' }, 'invalid-number'],
    [{ form: 'volume.up', n: 0 }, 'invalid-sequence'],
    [{ form: 'volume.up', n: 101 }, 'invalid-sequence'],
    [{ form: 'volume.up', n: -1 }, 'unknown-key'],
    [{ form: 'volume.up', n: 1.5 }, 'unknown-key'],
    [dialCall('6040', { line: 0 }), 'key-not-on-model'],
    [dialCall('6040', { line: 1.5 }), 'unknown-key'],
    [dialCall('6040', { line: Number.NaN }), 'unknown-key'],
    [answerCall({ softkey: 5 }), 'key-not-on-model'],
  ])('%j is refused: %s', (call, code) => {
    expect(codeOf(() => wire(call))).toBe(code);
  });

  it.each<[string, () => VerbCall, string]>([
    ['dial', () => dialCall('1', { line: 1, speaker: true }), 'line and speaker exclude each other'],
    ['dial', () => dialCall('1', { line: 0, headset: true }), 'line and headset exclude each other'],
    ['dial', () => dialCall('1', { speaker: true, headset: true }), 'speaker and headset exclude'],
    ['answer', () => answerCall({ softkey: 1, headset: true }), 'softkey and headset exclude each other'],
    ['answer', () => answerCall({ softkey: 1, speaker: true }), 'softkey and speaker exclude each other'],
    [
      'answer',
      () => answerCall({ softkey: 1, speaker: true, headset: true }),
      'softkey and speaker and headset exclude each other',
    ],
  ])('is one way to %s', (_verb, run, reason) => {
    const error = failure(run);
    expect(error.code).toBe('invalid-sequence');
    expect(error.message).toContain(reason);
    expect(error.hint).toMatch(/^give one of /);
  });

  it('may say no to the other ways', () => {
    expect(wire(dialCall('1', { line: 2, speaker: false, headset: false }))).toBe('LINEKEY2;1;SEND');
    expect(wire(dialCall('1', { line: undefined, speaker: false, headset: true }))).toBe('HEADSET;1;DIAL');
    expect(wire(answerCall({ softkey: 2, speaker: false, headset: undefined }))).toBe('SFK2');
    expect(wire(answerCall({ speaker: false, headset: false }))).toBe('ANSWER');
  });
});

describe('a phone that wants other keys', () => {
  it.each<[string, VerbCall, string, string]>([
    ['a key', answerCall(), 'ok', 'OK'],
    ['a number in place', dialCall('6040'), 'NEWCALL;{number};OK', 'NEWCALL;6040;OK'],
    ['a number twice', dialCall('6040'), '{number};{number}', '6040;6040'],
    ['a number after a prefix', dialCall('*72#'), '0{number}', '0*72;POUND'],
    ['a written number', dialCall('6040'), '+49 {number}; DIAL', '00496040;DIAL'],
    ['a count', { form: 'volume.up', n: 2 }, 'UP*{n}', 'UP;UP'],
    ['a pause', { form: 'hangup' }, 'CANCEL;wait:1s;RELEASE', 'CANCEL;wait:1s;RELEASE'],
  ])('%s', (_name, call, override, text) => {
    expect(wire(call, { dialPrefix: '00', verbs: { [call.form]: override } })).toBe(text);
  });

  it('keeps the other rows', () => {
    expect(wire({ form: 'hold' }, { verbs: { answer: 'OK' } })).toBe('HOLD');
  });

  it('is still held to the keys of its model', () => {
    expect(codeOf(() => wire(answerCall(), { model: 'A21', verbs: { answer: 'LK3' } }))).toBe(
      'key-not-on-model',
    );
    expect(codeOf(() => wire(answerCall(), { verbs: { answer: 'OKAY' }, raw: true }))).toBe('unknown-key');
    expect(codeOf(() => wire(answerCall(), { verbs: { answer: '' } }))).toBe('invalid-sequence');
  });
});
