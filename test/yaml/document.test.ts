import { describe, expect, it } from 'vitest';
import { type ReadOptions, readDocument } from '../../src/yaml/document.ts';

/** The problems of a text, each with its place. */
function problemsOf(text: string, options: ReadOptions = {}): readonly string[] {
  const document = readDocument(text, options);
  return document.problems.map((problem) => {
    const { line, col } = document.position(problem);
    return `${line}:${col} ${problem.message}`;
  });
}

function dataOf(text: string): unknown {
  expect(problemsOf(text)).toEqual([]);
  return readDocument(text).value;
}

describe('aliases that stand inside of what they stand for', () => {
  const cases: readonly [text: string, ...places: string[]][] = [
    ['- &x [*x, *x]', '1:7', '1:11'],
    ['&x [*x]', '1:5'],
    ['&x {a: *x}', '1:8'],
    ['phones: &p\n  a: { host: *p }', '2:14'],
    ['steps:\n  - &s\n    parallel: [*s]', '3:16'],
    ['where: &w { remote: [1, { deep: *w }] }', '1:33'],
    ['tags: &t [a, *t]', '1:14'],
    ['name: &n [*n]', '1:11'],
    ['a: &a\n  b:\n    <<: *a', '3:9'],
    ['a: &a { <<: [*a] }', '1:14'],
    ['a: &a { <<: { b: *a } }', '1:18'],
    // The second &a takes the name of the first, and is inside of itself.
    ['a: &a 1\nb: &a [*a]', '2:8'],
  ];
  it.each(cases)('%j', (text, ...places) => {
    const name = /\*(\w)/.exec(text)?.[1];
    expect(problemsOf(text)).toEqual(
      places.map((place) => `${place} *${name} is inside the value it refers to`),
    );
  });

  it('are distinguished from adjacent ones', () => {
    expect(dataOf('a: &a [1]\nb: [*a, *a]\nc: &b { x: *a }\nd: *b')).toEqual({
      a: [1],
      b: [[1], [1]],
      c: { x: [1] },
      d: { x: [1] },
    });
  });
});

describe('<<', () => {
  it.each([
    ['a: &a { x: 1, y: 2 }\nb: { <<: *a, y: 3 }', { x: 1, y: 3 }],
    ['a: &a { x: 1, y: 2 }\nb: { y: 3, <<: *a }', { x: 1, y: 3 }],
    ['a: &a { x: 1 }\nc: &c { x: 2, z: 3 }\nb: { <<: [*a, *c] }', { x: 1, z: 3 }],
    ['a: &a { x: 1 }\nc: &c { <<: *a, z: 3 }\nb: { <<: *c }', { x: 1, z: 3 }],
    ['b: { <<: { x: 1 } }', { x: 1 }],
    ['a: &a { x: { y: 1 } }\nb: { <<: *a }', { x: { y: 1 } }],
  ])('takes over settings: %j', (text, b) => {
    expect(dataOf(text)).toMatchObject({ b });
  });

  it('is a name like others in quotes', () => {
    expect(dataOf('"<<": 5')).toEqual({ '<<': 5 });
  });

  it.each(['5', 'text', '[1]', '[{ x: 1 }, 2]', '~'])('takes over nothing else: %s', (source) => {
    expect(problemsOf(`a: { <<: ${source} }`)).toEqual([
      expect.stringMatching(/^1:6 << merges settings: write \*name/),
    ]);
  });

  it('of a name without an anchor is reported once', () => {
    expect(problemsOf('a: { <<: *b }')).toEqual([
      '1:10 there is no such &name above; text that begins with * must be quoted',
    ]);
  });

  it('cannot bring $import or a name of JavaScript', () => {
    expect(problemsOf('a: { <<: { $import: ./evil.js } }')[0]).toMatch(/\$import is not supported/);
    expect(problemsOf('a: { <<: { __proto__: { x: 1 } } }')[0]).toMatch(/__proto__ cannot be used/);
  });

  it.each([
    ['lists', (from: string, to: string) => `${to}: &${to} { <<: [${Array(10).fill(`*${from}`).join()}] }\n`],
    [
      'maps in place',
      (from: string, to: string) => `${to}: &${to} { <<: [${Array(10).fill(`{ <<: *${from} }`).join()}] }\n`,
    ],
  ])('is stopped from multiplying through %s', (_, line) => {
    const names = [...'abcdefghij'];
    const lines = names.slice(1).map((name, index) => line(names[index] ?? '', name));
    expect(problemsOf(`a: &a { x: 1 }\n${lines.join('')}`)).toContainEqual(
      expect.stringContaining('together they expand to too much data'),
    );
  });

  it('leads to the place where a setting is written', () => {
    const document = readDocument(
      'x: &x\n  leagcy: true\ny: &y { <<: *x }\na:\n  <<: [{ z: 1 }, *y]\n  b: 1\n',
    );
    const position = (...path: string[]) => document.position({ path, message: '' });
    expect(position('a', 'leagcy')).toEqual({ line: 2, col: 3 });
    expect(position('a', 'z')).toEqual({ line: 5, col: 10 });
    expect(position('a', 'b')).toEqual({ line: 6, col: 3 });
  });
});

describe('values that are not what is written', () => {
  it.each(['.inf', '-.inf', '.nan', '.INF', '1e999'])('are refused: %s', (number) => {
    expect(problemsOf(`a: ${number}`)).toEqual([
      '1:4 is not a usable number (in YAML, .inf is infinite and .nan is not a number); put text in quotes',
    ]);
    expect(dataOf(`a: "${number}"`)).toEqual({ a: number });
  });

  it.each(['“lab-01”', '„lab-01“', '‘lab-01’', '«lab-01»', '”'])(
    'begin with a quote as texts have it: %s',
    (text) => {
      const problem = '1:4 begins with a typographic quote, which does not quote here; write " or \'';
      expect(problemsOf(`a: ${text}`, { plainQuotes: true })).toEqual([problem]);
      expect(problemsOf(`a: "${text}"`, { plainQuotes: true })).toEqual([]);
      expect(problemsOf(`a: ${text}`)).toEqual([]);
    },
  );
});

