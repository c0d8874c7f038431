import { describe, expect, it } from 'vitest';
import type { DialPlan } from '../../src/protocol/dial-plan.ts';
import { asDialString, explainNumber, parseNumber } from '../../src/protocol/numbers.ts';
import { readWritten, splitWritten } from '../../src/protocol/written-number.ts';
import { failure } from './failure.ts';

const dialled = (text: string, dialPrefix?: string) =>
  parseNumber(text, { dialPrefix }).map((token) => (token.kind === 'pound' ? '#' : token.digits));

describe('a number as people write it', () => {
  it.each<[string, readonly string[], string?]>([
    ['6040', ['6040']],
    ['0', ['0']],
    [' 6040 ', ['6040']],
    ['6040\r\n', ['6040']],
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
    ['tel:*72%23', ['*72', '#']],
    ['callto:6040', ['6040']],
    ['callto://6040', ['6040']],
    ['uri:tel:030-1', ['0301']],
    ['\u202a030\u200b 1\u202c', ['0301']],
    ['(05)2222222', ['052222222']],
    ['(0) 30 1', ['0301']],
    ['+36 (1) 234', ['00361234'], '00'],
    ['+7 (812) 1', ['0078121'], '00'],
    ['011 44 (20) 1', ['01144201']],
    ['030 (1) 2', ['03012']],
    ['+49 30 12', ['00493012'], '00'],
    ['(+49) 30', ['004930'], '00'],
    ['tel:+49-30', ['004930'], '00'],
    ['tel:%2B4930', ['004930'], '00'],
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
    ['+49 ( 0 ) 30', /the \(0\)/, /without the \(0\)/, '00'],
    ['+49 [0] 30', /the \(0\)/, /without the \(0\)/, '00'],
    ['+49 (030) 1', /the \(030\)/, /without its brackets/, '00'],
    ['+36 (06) 1', /the \(06\)/, /without the \(06\)/, '00'],
    ['+7 (8) 495', /the \(8\)/, /without the \(8\)/, '00'],
    ['+(0)30', /the \(0\)/, /without the \(0\)/, '00'],
    ['0049 (0)30 1', /the \(0\)/, /without the \(0\)/],
    ['0043 (0) 1', /the \(0\)/, /without the \(0\)/],
    ['011 44 (0)20', /the \(0\)/, /without the \(0\)/],
    ['0011 61 (0)2', /the \(0\)/, /without the \(0\)/],
    ['9 011 44 (0)20', /the \(0\)/, /without the \(0\)/],
    ['tel:0049-(0)30-1234', /the \(0\)/, /without the \(0\)/],
    ['tel:%2B49(0)30', /the \(0\)/, /without the \(0\)/, '00'],
    ['030 (0) 1', /the \(0\)/, /without the \(0\)/],
    ['+49 (0-30) 1', /the \(0-30\)/, /without its brackets/, '00'],
    ['+49 (0/30) 1', /the \(0\/30\)/, /without its brackets/, '00'],
    ['0049 (0.30) 1', /the \(0\.30\)/, /without its brackets/],
    ['555\n556', /it spans several lines/, /one number/],
    ['555\u2028556', /it spans several lines/, /one number/],
    ['\u202e0406', /the character U\+202E is not on a keypad/, /digits/],
    ['60\u034f40', /the character U\+034F is not on a keypad/, /digits/],
    ['6\ufe0f\u20e3', /the character U\+FE0F is not on a keypad/, /digits/],
    ['60\u007f', /the character U\+007F is not on a keypad/, /digits/],
    ['（0）30', /"（" is not on a keypad/, /digits/],
    ['＋49', /"＋" is not on a keypad/, /digits/],
    ['＊72', /"＊" is not on a keypad/, /digits/],
    ['sip:6040@pbx:5070', /the host "pbx:5070" would be lost/, /write 6040/],
    ['60+40', /"\+" is not on a keypad/, /digits 0–9, \* and #/, '00'],
    ['++49', /"\+" is not on a keypad/, /digits/, '00'],
    ['+49', /"O" is not on a keypad/, /digits/, 'OO'],
    ['60a40', /"a" is not on a keypad/, /digits/],
    ['6040&x=1', /"&" is not on a keypad/, /digits/],
    ['60%0d%0a', /"%" is not on a keypad/, /digits/],
    ['tel:60%0', /"%" is not on a keypad/, /digits/],
    ['tel:60%26', /"&" is not on a keypad/, /digits/],
    ['٦٠٤٠', /"٦" is not on a keypad/, /digits/],
    ['６０４０', /"６" is not on a keypad/, /digits/],
    ['1-800-AAA-HELP', /"A" is not on a keypad/, /letters: true/],
    ['sip:anna@pbx', /"a" is not on a keypad/, /digits/],
    ['sip:172.16.0.57', /has a host but no user/, /sip:6040@host/],
    ['sip:6040', /has a host but no user/, /sip:6040@host/],
    ['sip:6040:secret@pbx', /^"sip:…@pbx" cannot be dialled: it contains a password/, /without the password/],
    ['sip://6040@otherpbx', /the host "otherpbx" would be lost/, /write 6040/],
    ['http://adm:pa?SeCrEt@ph', /^"http:\/\/…@ph" cannot be dialled: it contains a password$/, /without/],
    ['6040:p,SeCrEt1234@pbx', /^"…@pbx" cannot be dialled: it contains a password$/, /without/],
    ['callto:6040:12,345678@pbx', /^"callto:…@pbx" cannot be dialled: it contains a password$/, /without/],
    ['sip::secret@pbx', /^"sip:…@pbx" cannot be dialled: it contains a password/, /without the password/],
    [
      'sip:6040:secret%40pbx',
      /^"sip:…%40pbx" cannot be dialled: it contains a password/,
      /without the password/,
    ],
    [
      'uri:SIPS:6040%3Asecret%40pbx',
      /^"uri:SIPS:…%40pbx" cannot be dialled: it contains/,
      /without the password/,
    ],
    ['6040:secret@pbx', /^"…@pbx" cannot be dialled/, /./],
    ['uri:sip:6040%3Asecret@pbx', /^"uri:sip:…@pbx" cannot be dialled/, /without the password/],
    ['6040;DIAL', /";DIAL" would be lost/, /without it/],
    ['tel:6040;777#', /";777#" would be lost/, /without it/],
    ['tel:6040;isub=12', /";isub=12" would be lost/, /subaddress/],
    ['tel:555;phone-context=+1914', /";phone-context=\+1914" would be lost/, /whole number/],
    ['tel:555;phone-context=pbx.example', /";phone-context=pbx\.example" would be lost/, /whole number/],
    ['tel:555;tgrp=x;ext=1', /";tgrp=x" would be lost/, /without it/],
    ['tel:555;', /";" would be lost/, /without it/],
    ['tel:555;user=phone', /";user=phone" would be lost/, /without it/],
    ['callto://6040?x=1', /"\?x=1" would be lost/, /without it/],
    ['tel:6040?subject=x', /"\?subject=x" would be lost/, /without it/],
    ['sip:6040;phone-context=x@pbx', /";phone-context=x" would be lost/, /whole number/],
    ['sip:6040@pbx;transport=tls', /";transport=tls" would be lost/, /without it/],
    ['sip:6040@pbx?Replaces=1', /"\?Replaces=1" would be lost/, /without it/],
    ['sip:6040@otherpbx', /the host "otherpbx" would be lost/, /write 6040, or .* dialPlan\.domains/],
    ['sips:6040@pbx.example:5061;user=phone', /the host "pbx\.example" would be lost/, /write 6040/],
    ['1'.repeat(301), /longer than any number/, /6040/],
    ['60😀', /"😀" is not on a keypad/, /digits/],
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

describe('digits for after the answer', () => {
  it.each<[string, string, string]>([
    ['555,1234', '555', '1234'],
    ['555,,12,34#', '555', ',12,34#'],
    ['555p1234', '555', '1234'],
    ['555PP1234', '555', ',1234'],
    ['555 w 1234#', '555', '1234#'],
    ['030 555-1 x12', '030 555-1', '12'],
    ['555 ext. 12', '555', '12'],
    ['555ext12', '555', '12'],
    ['555 Extension: 12', '555', '12'],
    ['555 (ext. 12)', '555', '12'],
    ['030 (555) [x12]', '030 (555)', '12'],
    ['tel:555;ext=12', '555', '12'],
    ['tel:555;postd=pp22', '555', ',22'],
    ['tel:555%2C22', '555', '22'],
    ['sip:555;ext=12@pbx', '555', '12'],
    ['+49 30 1,2', '+49 30 1', '2'],
    ['1-800-FOX-1,2', '1-800-FOX-1', '2'],
  ])('are told from the number in %j', (text, number, afterAnswer) => {
    expect(readWritten(text)).toMatchObject({ number, afterAnswer });
    const error = failure(() => parseNumber(text));
    expect(error.message).toMatch(/is to be pressed after the answer, and nothing waits for the answer$/);
    expect(error.hint).toMatch(/^atcom dial \S.* --then \S+ waits for the answer and then presses it$/);
    const split = splitWritten(text);
    expect(split.afterAnswer).toBe(afterAnswer);
    expect(readWritten(split.number)).toEqual({
      number,
      ...(text.startsWith('sip:') ? { host: 'pbx' } : {}),
    });
  });

  it.each(['555,', '555,,', 'tel:555;postd=pp', '555, ,'])('are missing in %j', (text) => {
    expect(failure(() => readWritten(text)).message).toMatch(/there are no digits to press after the answer/);
  });

  it('keep the host of their number in what to write instead', () => {
    expect(failure(() => parseNumber('sip:555;ext=1@pbx')).hint).toMatch(/^atcom dial \S*sip:555@pbx/);
  });

  it('can be given beside the number, but not in both places', () => {
    expect(splitWritten('sip:555@pbx', '1#')).toEqual({ number: 'sip:555@pbx', afterAnswer: '1#' });
    expect(splitWritten('tel:555')).toEqual({ number: 'tel:555' });
    expect(failure(() => splitWritten('555,1', '2'))).toMatchObject({
      code: 'invalid-number',
      hint: 'keep one of them',
    });
  });

  it('lose nothing of what was escaped before the host', () => {
    const { number } = splitWritten('sip:%252355;ext=1@pbx');
    expect(
      failure(() => parseNumber(number, { dialPlan: { country: '49', domains: ['pbx'] } })).message,
    ).toMatch(/"%" is not on a keypad/);
  });

  it.each(['1-800-PAINT-1', '1-800-FOX-1234', '1-800-WAP', '1-800-EXTRA', '800-XP-12'])(
    'are no letters of a number: %s',
    (text) => {
      expect(readWritten(text)).toEqual({ number: text });
    },
  );

  it.each<[string, RegExp]>([
    ['555,', /no digits to press/],
    ['tel:555;ext=', /no digits to press/],
    ['555,1;ext=2', /two of its parts/],
    ['tel:555;ext=1;postd=2', /two of its parts/],
  ])('are missing or twice in %j', (text, reason) => {
    expect(failure(() => parseNumber(text)).message).toMatch(reason);
  });
});

describe('letters', () => {
  it.each<[string, string]>([
    ['1-800-AAA-HELP', '18002224357'],
    ['1-800-goFedEx', '18004633339'],
    ['abcdefghijklmnopqrstuvwxyz', '22233344455566677778889999'],
    ['030 1', '0301'],
  ])('are those of a keypad: %s', (text, digits) => {
    expect(explainNumber(text, { letters: true }).dialled).toBe(digits);
  });

  it('are reported', () => {
    expect(explainNumber('1-800-AAA', { letters: true }).why).toBe('letters as on a keypad; as written');
    expect(explainNumber('1-800', { letters: true }).why).toBe('as written');
  });

  it('are not those of other alphabets', () => {
    expect(failure(() => parseNumber('1-800-ä', { letters: true })).message).toMatch(
      /"ä" is not on a keypad/,
    );
  });
});

describe('a dial plan', () => {
  const berlin = { country: '49', outside: '0', internal: 4 };
  const home = { country: '49' };
  const boston = { country: '1', national: '1', international: '011', outside: '9', internal: 4 };
  const rome = { country: '39', national: '', outside: '0', internal: 3 };
  const copenhagen = { country: '45', national: '', outside: '0', internal: 4 };
  it.each<[DialPlan, string, string, string]>([
    [berlin, '+49 30 1', '00301', '49 is this country: national prefix 0; outside line 0'],
    [berlin, '0049 30 1', '00301', '49 is this country: national prefix 0; outside line 0'],
    [berlin, 'tel:+49-30-1', '00301', '49 is this country: national prefix 0; outside line 0'],
    [berlin, '+43 1 5', '0004315', 'another country, not 49: international prefix 00; outside line 0'],
    [berlin, '+43 1', '000431', 'another country, not 49: international prefix 00; outside line 0'],
    [berlin, '+4', '0004', 'another country, not 49: international prefix 00; outside line 0'],
    [berlin, '0043 1 5', '0004315', 'another country, not 49: international prefix 00; outside line 0'],
    [berlin, '030 1234', '00301234', 'a national number; outside line 0'],
    [berlin, '(0) 30 1234', '00301234', 'a national number; outside line 0'],
    [berlin, '0 30 1234', '00301234', 'a national number; outside line 0'],
    [berlin, '47110815', '047110815', 'not internal; outside line 0'],
    [berlin, '6040', '6040', 'internal: at most 4 digits'],
    [berlin, '112', '112', 'internal: at most 4 digits'],
    [berlin, '0 030 1234', '00301234', 'written with the outside line 0'],
    [berlin, '0 0049 30 1', '00049301', 'written with the outside line 0'],
    [berlin, '(0) 030-1', '00301', 'written with the outside line 0'],
    [berlin, '*72#', '*72#', 'a code with * or # is dialled as written'],
    [berlin, '*21*0301#', '*21*0301#', 'a code with * or # is dialled as written'],
    [home, '+49 30 1', '0301', '49 is this country: national prefix 0'],
    [home, '+43 1 5', '004315', 'another country, not 49: international prefix 00'],
    [home, '6040', '6040', 'not internal'],
    [boston, '+1 914 555 1234', '919145551234', '1 is this country: national prefix 1; outside line 9'],
    [boston, '011 1 914 555 1234', '919145551234', '1 is this country: national prefix 1; outside line 9'],
    [boston, '+44 20 1', '901144201', 'another country, not 1: international prefix 011; outside line 9'],
    [boston, '011 44 20 1', '901144201', 'another country, not 1: international prefix 011; outside line 9'],
    [boston, '1 914 555 1234', '919145551234', 'a national number; outside line 9'],
    [boston, '914 555 1234', '99145551234', 'not internal; outside line 9'],
    [boston, '9 1 914 555 1234', '919145551234', 'written with the outside line 9'],
    [boston, '9 011 44 20 1', '901144201', 'written with the outside line 9'],
    [boston, '9 555 0100', '95550100', 'written with the outside line 9'],
    [boston, '911', '911', 'internal: at most 4 digits'],
    [rome, '+39 06 1', '0061', '39 is this country: national prefix none; outside line 0'],
    [rome, '06 1234', '0061234', 'not internal; outside line 0'],
    [rome, '0 06 1234', '0061234', 'written with the outside line 0'],
    [rome, '0 0044 20 1', '00044201', 'written with the outside line 0'],
    [copenhagen, '33 12 34 56', '033123456', 'not internal; outside line 0'],
    [copenhagen, '0 33 12 34 56', '033123456', 'written with the outside line 0'],
  ])('%o: %s', (dialPlan, text, dialled, why) => {
    expect(explainNumber(text, { dialPlan })).toEqual({ dialled, why });
  });

  it('goes before a prefix for the +', () => {
    expect(explainNumber('+49 30 1', { dialPlan: home, dialPrefix: '99' }).dialled).toBe('0301');
  });

  it('knows the hosts whose numbers it applies to', () => {
    const dialPlan = { ...home, domains: ['PBX.example', 'pbx'] };
    expect(explainNumber('sip:6040@pbx.example:5060', { dialPlan }).dialled).toBe('6040');
    expect(explainNumber('sip:+49301@PBX;user=phone', { dialPlan }).dialled).toBe('0301');
    expect(failure(() => explainNumber('sip:6040@other', { dialPlan })).message).toMatch(
      /"other" would be lost/,
    );
  });

  it.each<[DialPlan, string, string]>([
    [berlin, '+49 030 1', '0'],
    [boston, '+1 1914 555', '1'],
  ])('refuses the national prefix behind the country: %o %s', (dialPlan, text, prefix) => {
    expect(failure(() => explainNumber(text, { dialPlan }))).toMatchObject({
      code: 'invalid-number',
      hint: `write it without that ${prefix}`,
    });
  });

  it.each<[string, RegExp, RegExp]>([
    ['+49', /no number follows the country code/, /after the outside line: 0 00…$/],
    ['0049', /no number follows the country code/, /country code and the number/],
    ['+00 49 30 1', /no country code begins with 0/, /after the outside line/],
    ['000 49 30 1', /no country code begins with 0/, /after the outside line/],
    ['+0', /no country code begins with 0/, /after the outside line/],
  ])('refuses %j, which is no international number', (text, reason, hint) => {
    const dialPlan = { country: '49', outside: '0', internal: 3 };
    const error = failure(() => explainNumber(text, { dialPlan }));
    expect(error.message).toMatch(reason);
    expect(error.hint).toMatch(hint);
  });

  it('does not mention an outside line if there is none', () => {
    const dialPlan = { country: '49' };
    expect(failure(() => explainNumber('00', { dialPlan })).hint).toBe(
      'write +, the country code and the number',
    );
    expect(
      explainNumber('0 00 49 30 1', { dialPlan: { country: '49', outside: '0', internal: 4 } }),
    ).toMatchObject({
      dialled: '00049301',
    });
  });

  it('can have its own prefix for other countries', () => {
    const dialPlan = { country: '7', national: '8', international: '8 10'.replace(' ', '') };
    expect(explainNumber('810 49 30 1', { dialPlan }).dialled).toBe('81049301');
    expect(failure(() => explainNumber('810 49 (0) 30', { dialPlan })).message).toMatch(/the \(0\)/);
  });
});

describe('a dial string', () => {
  it.each(['6040', '*72', '*', '5*3'])('%s is one', (text) => {
    expect(asDialString(text)).toBe(text);
  });

  it.each(['', '72#', '+49', '60 40', '60\n', '٣', 'HOLD'])('%j is not one', (text) => {
    expect(asDialString(text)).toBeUndefined();
  });
});
