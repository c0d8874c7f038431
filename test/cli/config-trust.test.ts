import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { AtcomError } from '../../src/errors.ts';
import { emptyFolder, runApart as run } from './run.ts';

/** Called for the config, and for each of its profiles. */
const reading = vi.hoisted(() => ({ done: undefined as (() => void) | undefined }));
vi.mock(import('../../src/config/index.ts'), async (original) => {
  const config = await original();
  const everyProfile: typeof config.everyProfile = async function* (context) {
    for await (const loaded of config.everyProfile(context)) {
      reading.done?.();
      yield loaded;
    }
  };
  return { ...config, everyProfile };
});

function configured(files: Readonly<Record<string, string>>): string {
  const folder = emptyFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text, { mode: 0o600 });
  }
  return folder;
}

describe('atcom config trust', () => {
  it('trusts no file that is not there, not a config, or wrong', async () => {
    const cwd = configured({ 'wrong.yaml': 'phnes: {}', 'folder/.keep': '' });
    for (const [file, reason] of [
      ['gone.yaml', 'there is no such file'],
      ['folder', 'it is a folder'],
      ['wrong.yaml', 'did you mean phones?'],
    ] as const) {
      expect(await run(['config', 'trust', file], { cwd })).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining(reason),
      });
    }
  });

  it('trusts a file that others can write, as it is', async () => {
    const cwd = configured({ '.atcomrc': 'phones: { p: 10.0.0.1 }' });
    chmodSync(join(cwd, '.atcomrc'), 0o666);
    const dry = () => run(['hold', '--to', 'p', '-n'], { cwd });
    const refused = await dry();
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain(`atcom config trust ${join(cwd, '.atcomrc')}`);
    expect((await run(['config', 'trust', '.atcomrc'], { cwd })).exitCode).toBe(0);
    expect((await dry()).exitCode).toBe(0);
    writeFileSync(join(cwd, '.atcomrc'), 'phones: { p: 10.0.0.2 }');
    expect((await dry()).stderr).toContain('has changed since it was trusted');
  });

  it('shows what it trusts, whatever the file becomes meanwhile', async () => {
    const phones = (host: string) => `profiles: { p: { phones: { x: ${host} } } }`;
    const cwd = configured({ 'atcom.config.yaml': phones('10.0.0.1') });
    chmodSync(join(cwd, 'atcom.config.yaml'), 0o666);
    reading.done = () => writeFileSync(join(cwd, 'atcom.config.yaml'), phones('10.6.6.6'));
    onTestFinished(() => {
      reading.done = undefined;
    });
    const { stdout } = await run(['config', 'trust', 'atcom.config.yaml'], { cwd });
    expect(stdout).toMatch(/is trusted; 1 phone: 10\.0\.0\.1$/m);
    expect((await run(['phones'], { cwd })).stderr).toContain('has changed since it was trusted');
  });

  it('looks its targets up once, however many profiles it has', async () => {
    const profiles = Array.from({ length: 3000 }, (_, index) => `p${index}: { default: a }`);
    const text = `phones: { a: 10.0.0.1 }\nprofiles: { ${profiles.join(', ')} }`;
    const { stdout } = await run(['config', 'trust', 'many.yaml'], {
      cwd: configured({ 'many.yaml': text }),
    });
    expect(stdout).toContain('is trusted; 1 phone: 10.0.0.1');
  });

  it('refuses targets that look through too many phones together, in all profiles', async () => {
    const profile = '{ phones: { "a[1-10000]": "h[1-10000]" } }';
    const groups = Array.from({ length: 300 }, (_, index) => `g${index}: x`);
    const text = `profiles: { p: ${profile}, q: ${profile} }\ngroups: { ${groups.join(', ')} }`;
    expect(
      await run(['config', 'trust', 'many.yaml'], { cwd: configured({ 'many.yaml': text }) }),
    ).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('they look through more than 5,000,000 phones'),
    });
  });

  it.each([
    ['in the checkout of the config', '.git/HEAD', 'deep/atcom.config.yaml', '.state'],
    ['in a checkout around one', 'deep/.hg/x', 'deep/atcom.config.yaml', '.state', '.git/HEAD'],
    ['in the folder of the config', 'deep/x', 'deep/atcom.config.yaml', 'deep/.state'],
  ])('believes no list %s, which a project can bring along', async (_, made, name, state, outer = made) => {
    const cwd = configured({
      [made]: '',
      [outer]: '',
      [name]: 'phones: { p: { host: 127.0.0.1:1, auth: basic } }',
    });
    const mine = emptyFolder();
    const env = { ATCOM_USER: 'u', ATCOM_PASSWORD: 'hunter2', XDG_STATE_HOME: mine };
    const where = { cwd: join(cwd, 'deep'), env };
    const hold = ['hold', '--to', 'p', '--timeout', '100ms'];
    expect((await run(['config', 'trust', join(cwd, name)], where)).exitCode).toBe(0);
    expect((await run(hold, where)).exitCode).toBe(3);
    // As an author of the project would commit it.
    cpSync(mine, join(cwd, state), { recursive: true });
    const brought = { ...where, env: { ...env, XDG_STATE_HOME: join(cwd, state) } };
    expect(await run(hold, brought)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('is not trusted: it says that p is at'),
    });
    const trusted = await run(['config', 'trust', join(cwd, name)], brought);
    expect(trusted).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('could bring along both it and the config'),
    });
  });

  it.skipIf(process.platform === 'win32')(
    'loses nothing that another run of it changes at the same time',
    async () => {
      const names = ['a', 'b', 'c', 'd', 'e', 'f'];
      const cwd = configured(Object.fromEntries(names.map((name) => [`${name}.yaml`, 'phones: {}'])));
      await Promise.all(names.map((name) => run(['config', 'trust', `${name}.yaml`], { cwd })));
      const { files } = JSON.parse(readFileSync(join(`${cwd}-state`, 'atcom/trusted.json'), 'utf8'));
      expect(Object.keys(files)).toHaveLength(names.length);
    },
  );

  it('says every address that it covers, in every profile, and where passwords of accounts go', async () => {
    const cwd = configured({
      '.user/atcom/config.yaml': 'phones: { desk: 10.9.9.1, spare: https://10.9.9.2 }',
      'atcom.config.yaml': [
        'default: default.example,desk,10.9.9.1',
        'phones: { lobby: { host: 10.0.0.1 } }',
        'groups: { g: "group.example,lobby,@all", h: "@g!x", near: "http://10.9.9.2", broken: nobody* }',
        'listener: { port: 8288, url: "http://127.0.0.9:7523", trustedProxies: [10.6.6.6, 10.6.7.0/24] }',
        'profiles:',
        '  p: { default: profile.example, phones: { x: { host: "10.0.0.2:81" } } }',
        'simulator:',
        '  accounts:',
        '    known: { uri: "sip:6001@pbx.example" }',
        '    lab: { uri: "sip:6002@pbx.example", passwordFile: lab.secret }',
        '    far: { uri: "sip:6003@pbx.example", proxy: "proxy.example:5070", passwordFile: lab.secret }',
      ].join('\n'),
    });
    const hosts = [
      '10.0.0.1',
      'default.example',
      // In the profile, it is no phone of the user's.
      '10.9.9.1',
      'group.example',
      'http://10.9.9.2',
      '10.0.0.2:81',
      'profile.example',
    ];
    const secret = join(cwd, 'lab.secret');
    const { stdout } = await run(['config', 'trust', 'atcom.config.yaml'], { cwd });
    const [first = '', ...accounts] = stdout.trimEnd().split('\n');
    expect(first).toContain('atcom.config.yaml is trusted; 7 phones: ');
    for (const host of hosts) expect(first).toContain(host);
    expect(accounts).toEqual([
      `account lab: the password in ${secret} goes to sip:6002@pbx.example`,
      `account far: the password in ${secret} goes to sip:6003@pbx.example by way of proxy.example:5070`,
      'listener: phones are told to report to http://127.0.0.9:7523',
      'listener: 10.6.6.6 is believed when it says who sent an event',
      'listener: 10.6.7.0/24 is believed when it says who sent an event',
    ]);
    for (const ATCOM_PROFILE of ['', 'p']) {
      const words = ['config', 'trust', 'atcom.config.yaml', '--json'];
      const document = JSON.parse((await run(words, { cwd, env: { ATCOM_PROFILE } })).stdout);
      expect(document.hosts.toSorted()).toEqual(hosts.toSorted());
      expect(document.accounts).toEqual([
        { name: 'lab', passwordFile: secret, uri: 'sip:6002@pbx.example' },
        { name: 'far', passwordFile: secret, uri: 'sip:6003@pbx.example', proxy: 'proxy.example:5070' },
      ]);
      expect(document.listener).toEqual({
        url: 'http://127.0.0.9:7523',
        trustedProxies: ['10.6.6.6', '10.6.7.0/24'],
      });
    }
  });

  it.each([
    ['10.7.7.7,nosuch', '10.7.7.7'],
    ['10.7.7.[7-8]:81&x,nosuch', '10.7.7.7:81 10.7.7.8:81'],
    ['nosuch*,localhost!10.0.0.9', 'localhost'],
    ['1.2.3.400,10.7.7.7', '10.7.7.7'],
    ['lab..1,10.7.7.7', '10.7.7.7'],
    ['10.7.7.7,x:y', '10.7.7.7'],
  ])('says the addresses of a group that selects nothing yet: %s', async (target, addresses) => {
    const text = JSON.stringify({ phones: { x: '10.0.0.1' }, groups: { g: target } });
    const words = ['config', 'trust', 'atcom.config.yaml', '--json'];
    const { stdout } = await run(words, { cwd: configured({ 'atcom.config.yaml': text }) });
    expect(JSON.parse(stdout).hosts).toEqual(['10.0.0.1', ...addresses.split(' ')]);
  });

  it('says what it covers of your own file, too', async () => {
    const cwd = configured({ '.user/atcom/config.yaml': 'phones: { desk: 10.9.9.1 }\ndefault: 10.9.9.3' });
    const { stdout } = await run(['config', 'trust', '.user/atcom/config.yaml'], { cwd });
    expect(stdout).toContain('is trusted; 2 phones: ');
  });
});