describe('invisible characters', () => {
  const message = (code: string) =>
    `contains an invisible character (U+${code}); delete it, or put the text in quotes if it is intended`;

  it.each<[string, string, string]>([
    ['before the value', 'a:\u00a010.0.0.1', '1:1 00A0'],
    ['behind the value', 'a: 10.0.0.1\u00a0', '1:4 00A0'],
    ['within the value', 'a: 10.0.\u200b0.1', '1:4 200B'],
    ['in a list', 'a: [x, y\u2060]', '1:8 2060'],
    ['as indentation', 'a:\n\u00a0\u00a0b: 1', '2:1 00A0'],
    ['in a name', 'a\u00ad: 1', '1:1 00AD'],
    ['as a second byte order mark', '\ufeff\ufeffa: 1', '1:2 FEFF'],
    ['that reverses text', 'a: x\u202ey', '1:4 202E'],
    ['of control', 'a: x\u0001', '1:4 0001'],
  ])('are named: %s', (_, text, problem) => {
    const [place = '', code = ''] = problem.split(' ');
    expect(problemsOf(text, { plainQuotes: true })).toEqual([`${place} ${message(code)}`]);
  });

  it.each(['a: "10.0.0.1\u00a0"', "a: 'x\u200b'", '# \u00a0\na: 1', 'a: x\ty', 'a: |\n  x\u00a0y\n'])(
    'are kept where they are meant: %j',
    (text) => {
      expect(problemsOf(text, { plainQuotes: true })).toEqual([]);
    },
  );
});

describe('types that JSON does not have', () => {
  it.each([
    ['a: !!binary aGFsbG8=', '1:4'],
    ['a: !!set { b, c }', '1:4'],
    ['a: !!omap [ b: c ]', '1:4'],
    ['a: !!pairs [ b: c ]', '1:4'],
    ['a: !!timestamp 2026-11-28', '1:4'],
    ['? !!binary YQ==\n: 1', '1:3'],
  ])('are refused: %s', (text, place) => {
    const [problem = ''] = problemsOf(text);
    expect(problem).toMatch(/^\d+:\d+ (tags \(!…\) are not supported|this name must be quoted)/);
    expect(problem.slice(0, place.length - 1)).toBe(place.slice(0, -1));
  });

  it.each(['a: !!str 5', 'a: !!map { b: 1 }', 'a: !!seq [b]', 'a: !!int 5', 'a: &x { b: 1 }\nc: { <<: *x }'])(
    'are not these: %s',
    (text) => {
      expect(problemsOf(text)).toEqual([]);
    },
  );

  it('are not asked for by the version', () => {
    expect(problemsOf('%YAML 1.1\n---\na: no\n')).toEqual([
      '1:1 YAML 1.1 reads no as false, and 0120 as 80; delete the line %YAML 1.1, because this file is read as YAML 1.2',
    ]);
    expect(problemsOf('%YAML 1.2\n---\na: no\n')).toEqual([]);
  });
});

describe('encodings', () => {
  const text = 'default: lobby\n';
  it.each([
    ['UTF-16, as PowerShell writes it', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16 without a mark', Buffer.from(text, 'utf16le')],
    ['UTF-16 with the bytes swapped', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
    ['UTF-16 of nothing', Buffer.from('\uFEFF', 'utf16le')],
  ])('%s', (_, bytes) => {
    expect(problemsOf(bytes.toString('utf8'))).toEqual([
      "1:1 it is UTF-16, as PowerShell's > writes it; save it as UTF-8",
    ]);
  });

  it('are wrong in a value only where they lose something', () => {
    const latin1 = (yaml: string) => Buffer.from(yaml, 'latin1').toString('utf8');
    expect(problemsOf(latin1('a: grün'))).toEqual([
      '1:4 contains a character that is not UTF-8; save the file as UTF-8',
    ]);
    expect(problemsOf(latin1('a: b # grün'))).toEqual([]);
  });
});

describe('brackets without quotes', () => {
  const range = 'a range inside { } or [ ] must be quoted, such as "10.0.0.[101-112]"';
  const address = 'an address in brackets must be quoted, such as "[::1]:80"';
  it.each([
    ['phones: { a: { host: 10.0.0.[101-112], model: A41 } }', `1:22 ${range}`],
    ['phones:\n  lab-[01-03]: { host: 10.0.0.[1-3] }', `2:24 ${range}`],
    ['phones: { lab-[01-03]: "10.0.0.[1-3]" }', `1:11 ${range}`],
    ['groups: { a: lab-*!lab-[05,07-09] }', `1:14 ${range}`],
    ['phones:\n  v6: [::1]:80', `2:7 ${address}`],
    ['phones: { v6: [fe80::1]:80 }', `1:15 ${address}`],
  ])('%j', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it('are text outside of { } and [ ]', () => {
    expect(dataOf('lab-[01-03]: 10.0.0.[1-3]')).toEqual({ 'lab-[01-03]': '10.0.0.[1-3]' });
  });

  it('are not blamed for the text before them, or in quotes', () => {
    expect(problemsOf('a: b: c # 10.0.0.[1-3]')).toEqual([
      '1:4 a second ":" on one line; quote the text, or start a new line',
    ]);
    expect(problemsOf('a: { b: "10.0.0.[1-3]", c: d: e }')[0]).not.toContain('range');
  });
});
