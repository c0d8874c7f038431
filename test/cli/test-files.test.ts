import { describe, expect, it } from 'vitest';
import { folderWith, scenario } from './testing.ts';

const CONFIG = `phones:
  reception: { host: 172.16.0.57, model: A48, extension: "6001" }
  lobby: { host: 172.16.0.37, model: A21 }
  deaf: { host: 172.16.0.38, extension: "6005", events: [] }
  calls: { host: 172.16.0.39, extension: "6006", events: [incomingCall, established] }
`;

/** The problems that a check finds, each from its place on. */
async function problems(text: string): Promise<string[]> {
  const { atcom } = folderWith({ 'x.yaml': text, 'atcom.config.yaml': CONFIG });
  const { exitCode, stdout, stderr } = await atcom('--check x.yaml --json');
  expect(stderr).toBe('');
  const document = JSON.parse(stdout);
  if (exitCode === 0) return [];
  expect(exitCode).toBe(2);
  expect(document.error.code).toBe('invalid-scenario');
  const [head = '', ...lines] = document.error.message.split('\n');
  expect(head).toMatch(/^x\.yaml has \d+ problems?$/);
  return lines.map((line: string) => line.replace(/^x\.yaml:/, ''));
}

const STEP = (step: string) => scenario(step);
/** Steps of a scenario stand in its sixth line. */
const AT = '6:';

describe('a file that is right', () => {
  it.each([
    'a: dial $b --line 1',
    'a: "dial \\"030 123-45\\" --speaker"',
    'a: key HOLD wait:500ms RESUME',
    `a: dial $\{b} --wait-approval 30s --retry 2`,
    'a: idle',
    '[a, b]: hangup',
    'a, b: hangup',
    'b: { expect: incomingcall, where: { remote: "*$a*" }, within: 3s }',
    'b: { never: [incomingCall, missedCall], during: 100ms }',
    'b: { any: [established, { expect: remoteBusy, where: { remote: "*" } }], within: 1s }',
    'b: { all: [hold, unHold] }',
    'pause: 10ms',
    'parallel: [ { a: hold }, { [a, b]: { expect: hold } } ]',
    'any: [ { a: { expect: hold } }, { b: { expect: hold } } ]',
  ])('passes: %s', async (step) => {
    expect(await problems(STEP(step))).toEqual([]);
  });

  it('is said so, with the number of its scenarios', async () => {
    const matrix = scenario(
      'a: dial $b --line $line\nb: { expect: incomingCall }',
      'with: { line: [1, 2], via: [x, y] }',
    );
    const { atcom } = folderWith({ 'x.yaml': matrix, 'y.yaml': STEP('a: idle') });
    expect(await atcom('--check x.yaml y.yaml')).toEqual({
      exitCode: 0,
      stdout: 'x.yaml: ok, 4 scenarios\ny.yaml: ok, 1 scenario\n',
      stderr: '',
    });
  });

  it('needs no config to be checked', async () => {
    const text = STEP('a: dial $b').replace('a: virtual', 'a: reception').replace('b: virtual', 'b: lobby');
    const { atcom } = folderWith({ 'x.yaml': text });
    expect((await atcom('--check x.yaml')).exitCode).toBe(0);
    const run = await atcom('x.yaml');
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('no phone is called "reception"');
  });
});

