import { describe, expect, it } from 'vitest';
import { failure, problemsOf, sandbox } from './sandbox.ts';

describe('broken notation', () => {
  const cases: readonly [text: string, problem: string | RegExp][] = [
    ['a: b: c', '1:4: a second ":" on one line; quote the text, or start a new line'],
    [
      'default: x\nphones:\n\tp: 1',
      /^atcom\.config\.yaml:3:1: a tab cannot be used for indentation; use spaces/,
    ],
    ['default: "x', /^atcom\.config\.yaml:1:12: a closing quote or bracket/],
    ['phones: { p: 10.0.0.1', '1:22: wrong indentation, or an unclosed bracket'],
    ['default: a\ndefault: b', '2:1: this name occurs twice'],
    ['phones:\n  p: 10.0.0.1\n  q: 10.0.0.2\n  p: 10.0.0.3', '4:3: this name occurs twice'],
    ['phones:\n  "6001": 10.0.0.1\n  6001: 10.0.0.2', '3:3: this name occurs twice'],
    ["macros:\n  true: DND_ON\n  'true': REBOOT", '3:3: this name occurs twice'],
    ['default: a\n---\ndefault: b', '2:1: a second document begins here (---); a file can contain only one'],
    ['default: *a', '1:10: there is no such &name above; text that begins with * must be quoted'],
    ['default: !secret a', '1:10: tags (!…) are not supported; text that begins with ! must be quoted'],
    ['? {a: 1}\n: b', '1:3: a name must be plain text'],
    [
      '{ "default": "a" } // x',
      /^atcom\.config\.yaml:1:\d+: this cannot stand here; .* comment begins with #/,
    ],
    ['groups: { all: a }', '1:11 groups.all: @all always means every phone; choose another name'],
    ['groups: { All: a }', '1:11 groups.All: @all always means every phone; choose another name'],
  ];
  it.each(cases)('%j', async (text, problem) => {
    const [first] = await problemsOf(text);
    if (typeof problem === 'string') expect(first).toBe(`atcom.config.yaml:${problem}`);
    else expect(first).toMatch(problem);
  });

  it.each([
    'default: *hunter2',
    'default: !hunter2 a',
    'default: @hunter2',
    'default: "hunter2\\q"',
    'default: hunter2: b',
    'default: |hunter2',
    'default: [hunter2',
    'default: &hunter2',
    'default: "hunter2" hunter2',
    'phones: { p: "http://admin:hunter2@10.0.0.1" }',
    'phones: { p: "admin:hunter2@10.0.0.1" }',
    'phones: { p: { host: a, password: hunter2 } }',
    'phones: { p: { host: a, password: { hunter: hunter2 } } }',
    'phones: { p: { host: a, dialPrefix: hunter2, mac: hunter2, auth: hunter2, tls: hunter2 } }',
  ])('never repeats a value: %s', async (text) => {
    expect((await problemsOf(text)).join()).not.toContain('hunter2');
  });

  it('gives up on endless nesting', async () => {
    expect((await problemsOf('- '.repeat(20_000)))[0]).toMatch(/it is nested too deeply/);
  });

  it('stops aliases from multiplying', async () => {
    const level = (name: string, of: string) => `${name}: &${name} [${Array(9).fill(of).join(',')}]\n`;
    const names = [...'abcdefghi'];
    const bomb = names.map((name, index) => level(name, index === 0 ? 'x' : `*${names[index - 1]}`)).join('');
    expect(await problemsOf(bomb)).toEqual([
      'atcom.config.yaml:7:8: is one *name too many: together they expand to too much data',
    ]);
  });

  it('reports an alias inside the value it refers to', async () => {
    expect(await problemsOf('phones: &a\n  p: *a\n')).toEqual([
      'atcom.config.yaml:2:6: *a is inside the value it refers to',
    ]);
  });

  it('lets one mark serve many phones', async () => {
    const phones = Array.from({ length: 500 }, (_, index) => `  p${index}: { host: 10.0.0.1, tls: *tls }\n`);
    const text = `phones:\n  first: { host: 10.0.0.1, tls: &tls { legacy: true } }\n${phones.join('')}`;
    const config = await sandbox({ 'project/.atcomrc': text }).load();
    expect(config.phones.get('p499')?.tls).toEqual({ legacy: true });
  });

  it('finds the place of a problem behind an alias', async () => {
    const text =
      'phones:\n  a:\n    host: x\n    tls: &tls\n      leagcy: true\n  b: { host: y, tls: *tls }\n';
    expect(await problemsOf(text)).toEqual([
      'atcom.config.yaml:5:7 phones.a.tls.leagcy: unknown setting, did you mean legacy?',
      'atcom.config.yaml:5:7 phones.b.tls.leagcy: unknown setting, did you mean legacy?',
    ]);
  });
});

describe('JSON', () => {
  it('may be indented with tabs and begin with a byte order mark', async () => {
    const text = '\uFEFF{\n\t"phones": {\n\t\t"p": "10.0.0.1"\n\t}\n}\n';
    const config = await sandbox({ 'project/.atcomrc.json': text }).load();
    expect(config.phones.get('p')?.host).toBe('10.0.0.1');
  });

  it('has places too', async () => {
    const text = '{\n  "phones": {\n    "p": { "host": "a", "prot": 80 }\n  }\n}';
    expect(await problemsOf(text, 'atcom.config.json')).toEqual([
      'atcom.config.json:3:25 phones.p.prot: unknown setting, did you mean port?',
    ]);
  });

  it('has no name twice', async () => {
    expect(await problemsOf('{ "default": "a", "default": "b" }', '.atcomrc.json')).toEqual([
      '.atcomrc.json:1:19: this name occurs twice',
    ]);
  });
});

