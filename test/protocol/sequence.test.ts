import { describe, expect, it } from 'vitest';
import {
  destructiveKeys,
  fillSequence,
  formatSequence,
  numberSteps,
  parseSequence,
  type SequenceSettings,
  type WireSettings,
  wireRequests,
} from '../../src/protocol/sequence.ts';
import { ILLUSTRATIONS } from './document.ts';
import { codeOf, failure } from './failure.ts';

const wire = (words: readonly string[], settings?: SequenceSettings) =>
  formatSequence(parseSequence(words, settings));

describe('words become a sequence', () => {
  it.each<[string, readonly string[], string, SequenceSettings?]>([
    ['a key', ['HOLD'], 'HOLD'],
    ['keys in order', ['HOLD', 'RESUME'], 'HOLD;RESUME'],
    ['any case', ['hold', 'Resume'], 'HOLD;RESUME'],
    ['an alias as its first spelling', ['vol_up', 'MEG', 'X'], 'VOLUME_UP;MESSAGE;CANCEL'],
    ['the slip of the document', ['LIKEKEY5'], 'LINEKEY5'],
    ['SEND and SFK as typed', ['sfk1', 'send', 'DIAL'], 'SFK1;SEND;DIAL'],
    ['a number as one token', ['6040', 'DIAL'], '6040;DIAL'],
    ['two numbers as two tokens', ['60', '40'], '60;40'],
    ['a whole sequence in a word', ['LINEKEY2;6040;SEND'], 'LINEKEY2;6040;SEND'],
    ['a ; at the end', ['6040;DIAL;'], '6040;DIAL'],
    ['blanks around ;', [' LK2 ; 6040; SEND ; '], 'LINEKEY2;6040;SEND'],
    ['# as POUND', ['*72#'], '*72;POUND'],
    ['# alone, twice', ['##'], 'POUND;POUND'],
    ['* raw', ['*'], '*'],
    ['a keypad product', ['5*3'], '5*3'],
    ['a repeated key', ['VOLUME_UP*3'], 'VOLUME_UP;VOLUME_UP;VOLUME_UP'],
    ['a repeated alias', ['vol_down*2'], 'VOLUME_DOWN;VOLUME_DOWN'],
    ['a repeated numbered key', ['LK2*2'], 'LINEKEY2;LINEKEY2'],
    ['the most repeats', ['MUTE*100'], Array(100).fill('MUTE').join(';')],
    ['a pause', ['HOLD', 'wait:500ms', 'RESUME'], 'HOLD;wait:500ms;RESUME'],
    ['a pause in a word', ['HOLD;WAIT:2000ms;RESUME'], 'HOLD;wait:2s;RESUME'],
    ['a pause at the start', ['wait:1s', 'HOLD'], 'wait:1s;HOLD'],
    ['a written number', ['(030) 12-34'], '0301234'],
    ['a number of a web page', ['tel:030-1234'], '0301234'],
    ['a SIP address', ['sip:6040@pbx'], '6040', { dialPlan: { country: '49', domains: ['pbx'] } }],
    ['a number of a visiting card', ['uri:tel:030-1234'], '0301234'],
    ['a + where it is mapped', ['+49 30', 'SEND'], '004930;SEND', { dialPrefix: '00' }],
    ['a key that the model has', ['LK2'], 'LINEKEY2', { model: 'A21' }],
    ['raw words as they are', ['NewKey_9', '6*', 'lk9'], 'NewKey_9;6*;lk9', { raw: true }],
    ['raw words with a ;', ['A;B;'], 'A;B', { raw: true }],
    ['raw words repeated and with pauses', ['F*2', 'wait:1s', 'G'], 'F;F;wait:1s;G', { raw: true }],
  ])('%s', (_name, words, text, settings) => {
    expect(wire(words, settings)).toBe(text);
  });

  it.each(ILLUSTRATIONS)('as the document illustrates: %s', (url) => {
    const key = url.slice(url.indexOf('=') + 1);
    expect(wire([key])).toBe(key.replace(/;$/, ''));
  });

  it('distinguishes the kinds of steps', () => {
    expect(parseSequence(['lk1', '6040', 'wait:1s', '#'])).toEqual([
      { kind: 'key', key: 'LINEKEY1' },
      { kind: 'digits', digits: '6040' },
      { kind: 'pause', ms: 1000 },
      { kind: 'key', key: 'POUND' },
    ]);
    expect(parseSequence(['6040'], { raw: true })).toEqual([{ kind: 'raw', token: '6040' }]);
    expect(numberSteps('*72#')).toEqual([
      { kind: 'digits', digits: '*72' },
      { kind: 'key', key: 'POUND' },
    ]);
  });
});

