import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Config, everyProfile } from '../../src/config/index.ts';
import { originOf } from '../../src/protocol/command-url.ts';
import { endpointOf } from '../../src/protocol/settings.ts';
import { failure, problemsOf, sandbox } from './sandbox.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

describe('a config without files', () => {
  it('is empty', async () => {
    const box = sandbox();
    expect(await box.load()).toEqual({
      files: [],
      phones: new Map(),
      told: { own: [], replaced: [], trusted: [], found: [] },
      groups: new Map(),
      macros: new Map(),
      profiles: [],
      origin: new Map(),
      absence: `no config file such as atcom.config.yaml was found in ${box.project}, ${box.root}, nor ${box.path('user/config.yaml')}`,
      warnings: [],
      credentialsMistakes: expect.any(Function),
      settings: expect.any(Function),
      checkAddress: expect.any(Function),
      covered: expect.any(Function),
    });
  });

  it('has no profile to choose', async () => {
    const error = await failure(sandbox().load({ profile: 'lab' }));
    expect(error).toMatchObject({ code: 'unknown-profile', details: { input: 'lab', names: [] } });
  });
});

describe('phones', () => {
  it('of a range share what is written once, however much and however many', async () => {
    const macros = (letter: string) => Array.from({ length: 250 }, (_, n) => `${letter}${n}: OK`).join(', ');
    const { phones } = await sandbox({
      'project/.atcomrc': `defaults: { macros: { ${macros('m')} } }\nphones: { "p[001-900]": { host: "10.0.[0-8].[0-99]", macros: { ${macros('p')} } } }`,
    }).load();
    expect(phones.size).toBe(900);
    const [first, second] = [...phones.values()];
    expect(second).toMatchObject({ name: 'p002', host: '10.0.0.1', macros: { m249: 'OK', p249: 'OK' } });
    expect(second?.macros).toBe(first?.macros);
  });

  it('are an address', async () => {
    const { phones } = await sandbox({
      'project/.atcomrc': 'phones: { lobby: "https://172.16.0.37:8443" }',
    }).load();
    expect(phones.get('lobby')).toEqual({ name: 'lobby', host: 'https://172.16.0.37:8443' });
  });

  it('have the MAC that another of their names says', async () => {
    const { phones } = await sandbox({
      'project/.atcomrc':
        'phones: { a: 10.0.0.1, b: { host: "https://10.0.0.1", alias: true, mac: 808287046bc2 }, c: 10.0.0.2 }',
    }).load();
    const mac = '80:82:87:04:6B:C2';
    expect([...phones.values()].map((phone) => phone.mac)).toEqual([mac, mac, undefined]);
  });

  it.each([
    ['found', undefined],
    ['named', '.atcomrc'],
  ])('get nothing over http if another of their names has a pin, in a file that was %s', async (_, file) => {
    const pin = (byte: string) => Array.from({ length: 32 }, () => byte).join(':');
    const entry = (host: string, byte?: string) =>
      `{ host: "${host}", alias: true${byte === undefined ? '' : `, tls: { fingerprint: "${pin(byte)}" }`} }`;
    const { phones } = await sandbox({
      'project/.atcomrc': `
        defaults: { tls: { insecure: true } }
        phones:
          a: ${entry('http://10.0.0.1')}
          b: ${entry('https://10.0.0.1', 'BB')}
          c: ${entry('10.0.0.1', 'CC')}
          d: ${entry('https://10.0.0.1')}
          e: ${entry('10.0.0.1:8080')}`,
    }).load({ file });
    const pins = [...phones.values()].map(({ tls }) => [tls?.fingerprint, tls?.insecure]);
    expect(pins).toEqual([
      [pin('BB'), true],
      [pin('BB'), true],
      [pin('CC'), true],
      [undefined, true],
      [undefined, true],
    ]);
  });

  it.each([
    ['p: { host: https://10.0.0.9, port: 443 }', 'https://10.0.0.9'],
    ['p: http://10.0.0.9:81', 'http://10.0.0.9:81'],
    ['p: { host: "http://10.0.0.9", model: A48 }', 'http://10.0.0.9'],
    ['p: { host: "10.0.0.9:9090", model: A48 }', 'https://10.0.0.9:9090'],
    ['p: "10.0.0.9:9090"', 'https://10.0.0.9:9090'],
    ['p: { host: "HTTP://10.0.0.9:81", scheme: http, port: 81 }', 'http://10.0.0.9:81'],
    ['p: "[::1]:9090"', 'https://[::1]:9090'],
    ['p: "10.0.0.9"', 'https://10.0.0.9:8080'],
    ['p: "::1"', 'https://[::1]:8080'],
    ['p: "[::1]"', 'https://[::1]:8080'],
    ['"p[1-2]": "http://10.0.0.[9-10]"', 'http://10.0.0.9'],
    ['"p[1-2]": "10.0.0.[9-9],http://10.0.0.10:81"', 'https://10.0.0.9:8080', 'http://10.0.0.10:81'],
    ['"p[1-2]": "http://10.0.0.9,10.0.0.[10-10]:81"', 'http://10.0.0.9', 'https://10.0.0.10:81'],
    ['p: "https://10.0.0.9"', 'https://10.0.0.9:8080'],
  ])('are where their address says, whatever they inherit: %s', async (phone, ...origins) => {
    const inherited = '{ scheme: https, port: 8080 }';
    const text = `defaults: ${inherited}\nmodels: { A48: ${inherited} }\nphones: { ${phone} }\n`;
    const { phones } = await sandbox({ 'project/.atcomrc': text }).load();
    expect(
      [...phones.values()].map((settings) => originOf(endpointOf(settings))).slice(0, origins.length),
    ).toEqual(origins);
  });

  it('are settings, with durations in milliseconds and files read', async () => {
    const box = sandbox({
      'project/.config/atcomrc': `
phones:
  reception:
    host: 172.16.0.57
    model: a41w
    scheme: https
    port: 8443
    path: /servlet
    timeout: 1.5s
    delay: 300ms
    digits: single
    dialPrefix: "00"
    approval: { status: 401, body: Allow }
    verbs: { dial: "LINEKEY1;{number};SEND", dnd.on: DND_ON }
    tls: { ca: certs/ca.pem, fingerprint: ${'ab'.repeat(32)}, insecure: false, legacy: true }
    auth: digest
    mac: 808287046bc2
`,
      'project/.config/certs/ca.pem': PEM,
    });
    expect((await box.load()).phones.get('reception')).toEqual({
      name: 'reception',
      host: '172.16.0.57',
      model: 'A41',
      scheme: 'https',
      port: 8443,
      path: '/servlet',
      timeout: 1500,
      delay: 300,
      digits: 'single',
      dialPrefix: '00',
      approval: { status: [401], body: 'Allow' },
      verbs: { dial: 'LINEKEY1;{number};SEND', 'dnd.on': 'DND_ON' },
      tls: { ca: PEM, fingerprint: Array(32).fill('AB').join(':'), insecure: false, legacy: true },
      auth: 'digest',
      mac: '80:82:87:04:6B:C2',
    });
  });

  it.each([
    ['403', { status: [403] }],
    ['[403, 404]', { status: [403, 404] }],
    ['{ status: [403, 404] }', { status: [403, 404] }],
    ['{ status: [] }', { status: [] }],
    ['{ body: Allow }', { body: 'Allow' }],
  ])('have approval %s', async (approval, expected) => {
    const text = `phones: { p: { host: a, approval: ${approval} } }`;
    expect((await sandbox({ 'project/.atcomrc': text }).load()).phones.get('p')?.approval).toEqual(expected);
  });

  it.each([
    ['gone.pem', 'there is no such file'],
    ['..', 'it is a folder'],
    ['/dev/zero', 'it is no plain file'],
    ['.atcomrc', 'it contains no PEM certificate'],
  ])('have no certificates in %s', async (ca, reason) => {
    const box = sandbox({ 'project/.atcomrc': `phones: { p: { host: a, tls: { ca: ${ca} } } }` });
    expect(await failure(box.load())).toMatchObject({ code: 'unreadable-file', details: { reason } });
  });

  it('have at most 16 MiB of certificates, and one that many links lead to counts once', async () => {
    const pem = PEM.padEnd(4 * 1024 * 1024);
    const phone = (ca: string) => `  ${ca}: { host: a, tls: { ca: ${ca}.pem } }\n`;
    const names = Array.from({ length: 20 }, (_, index) => `l${index}`);
    const box = sandbox({
      'project/.atcomrc': `phones:\n${['a', 'b', 'c', ...names].map(phone).join('')}`,
      ...Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [`project/${name}.pem`, pem])),
    });
    for (const name of names) symlinkSync('d.pem', box.path(`project/${name}.pem`));
    expect((await box.load()).phones.get('l19')?.tls?.ca).toBe(pem);
    const file = box.path('project/l19.pem');
    rmSync(file);
    writeFileSync(file, PEM);
    expect(await failure(box.load())).toMatchObject({
      code: 'unreadable-file',
      details: { file, reason: 'it and the files before it are larger than 16 MiB together' },
    });
  });
});

