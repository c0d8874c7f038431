import { mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rawServer } from '../support/raw-server.ts';
import { emptyFolder, run } from './run.ts';

const CONFIG = `default: reception
phones:
  reception: { host: 172.16.0.57, model: A48 }
  lobby: 172.16.0.37
profiles:
  staging: { default: s1, phones: { s1: 10.1.0.5 } }
`;

function configured(files: Readonly<Record<string, string>> = { 'atcom.config.yaml': CONFIG }): string {
  const folder = emptyFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text, { mode: 0o600 });
  }
  return folder;
}

async function json(words: readonly string[], cwd: string) {
  const result = await run([...words, '--json'], { cwd });
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  return JSON.parse(result.stdout);
}

describe('atcom config', () => {
  it('path names the files that are read and the place of the user file', async () => {
    const cwd = configured();
    const { stdout } = await run(['config', 'path'], { cwd });
    expect(stdout).toBe(
      `project     ${cwd}/atcom.config.yaml
user        ${cwd}/.user/atcom/config.yaml (not there)
looked in   ${cwd}
looked for  .atcomrc, .atcomrc.yaml, .atcomrc.yml, .atcomrc.json, .config/atcomrc, .config/atcomrc.yaml, .config/atcomrc.yml, .config/atcomrc.json, atcom.config.yaml, atcom.config.yml, atcom.config.json, package.json (its key "atcom")
`,
    );
    const { files, searched } = await json(['config', 'path'], cwd);
    expect(files).toEqual([{ path: join(cwd, 'atcom.config.yaml'), kind: 'project', trusted: false }]);
    expect(searched).toContain(join(cwd, '.config/atcomrc.json'));
  });

  it('path names files that do not count, and works with a file that is broken', async () => {
    const cwd = configured({ '.atcomrc': 'phones: [', 'package.json': '{ "atcom": {} }', 'a/.keep': '' });
    const { stdout, exitCode } = await run(['config', 'path'], { cwd: join(cwd, 'a'), env: { HOME: cwd } });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`project     ${cwd}/.atcomrc\n`);
    expect(stdout).toContain(`ignored     ${cwd}/package.json\n`);
    expect(stdout).toContain(`looked in   ${cwd}/a\nlooked in   ${cwd}\n`);
  });

  it.each(['missing', 'atcom.config.yaml'])('path works with a link that leads to %s', async (to) => {
    const cwd = emptyFolder();
    symlinkSync(to, join(cwd, 'atcom.config.yaml'));
    const { files } = await json(['config', 'path'], cwd);
    expect(files).toEqual([{ path: join(cwd, 'atcom.config.yaml'), kind: 'project', trusted: false }]);
  });

  describe("where a checkout may have brought along the user's file", () => {
    const brought = () =>
      configured({
        '.git/HEAD': '',
        '.user/atcom/config.yaml': 'phones: { p: { host: 127.0.0.1:1, auth: basic } }',
      });

    it.each(['config show', 'config validate', 'phones', 'doctor p', 'hold --to p'])(
      '%s says so',
      async (words) => {
        const cwd = brought();
        const env = { ATCOM_USER: 'u', ATCOM_PASSWORD: 'hunter2' };
        const { exitCode, stdout, stderr } = await run(words.split(' '), { cwd, env });
        expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
        expect(stderr).toContain(
          `error: ${cwd}/.user/atcom/config.yaml is not trusted: it is in the checkout ${cwd}, which may have brought it along [untrusted-config]\n`,
        );
        const named = await run([...words.split(' '), '--config', '.user/atcom/config.yaml'], { cwd, env });
        expect(named.stderr).not.toContain('untrusted-config');
      },
    );

    it('path says so beside it', async () => {
      const cwd = brought();
      const path = join(cwd, '.user/atcom/config.yaml');
      const { stdout, exitCode } = await run(['config', 'path'], { cwd });
      expect(exitCode).toBe(0);
      expect(stdout).toContain(
        `${path} (not trusted: it is in the checkout ${cwd}, which may have brought it along)\n`,
      );
      const { files } = await json(['config', 'path'], cwd);
      expect(files).toEqual([{ path, kind: 'user', trusted: false }]);
      const named = await run(['config', 'path', '--config', path], { cwd });
      expect(named.stdout).toContain(`user        ${path}\n`);
    });
  });

  it('show hides passwords', async () => {
    const cwd = configured({
      '.user/atcom/config.yaml':
        'phones: { p: { host: 127.0.0.1, auth: digest, user: admin, password: hunter2 } }',
    });
    const text = await run(['config', 'show'], { cwd });
    const { phones } = await json(['config', 'show'], cwd);
    expect(phones).toEqual([
      { name: 'p', host: '127.0.0.1', auth: 'digest', user: 'admin', password: '(hidden)' },
    ]);
    expect(text.stdout).toContain('user: admin');
    expect(text.stdout).not.toContain('hunter2');
  });

  it('show writes everything as a config', async () => {
    const config = `default: lab-01
phones:
  lab-01: { host: 10.0.0.1, model: A48, timeout: 5s, delay: 300ms, dialPlan: { country: "49" }, events: [offHook] }
  lobby: 10.0.0.2
groups: { lab: "lab-*" }
macros: { panic: DND_ON }
models: { A48: { macros: { panic: MUTE } } }
listener: { port: 9000 }
`;
    const cwd = configured({ 'atcom.config.yaml': config });
    const { stdout } = await run(['config', 'show'], { cwd });
    expect(stdout).toMatch(new RegExp(`^# project: ${cwd}/atcom\\.config\\.yaml\n`));
    expect(stdout).toContain('groups:\n  lab: lab-*\nmacros:\n  panic: DND_ON\nlistener:\n  port: 9000\n');
    const again = configured({ 'atcom.config.yaml': stdout });
    const { files: _, ...first } = await json(['config', 'show'], cwd);
    expect(await json(['config', 'show'], again)).toMatchObject(first);
    expect(await json(['config', 'show'], cwd)).toMatchObject({
      groups: { lab: 'lab-*' },
      macros: { panic: 'DND_ON' },
      phones: [{ name: 'lab-01', timeout: 5000 }, { name: 'lobby' }],
    });
  });

  it('show hides nothing and moves nothing on a terminal', async () => {
    const cwd = configured({
      'atcom.config.yaml': 'phones: { p: 10.0.0.1 }\ngroups: { g: "p\\u001b[2Jx\\u202e" }\n',
    });
    const { stdout } = await run(['config', 'show'], { cwd });
    for (const character of ['\u001b', '\u202e']) expect(stdout).not.toContain(character);
  });

  it('show lets the name of a folder begin no line of the config', async () => {
    const cwd = join(configured({}), 'p\ndefault: evil');
    mkdirSync(cwd);
    writeFileSync(join(cwd, 'atcom.config.yaml'), 'phones: { evil: 127.0.0.1 }');
    const { stdout } = await run(['config', 'show'], { cwd });
    expect(stdout).toMatch(/^# project: .*\/p\\u000adefault: evil\/atcom\.config\.yaml\nphones:\n/);
  });

  it('validate says ok, or every mistake with its line', async () => {
    const cwd = configured();
    const { stdout } = await run(['config', 'validate'], { cwd });
    expect(stdout).toContain(`${cwd}/atcom.config.yaml: ok, 2 phones\nlooked in   ${cwd}\n`);
    expect(await json(['config', 'validate'], cwd)).toMatchObject({
      phones: 2,
      searched: expect.arrayContaining([join(cwd, 'package.json')]),
      ignored: [],
    });
    const wrong = configured({
      'other.yaml': 'phones:\n  a:\n    host: 127.0.0.1\n    modle: A48\n    timeout: 5\n',
    });
    const { exitCode, stderr } = await run(['config', 'validate', 'other.yaml'], { cwd: wrong });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('other.yaml:4:5 phones.a.modle: unknown setting, did you mean model?');
    expect(stderr).toContain('other.yaml:5:5 phones.a.timeout');
  });

  it.each(['password:hunter2', 'password hunter2', 'password：hunter2'])(
    'says how to write %s, and not what stands behind the name',
    async (glued) => {
      const told = async (phone: string) => {
        const cwd = configured({ 'own.yaml': `phones: { p: { host: 10.0.0.1, ${phone} } }` });
        return (await run(['phones', '--config', 'own.yaml'], { cwd })).stderr;
      };
      const [alone, valued] = [await told(glued), await told(`${glued}: 1`)];
      expect(alone).toMatch(/own\.yaml:1:\d+: here is no value: write name: value, with a blank after/);
      expect(valued).toContain(
        'phones.p."password…": unknown setting; write password: and a blank before its value',
      );
      expect(alone + valued).not.toContain('hunter2');
    },
  );

  it('shows nothing of a name that begins with what no setting has', async () => {
    const cwd = configured({ 'own.yaml': 'phones: { p: { host: 10.0.0.1, $hunter2: 1 } }' });
    const { stderr } = await run(['phones', '--config', 'own.yaml'], { cwd });
    expect(stderr).toContain('phones.p."…": unknown setting; there is host, ');
  });

  it('show hides passwords in targets', async () => {
    const target = '"http://u:hunter2@h,@g"';
    const groups = `groups: { g: p, h: ${target} }`;
    const cwd = configured({ 'own.yaml': `default: ${target}\n${groups}\nphones: { p: 10.0.0.1 }` });
    for (const json of [[], ['--json']]) {
      const words = ['config', 'show', '--config', 'own.yaml', '--to', 'p', ...json];
      const { stdout } = await run(words, { cwd });
      expect(stdout.match(/http:\/\/…@g/g)).toHaveLength(2);
      expect(stdout).not.toContain('hunter2');
    }
  });

  it('validate looks up the names in default and groups', async () => {
    const cwd = configured({
      '.atcomrc': 'default: b\nphones: { a: 127.0.0.1 }\ngroups: { g: "@g", h: nope, ok: a }\n',
    });
    const { exitCode, stderr } = await run(['config', 'validate'], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('default: no phone is called "b"');
    expect(stderr).toContain('groups.g: ');
    expect(stderr).toContain('groups.h: ');
    expect(stderr).not.toContain('groups.ok');
  });

  it('validate refuses groups that look through too many phones together, but evaluates each once', async () => {
    const groups = (count: number, target: string) =>
      Array.from({ length: count }, (_, index) => `  g${index}: "${target}"\n`).join('');
    const phones = 'phones: { "a[1-10000]": "h[1-10000]" }\ngroups:\n';
    const cwd = configured({
      'many.yaml': phones + groups(600, 'x'),
      'once.yaml': `${phones}  one: "*&a1"\n${groups(600, '@one')}`,
    });
    expect(await run(['config', 'validate', 'many.yaml'], { cwd })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('they look through more than 5,000,000 phones'),
    });
    expect(await run(['config', 'validate', 'once.yaml'], { cwd })).toMatchObject({ exitCode: 0 });
  });

  it('validate refuses groups that make mistakes in many others', async () => {
    const chain = (count: number) =>
      `groups:\n${Array.from({ length: count }, (_, index) => `  g${index}: "@g${index + 1}"\n`).join('')}`;
    const cwd = configured({ 'few.yaml': chain(100), 'many.yaml': chain(1000) });
    expect(await run(['config', 'validate', 'few.yaml'], { cwd })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('few.yaml has 100 problems'),
    });
    expect(await run(['config', 'validate', 'many.yaml'], { cwd })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(
        /too large together: .*5,000,000 phones.*\n.*correct groups that are wrong/,
      ),
    });
  });

  it('validate finds a path that two files give to different events', async () => {
    const cwd = configured({
      '.atcomrc': 'phones: { a: 127.0.0.1 }\nevents: { onHook: /x }\n',
      '.user/atcom/config.yaml': 'events: { hold: /X }\n',
    });
    const { exitCode, stderr } = await run(['config', 'validate'], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/events: \w+: \/x is the path of \w+/i);
  });

  it('schema is a JSON Schema', async () => {
    const { stdout } = await run(['config', 'schema']);
    expect(JSON.parse(stdout)).toMatchObject({ type: 'object', properties: { phones: {}, default: {} } });
    expect(JSON.parse((await run(['config', 'schema', '--json'])).stdout)).toEqual(JSON.parse(stdout));
  });

  it('is checked before anything is pressed', async () => {
    const cwd = configured({ '.atcomrc': 'phones: [' });
    const { exitCode, stderr } = await run(['hold', '--to', '127.0.0.1'], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('.atcomrc:1:');
  });
});