describe('words that are no sequence', () => {
  it.each<[string, readonly string[], string, SequenceSettings?]>([
    ['no word', [], 'invalid-sequence'],
    ['an empty word', [''], 'invalid-sequence'],
    ['a blank word', ['HOLD', ' \r\n'], 'invalid-sequence'],
    ['only a ;', [';'], 'invalid-sequence'],
    ['a doubled ;', ['HOLD;;RESUME'], 'invalid-sequence'],
    ['a ; at the start', [';HOLD'], 'invalid-sequence'],
    ['two ; at the end', ['HOLD;;'], 'invalid-sequence'],
    ['a pause at the end', ['HOLD', 'wait:1s'], 'invalid-sequence'],
    ['only a pause', ['wait:1s'], 'invalid-sequence'],
    ['no repeat', ['MUTE*0'], 'invalid-sequence'],
    ['no repeat after a key', ['HOLD', 'MUTE*0'], 'invalid-sequence'],
    ['one repeat too many', ['MUTE*101'], 'invalid-sequence'],
    ['absurd repeats', [`MUTE*${'9'.repeat(400)}`], 'invalid-sequence'],
    ['a repeat twice', ['MUTE*2*2'], 'unknown-key'],
    ['a repeat without a number', ['MUTE*'], 'unknown-key'],
    ['a wrong key repeated', ['MUTTE*2'], 'unknown-key'],
    ['a wrong key', ['HOLDD'], 'unknown-key'],
    ['a blank in a word', ['HOLD RESUME'], 'unknown-key'],
    ['a key out of range', ['LINEKEY7'], 'key-not-on-model'],
    ['a key that the model lacks', ['LK3'], 'key-not-on-model', { model: 'A21' }],
    ['a pause without a unit', ['wait:5', 'HOLD'], 'invalid-duration'],
    ['a pause without anything', ['wait:', 'HOLD'], 'invalid-duration'],
    ['a repeated pause', ['wait:1s*2', 'HOLD'], 'invalid-duration'],
    ['a + that nothing maps', ['+4930'], 'invalid-number'],
    ['a letter in a number', ['60a40'], 'invalid-number'],
    ['a SIP address with a name', ['sip:anna@pbx.example'], 'invalid-number'],
    ['a raw blank', ['A B'], 'invalid-sequence', { raw: true }],
    ['a raw line end', ['A\r\nHost:x'], 'invalid-sequence', { raw: true }],
    ['a raw &', ['A&key=B'], 'invalid-sequence', { raw: true }],
    ['a raw #', ['*72#'], 'invalid-sequence', { raw: true }],
    ['a raw %', ['%3B'], 'invalid-sequence', { raw: true }],
    ['a raw umlaut', ['Ä'], 'invalid-sequence', { raw: true }],
    ['a raw repeat too often', ['A*101'], 'invalid-sequence', { raw: true }],
  ])('%s', (_name, words, code, settings) => {
    expect(codeOf(() => parseSequence(words, settings))).toBe(code);
  });

  it('of more than 1000 keys is refused, however few words make them', () => {
    expect(parseSequence(Array(10).fill('MUTE*100'))).toHaveLength(1000);
    const [words, one] = [Array(11).fill('MUTE*100'), Array(500_000).fill('MUTE*100').join(';')];
    const tooMany = /it has more than 1000 keys and pauses/;
    for (const each of [words, [one]]) expect(() => parseSequence(each)).toThrow(tooMany);
    expect(() => fillSequence(`${words.join(';')};{number}`, parseSequence(['1']))).toThrow(tooMany);
  });

  it('names the word and the way out', () => {
    const repeats = failure(() => parseSequence(['MUTE*101']));
    expect(repeats.message).toBe('the sequence cannot be sent: MUTE*101 repeats a key 101 times');
    expect(repeats.hint).toBe('repeat a key 1 to 100 times');
    expect(failure(() => parseSequence(['A&B'], { raw: true })).message).toContain('"A&B"');
    expect(failure(() => parseSequence(['+49'])).hint).toContain('dialPrefix');
  });
});

