import { describe, expect, it } from 'vitest';
import { asDialString, parseNumber } from '../../src/protocol/numbers.ts';
import { failure } from './failure.ts';

const dialled = (text: string, dialPrefix?: string) =>
  parseNumber(text, { dialPrefix }).map((token) => (token.kind === 'pound' ? '#' : token.digits));

describe('a number as people write it', () => {
  it.each<[string, readonly string[], string?]>([
    ['6040', ['6040']],
    ['0', ['0']],
    [' 6040 ', ['6040']],
    ['030 1234', ['0301234']],
    ['030\u00a01234\t5', ['03012345']],
    ['030.12.34', ['0301234']],
    ['030-12-34', ['0301234']],
    ['030–12‑34—5', ['03012345']],
    ['(030) 1234', ['0301234']],
    ['[030] 1234', ['0301234']],
    ['030/1234', ['0301234']],
    ['*72', ['*72']],
    ['#', ['#']],
    ['*72#', ['*72', '#']],
    ['#31#6040', ['#', '31', '#', '6040']],
    ['##', ['#', '#']],
    ['tel:6040', ['6040']],
    ['TEL:030-12', ['03012']],
    ['tel://6040', ['6040']],
    ['tel:6040;ext=12', ['6040']],
    ['tel:*72%23', ['*72', '#']],
    ['callto:6040', ['6040']],
    ['callto://6040?x=1', ['6040']],
    ['sip:6040@pbx.example', ['6040']],
    ['sips:6040@pbx.example:5061', ['6040']],
    ['sip:6040:secret@pbx', ['6040']],
    ['sip:6040;phone-context=x@pbx', ['6040']],
    ['+49 30 12', ['00493012'], '00'],
    ['(+49) 30', ['004930'], '00'],
    ['tel:+49-30', ['004930'], '00'],
    ['tel:%2B4930', ['004930'], '00'],
    ['sip:+4930@pbx', ['004930'], '00'],
    ['+4930', ['4930'], ''],
    ['+4930', ['9', '#', '4930'], '9#'],
    ['004930', ['004930'], '99'],
  ])('%j is %j (prefix %s)', (text, tokens, dialPrefix) => {
    expect(dialled(text, dialPrefix)).toEqual(tokens);
  });
});

describe('a text that cannot be dialled', () => {
  it.each<[string, RegExp, RegExp, string?]>([
    ['', /no digits/, /such as 6040/],
    [' -() ', /no digits/, /such as 6040/],
    ['tel:', /no digits/, /such as 6040/],
    ['sip:@pbx', /no digits/, /such as 6040/],
    ['+49 30', /no \+ key/, /dialPrefix/],
    ['+', /no digits/, /such as 6040/],
    ['+49 (0) 30', /the \(0\)/, /without the \(0\)/, '00'],
    ['+49(0)30', /the \(0\)/, /without the \(0\)/],
    ['60+40', /"\+" is not on a keypad/, /digits, \* and #/, '00'],
    ['++49', /"\+" is not on a keypad/, /digits/, '00'],
    ['+49', /"O" is not on a keypad/, /digits/, 'OO'],
    ['60a40', /"a" is not on a keypad/, /digits/],
    ['6040;DIAL', /";" is not on a keypad/, /digits/],
    ['6040&x=1', /"&" is not on a keypad/, /digits/],
    ['60%0d%0a', /"%" is not on a keypad/, /digits/],
    ['tel:60%0', /"%" is not on a keypad/, /digits/],
    ['tel:60%26', /"&" is not on a keypad/, /digits/],
    ['٦٠٤٠', /"٦" is not on a keypad/, /digits/],
    ['６０４０', /"６" is not on a keypad/, /digits/],
    ['60😀', /"😀" is not on a keypad/, /digits/],
    ['sip:anna@pbx', /"a" is not on a keypad/, /digits/],
    ['sip:172.16.0.57', /"s" is not on a keypad/, /digits/],
  ])('%j: %s', (text, reason, hint, dialPrefix) => {
    const error = failure(() => parseNumber(text, { dialPrefix }));
    expect(error.code).toBe('invalid-number');
    expect(error.message).toMatch(reason);
    expect(error.hint).toMatch(hint);
  });

  it('is repeated as it was written', () => {
    expect(failure(() => parseNumber('60a40')).details).toMatchObject({ input: '60a40' });
  });
});

describe('a dial string', () => {
  it.each(['6040', '*72', '*', '5*3'])('%s is one', (text) => {
    expect(asDialString(text)).toBe(text);
  });

  it.each(['', '72#', '+49', '60 40', '60\n', '٣', 'HOLD'])('%j is none', (text) => {
    expect(asDialString(text)).toBeUndefined();
  });
});
