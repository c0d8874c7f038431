import { describe, expect, it } from 'vitest';
import { failure, problemsOf, sandbox } from './sandbox.ts';

/** The one problem of a phone with these settings, without file and place. */
async function phoneProblem(settings: string): Promise<string> {
  const problems = await problemsOf(`phones:\n  p: { host: 10.0.0.1, ${settings} }\n`);
  expect(problems).toHaveLength(1);
  return String(problems[0]).replace(/^atcom\.config\.yaml:2:\d+ /, '');
}

describe('wrong settings of a phone', () => {
  const cases: readonly [settings: string, problem: string][] = [
    ['modle: A48', 'phones.p.modle: unknown setting, did you mean model?'],
    [
      'zzz: 1',
      'phones.p.zzz: unknown setting; there is host, model, scheme, port, path, timeout, delay, digits, dialPlan, dialPrefix, letters, approval, verbs, macros, tls, auth, events, mac, extension, alias, user, password, passwordFile',
    ],
    ['model: A49x', 'phones.p.model: there is no model "A49x"; did you mean A4x?'],
    ['scheme: ftp', 'phones.p.scheme: must be http or https'],
    ['port: 0', 'phones.p.port: must be from 1 to 65535'],
    ['port: 65536', 'phones.p.port: must be from 1 to 65535'],
    ['port: 80.5', 'phones.p.port: must be a whole number'],
    ['port: "80"', 'phones.p.port: must be a number from 1 to 65535'],
    ['path: cgi', 'phones.p.path: must be a path such as "/cgi-bin/server.cgi", without a query'],
    ['path: "/a?key=x"', 'phones.p.path: must be a path such as "/cgi-bin/server.cgi", without a query'],
    ['timeout: 5', 'phones.p.timeout: must be a duration with a unit, such as 5s or 5ms'],
    ['timeout: 0.1ms', 'phones.p.timeout: must be longer than 0'],
    ['timeout: 0s', 'phones.p.timeout: must be longer than 0'],
    [
      'delay: 3 s',
      'phones.p.delay: "3 s" is not a duration; write it with a unit, at most a day: 500ms, 5s, 2m',
    ],
    ['digits: both', 'phones.p.digits: must be grouped or single'],
    ['dialPrefix: 00', 'phones.p.dialPrefix: must be text: put it in quotes (digits such as "00")'],
    ['dialPrefix: "0-0"', 'phones.p.dialPrefix: must be digits such as "00"'],
    [
      'approval: yes',
      'phones.p.approval: must be a status code, a list of them, or { status: 403, body: "text" }',
    ],
    ['approval: 99', 'phones.p.approval: must be a status code such as 403'],
    ['approval: []', 'phones.p.approval: must name at least one status code'],
    ['approval: [403, x]', 'phones.p.approval.2: must be a status code such as 403'],
    [
      'approval: { body: "" }',
      'phones.p.approval.body: must not be empty, because every answer contains the empty text',
    ],
    ['approval: { boddy: x }', 'phones.p.approval.boddy: unknown setting, did you mean body?'],
    ['verbs: { dail: HOLD }', 'phones.p.verbs.dail: unknown setting, did you mean dial?'],
    ['verbs: { hold: HOLDD }', 'phones.p.verbs.hold: there is no key "HOLDD"; did you mean HOLD?'],
    [
      'verbs: { dial: "LINEKEY1;SEND" }',
      'phones.p.verbs.dial: must contain {number}, such as "{number};DIAL"',
    ],
    ['verbs: [HOLD]', 'phones.p.verbs: must be settings, each as name: value, not a list'],
    [
      'model: A21, verbs: { answer: LINEKEY3 }',
      'phones.p.verbs.answer: A21 has no key "LINEKEY3"; it has LINEKEY1–2; atcom keys --model A21',
    ],
    [
      'tls: { fingerprint: "AB:CD" }',
      'phones.p.tls.fingerprint: must be a SHA-256 fingerprint: 32 bytes such as "AB:CD:…"',
    ],
    ['tls: { insecure: "yes" }', 'phones.p.tls.insecure: must be true or false'],
    ['tls: true', 'phones.p.tls: must be settings, each as name: value'],
    ['auth: bearer', 'phones.p.auth: must be none or basic or digest'],
    ['mac: "00:00:00:00:00:00"', 'phones.p.mac: is all zeros, an address that no phone has'],
    ['mac: ff-ff-ff-ff-ff-ff', 'phones.p.mac: is the broadcast address, which no phone has'],
    ['mac: "01:00:5E:00:00:01"', 'phones.p.mac: is a multicast address, which no phone has'],
    [
      'mac: 808287046812',
      'phones.p.mac: must be text: put it in quotes (a MAC address such as "80:82:87:04:6B:C2")',
    ],
    ['mac: "80:82"', 'phones.p.mac: must be a MAC address such as "80:82:87:04:6B:C2"'],
    ['model:', 'phones.p.model: must be a model such as A48'],
    ['timeout: 5', 'phones.p.timeout: must be a duration with a unit, such as 5s or 5ms'],
    ['letters: "yes"', 'phones.p.letters: must be true or false'],
    ['dialPlan: {}', 'phones.p.dialPlan.country: is missing'],
    ['dialPlan: { country: 49 }', 'phones.p.dialPlan.country: must be text: put it in quotes'],
    ['dialPlan: { country: "049" }', 'phones.p.dialPlan.country: must be the code of a country such as "49"'],
    [
      'dialPlan: { country: "49", outside: "0" }',
      'phones.p.dialPlan: has an outside line but does not say which',
    ],
    ['dialPlan: { country: "49", international: "" }', 'phones.p.dialPlan.international: must not be empty'],
    ['dialPlan: { country: "49", internal: 4.5 }', 'phones.p.dialPlan.internal: must be a whole number'],
    ['dialPlan: { country: "49", domains: pbx }', 'phones.p.dialPlan.domains: must be a list of hosts'],
    [
      `dialPlan: { country: "49", domains: [${'pbx, '.repeat(101)}] }`,
      'phones.p.dialPlan.domains: must be at most 100 hosts',
    ],
    [
      `dialPlan: { country: "49", national: "${'0'.repeat(33)}" }`,
      'phones.p.dialPlan.national: must be at most 32 digits',
    ],
    [`dialPrefix: "${'0'.repeat(33)}"`, 'phones.p.dialPrefix: must be at most 32 digits'],
    [
      'dialPlan: { country: "49" }, dialPrefix: "00"',
      'phones.p: has both dialPlan and dialPrefix; keep one of them',
    ],
    ['extension: "60[01-12"', 'phones.p.extension: must be digits such as "6040", or a range'],
    ['alias: 1', 'phones.p.alias: must be true or false'],
  ];
  it.each(cases)('%s', async (settings, problem) => {
    expect(await phoneProblem(settings)).toContain(problem);
  });

  it.each(['host: "https://h", scheme: http', 'host: "h:81", port: 80'])(
    'are those that its host says otherwise: %s',
    async (settings) => {
      const [problem = ''] = await problemsOf(`phones: { p: { ${settings} } }`);
      expect(problem).toContain('phones.p: has another scheme or port than its host says; keep one of them');
    },
  );

  it('has a message for every wrong type', async () => {
    const names = 'model scheme port path timeout delay digits dialPrefix approval verbs tls auth mac'.split(
      ' ',
    );
    const problems = await problemsOf(
      `phones:\n  p:\n    host: [1]\n${names.map((name) => `    ${name}: [[]]\n`).join('')}`,
    );
    expect(problems).toHaveLength(names.length + 1);
    expect(problems.join('\n')).not.toMatch(/Invalid|Expected|received/);
  });
});