describe('a step that is wrong', () => {
  it.each([
    ['a: dail $b', `${AT}5 steps.1.a: dail is not a command of a scenario; did you mean dial?`],
    ['a: dial', `${AT}5 steps.1.a: missing required argument 'number'`],
    ['a: dial $b --line 7', /steps\.1\.a: A48 has no key "LINEKEY7"; it has LINEKEY1–4/],
    ['a: key HOLDD', `${AT}5 steps.1.a: there is no key "HOLDD"; did you mean HOLD?`],
    ['a: macro panic', /there is no macro "panic"/],
    ['a: dial $c', `${AT}5 steps.1.a: there is no phone or value "c" for $c; there is a, b`],
    ['a: dial "6001', /wrong|missing|closing|quote/],
    ["a: dial '6001", `${AT}5 steps.1.a: a ' is not closed; close it, or put it in quotes`],
    ['a: ""', `${AT}5 steps.1.a: it presses no key`],
    ['a: dial --help', `${AT}5 steps.1.a: it presses no key`],
    ['a: sim --port 0', `${AT}5 steps.1.a: sim is not a command of a scenario`],
    ['a: test x.yaml', `${AT}5 steps.1.a: test is not a command of a scenario`],
    ['a: expect hold', /expect is not a key; write \{ expect: incomingCall \}/],
    ['a: hold --to lobby', /--to has no meaning in a step; the step names its phone/],
    ['a: dial $b --confirm', /--confirm has no meaning in a step; write a separate step/],
    ['a: hold --delay 1s', /--delay has no meaning in a step; set delay: for the phone/],
    ['d: hold', `${AT}5 steps.1.d: there is no phone "d"; there is a, b`],
    ['paralel: [ { a: hold } ]', /there is no phone "paralel"; did you mean parallel\?/],
    ['[a, a]: hold', `${AT}5 steps.1."a, a": a occurs twice`],
    ['a: { expct: hold }', `${AT}10 steps.1.a.expct: unknown, did you mean expect?`],
    [
      'a: { foo: hold }',
      `${AT}10 steps.1.a.foo: must have one of expect, never, any, all, hears, heard, says`,
    ],
    [
      'a: { expect: hold, never: hold }',
      `${AT}5 steps.1.a: must have one of expect, never, any, all, hears, heard, says, not several`,
    ],
    [
      'a: { expect: establishd }',
      `${AT}10 steps.1.a.expect: there is no event "establishd"; did you mean established?`,
    ],
    ['a: { expect: hold, withn: 3s }', `${AT}24 steps.1.a.withn: unknown setting, did you mean within?`],
    [
      'a: { expect: hold, within: 3 }',
      `${AT}24 steps.1.a.within: must be a duration with a unit, such as 3s`,
    ],
    ['a: { expect: hold, during: 3s }', /during: unknown setting; there is expect, where, within/],
    [
      'a: { expect: hold, where: { remot: "1" } }',
      /where\.remot: no event has a value called that; did you mean remote\?/,
    ],
    ['a: { expect: hold, where: { remote: 6001 } }', /must be text: put it in quotes/],
    ['a: { expect: hold, where: { remote: "$x" } }', /there is no phone or value "x" for \$x/],
    ['a: { any: [] }', /any: must name at least one event/],
    ['a: 5', `${AT}5 steps.1.a: must be a command such as dial $b, or { expect: incomingCall }`],
    [
      'hangup',
      `${AT}5 steps.1: a step is one phone and what it does, such as a: dial $b; parallel: joins several`,
    ],
    ['{ a: hold, b: hold }', /a step is one phone and what it does/],
    ['pause: 5', `${AT}5 steps.1.pause: must be a duration with a unit, such as 500ms`],
    ['parallel: { a: hold }', `${AT}5 steps.1.parallel: must be a list of steps`],
    ['parallel: [ { x: hold } ]', `${AT}19 steps.1.parallel.1.x: there is no phone "x"; there is a, b`],
    ['any: [ { a: hold } ]', /any takes steps that expect something/],
    [
      'any: [ { parallel: [ { a: { expect: hold } }, { b: { expect: hold } } ] } ]',
      `${AT}5 steps.1.any: any takes steps of one phone each, such as b: { expect: hold }; of several in a step, one would do`,
    ],
    ['any: [ { [a, b]: { expect: hold } }, { a: { expect: unHold } } ]', /any takes steps of one phone each/],
    ['parallel: [ { any: [ { a: { expect: hold } } ] } ]', /any must not be inside another step/],
  ])('%s', async (step, problem) => {
    const found = await problems(STEP(step));
    expect(found).toHaveLength(1);
    if (typeof problem === 'string') expect(found[0]).toBe(problem);
    else expect(found[0]).toMatch(problem);
  });
});