describe('--config', () => {
  it('names one file, before ATCOM_CONFIG and the search, for every command', async () => {
    const cwd = configured({
      'atcom.config.yaml': 'phones: { found: 10.0.0.1 }',
      'named.yaml': 'phones: { named: 10.0.0.2 }',
      'env.yaml': 'phones: { env: 10.0.0.3 }',
    });
    const env = { ATCOM_CONFIG: 'env.yaml' };
    const names = async (words: readonly string[], more = {}) =>
      (await run([...words, 'phones', '--names'], { cwd, ...more })).stdout.trim();
    expect(await names([])).toBe('found');
    expect(await names([], { env })).toBe('env');
    expect(await names(['--config', 'named.yaml'], { env })).toBe('named');
    const dry = await run(['hold', '--config', 'named.yaml', '--to', 'named', '-n'], { cwd });
    expect(dry.stdout).toContain('http://10.0.0.2/');
    expect((await run(['config', 'path', '--config', 'named.yaml'], { cwd })).stdout).toMatch(
      /^project {2}.*named\.yaml\nuser/,
    );
  });

  it('names a file that must be there', async () => {
    expect(await run(['hold', '--config', 'gone.yaml', '--to', '10.0.0.1', '-n'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('gone.yaml cannot be read: there is no such file'),
    });
  });
});

describe('where no config is', () => {
  it.each([
    [['hold']],
    [['hold', '--to', 'lobby']],
    [['hold', '--to', '@floor1']],
    [['hold', '--to', 'lab-*']],
    [['hold', '--all', '--yes']],
  ])('the error says so, and where it was looked for: %s', async (words) => {
    const cwd = join(configured({ 'a/.keep': '' }), 'a');
    const { exitCode, stderr } = await run(words, { cwd, env: { HOME: join(cwd, '..') } });
    const text = stderr.replace(/\s+/g, ' ');
    expect(exitCode).toBe(2);
    expect(text).toContain('no config file such as atcom.config.yaml was found in');
    for (const place of [cwd, join(cwd, '..'), join(cwd, '.user/atcom/config.yaml')]) {
      expect(stderr.replace(/\s+/g, '')).toContain(place);
    }
  });
});

describe('two names for one phone', () => {
  const config = 'phones:\n  a: 127.0.0.1:9\n  b: 127.0.0.1:9\n';

  it('are an error of validate', async () => {
    const { exitCode, stderr } = await run(['config', 'validate'], {
      cwd: configured({ 'atcom.config.yaml': config }),
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('atcom.config.yaml:3:3 phones.b: b has the address of a');
  });

  it('of a profile are one as well', async () => {
    const cwd = configured({
      'atcom.config.yaml': `profiles: { lab: { default: x, phones: { c: 10.0.0.1, d: 10.0.0.1 } } }\n`,
    });
    const { exitCode, stderr } = await run(['config', 'validate'], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('d has the address of c');
    expect(stderr).toContain('profiles.lab.default: no phone is called "x"');
  });

  it('are a warning of a run, once', async () => {
    const cwd = configured({ 'atcom.config.yaml': config, batch: 'hold\nresume\n' });
    const { stderr } = await run(['hold', '--to', 'b', '-n'], { cwd });
    expect(stderr).toContain('warning: atcom.config.yaml:3:3 phones.b: b has the address of a');
    const batch = await run(['run', join(cwd, 'batch'), '-n'], { cwd, env: { ATCOM_TO: 'a' } });
    expect(batch.stderr.match(/has the address of/g)).toHaveLength(1);
  });
});

describe('a password of the environment', () => {
  const env = { ATCOM_USER: 'admin', ATCOM_PASSWORD: 'hunter2' };
  const basic = `Basic ${Buffer.from('admin:hunter2').toString('base64')}`;

  /** A phone that wants credentials, and a project file that names it. */
  async function planted() {
    const server = await rawServer((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\n'));
    const cwd = configured({
      '.atcomrc': `phones: { p: { host: 127.0.0.1:${server.port}, auth: basic } }`,
      'a/.keep': '',
    });
    const state = emptyFolder();
    const home = { HOME: cwd, XDG_STATE_HOME: state };
    return { server, cwd: join(cwd, 'a'), file: join(cwd, '.atcomrc'), env: { ...home, ...env } };
  }

  it('does not leave for an address that only a project file names', async () => {
    const { server, file, ...where } = await planted();
    for (const words of [['hold'], ['allow', 'p', '--wait', '1s'], ['doctor', 'p'], ['test', '-']]) {
      const aimed = words[0] === 'hold' ? [...words, '--to', 'p'] : words;
      if (words[0] === 'test') continue;
      const { exitCode, stderr, stdout } = await run(aimed, where);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('is not trusted: it says that p is at');
      expect(stderr + stdout).not.toContain('hunter2');
    }
    expect(server.connections).toBe(0);
  });

  it('leaves for it once that is trusted, until it changes', async () => {
    const { server, file, ...where } = await planted();
    await run(['config', 'trust', file], where);
    writeFileSync(file, `# pulled\n${readFileSync(file, 'utf8')}`);
    const { exitCode, stderr } = await run(['hold', '--to', 'p'], where);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /is not trusted: it, or a PEM file that it names, has changed since it was trusted.*\n.*atcom config trust \/.*\.atcomrc/,
    );
    expect(server.connections).toBe(0);
    expect((await run(['config', 'path'], where)).stdout).toContain(
      `${file} (it, or a PEM file that it names, has changed since it was trusted)
`,
    );
    expect(JSON.parse((await run(['config', 'path', '--json'], where)).stdout).files[0].trusted).toBe(false);
    expect((await run(['config', 'show'], where)).stdout).not.toContain('(hidden)');
    await run(['config', 'trust', file], where);
    expect((await run(['hold', '--to', 'p'], where)).exitCode).toBe(0);
  });

  it.each([
    ['a phone', 'phones: { p: { HOST, tls: { ca: ca.pem } } }'],
    ['all phones', 'phones: { p: { HOST } }\ndefaults: { tls: { ca: ca.pem } }'],
    ['a model', 'phones: { p: { HOST, model: A48 } }\nmodels: { A48: { tls: { ca: ca.pem } } }'],
    [
      'a phone of a profile',
      'phones: { p: { HOST } }\nprofiles: { pr: { phones: { p: { HOST, tls: { ca: ca.pem } } } } }',
    ],
  ])('leaves for it until the PEM file of %s changes', async (_, text) => {
    const { server, file, ...where } = await planted();
    const pem = join(file, '..', 'ca.pem');
    const certificates = (name: string) =>
      `-----BEGIN CERTIFICATE-----\n${name}\n-----END CERTIFICATE-----\n`;
    writeFileSync(pem, certificates('OURS'));
    writeFileSync(file, text.replaceAll('HOST', `host: "127.0.0.1:${server.port}", auth: basic`));
    // Trusted by way of a link, which has nothing beside it.
    const link = join(where.cwd, 'link.yaml');
    symlinkSync('../.atcomrc', link);
    expect((await run(['config', 'trust', link], where)).stdout).toContain(
      `certificates are judged by ${pem}, as it is now`,
    );
    const hold = () => run(['hold', '--to', 'p'], where);
    expect((await hold()).exitCode).toBe(0);
    for (const change of [() => writeFileSync(pem, certificates('THEIRS')), () => writeFileSync(pem, '')]) {
      change();
      expect((await hold()).exitCode).toBe(2);
    }
    rmSync(pem);
    expect((await hold()).exitCode).toBe(2);
    expect(server.connections).toBe(1);
  });

  it('leaves for it once that is trusted, until that is taken back', async () => {
    const { server, file, ...where } = await planted();
    const trusted = await run(['config', 'trust', file], where);
    expect(trusted).toMatchObject({
      exitCode: 0,
      stdout: `${file} is trusted; 1 phone: 127.0.0.1:${server.port}\n`,
    });
    const store = join(where.env.XDG_STATE_HOME, 'atcom/trusted.json');
    expect(statSync(store).mode & 0o777).toBe(0o600);
    expect((await run(['hold', '--to', 'p'], where)).exitCode).toBe(0);
    expect(server.received.join()).toContain(basic);
    expect((await run(['config', 'path'], where)).stdout).toContain(`${file} (trusted)\n`);
    expect((await run(['config', 'trust', '--revoke', '../.atcomrc'], where)).exitCode).toBe(0);
    expect((await run(['hold', '--to', 'p'], where)).exitCode).toBe(2);
    expect(server.connections).toBe(1);
  });

  it('leaves no longer once trust is taken back by way of a link, also while the file is away', async () => {
    const { file, ...where } = await planted();
    const link = join(where.cwd, 'link');
    symlinkSync('..', link);
    const revoke = (name: string) => run(['config', 'trust', '--revoke', name], where);
    expect((await run(['config', 'trust', file], where)).exitCode).toBe(0);
    expect((await revoke('nosuch.yaml')).stdout).toBe(
      `${join(where.cwd, 'nosuch.yaml')} was not trusted; trusted: ${file}\n`,
    );
    renameSync(file, `${file}.away`);
    expect((await revoke(join(link, '.atcomrc'))).stdout).toBe(`${link}/.atcomrc is no longer trusted\n`);
    renameSync(`${file}.away`, file);
    expect((await run(['config', 'path'], where)).stdout).not.toContain('(trusted)');
    expect((await revoke(file)).stdout).toBe(`${file} was not trusted; no file is\n`);
  });

  it('is no reason to refuse a dry run of what needs none', async () => {
    const cwd = configured({ '.atcomrc': 'phones: { p: 10.0.0.1 }' });
    expect((await run(['hold', '--to', 'p', '-n'], { cwd, env })).exitCode).toBe(0);
  });

  it('is shown by config show only where it would go', async () => {
    const { file, server, ...where } = await planted();
    expect((await run(['config', 'show'], where)).stdout).not.toContain('(hidden)');
    await run(['config', 'trust', file], where);
    expect((await run(['config', 'show'], where)).stdout).toContain('password: (hidden)');
    expect(server.connections).toBe(0);
  });
});

describe('credentials that select nothing', () => {
  it('are a warning of validate', async () => {
    const cwd = configured({
      'atcom.config.yaml': 'phones: { a: 10.0.0.1 }',
      '.user/atcom/config.yaml': 'credentials: { "@floor9": { user: u, password: p } }',
    });
    const { exitCode, stderr } = await run(['config', 'validate'], { cwd });
    expect(exitCode).toBe(0);
    expect(stderr).toContain(
      'warning: credentials of @floor9 apply to no phone: there is no group "@floor9"',
    );
  });
});

describe('words that were pasted', () => {
  it.each<[readonly string[], RegExp, RegExp]>([
    [['hold', '–-to', 'lab'], /"–-to" is not an option/, /write --to/],
    [['key', 'HOLD', '—to', 'lab'], /"—to" is not an option/, /write --to/],
    [['dial', '6040', '––dry-run'], /"––dry-run" is not an option/, /write --dry-run/],
    [['dial', '–-line', '2', '6040', '--to', '127.0.0.1'], /"–-line" is not an option/, /write --line/],
    [['phones', '–-fold'], /– is not a plain quote or dash/, /write --fold/],
    [['hold', '--to', "'lobby'"], /the quote ' is part of it/, /write lobby/],
  ])('are named: %s', async (words, reason, hint) => {
    const { exitCode, stderr } = await run(words);
    expect(exitCode).toBe(2);
    expect(stderr.replace(/\s+/g, ' ')).toMatch(reason);
    expect(stderr.replace(/\s+/g, ' ')).toMatch(hint);
  });

  it('are named in a file, too', async () => {
    const cwd = configured({ batch: 'hold –-to lab\n' });
    const { stderr } = await run(['run', 'batch', '-n'], { cwd });
    expect(stderr).toContain('batch:1: "–-to" is not an option');
  });
});

describe('files of targets', () => {
  it('have lines that an error names', async () => {
    const cwd = configured({ 'atcom.config.yaml': CONFIG, list: 'reception\n\nloby # front\n' });
    const { exitCode, stderr } = await run(['hold', '--targets-file', 'list', '-n'], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('list:3: no phone is called "loby"');
    const piped = await run(['hold', '--to', '-', '-n'], { cwd, input: 'lobby\nx y\n' });
    expect(piped.stderr).toContain('stdin:2: ');
  });

  it.each([
    ['--targets-file', ['hold', '-n', '--targets-file', 'list']],
    ['run', ['run', 'list']],
    ['action-url lint', ['action-url', 'lint', 'list']],
    ['--config', ['hold', '-n', '--to', '10.0.0.1', '--config', 'list']],
    ['test', ['test', '--check', 'list']],
  ])('of PowerShell are UTF-16, and told so: %s', async (_, words) => {
    const cwd = configured({});
    writeFileSync(join(cwd, 'list'), Buffer.from('\uFEFFlobby\r\n', 'utf16le'));
    const { exitCode, stderr } = await run(words, { cwd });
    expect(exitCode).toBe(2);
    expect(stderr.replace(/\s+/g, ' ')).toContain(
      "it is UTF-16, as PowerShell's > writes it; save it as UTF-8",
    );
  });

  it('that do not exist are reported by name', async () => {
    const { exitCode, stderr } = await run(['hold', '--targets-file', 'gone']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('gone cannot be read: there is no such file');
  });
});