it.each([
  ['trust', 'phones: { a: 10.0.0.1 }\nprofiles: { p: {}, q: {}, r: {} }'],
  ['validate', 'phones: { a: 10.0.0.1 }\nprofiles: { p: {}, q: {}, r: {} }'],
  ['validate', 'phones: { a: 10.0.0.1 }\ngroups: { g: a, h: a }'],
])('atcom config %s is ended by a signal between two parts of the config', async (command, text) => {
  const cwd = configured({ 'atcom.config.yaml': text });
  const stop = new AbortController();
  let readings = 0;
  reading.done = () => {
    readings += 1;
    stop.abort(new AtcomError('interrupted', {}));
  };
  onTestFinished(() => {
    reading.done = undefined;
  });
  const words = ['config', command, ...(command === 'trust' ? ['atcom.config.yaml'] : [])];
  expect(await run(words, { cwd, signal: stop.signal })).toMatchObject({ exitCode: 130 });
  expect(readings).toBe(1);
});

it('a path through link/.. is one place to all: that of the system', async () => {
  const root = configured({
    'here/c.yaml': 'default: wrong\nphones: { wrong: 127.0.0.1:8 }',
    'there/c.yaml': 'default: right\nphones: { right: 127.0.0.1:9 }',
    'there/wrong.yaml': 'phnes: {}',
    'there/targets': 'right',
    'there/calls.yaml': 'name: x\nphones: { a: virtual }\nsteps: [{ a: { expect: offHook, within: 1ms } }]',
    'there/inside/.keep': '',
  });
  const cwd = join(root, 'here');
  symlinkSync('../there/inside', join(cwd, 'link'));
  const config = ['--config', 'link/../c.yaml'];
  const { stdout } = await run(['hangup', '--dry-run', '--targets-file', 'link/../targets', ...config], {
    cwd,
  });
  expect(stdout).toContain('http://127.0.0.1:9/');
  const sinks = ['--report', 'junit:link/../r.xml', '--trace', 'link/../traces'];
  await run(['test', 'link/../calls.yaml', ...sinks, ...config], { cwd });
  await run(['help', '--man-to', 'link/../man'], { cwd });
  expect(readdirSync(join(root, 'there')).sort()).toEqual([
    'c.yaml',
    'calls.yaml',
    'inside',
    'man',
    'r.xml',
    'targets',
    'traces',
    'wrong.yaml',
  ]);
  expect(readdirSync(join(root, 'there/traces'))).toEqual(['.gitignore', '01-x']);
  expect(readdirSync(cwd).sort()).toEqual(['.local', 'c.yaml', 'link']);
  const trusted = await run(['config', 'trust', 'link/../c.yaml'], { cwd });
  expect(trusted.stdout).toMatch(/is trusted; 1 phone: 127\.0\.0\.1:9/);
  const { stderr } = await run(['config', 'validate', '--config', 'link/../wrong.yaml'], { cwd });
  expect(stderr).toContain(`\n${cwd}/link/../wrong.yaml:1:1 phnes: unknown setting`);
});