describe('wrong files', () => {
  const cases: readonly [text: string, problem: unknown][] = [
    ['- a', '1:1: must be settings, each as name: value, not a list'],
    ['just text', '1:1: must be settings, each as name: value'],
    ['phone: {}', '1:1 phone: unknown setting, did you mean phones?'],
    [
      'devices: {}',
      '1:1 devices: unknown setting; there is default, phones, groups, macros, defaults, models, dialPlan, credentials, listener, events, simulator, profiles',
    ],
    ['default: 101', '1:1 default: must be text: put it in quotes (the name of a phone)'],
    ['default: ""', '1:1 default: must not be empty'],
    ['phones: [10.0.0.1]', '1:1 phones: must be phones by name, not a list'],
    ['phones: x', '1:1 phones: must be phones by name'],
    [
      'phones: { p: [::1] }',
      '1:11 phones.p: must be an address; YAML reads […] as a list, so put brackets in quotes, such as "[::1]:80"',
    ],
    [
      'phones: { p: { host: [fe80::1%eth0] } }',
      '1:16 phones.p.host: must be an address; YAML reads […] as a list, so put brackets in quotes, such as "[::1]:80"',
    ],
    [
      'phones: { p: "[fe80::1%eth0]" }',
      '1:11 phones.p: an address with a zone (%eth0) cannot be used; use an address that works without a zone, or a host name',
    ],
    ['phones: { p: "10.0.0.[1:3]" }', '1:11 phones.p: [1:3] is not a range here; write 10.0.0.[1-3]'],
    [
      'phones: { "lab-[01:03]": 10.0.0.1 }',
      '1:11 phones."lab-[01:03]": [01:03] is not a range here; write lab-[01-03]',
    ],
    ['phones: { "lab–01": 10.0.0.1 }', '1:11 phones."lab–01": – is not a plain quote or dash; write lab-01'],
    [
      'defaults: { host: 10.0.0.1 }',
      expect.stringMatching(/^atcom\.config\.yaml:1:13 defaults\.host: unknown setting; there is model, /),
    ],
    [
      'defaults: { user: admin }',
      expect.stringMatching(/^atcom\.config\.yaml:1:13 defaults\.user: unknown setting/),
    ],
    [
      'models: { A21: { verbs: { answer: LINEKEY3 } } }',
      '1:27 models.A21.verbs.answer: A21 has no key "LINEKEY3"; it has LINEKEY1–2; atcom keys --model A21',
    ],
    ['models: { A49: {} }', '1:11 models.A49: unknown setting, did you mean A41 or A48 or A4x?'],
    ['phones: { p: 5 }', '1:11 phones.p: must be an address, or settings with a host'],
    ['phones: { p: { model: A48 } }', '1:11 phones.p.host: is missing'],
    [
      'phones: { p: "10.0.0.1/cgi" }',
      '1:11 phones.p: is not the address of a phone; write host, host:port or http(s)://host:port',
    ],
    ['profiles: { s: { fones: {} } }', '1:18 profiles.s.fones: unknown setting; there is default, phones'],
    [
      'profiles: { s: { phones: { p: { host: x, prot: 1 } } } }',
      '1:42 profiles.s.phones.p.prot: unknown setting, did you mean port?',
    ],
    [
      'profiles: { "a b": {} }',
      '1:13 profiles."a b": the name of a profile consists of letters, digits, ".", "_" and "-"; " " has a special meaning in a target',
    ],
  ];
  it.each(cases)('%s', async (text, problem) => {
    expect(await problemsOf(text)).toEqual([
      typeof problem === 'string' ? `atcom.config.yaml:${problem}` : problem,
    ]);
  });

  it('lists all problems, with line and column', async () => {
    const text =
      'default: lobby\nphones:\n  lobby: 10.0.0.1\n\n  reception:\n    host: 10.0.0.2\n    modle: A48\n    colour: red\n    port: x\n';
    expect(await problemsOf(text)).toEqual([
      'atcom.config.yaml:7:5 phones.reception.modle: unknown setting, did you mean model?',
      expect.stringMatching(
        /^atcom\.config\.yaml:8:5 phones\.reception\.colour: unknown setting; there is host, /,
      ),
      'atcom.config.yaml:9:5 phones.reception.port: must be a number from 1 to 65535',
    ]);
  });

  it('reports at most 50', async () => {
    const phones = Array.from({ length: 60 }, (_, index) => `  p${index}: 5\n`).join('');
    const problems = await problemsOf(`phones:\n${phones}`);
    expect(problems).toHaveLength(51);
    expect(problems.at(-1)).toBe('… and 10 more');
  });

  it('reports the problems of both files at once', async () => {
    const box = sandbox({ 'project/.atcomrc': 'a: 1', 'user/config.yaml': 'b: 1' });
    const error = await failure(box.load());
    expect(error.details).toEqual({
      file: `${box.path('project/.atcomrc')} and ${box.path('user/config.yaml')}`,
      problems: [
        '.atcomrc:1:1 a: unknown setting; there is default, phones, groups, macros, defaults, models, dialPlan, credentials, listener, events, simulator, profiles',
        `${box.path('user/config.yaml')}:1:1 b: unknown setting; there is default, phones, groups, macros, defaults, models, dialPlan, credentials, listener, events, simulator, profiles`,
      ],
    });
  });
});