describe('precedence', () => {
  const user = `
default: mine
phones:
  mine: 10.0.0.1
  both: { host: 10.0.0.2, auth: basic, user: admin, password: hunter2, timeout: 9s }
profiles:
  lab: { default: l1, phones: { l1: 10.0.1.1 } }
  home: { phones: { h1: 10.0.2.1 } }
`;
  const project = `
default: theirs
phones:
  theirs: 10.9.0.1
  both: 10.9.0.2
profiles:
  lab: { phones: { l2: { host: 10.9.1.2, timeout: 2s } } }
  short: { default: theirs }
`;
  const both = { 'project/.atcomrc': project, 'user/config.yaml': user };

  it('takes the project first, the user next', async () => {
    const box = sandbox(both);
    const config = await box.load();
    expect(config.files).toEqual([
      { path: box.path('project/.atcomrc'), kind: 'project' },
      { path: box.path('user/config.yaml'), kind: 'user' },
    ]);
    expect(config.defaultTarget).toBe('theirs');
    expect(Object.fromEntries(config.origin)).toEqual({ theirs: 'project', both: 'project', mine: 'user' });
    expect(config.profiles).toEqual(['lab', 'short', 'home']);
  });

  it("replaces a phone whole, so that a password never meets another's host", async () => {
    expect((await sandbox(both).load()).phones.get('both')).toEqual({ name: 'both', host: '10.9.0.2' });
  });

  it("takes the user's default when the project has none", async () => {
    const box = sandbox({ ...both, 'project/.atcomrc': 'phones: {}' });
    expect((await box.load()).defaultTarget).toBe('mine');
  });

  it('takes the phones of a profile instead', async () => {
    const config = await sandbox(both).load({ profile: 'home' });
    expect([...config.phones.keys()]).toEqual(['h1']);
    expect(config.profile).toBe('home');
    expect(config.origin.get('h1')).toBe('user');
  });

  it('takes the default of a profile, and no default that was written for other phones', async () => {
    const box = sandbox(both);
    expect((await box.load({ profile: 'short' })).defaultTarget).toBe('theirs');
    expect((await box.load({ profile: 'home' })).defaultTarget).toBeUndefined();
  });

  it('keeps the phones for a profile that has only a default', async () => {
    const config = await sandbox(both).load({ profile: 'short' });
    expect([...config.phones.keys()]).toEqual(['theirs', 'both', 'mine']);
  });

  it('reads the files once for all profiles', async () => {
    const box = sandbox(both);
    const seen: Config[] = [];
    for await (const config of everyProfile(box.context())) {
      seen.push(config);
      for (const file of ['project/.atcomrc', 'user/config.yaml']) box.write(file, 'default: changed');
    }
    const alone = [undefined, 'lab', 'short', 'home'].map((profile) => sandbox(both).load({ profile }));
    const shown = (config: Config) => ({
      ...config,
      files: [],
      settings: 0,
      checkAddress: 0,
      covered: 0,
      credentialsMistakes: config.credentialsMistakes(),
    });
    expect(seen.map(shown)).toEqual((await Promise.all(alone)).map(shown));
  });

  it('replaces a profile whole', async () => {
    const config = await sandbox(both).load({ profile: 'lab' });
    expect([...config.phones.keys()]).toEqual(['l2']);
    expect(config.defaultTarget).toBeUndefined();
  });

  it('takes the profile of the context before ATCOM_PROFILE', async () => {
    const box = sandbox(both);
    expect((await box.load({ env: { ATCOM_PROFILE: 'home' } })).profile).toBe('home');
    expect((await box.load({ env: { ATCOM_PROFILE: 'home' }, profile: 'lab' })).profile).toBe('lab');
    expect((await box.load({ env: { ATCOM_PROFILE: '' } })).profile).toBeUndefined();
  });

  it('knows no other profile', async () => {
    expect(await failure(sandbox(both).load({ profile: 'lap' }))).toMatchObject({
      code: 'unknown-profile',
      details: { input: 'lap', suggestions: ['lab'], names: ['lab', 'short', 'home'] },
    });
  });

  it('takes ATCOM_TIMEOUT and ATCOM_DELAY before both files', async () => {
    const env = { ATCOM_TIMEOUT: '750ms', ATCOM_DELAY: '1s' };
    const { phones } = await sandbox(both).load({ profile: 'lab', env });
    expect(phones.get('l2')).toEqual({ name: 'l2', host: '10.9.1.2', timeout: 750, delay: 1000 });
  });
});

