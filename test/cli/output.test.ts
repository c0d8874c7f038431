import { describe, expect, it } from 'vitest';
import { type ColorChoice, createOutput, jsonText, wantsColor } from '../../src/cli/output/output.ts';
import { columns, count, visible } from '../../src/cli/output/text.ts';

describe('colour', () => {
  it.each<[ColorChoice, Record<string, string>, boolean, boolean]>([
    ['auto', {}, true, true],
    ['auto', {}, false, false],
    ['auto', { TERM: 'dumb' }, true, false],
    ['auto', { NO_COLOR: '1' }, true, false],
    ['auto', { NO_COLOR: '' }, true, true],
    ['auto', { FORCE_COLOR: '1' }, false, true],
    ['auto', { FORCE_COLOR: '0' }, true, false],
    ['auto', { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    ['always', { NO_COLOR: '1' }, false, true],
    ['never', { FORCE_COLOR: '1' }, true, false],
  ])('--color %s with %j, terminal %s: %s', (choice, env, isTTY, expected) => {
    expect(wantsColor(choice, env, isTTY)).toBe(expected);
  });

  it('is decided for each stream', async () => {
    const written = { out: '', err: '' };
    const stdout = { write: (text: string) => (written.out += text), isTTY: false };
    const stderr = { write: (text: string) => (written.err += text), isTTY: true };
    const output = await createOutput({ stdout, stderr }, { json: false, quiet: false, color: 'auto' }, {});
    output.result({}, (paint) => paint('red', 'plain'));
    output.note((paint) => paint('red', 'red'));
    expect(written).toEqual({ out: 'plain\n', err: '\u001b[31mred\u001b[39m\n' });
  });
});

describe('text that comes from elsewhere', () => {
  const hostile = 'a\u001b[2Jb\u0007\u009bc\u202ed\u2028e\u{e0001}f\r\n';

  it('reaches no terminal raw', () => {
    expect(visible(hostile)).toBe('a\\u001b[2Jb\\u0007\\u009bc\\u202ed\\u2028e\\udb40\\udc01f\\u000d\\u000a');
  });

  it('survives in JSON, which holds nothing a terminal obeys either', () => {
    const text = jsonText({ name: hostile });
    expect(JSON.parse(text)).toEqual({ name: hostile });
    expect(text).toMatch(/^[ -~]*$/);
  });

  it('keeps letters of every script', () => {
    expect(visible('Zoë 受付 مكتب')).toBe('Zoë 受付 مكتب');
  });
});

it('lines columns up without trailing blanks', () => {
  expect(
    columns([
      ['a', 'long', 'x'],
      ['longer', 'b', ''],
    ]),
  ).toBe('a       long  x\nlonger  b');
});

it.each([
  [0, '0 phones'],
  [1, '1 phone'],
  [2, '2 phones'],
])('counts %i', (number, text) => {
  expect(count(number, 'phone')).toBe(text);
});