describe('names of phones', () => {
  it.each(['a', 'Lab-01', '7', 'a.b_c', '10.0.0.1'])('may be %s', async (name) => {
    const { phones } = await sandbox({ 'project/.atcomrc': `phones: { "${name}": 10.0.0.1 }` }).load();
    expect([...phones.keys()]).toEqual([name]);
  });

  it.each<[string, string]>([
    ['10.0.0.5: 10.0.0.1', '10.0.0.5'],
    ['"10.0.0.[4-5]": "10.0.0.[5-6]"', '10.0.0.4'],
    ['10.0.0.5: { host: lobby.example }', '10.0.0.5'],
    ['lobby: 10.0.0.1, reception: lobby', 'lobby'],
    ['lobby: lobby.example:81, reception: { host: "http://LOBBY:80" }', 'lobby'],
    ['"lab-[1-2]": "10.0.0.[5-6]", "room-[1-2]": "lab-[2-3]"', 'lab-2'],
  ])('may not be the address of another phone: %s', async (entry, address) => {
    expect((await problemsOf(`phones: { ${entry} }`))[0]).toContain(
      `: ${address} is the address of another phone; choose another name`,
    );
  });

  it.each([
    '10.0.0.5: "http://10.0.0.5:8080"',
    '"10.0.0.[5-6]": "10.0.0.[5-6]"',
    'lobby: lobby, b: lobby.example',
    'lobby: 10.0.0.1, b: "lobby:81"',
  ])('may be its own address: %s', async (entry) => {
    expect(
      (await sandbox({ 'project/.atcomrc': `phones: { ${entry} }` }).load()).phones.size,
    ).toBeGreaterThan(0);
  });

  it.each([...',!&@*?/: '])('may not contain %j', async (character) => {
    const [problem] = await problemsOf(`phones: { "a${character}b": 10.0.0.1 }`);
    expect(problem).toMatch(/the name of a phone consists of letters, digits/);
    expect(problem).toContain(`${JSON.stringify(character)} has a special meaning in a target`);
  });

  it('may not be longer than 255 characters', async () => {
    const longest = 'a'.repeat(255);
    expect(
      (await sandbox({ 'project/.atcomrc': `phones: { ${longest}: 10.0.0.1 }` }).load()).phones.has(longest),
    ).toBe(true);
    const [problem] = await problemsOf(`phones: { ${'a'.repeat(256)}: 10.0.0.1 }`);
    expect(problem).toMatch(/cannot be read: it names something with more than 255 characters/);
  });

  it.each(['virtual', 'Virtual'])('may not be %s', async (name) => {
    expect((await problemsOf(`phones: { ${name}: 10.0.0.1 }`))[0]).toMatch(
      /virtual is the name of the phone/,
    );
  });

  it.each(['__proto__', 'constructor', 'prototype'])('may not be %s', async (name) => {
    expect(await problemsOf(`phones: { ${name}: 10.0.0.1 }`)).toEqual([
      `atcom.config.yaml:1:11: ${name} cannot be used as a name`,
    ]);
  });

  it.each(['007', '0x10', 'TRUE', '~'])('may not be %s without quotes', async (name) => {
    expect((await problemsOf(`phones: { ${name}: 10.0.0.1 }`))[0]).toMatch(/this name must be quoted/);
  });

  it('must not begin like an option', async () => {
    expect((await problemsOf('phones: { -x: 10.0.0.1 }'))[0]).toMatch(/cannot begin with "-"/);
  });

  it.each(['', 'ü', '🎃', 'a;b'])('may not be %j', async (name) => {
    expect((await problemsOf(`phones: { "${name}": 10.0.0.1 }`))[0]).toMatch(/consists of letters, digits, /);
  });
});