describe('groups, macros and the listener', () => {
  it('come from both files, the project first', async () => {
    const box = sandbox({
      'project/.atcomrc': 'groups: { lab: "a,b" }\nmacros: { panic: DND_ON }\nlistener: { port: 9000 }\n',
      'user/config.yaml': 'groups: { lab: c, home: d }\nlistener: { port: 9001, host: 0.0.0.0 }\n',
    });
    const { groups, macros, listener } = await box.load();
    expect([...groups]).toEqual([
      ['lab', 'a,b'],
      ['home', 'd'],
    ]);
    expect([...macros]).toEqual([['panic', 'DND_ON']]);
    expect(listener).toEqual({ port: 9000 });
  });
});

describe('ranges', () => {
  it('stand for phones, paired with their hosts', async () => {
    const { phones } = await sandbox({
      'project/.atcomrc':
        'phones: { "lab-[08-10]": { host: "10.0.0.[101-103]", model: A41 }, "x[1-2]": "10.1.[1-2].1:8080", v6: "[::1]:80" }',
    }).load();
    expect([...phones.values()]).toEqual([
      { name: 'lab-08', host: '10.0.0.101', model: 'A41' },
      { name: 'lab-09', host: '10.0.0.102', model: 'A41' },
      { name: 'lab-10', host: '10.0.0.103', model: 'A41' },
      { name: 'x1', host: '10.1.1.1:8080' },
      { name: 'x2', host: '10.1.2.1:8080' },
      { name: 'v6', host: '[::1]:80' },
    ]);
  });

  it('pair extensions, too', async () => {
    const { phones } = await sandbox({
      'project/.atcomrc':
        'phones: { "a[1-2]": { host: "10.0.0.[1-2]", extension: "60[01-02]" }, "b[1-2]": { host: "10.0.1.[1-2]", extension: "7000" }, c: { host: 10.0.2.1, extension: "80[5]" } }',
    }).load();
    expect([...phones.values()].map(({ name, extension }) => [name, extension])).toEqual([
      ['a1', '6001'],
      ['a2', '6002'],
      ['b1', '7000'],
      ['b2', '7000'],
      ['c', '805'],
    ]);
  });

  it.each([
    ['{ "a[1-3]": "10.0.0.[1-2]" }', 'has 3 names and 2 hosts; there must be one for each name'],
    ['{ "a[1-3]": 10.0.0.1 }', 'has 3 names and 1 host;'],
    ['{ a: "10.0.0.[1-2]" }', 'has 1 name and 2 hosts;'],
    ['{ a2: 10.0.0.9, "a[1-3]": "10.0.0.[1-3]" }', 'defines a2, which is already defined above'],
    ['{ "a[3-1]": "10.0.0.[1-3]" }', '3-1'],
    ['{ "a[1-2": 10.0.0.1 }', '['],
    [
      '{ "a[1-2]": { host: "10.0.0.[1-2]", extension: "60[01-03]" } }',
      'has 2 names and 3 extensions; there must be one for each name',
    ],
    [
      '{ "a[1-2]": { host: "10.0.0.[1-2]", mac: 808287046bc2 } }',
      'has one MAC for several phones; give each phone its own',
    ],
  ])('that do not fit are an error: %s', async (phones, problem) => {
    const [first] = await problemsOf(`phones: ${phones}`);
    expect(first).toContain(problem);
  });
});

