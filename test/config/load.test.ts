import { describe, expect, it } from 'vitest';
import { failure, problemsOf, sandbox } from './sandbox.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

describe('a config without files', () => {
  it('is empty', async () => {
    expect(await sandbox().load()).toEqual({
      files: [],
      phones: new Map(),
      groups: new Map(),
      macros: new Map(),
      profiles: [],
      origin: new Map(),
    });
  });

  it('has no profile to choose', async () => {
    const error = await failure(sandbox().load({ profile: 'lab' }));
    expect(error).toMatchObject({ code: 'unknown-profile', details: { input: 'lab', names: [] } });
  });
});

describe('phones', () => {
  it('are an address', async () => {
    const { phones } = await sandbox({
      'project/.atcomrc': 'phones: { lobby: "https://172.16.0.37:8443" }',
    }).load();
    expect(phones.get('lobby')).toEqual({ name: 'lobby', host: 'https://172.16.0.37:8443' });
  });

  it('are settings, with durations in milliseconds and files read', async () => {
    const box = sandbox({
      'project/.config/atcomrc': `
phones:
  reception:
    host: 172.16.0.57:8080
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
      host: '172.16.0.57:8080',
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
    ['{ body: Allow }', { body: 'Allow' }],
  ])('have approval %s', async (approval, expected) => {
    const text = `phones: { p: { host: a, approval: ${approval} } }`;
    expect((await sandbox({ 'project/.atcomrc': text }).load()).phones.get('p')?.approval).toEqual(expected);
  });

  it.each([
    ['gone.pem', 'there is no such file'],
    ['..', 'it is a folder; Docker makes one where a mounted file is missing'],
    ['/dev/zero', 'it is no plain file'],
    ['.atcomrc', 'it holds no certificate (PEM)'],
  ])('have no certificates in %s', async (ca, reason) => {
    const box = sandbox({ 'project/.atcomrc': `phones: { p: { host: a, tls: { ca: ${ca} } } }` });
    expect(await failure(box.load())).toMatchObject({ code: 'unreadable-file', details: { reason } });
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

  it.each([
    ['{ "a[1-3]": "10.0.0.[1-2]" }', 'has 3 names and 2 hosts; they are paired one by one'],
    ['{ "a[1-3]": 10.0.0.1 }', 'has 3 names and 1 hosts'],
    ['{ a: "10.0.0.[1-2]" }', 'has 1 names and 2 hosts'],
    ['{ a2: 10.0.0.9, "a[1-3]": "10.0.0.[1-3]" }', 'names a2, which is named above already'],
    ['{ "a[3-1]": "10.0.0.[1-3]" }', '3-1'],
    ['{ "a[1-2": 10.0.0.1 }', '['],
  ])('that do not fit are an error: %s', async (phones, problem) => {
    const [first] = await problemsOf(`phones: ${phones}`);
    expect(first).toContain(problem);
  });
});

it('takes verbs and macros from the model, where the phone has none of its own', async () => {
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