describe('a file that is wrong', () => {
  const whole = (text: string) => `name: x\nphones: { a: virtual }\nsteps: [ { a: hold } ]\n${text}`;

  it.each([
    ['', ['1:1 name: is missing', '1:1 phones: is missing', '1:1 steps: is missing']],
    ['just text', [/must be settings/]],
    ['name: [', [/closed|missing/]],
    [whole('stps: []'), ['4:1 stps: unknown setting, did you mean steps?']],
    [whole('timeout: 5'), ['4:1 timeout: must be a duration with a unit, such as 5s']],
    [whole('tags: smoke'), ['4:1 tags: must be a list of words']],
    [whole('needs: { lines: 2 }'), ['4:10 needs.lines: unknown setting, did you mean line?']],
    [whole('needs: { line: 0 }'), ['4:10 needs.line: must be at least 1']],
    [whole('with: { line: 2 }'), [/with\.line: must be a list of values/]],
    [whole('with: { line: [] }'), [/with\.line: must have at least one value/]],
    [whole('with: { "a b": [1] }'), [/the name of a variable is made of letters/]],
    [
      whole('with: { n: [0030, 1.0, 7] }'),
      [/^4:13: is read as a different number.*quotes/, /^4:19: is read/],
    ],
    [whole('with: { a: [1] }'), ['4:9 with.a: is the name of a phone as well; choose another']],
    [
      whole(`with: { ${Array.from({ length: 12 }, (_, i) => `v${i}: [${Array(30).fill(0)}]`)} }`),
      [/more than 1000/],
    ],
    [whole(`with: { x: [${Array(1001).fill(0)}] }`), [/makes 1001 combinations, more than 1000/]],
    [
      `${whole(`with: { x: [${Array(1000).fill(0)}] }`)}\n# ${'x'.repeat(5000)}`,
      [/makes 1000 combinations of 7\d{3} characters, more than 4194304 in all/],
    ],
    [
      `${whole(`with: { x: ["${'a'.repeat(1900)}"], y: [${Array(1000).fill(0)}] }`)}\n# $x\ntags: ["${'$x'.repeat(900)}"]`,
      [/makes 1000 combinations of 17\d{5} characters, more than 4194304 in all/],
    ],
    [
      `${whole(`with: { x: ["${'a'.repeat(50_000)}"] }`)}\ntags: ["${'$x '.repeat(50_000)}"]`,
      [/there are 2500\d{6} characters, more than 4194304 in all/],
    ],
    [
      whole(
        `with: { x: [0, 1], y: [&y ${'y'.repeat(50_000)}], ${Array.from({ length: 60 }, (_, i) => `y${i}: [*y]`)} }`,
      ),
      [/makes 2 combinations of 30\d{5} characters, more than 4194304 in all/],
    ],
    [
      whole(`with: { x: [${Array(500).fill(0)}] }\ncleanup: [${Array(100).fill('{ a: idle }')}]`),
      [/makes 500 combinations of 101 steps, more than 50000 in all/],
    ],
    [
      whole(
        `with: { x: [${Array(500).fill(0)}] }\ncleanup: [{ parallel: [${Array(99).fill('{ a: idle }')}] }]`,
      ),
      [/makes 500 combinations of 101 steps, more than 50000 in all/],
    ],
    [whole('simulator: { ring: x }'), [/"x" is not a duration/]],
    [whole('setup: idle'), ['4:1 setup: must be a list of steps']],
    [whole('setup: [ { b: idle } ]'), [/setup\.1\.b: there is no phone "b"/]],
    [whole('cleanup: [ { a: { expect: x } } ]'), [/cleanup\.1\.a\.expect: there is no event "x"/]],
    ['name: x\nphones: {}\nsteps: [ { a: hold } ]', [/must name at least one phone/]],
    ['name: x\nphones: { pause: virtual }\nsteps: [ { pause: 1s } ]', [/has a meaning of its own/]],
    ['name: x\nphones: { a: { virtual: B7 } }\nsteps: [ { a: hold } ]', [/there is no model "B7"/]],
    ['name: x\nphones: { a: {} }\nsteps: [ { a: hold } ]', [/must have phone: reception, or virtual: A48/]],
    [
      'name: x\nphones: { a: { virtal: A48 } }\nsteps: [ { a: hold } ]',
      [/must have/, /did you mean virtual/],
    ],
    [
      'name: x\nphones: { a: { virtual: A48, extension: "1" } }\nsteps: [ { a: hold } ]',
      [/virtual phones are 6001/],
    ],
    [
      'name: x\nphones: { a: receptoin }\nsteps: [ { a: hold } ]',
      [/no phone is called "receptoin"; did you mean reception\?/],
    ],
    [
      'name: x\nphones: { a: "reception,lobby" }\nsteps: [ { a: hold } ]',
      [/is not a single phone in the config/],
    ],
    [
      'name: x\nphones: { a: reception, b: 172.16.0.57 }\nsteps: [ { a: hold } ]',
      [/b and a are the same phone/],
    ],
    [
      'name: x\nphones: { a: reception, b: lobby }\nsteps: [ { a: dial $b } ]',
      [/b \(lobby\) has no extension for \$b; set extension: for lobby/],
    ],
    [
      'name: x\nphones: { a: deaf }\nsteps: [ { a: { expect: hold } } ]',
      [/a \(deaf\) never reports hold.*reports none/],
    ],
    [
      'name: x\nphones: { a: calls }\nsteps: [ { a: { never: [hold, established] } } ]',
      [/a \(calls\) never reports hold: .*reports incomingCall, established/],
    ],
    ['name: x\n---\nname: y', [/a second document begins here/]],
    ['name: x\nphones: { a: virtual }\nsteps: [ { a: hold } ]\nname: y', ['4:1: this name occurs twice']],
  ])('%j', async (text, expected) => {
    const found = await problems(text);
    expect(found).toHaveLength(expected.length);
    for (const [index, problem] of expected.entries()) {
      if (typeof problem === 'string') expect(found[index]).toBe(problem);
      else expect(found[index]).toMatch(problem);
    }
  });

  it.each([
    ['hangup', 249],
    ['key VOLUME_UP*99', 4],
    ['{ expect: offHook }', 499],
  ])('a thousand phones that %s again and again', async (action, last) => {
    const names = Array.from({ length: 1000 }, (_, index) => `a${index}`);
    const phones = names.map((name) => `  ${name}: virtual`).join('\n');
    const steps = Array(600).fill('- *s').join('\n');
    const text = `name: x\nphones:\n${phones}\nsteps:\n- &s { [${names}]: ${action} }\n${steps}`;
    expect(await problems(text)).toEqual([
      expect.stringContaining(`steps.${last + 2}: up to here, the phones do more than 500000 things`),
    ]);
  });

  it('a thousand phones that wait for what takes long to say', async () => {
    const names = Array.from({ length: 1000 }, (_, index) => `a${index}`);
    const phones = names.map((name) => `  ${name}: virtual`).join('\n');
    const where = [...'abcd'].map((name) => `${name}: ${'x'.repeat(400)}`);
    const action = `{ expect: hold, where: { ${where} } }`;
    const text = `name: x\nphones:\n${phones}\nsteps:\n- &s { [${names}]: ${action} }\n${Array(40).fill('- *s').join('\n')}`;
    expect(await problems(text)).toEqual([
      expect.stringContaining('up to here, the phones do what takes more than 16000000 characters to say'),
    ]);
  });

  it.each(['all', 'any', 'never'])('a step that names very many events in %s:', async (word) => {
    const events = Array(101).fill('hold');
    expect(await problems(whole(`cleanup: [ { a: { ${word}: [${events}] } } ]`))).toEqual([
      expect.stringContaining(`${word}: must name at most 100 events`),
    ]);
  });

  it('a pattern that is too long once the numbers are in it', async () => {
    const pattern = `{ a: { expect: hold, where: { remote: "${'*$b'.repeat(8)}" } } }`;
    const b = `{ phone: 127.0.0.1:1, extension: "${'1'.repeat(64)}" }`;
    expect(await problems(`name: x\nphones: { a: virtual, b: ${b} }\nsteps: [ ${pattern} ]`)).toEqual([
      expect.stringContaining('the pattern for remote is longer than 500 characters'),
    ]);
  });

  it('a file of too many steps', async () => {
    expect(await problems(whole(`cleanup: [${Array(50_000).fill('1')}]`))).toEqual([
      expect.stringContaining('there are 50001 steps, more than 50000 in all'),
    ]);
  });

  it('an alias bomb is refused before it fills the memory', async () => {
    const lines = Array.from({ length: 9 }, (_, index) => {
      const items = Array(9).fill(index === 0 ? '"x"' : `*l${index - 1}`);
      return `l${index}: &l${index} [${items.join(', ')}]`;
    });
    expect(await problems(lines.join('\n'))).toEqual([
      expect.stringContaining('together they expand to too much data'),
    ]);
  });

  it('a wrong setting hides no wrong step', async () => {
    const steps = 'steps: [ { a: dail 1 }, { c: hold }, { b: key HOLDD }, { a: { expect: hodl } } ]';
    const STEPS = [/^3:.*dail is no/, /^3:.*no phone "c"/, /^3:.*"HOLDD"/, /^3:.*"hodl"/];
    for (const [text, ...own] of [
      [`name: x\nphones: { a: virtual, b: virtual }\n${steps}\ntmeout: 5s`, /^4:1 tmeout: unknown/],
      [`timeout: 5\nphones: { a: virtual, b: virtual }\n${steps}`, /^1:1 name: is missing/, /^1:1 timeout:/],
      [`name: x\nphones: { a: virtual, b: 5 }\n${steps}`, /^2:23 phones\.b: must be/],
      [`name: x\nphones: { a: virtual, b: virtual }\n${steps}\ncleanup: 5\ntags: x`, /cleanup:/, /tags:/],
    ] as const) {
      const found = await problems(text);
      expect(found).toHaveLength(STEPS.length + own.length);
      for (const pattern of [...own, ...STEPS]) expect(found).toContainEqual(expect.stringMatching(pattern));
    }
  });

  it('a file that cannot be read hides no mistake of another', async () => {
    const { atcom } = folderWith({ 'good.yaml': STEP('a: dial $b'), 'one.yaml': STEP('a: dail $b') });
    const both = await atcom('one.yaml none.yaml good.yaml');
    expect(both.exitCode).toBe(2);
    expect(both.stderr).toContain('one.yaml and none.yaml have 2 problems\n');
    expect(both.stderr).toMatch(/^none\.yaml:1: cannot be read: there is no such file/m);
    const one = await atcom('good.yaml none.yaml');
    expect(one.stderr).toMatch(/none\.yaml cannot be read: .* \[unreadable-file\]/);
  });

  it('every mistake in every file is reported, and nothing runs', async () => {
    const { atcom } = folderWith({
      'good.yaml': STEP('a: dial $b'),
      'one.yaml': STEP('a: dail $b\nd: hold'),
      'two.yaml': STEP('a: { expect: x }'),
    });
    const { exitCode, stdout, stderr } = await atcom('good.yaml one.yaml two.yaml');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^error: one\.yaml and two\.yaml have 3 problems$/m);
    expect(stderr.match(/^(one|two)\.yaml:\d+:\d+ /gm)).toHaveLength(3);
  });

  it.each([
    ['none.yaml', /none\.yaml cannot be read: there is no such file/],
    ['.', /cannot be read: it is a folder/],
    ['/dev/zero', /larger than 4 MiB/],
  ])('that cannot be read is an error: %s', async (file, message) => {
    const { atcom } = folderWith({});
    const { exitCode, stderr } = await atcom(file);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe('calls between a real and a virtual phone', () => {
  const text = STEP('a: dial $b').replace('a: virtual', 'a: reception');
  const files = { 'x.yaml': text, 'atcom.config.yaml': CONFIG };

  it('cannot come about: a run says so before anything is sent', async () => {
    const { exitCode, stderr } = await folderWith(files).atcom('x.yaml');
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /b is a virtual phone without an account, and a is a real phone: they cannot call each other.*--simulate makes all of them virtual/,
    );
  });

  it('are a warning of a check, and fine with --simulate', async () => {
    const { atcom } = folderWith(files);
    expect(await atcom('--check x.yaml')).toMatchObject({
      exitCode: 0,
      stderr: expect.stringMatching(
        /^warning: x\.yaml:6:5 steps\.1\.a: b is a virtual phone without an account/,
      ),
    });
    const simulated = await atcom('x.yaml --simulate');
    expect(simulated.exitCode).toBe(0);
    expect(simulated.stderr).not.toContain('real phone');
  });
});

it('a file is read only until there are more problems than anybody reads', async () => {
  const many = scenario('a: key SOFTKEY9').replace(/^(\s*- ).*SOFTKEY9.*$/m, (line) =>
    `${line}\n`.repeat(3000).trimEnd(),
  );
  const found = await problems(many);
  expect(found).toHaveLength(51);
  expect(found.at(-1)).toBe('… and more');
});

it('phones that each look through all there are, again and again, are refused together', async () => {
  const again = `p1${'&p*'.repeat(36)}`;
  const phones = Array.from({ length: 9 }, (_, at) => `a${at}: { phone: "${again}${'&p1'.repeat(at)}" }`);
  const { atcom } = folderWith({
    'x.yaml': `name: x\nphones: { ${phones.join(', ')} }\nsteps: [ { a0: hold } ]`,
    'atcom.config.yaml': 'phones: { "p[1-50000]": "10.0.[0-199].[1-250]" }',
  });
  const { exitCode, stderr } = await atcom('--check x.yaml');
  expect([exitCode, stderr.match(/phones\.a\d: the phones of the scenarios are too large/g)?.length]).toEqual(
    [2, 6],
  );
});
