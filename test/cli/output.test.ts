import { describe, expect, it } from 'vitest';
import { type ColorChoice, createOutput, jsonText, wantsColor } from '../../src/cli/output/output.ts';
import { columns, count } from '../../src/cli/output/text.ts';
import { visible } from '../../src/errors/visible.ts';

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

it('a message for people repeats no password of their words, whoever wrote it', async () => {
  let told = '';
  const stream = { write: (text: string) => (told += text), isTTY: false };
  const output = await createOutput(
    { stdout: stream, stderr: stream },
    { json: false, quiet: false, color: 'never' },
    {},
  );
  output.note(() => 'give http://admin:hunter2@10.0.0.1 another name');
  expect(told).toBe('give http://…@10.0.0.1 another name\n');
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

  it('leaves build servers no command to find in a line', () => {
    expect(
      visible("Ann ##vso[task.complete]x ##[group] ##teamcity[buildProblem description='x'] # ## ok"),
    ).toBe(
      "Ann #\\u0023vso[task.complete]x #\\u0023[group] #\\u0023teamcity[buildProblem description='x'] # ## ok",
    );
  });

  it.each(['::set-output name=x::y', ' ::add-mask::x', '\t::stop-commands::x', '::ERROR::x'])(
    'leaves GitHub Actions no command at the start of a line: %s',
    (text) => {
      expect(visible(text)).toMatch(/^( |\\u0009)?\\u003a:/);
    },
  );

  it('keeps addresses and colons', () => {
    for (const text of ['::1', '::ffff:10.0.0.7', '::fe80%eth0', 'a ::b', '[::1]:80'])
      expect(visible(text)).toBe(text);
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

describe('text of other scripts', () => {
  it.each([
    ['Persian', '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645'],
    ['Hindi', '\u0915\u094d\u200d\u0937'],
    ['a family', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'],
    ['a skin tone', '\u{1f469}\u{1f3fd}\u200d\u{1f4bb}'],
    ['a sign of colour', '\u2764\ufe0f\u200d\u{1f525}'],
  ])('is left as it is: %s', (_, text) => {
    expect(visible(text)).toBe(text);
  });

  it.each([
    ['at the end', 'a\u200d', 'a\\u200d'],
    ['at the beginning', '\u200ca', '\\u200ca'],
    ['twice', 'a\u200d\u200db', 'a\\u200d\\u200db'],
    ['between digits', '1\u200c2', '1\\u200c2'],
    ['beside a mark that turns text around', 'a\u202e\u200db', 'a\\u202e\\u200db'],
  ])('has no hidden joiner: %s', (_, text, shown) => {
    expect(visible(text)).toBe(shown);
  });
});