it('takes verbs and macros from the model if the phone has none', async () => {
  const { phones } = await sandbox({
    'project/.atcomrc': `
models: { A21: { verbs: { answer: OK, hangup: CANCEL }, macros: { panic: DND_ON } } }
phones:
  a: { host: 10.0.0.1, model: a21w, verbs: { answer: SPEAKER } }
  b: { host: 10.0.0.2, model: A48, macros: { panic: DND_OFF } }
`,
  }).load();
  expect(phones.get('a')).toMatchObject({
    verbs: { answer: 'SPEAKER', hangup: 'CANCEL' },
    macros: { panic: 'DND_ON' },
  });
  expect(phones.get('b')).toEqual({
    name: 'b',
    host: '10.0.0.2',
    model: 'A48',
    macros: { panic: 'DND_OFF' },
  });
  const [problem] = await problemsOf('models: { A21: { macros: { panic: HODL } } }');
  expect(problem).toContain('did you mean HOLD?');
});

describe('settings of many phones', () => {
  it('come from the phone, its model, defaults, and the dial plan, in this order', async () => {
    const { phones } = await sandbox({
      'project/.atcomrc': `
dialPlan: { country: "49" }
defaults: { timeout: 9s, delay: 100ms, auth: digest, tls: { legacy: true }, verbs: { answer: OK, hangup: X } }
models:
  A48: { delay: 200ms, tls: { insecure: true }, verbs: { answer: SPEAKER }, macros: { m: MUTE } }
phones:
  a: { host: 10.0.0.1, model: A48, timeout: 1s, tls: { insecure: false }, verbs: { answer: ANSWER } }
  b: { host: 10.0.0.2, model: A48 }
  c: 10.0.0.3
`,
    }).load();
    const dialPlan = { country: '49' };
    expect(phones.get('a')).toEqual({
      name: 'a',
      host: '10.0.0.1',
      model: 'A48',
      timeout: 1000,
      delay: 200,
      auth: 'digest',
      tls: { legacy: true, insecure: false },
      verbs: { answer: 'ANSWER', hangup: 'X' },
      macros: { m: 'MUTE' },
      dialPlan,
    });
    expect(phones.get('b')).toMatchObject({
      timeout: 9000,
      delay: 200,
      tls: { legacy: true, insecure: true },
      verbs: { answer: 'SPEAKER', hangup: 'X' },
    });
    expect(phones.get('c')).toEqual({
      name: 'c',
      host: '10.0.0.3',
      timeout: 9000,
      delay: 100,
      auth: 'digest',
      tls: { legacy: true },
      verbs: { answer: 'OK', hangup: 'X' },
      dialPlan,
    });
  });

  it('leave the dial plan to phones that are named by their address', async () => {
    const plans = {
      'project/.atcomrc': 'dialPlan: { country: "49" }\ndefaults: { delay: 1s }\nphones: { a: 10.0.0.1 }',
      'user/config.yaml': 'defaults: { dialPlan: { country: "1" } }',
    };
    // A project that was merely found decides nothing for an address of the user, where the user has.
    for (const [file, country] of [
      [undefined, '1'],
      ['.atcomrc', '49'],
    ] as const) {
      const { settings } = await sandbox(plans).load({ file });
      expect(await settings({ host: '10.0.0.9' })).toEqual({ host: '10.0.0.9', dialPlan: { country } });
    }
    // As for the phones of the file.
    const both = await sandbox({
      'project/.atcomrc':
        'dialPlan: { country: "1" }\ndefaults: { dialPlan: { country: "49" } }\nphones: { a: 10.0.0.1 }',
    }).load();
    const [plan] = [...both.phones.values()].map(({ dialPlan }) => dialPlan);
    expect((await both.settings({ host: '10.0.0.9' })).dialPlan).toEqual(plan);
  });

  it('give a model to phones that name none', async () => {
    const { phones } = await sandbox({
      'project/.atcomrc':
        'defaults: { model: A48 }\nmodels: { A48: { delay: 1s }, A41: { delay: 2s } }\nphones: { a: a, b: { host: b, model: A41 } }',
    }).load();
    expect(phones.get('a')).toMatchObject({ model: 'A48', delay: 1000 });
    expect(phones.get('b')).toMatchObject({ model: 'A41', delay: 2000 });
  });

  it("reach from the user's file to the project's phones, never the other way", async () => {
    const { phones } = await sandbox({
      'project/.atcomrc':
        'defaults: { tls: { insecure: true }, delay: 1s }\nmodels: { A48: { auth: basic } }\nphones: { theirs: a }',
      'user/config.yaml': 'defaults: { timeout: 7s, delay: 2s, model: A48 }\nphones: { mine: b }',
    }).load();
    expect(phones.get('theirs')).toEqual({
      name: 'theirs',
      host: 'a',
      model: 'A48',
      auth: 'basic',
      tls: { insecure: true },
      delay: 1000,
      timeout: 7000,
    });
    expect(phones.get('mine')).toEqual({ name: 'mine', host: 'b', model: 'A48', timeout: 7000, delay: 2000 });
  });

  it('have paths relative to their file', async () => {
    const { phones } = await sandbox({
      'project/.atcomrc': 'phones: { a: a }',
      'user/config.yaml': 'defaults: { tls: { ca: ca.pem } }',
      'user/ca.pem': PEM,
    }).load();
    expect(phones.get('a')?.tls).toEqual({ ca: PEM });
  });

  it.each([
    ['dialPlan: { country: "49" }\nphones: { p: { host: a, dialPrefix: "00" } }', { dialPrefix: '00' }],
    [
      'defaults: { dialPrefix: "00" }\nphones: { p: { host: a, dialPlan: { country: "1" } } }',
      { dialPlan: { country: '1' } },
    ],
    [
      'dialPlan: { country: "49" }\ndefaults: { dialPlan: { country: "1" } }\nphones: { p: a }',
      { dialPlan: { country: '1' } },
    ],
  ])('say once what becomes of a +: %s', async (text, expected) => {
    const { phones } = await sandbox({ 'project/.atcomrc': text }).load();
    expect(phones.get('p')).toMatchObject(expected);
    if ('dialPrefix' in expected) expect(phones.get('p')).not.toHaveProperty('dialPlan');
  });

  it('can be anchored beside the settings, and merged', async () => {
    const { phones } = await sandbox({
      'project/.atcomrc': `
x-lab: &lab { model: A41, delay: 300ms }
x-more: [anything, { goes: here }]
phones:
  a: { <<: *lab, host: 10.0.0.1 }
  b: { host: 10.0.0.2, <<: *lab, delay: 1s }
`,
    }).load();
    expect(phones.get('a')).toEqual({ name: 'a', host: '10.0.0.1', model: 'A41', delay: 300 });
    expect(phones.get('b')).toEqual({ name: 'b', host: '10.0.0.2', model: 'A41', delay: 1000 });
  });

  it('have no names of their own further down', async () => {
    expect(await problemsOf('phones: { p: { host: a, x-y: 1 } }')).toHaveLength(1);
  });
});