describe('a sequence becomes requests', () => {
  it.each<[string, string, WireSettings, readonly (readonly [number, string])[]]>([
    ['one, with all keys', 'LK2;6040;SEND', {}, [[0, 'LINEKEY2;6040;SEND']]],
    [
      'divided by a pause',
      'HOLD;wait:1s;RESUME',
      {},
      [
        [0, 'HOLD'],
        [1000, 'RESUME'],
      ],
    ],
    [
      'pauses in a row add up',
      'HOLD;wait:1s;wait:500ms;RESUME',
      {},
      [
        [0, 'HOLD'],
        [1500, 'RESUME'],
      ],
    ],
    ['a pause before the first', 'wait:1s;wait:1s;HOLD;MUTE', {}, [[2000, 'HOLD;MUTE']]],
    ['digits one by one', '*72#;60;DIAL', { digits: 'single' }, [[0, '*;7;2;POUND;6;0;DIAL']]],
    ['digits grouped', '*72#;60;DIAL', { digits: 'grouped' }, [[0, '*72;POUND;60;DIAL']]],
    [
      'a delay: each key its own',
      'HOLD;60;DIAL',
      { delay: 300 },
      [
        [0, 'HOLD'],
        [300, '60'],
        [300, 'DIAL'],
      ],
    ],
    [
      'a delay of nothing',
      'HOLD;MUTE',
      { delay: 0 },
      [
        [0, 'HOLD'],
        [0, 'MUTE'],
      ],
    ],
    [
      'single digits with a delay',
      '60',
      { delay: 9, digits: 'single' },
      [
        [0, '6'],
        [9, '0'],
      ],
    ],
    [
      'a pause longer than the delay',
      'HOLD;wait:1s;MUTE',
      { delay: 300 },
      [
        [0, 'HOLD'],
        [1000, 'MUTE'],
      ],
    ],
    [
      'a pause shorter than the delay',
      'HOLD;wait:1ms;MUTE',
      { delay: 300 },
      [
        [0, 'HOLD'],
        [300, 'MUTE'],
      ],
    ],
    [
      'a pause first, with a delay',
      'wait:100ms;HOLD;MUTE',
      { delay: 300 },
      [
        [100, 'HOLD'],
        [300, 'MUTE'],
      ],
    ],
  ])('%s', (_name, text, settings, expected) => {
    const requests = wireRequests(parseSequence([text]), settings);
    expect(requests.map(({ after, key }) => [after, key])).toEqual(expected);
  });

  it('leaves raw tokens whole', () => {
    const requests = wireRequests(parseSequence(['6040', 'N1'], { raw: true }), { digits: 'single' });
    expect(requests).toEqual([{ after: 0, key: '6040;N1' }]);
  });
});

describe('destructive keys', () => {
  it.each<[readonly string[], readonly string[], boolean?]>([
    [['REBOOT'], ['REBOOT']],
    [['hold', 'reboot', 'wait:1s', '6040'], ['REBOOT']],
    [['REBOOK'], []],
    [['HOLD', '6040', 'wait:1s', 'MUTE'], []],
    [['reBoot', 'hold'], ['reBoot'], true],
    [['REBOOT_'], [], true],
  ])('of %j: %j', (words, keys, raw) => {
    expect(destructiveKeys(parseSequence(words, { raw }))).toEqual(keys);
  });
});