describe('package.json', () => {
  it('has places below the key atcom', async () => {
    const text = '{\n  "default": 1,\n  "atcom": {\n    "defualt": "a"\n  }\n}';
    expect(await problemsOf(text, 'package.json')).toEqual([
      'package.json:4:5 defualt: unknown setting, did you mean default?',
    ]);
  });

  it('is judged below the key atcom only', async () => {
    const text = '{ "x": 1, "x": { "$import": "y", "constructor": 1 }, "atcom": { "default": "a" } }';
    expect((await sandbox({ 'project/package.json': text }).load()).defaultTarget).toBe('a');
    const both = '{ "atcom": { "default": "a" },\n "atcom": { "default": "b" } }';
    expect(await problemsOf(both, 'package.json')).toEqual(['package.json:2:2: this name occurs twice']);
    const twice = '{ "atcom": { "default": "a", "default": "b" } }';
    expect(await problemsOf(twice, 'package.json')).toEqual(['package.json:1:30: this name occurs twice']);
  });

  it.each(['{ "name": "atcom" }', '{ "dependencies": { "atcom": "1" } }', '["atcom"]'])(
    'is no config as %s',
    async (text) => {
      expect((await sandbox({ 'project/package.json': text }).load()).files).toEqual([]);
    },
  );

  it('is an error when it is broken and contains the word', async () => {
    expect((await problemsOf('{ "atcom": { "default": "a" }', 'package.json'))[0]).toMatch(
      /^package\.json:1:\d+: /,
    );
  });
});

describe('a file that is too large', () => {
  const ranges = (count: number, host: string) =>
    Array.from({ length: count }, (_, index) => `  "r${index}-[1-60000]": "${host}"\n`).join('');

  it.each([
    ['in its phones', `phones:\n${ranges(60, '10.0.[0-255].[0-255]')}`],
    ['in their hosts', `phones:\n${ranges(2, '10.0.0.1')}`],
    [
      'in their extensions',
      `phones:\n${'abc'.replace(/./g, '  $&: { host: $&.example, extension: "[1-60000]" }\n')}`,
    ],
    [
      'in its profiles',
      `profiles:\n  a:\n    phones: { "a[1-60000]": x }\n  b: { phones: { "b[1-60000]": x } }`,
    ],
  ])('%s is refused before a name is made', async (_, text) => {
    expect(await problemsOf(text)).toEqual([
      'atcom.config.yaml:1:1: it defines more than 100,000 phones; use smaller ranges',
    ]);
  });

  const many = (count: number, entry: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => `  ${entry(index)}\n`).join('');
  const lab = 'phones: { "lab-[1-50000]": "h[1-50000].example" }\n';

  it.each([
    ['its profiles', `profiles:\n${many(2000, (index) => `p${index}: {}`)}`],
    ['its groups', `groups:\n${many(20_000, (index) => `g${index}: "lab-[1-50000]"`)}`],
    [
      'groups in profiles',
      `groups:\n${many(200, (index) => `g${index}: "*"`)}profiles:\n${many(20, (index) => `p${index}: {}`)}`,
    ],
  ])('by phones times %s is refused before a name is made', async (_, text) => {
    expect(await problemsOf(`${lab}${text}`)).toEqual([
      'atcom.config.yaml:1:1: its phones, groups and profiles are too many together; use fewer groups and profiles, or divide the file',
    ]);
  });

  it('of a hundred sites, each with its phones, can be read', async () => {
    const site = (index: number) => `s${index}: { phones: { "s${index}-[1-100]": "10.1.${index}.[1-100]" } }`;
    const files = { 'user/config.yaml': `profiles:\n${many(100, site)}` };
    expect((await sandbox(files).load({ profile: 's7' })).phones.size).toBe(100);
  });

  const macros = (count: number) =>
    `macros: {${Array.from({ length: count }, (_, index) => `m${index}: OK`).join(', ')}}`;

  it.each([
    ['defaults', `${lab}defaults: { ${macros(120)} }\n`],
    ['a model', `${lab}models: { A48: { ${macros(120)} } }\n`],
    ['an entry', `phones: { "lab-[1-50000]": { host: "h[1-50000].example", ${macros(120)} } }\n`],
    [
      'events',
      `phones: { "lab-[1-50000]": { host: "h[1-50000].example", events: [${'hold, '.repeat(300)}] } }\n`,
    ],
  ])('by phones times what they inherit is refused: %s', async (_, text) => {
    expect(await problemsOf(text)).toContainEqual(
      expect.stringContaining('its phones have too many settings together'),
    );
  });

  it('by phones times what the user lets all inherit is refused, too', async () => {
    const files = { 'project/.atcomrc.yaml': lab, 'user/config.yaml': `defaults: { ${macros(120)} }\n` };
    expect((await failure(sandbox(files).load())).message).toContain(
      'what phones inherit are too many together',
    );
  });

  it('by phones times groups of the user is refused, too', async () => {
    const groups = `groups:\n${many(20_000, (index) => `g${index}: "*"`)}`;
    const error = await failure(sandbox({ 'project/.atcomrc.yaml': lab, 'user/config.yaml': groups }).load());
    expect(error).toMatchObject({ code: 'invalid-config', exitCode: 2 });
    expect(error.message).toMatch(
      /\.atcomrc\.yaml and .*config\.yaml have 1 problem\n.*too many together in these files/,
    );
  });

  it('has its first mistakes reported, however many there are', async () => {
    const unknown = Array.from({ length: 20_000 }, (_, index) => `k${index}: 1\n`).join('');
    const problems = await problemsOf(unknown);
    expect(problems).toHaveLength(51);
    expect(problems.at(-1)).toBe('… and 19950 more');
  });
});