describe('the order of phones', () => {
  it.each([
    ['of a file', {}, 'phones: { canary: a, 6002: b, "6001": c, "lab-[1-2]": "d[1-2]", 0: e }'],
    [
      'of a profile',
      { profile: '1' },
      'profiles: { 1: { phones: { canary: a, 6002: b, 6001: c, lab-1: d, lab-2: e, 0: f } } }',
    ],
    [
      'of a merge',
      {},
      'x-all: &all { 6001: c, lab-1: d }\nphones: { canary: a, 6002: b, <<: *all, lab-2: e, 0: f }',
    ],
    [
      'of a merge, and of what overrides it',
      {},
      'x-all: &all { canary: a, lab-2: x, 6002: b }\nphones: { <<: *all, 6001: c, lab-1: d, lab-2: e, 0: f }',
    ],
    [
      'of a merge',
      {},
      'x-all: &all { canary: a, 6002: b }\nphones: { <<: *all, 6001: c, lab-1: d, lab-2: e, 0: f }',
    ],
  ])('is that %s', async (_, context, text) => {
    const { phones } = await sandbox({ 'project/atcom.config.yaml': text }).load(context);
    expect([...phones.keys()]).toEqual(['canary', '6002', '6001', 'lab-1', 'lab-2', '0']);
  });

  it('is that of package.json', async () => {
    const text = '{ "6001": 1, "atcom": { "phones": { "b": "b", "2": "c", "1": "d" } } }';
    const { phones } = await sandbox({ 'project/package.json': text }).load();
    expect([...phones.keys()]).toEqual(['b', '2', '1']);
  });
});

describe('two names for one phone', () => {
  const warningsOf = async (text: string) =>
    (await sandbox({ 'project/atcom.config.yaml': text }).load()).warnings;

  it.each([
    ['phones:\n  a: 10.0.0.1\n  b: 10.0.0.1', '3:3 phones.b: b has the address of a'],
    ['phones:\n  a: 10.0.0.1\n  b: http://10.0.0.1:80', '3:3 phones.b: b has the address of a'],
    ['phones:\n  a: "[::1]:90"\n  b: "[0::1]:90"', '3:3 phones.b: b has the address of a'],
    ['phones:\n  a: { host: x, port: 81 }\n  b: X.:81', '3:3 phones.b: b has the address of a'],
    [
      'phones:\n  floor1-[01-10]: 10.0.0.[1-10]\n  floor2-[01-10]: 10.0.0.[1-10]',
      '3:3 phones."floor2-[01-10]": floor2-[01-10] have the address of floor1-[01-10]',
    ],
    [
      'phones:\n  a-[1-3]: 10.0.0.[1-3]\n  b-[1-3]: 10.0.0.[3-5]',
      '3:3 phones."b-[1-3]": b-1 has the address of a-3',
    ],
    [
      'phones:\n  a: { host: 10.0.0.1, mac: 80-82-87-04-6B-C2 }\n  b: { host: 10.0.0.2, mac: 808287046bc2 }',
      '3:3 phones.b: b has the mac of a; one phone would get its keys twice',
    ],
    [
      'phones:\n  a: { host: 10.0.0.1, mac: 80-82-87-04-6B-C2 }\n  b: { host: "[::1]", mac: 808287046bc2, alias: true }',
      '3:3 phones.b: b has the mac of a; one phone would get its keys twice',
    ],
    [
      'phones:\n  a: lobby.example\n  b: { host: 10.0.0.2, alias: true }',
      '3:3 phones.b: b has alias: true, but the address of no other phone',
    ],
  ])('are told of: %s', async (text, warning) => {
    expect(await warningsOf(text)).toEqual([expect.stringContaining(warning)]);
  });

  it.each([
    'phones: { a: 10.0.0.1, b: { host: 10.0.0.1, alias: true } }',
    'phones: { a: { host: 10.0.0.1, alias: true }, b: 10.0.0.1 }',
    'phones: { a: { host: 10.0.0.1, mac: 808287046bc2 }, b: { host: 10.0.0.1, mac: 808287046bc2, alias: true } }',
    'phones: { a: 10.0.0.1, b: 10.0.0.1:81 }',
    'phones: { "a-[1-2]": "10.0.0.[1-2]", "b-[1-2]": { host: "10.0.0.[1-2]", alias: true } }',
    'phones: { a: 10.0.0.1 }',
  ])('are meant: %s', async (text) => {
    expect(await warningsOf(text)).toEqual([]);
  });

  it('are reported in both files, and in the profile that is used', async () => {
    const box = sandbox({
      'project/.atcomrc':
        'phones: { a: 10.0.0.1 }\nprofiles:\n  lab: { phones: { c: 10.0.0.3, d: 10.0.0.3 } }',
      'user/config.yaml': 'phones: { b: 10.0.0.1 }',
    });
    expect((await box.load()).warnings).toEqual([
      `${box.path('user/config.yaml')}:1:11 phones.b: b has the address of a; add alias: true if it is a second name for the same phone`,
    ]);
    expect((await box.load({ profile: 'lab' })).warnings).toEqual([
      expect.stringContaining('.atcomrc:3:33 profiles.lab.phones.d: d has the address of c'),
    ]);
  });
});
