import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asFound, trustedNow } from '../../src/config/as-found.ts';
import { checkFiles } from '../../src/config/checked.ts';
import { type ConfigContext, changeTrust } from '../../src/config/index.ts';
import { readFiles } from '../../src/config/reader.ts';
import { failure, type Sandbox, sandbox } from './sandbox.ts';

const ROOT = process.geteuid?.() === 0;
/** Users of no meaning; only root can give files to them. */
const ME = 4242;
const OTHER = 4711;

/** Everything in the sandbox is mine, as after I made it. */
function mine(files: Readonly<Record<string, string>>): Sandbox {
  const box = sandbox(files);
  const names = [
    '',
    'project',
    'user',
    ...Object.keys(files),
    ...Object.keys(files).map((name) => dirname(name)),
  ];
  for (const name of names) chownSync(box.path(name), ME, ME);
  return box;
}

const context = (box: Sandbox, more: Partial<ConfigContext> = {}) => ({
  uid: ME,
  ...more,
  env: { XDG_STATE_HOME: box.path('state'), ...more.env },
});

/** What `atcom config trust` does. */
function trust(
  box: Sandbox,
  file: string,
  more: Partial<ConfigContext> = {},
  certificates: readonly string[] = [],
): void {
  const trusted = trustedNow(asFound(readFileSync(box.path(file), 'utf8'), box.project), certificates);
  const { store, text } = changeTrust(box.path(file), trusted, { ...box.context(context(box, more)) });
  mkdirSync(dirname(store), { recursive: true, mode: 0o700 });
  writeFileSync(store, text, { mode: 0o600 });
  const uid = more.uid ?? ME;
  for (const path of [dirname(store), store]) if (ROOT) chownSync(path, uid, uid);
}

const PHONES = 'phones: { p: { host: 10.0.0.1, auth: basic } }';

describe.runIf(ROOT)('a PEM file', () => {
  const PEM = '-----BEGIN CERTIFICATE-----\n';
  const withCa = (folder: string) =>
    `phones: { p: { host: "https://10.0.0.1", tls: { ca: ${folder}/ca.pem } } }`;

  it.each<[string, (file: string) => void, RegExp]>([
    [
      'belongs to another user',
      (file) => chownSync(file, OTHER, OTHER),
      /it belongs to another user \(4711\)$/,
    ],
    ['can be written by all', (file) => chmodSync(file, 0o666), /others can write it$/],
    ['is in a folder of others', (file) => chmodSync(dirname(file), 0o777), /others can write its folder/],
  ])('of the user, which %s, is refused, unless the config is named', async (_, spoil, reason) => {
    const box = mine({ 'user/config.yaml': withCa('.'), 'user/ca.pem': PEM, 'project/.keep': '' });
    expect((await box.load(context(box))).phones.size).toBe(1);
    const other = mine({ 'user/config.yaml': withCa('../pki'), 'pki/ca.pem': PEM });
    spoil(other.path('pki/ca.pem'));
    expect(await failure(other.load(context(other)))).toMatchObject({
      code: 'unreadable-file',
      message: expect.stringMatching(reason),
      hint: 'name a copy of your own that nobody else can write',
    });
    const file = other.path('user/config.yaml');
    expect((await other.load(context(other, { file }))).phones.size).toBe(1);
  });

  it('of a project is what it was when the project was trusted', async () => {
    const box = mine({ 'project/.atcomrc': withCa('../pki'), 'pki/ca.pem': PEM });
    chmodSync(box.path('pki/ca.pem'), 0o666);
    trust(box, 'project/.atcomrc', {}, ['../pki/ca.pem']);
    expect((await box.load(context(box))).phones.size).toBe(1);
  });
});

describe.runIf(ROOT)('a project file that was found', () => {
  const spoilers: readonly [what: string, spoil: (box: Sandbox) => void, reason: RegExp][] = [
    [
      'belongs to somebody else',
      (box) => chownSync(box.path('project/.atcomrc'), OTHER, OTHER),
      /^it belongs to another user \(4711\)$/,
    ],
    [
      'can be written by all',
      (box) => chmodSync(box.path('project/.atcomrc'), 0o666),
      /^others can write it$/,
    ],
    [
      'can be written by a group',
      (box) => {
        chownSync(box.path('project/.atcomrc'), ME, OTHER);
        chmodSync(box.path('project/.atcomrc'), 0o664);
      },
      /^its group can write it$/,
    ],
    [
      'is in a folder of somebody else',
      (box) => chownSync(box.project, OTHER, OTHER),
      /^its folder \/.*project belongs to another user/,
    ],
    [
      'is in a folder that all can write',
      (box) => chmodSync(box.project, 0o777),
      /^others can write its folder \/.*project$/,
    ],
    [
      'is in a folder that all can write, with the sticky bit',
      (box) => chmodSync(box.project, 0o1777),
      /others can write/,
    ],
    [
      'is in a folder that a group can write',
      (box) => {
        chownSync(box.project, ME, OTHER);
        chmodSync(box.project, 0o775);
      },
      /^its group can write its folder \/.*project$/,
    ],
  ];

  it.each(spoilers)('is refused when it %s', async (_, spoil, reason) => {
    const box = mine({ 'project/.atcomrc': PHONES });
    spoil(box);
    const error = await failure(box.load(context(box)));
    expect(error).toMatchObject({
      code: 'untrusted-config',
      exitCode: 2,
      details: { file: box.path('project/.atcomrc'), reason: expect.stringMatching(reason) },
    });
    expect(error.hint).toContain(`atcom config trust ${box.path('project/.atcomrc')}`);
  });

  it.each(spoilers)('counts when it %s and is named, or trusted', async (_, spoil) => {
    const box = mine({ 'project/.atcomrc': PHONES });
    spoil(box);
    expect((await box.load(context(box, { file: '.atcomrc' }))).phones.size).toBe(1);
    const env = { ATCOM_CONFIG: box.path('project/.atcomrc') };
    expect((await box.load(context(box, { env }))).phones.size).toBe(1);
    trust(box, 'project/.atcomrc');
    expect((await box.load(context(box))).phones.size).toBe(1);
  });

  it.each(spoilers)('is refused when it %s, and a relative ATCOM_CONFIG leads to it', async (_, spoil) => {
    const box = mine({ 'project/.atcomrc': PHONES });
    spoil(box);
    const error = await failure(box.load(context(box, { env: { ATCOM_CONFIG: '.atcomrc' } })));
    expect(error.code).toBe('untrusted-config');
  });

  it.each(spoilers)('that %s is trusted until it changes', async (_, spoil) => {
    const box = mine({ 'project/.atcomrc': PHONES });
    spoil(box);
    trust(box, 'project/.atcomrc');
    writeFileSync(box.path('project/.atcomrc'), PHONES.replace('10.0.0.1', '10.6.6.6'));
    expect(await failure(box.load(context(box)))).toMatchObject({
      code: 'untrusted-config',
      details: {
        reason: 'it, or a PEM file that it names, has changed since it was trusted, and others can write it',
      },
    });
  });

  it('is refused in a folder above', async () => {
    const box = mine({ '.atcomrc': PHONES, 'project/a/.keep': '' });
    chownSync(box.path('.atcomrc'), OTHER, OTHER);
    const error = await failure(box.load(context(box, { cwd: box.path('project/a') })));
    expect(error).toMatchObject({ code: 'untrusted-config', details: { file: box.path('.atcomrc') } });
  });

  it("is refused behind another user's link, and if a link leads to another user's file", async () => {
    const box = mine({ 'mine.yaml': PHONES, 'theirs.yaml': PHONES });
    chownSync(box.path('theirs.yaml'), OTHER, OTHER);
    symlinkSync('../theirs.yaml', box.path('project/.atcomrc'));
    lchownSync(box.path('project/.atcomrc'), ME, ME);
    expect((await failure(box.load(context(box)))).message).toMatch(
      /\.atcomrc is not trusted: the file it links to \(.*theirs\.yaml\) belongs to another user/,
    );
    const other = mine({ 'mine.yaml': PHONES });
    symlinkSync('../mine.yaml', other.path('project/.atcomrc'));
    lchownSync(other.path('project/.atcomrc'), OTHER, OTHER);
    expect((await failure(other.load(context(other)))).message).toMatch(
      /\.atcomrc is not trusted: it belongs to another user/,
    );
  });

  it('is refused behind a link in between that belongs to another user, or is in their folder', async () => {
    const chain = () => {
      const box = mine({ 'mine.yaml': PHONES, 'between/.keep': '' });
      symlinkSync('../mine.yaml', box.path('between/link'));
      symlinkSync('../between/link', box.path('project/.atcomrc'));
      for (const link of ['between/link', 'project/.atcomrc']) lchownSync(box.path(link), ME, ME);
      return box;
    };
    expect((await chain().load(context(chain()))).phones.size).toBe(1);
    const link = chain();
    lchownSync(link.path('between/link'), OTHER, OTHER);
    expect((await failure(link.load(context(link)))).message).toMatch(
      /the link it leads to \(.*between\/link\) belongs to another user \(4711\)/,
    );
    const folder = chain();
    chownSync(folder.path('between'), OTHER, OTHER);
    expect((await failure(folder.load(context(folder)))).message).toMatch(
      /the folder of the file it links to \(.*between\) belongs to another user \(4711\)/,
    );
  });

  it('is refused where a link leads to it by a `..` behind another link', async () => {
    const box = mine({ 'far/sub/.keep': '', 'far/c.yaml': PHONES, 'project/c.yaml': PHONES });
    symlinkSync('../far/sub', box.path('project/L'));
    symlinkSync('L/../c.yaml', box.path('project/.atcomrc'));
    for (const link of ['L', '.atcomrc']) lchownSync(box.path(`project/${link}`), ME, ME);
    expect((await box.load(context(box))).phones.size).toBe(1);
    chownSync(box.path('far/c.yaml'), OTHER, OTHER);
    expect((await failure(box.load(context(box)))).message).toMatch(
      /the file it links to \(.*far\/c\.yaml\) belongs to another user \(4711\)/,
    );
  });

  it('is refused in a folder that is a link of another user, or that is in their folder', async () => {
    const behindFolder = () => {
      const box = mine({ 'far/atcomrc.yaml': PHONES });
      symlinkSync('../far', box.path('project/.config'));
      lchownSync(box.path('project/.config'), ME, ME);
      return box;
    };
    const own = behindFolder();
    expect((await own.load(context(own))).phones.size).toBe(1);
    const link = behindFolder();
    lchownSync(link.path('project/.config'), OTHER, OTHER);
    expect((await failure(link.load(context(link)))).message).toMatch(
      /its folder .*project\/\.config belongs to another user \(4711\)/,
    );
    const folder = behindFolder();
    chownSync(folder.project, OTHER, OTHER);
    expect((await failure(folder.load(context(folder)))).message).toMatch(
      /the folder of the file it links to \(.*project\) belongs to another user \(4711\)/,
    );
  });

  it('takes what is beside the file that it is a link to, not what is beside the link', async () => {
    const pem = (text: string) => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;
    const box = mine({
      'lab/atcom.yaml':
        'defaults: { tls: { ca: ca.pem } }\nphones: { p: "https://a", q: { host: "https://b", tls: { ca: ca.pem } } }',
      'lab/ca.pem': pem('MINE'),
      'project/ca.pem': pem('THEIRS'),
    });
    symlinkSync('../lab/atcom.yaml', box.path('project/.atcomrc'));
    lchownSync(box.path('project/.atcomrc'), ME, ME);
    const { phones } = await box.load(context(box));
    expect([...phones.values()].map(({ tls }) => tls?.ca)).toEqual([pem('MINE'), pem('MINE')]);
  });

  it('counts, and is checked, behind a folder that is a link itself', async () => {
    const box = mine({ 'far/away/.keep': '', 'far/mine.yaml': PHONES, 'mine.yaml': 'phones: {}' });
    // What `..` means depends on where the folder really is.
    symlinkSync('../mine.yaml', box.path('far/away/.atcomrc'));
    symlinkSync('far/away', box.path('link'));
    for (const name of ['far/away/.atcomrc', 'link']) lchownSync(box.path(name), ME, ME);
    const cwd = box.path('link');
    expect((await box.load(context(box, { cwd }))).phones.size).toBe(1);
    chownSync(box.path('far/mine.yaml'), OTHER, OTHER);
    expect((await failure(box.load(context(box, { cwd })))).code).toBe('untrusted-config');
  });

  it.each([
    ['me', ME, ME, 0o644],
    ['me and a group of my own', ME, ME, 0o664],
    ['root', 0, 0, 0o644],
    ['root and its group', 0, 0, 0o664],
  ])('counts when it is written by %s', async (_, uid, gid, mode) => {
    const box = mine({ 'project/.atcomrc': PHONES });
    chownSync(box.path('project/.atcomrc'), uid, gid);
    chmodSync(box.path('project/.atcomrc'), mode);
    expect((await box.load(context(box))).phones.size).toBe(1);
  });

  it('counts for root when it belongs to who called sudo', async () => {
    const box = mine({ 'project/.atcomrc': PHONES });
    // Root keeps its own list.
    const XDG_STATE_HOME = join(tmpdir(), 'atcom-is-not-there');
    const root = { uid: 0, env: { SUDO_UID: String(ME), XDG_STATE_HOME } };
    expect((await box.load(context(box, root))).phones.size).toBe(1);
    for (const SUDO_UID of [undefined, '', String(OTHER), 'x']) {
      const error = await failure(box.load(context(box, { uid: 0, env: { SUDO_UID, XDG_STATE_HOME } })));
      expect(error.code).toBe('untrusted-config');
    }
    const other = { uid: OTHER, env: { SUDO_UID: String(ME), XDG_STATE_HOME } };
    expect((await failure(box.load(context(box, other)))).code).toBe('untrusted-config');
  });

  it('counts where users have no numbers', async () => {
    const box = mine({ 'project/.atcomrc': PHONES });
    chownSync(box.path('project/.atcomrc'), OTHER, OTHER);
    expect((await box.load(context(box, { uid: undefined }))).phones.size).toBe(1);
  });

  it("is not named by another user's package.json", async () => {
    const box = mine({ 'project/package.json': '{ "atcom": { "default": "x" } }' });
    chownSync(box.path('project/package.json'), OTHER, OTHER);
    expect((await failure(box.load(context(box)))).code).toBe('untrusted-config');
  });
});

describe.runIf(ROOT)("the user's file", () => {
  it.each([
    ['belongs to somebody else', (box: Sandbox) => chownSync(box.path('user/config.yaml'), OTHER, OTHER)],
    ['can be written by all', (box: Sandbox) => chmodSync(box.path('user/config.yaml'), 0o666)],
    ['is in a folder that all can write', (box: Sandbox) => chmodSync(box.user, 0o777)],
  ])('is refused when it %s', async (_, spoil) => {
    const box = mine({ 'user/config.yaml': PHONES });
    spoil(box);
    expect((await failure(box.load(context(box)))).code).toBe('untrusted-config');
    trust(box, 'user/config.yaml');
    expect((await box.load(context(box))).phones.size).toBe(1);
  });
});

describe('a password', () => {
  const secret = { ATCOM_USER: 'admin', ATCOM_PASSWORD: 'hunter2' };
  const uid = process.geteuid?.();
  const own = (box: Sandbox, more: Partial<ConfigContext> = {}) =>
    context(box, { uid, ...more, env: { ...secret, ...more.env } });

  /** What a phone of the config is sent. */
  async function sent(box: Sandbox, more: Partial<ConfigContext> = {}) {
    const config = await box.load(own(box, more));
    const phone = config.phones.get('p');
    return phone === undefined ? undefined : (await config.settings(phone)).password;
  }

  it('does not go to an address that only a project file names', async () => {
    const box = sandbox({ 'project/.atcomrc': PHONES });
    const error = await failure(sent(box));
    expect(error).toMatchObject({
      code: 'untrusted-config',
      exitCode: 2,
      message: `${box.path('project/.atcomrc')} is not trusted: it says that p is at 10.0.0.1, where your password would go`,
      hint: `check what is in it, then run: atcom config trust ${box.path('project/.atcomrc')}`,
    });
    expect(JSON.stringify(error)).not.toContain('hunter2');
  });

  it("of the user's file does not either", async () => {
    const box = sandbox({
      'project/.atcomrc': PHONES,
      'user/config.yaml': 'credentials: { "@all": { user: u, password: hunter2 } }',
    });
    const env = { ATCOM_USER: '', ATCOM_PASSWORD: '' };
    expect((await failure(sent(box, { env }))).code).toBe('untrusted-config');
  });

  it('is not the only secret: none goes to an address that only a project file names', async () => {
    const box = sandbox({ 'project/.atcomrc': `${PHONES}\ngroups: { g: 10.0.0.9 }` });
    const { checkAddress, phones } = await box.load(own(box));
    await expect(checkAddress(phones.get('p') ?? { host: '' }, 'the token')).rejects.toThrow(
      'it says that p is at 10.0.0.1, where the token would go',
    );
    await expect(checkAddress({ host: '10.0.0.9' }, 'the token')).rejects.toThrow('it names 10.0.0.9');
    await expect(checkAddress({ host: '10.0.0.10' }, 'the token')).resolves.toBeUndefined();
  });

  describe('that a target of a project file names', () => {
    const typed = { host: '10.0.0.9', auth: 'digest' } as const;
    const passwordAt = async (box: Sandbox, more: Partial<ConfigContext> = {}) =>
      (await (await box.load(own(box, more))).settings(typed)).password;

    it.each([
      'default: 10.0.0.9',
      'groups: { g: "10.0.0.[1-20]" }',
      'groups: { g: "10.0.0.[1-20]", h: "@g" }',
      'profiles: { pr: { default: 10.0.0.9 } }',
    ])('does not go there: %s', async (text) => {
      const box = sandbox({ 'project/.atcomrc': text });
      expect(await failure(passwordAt(box))).toMatchObject({
        code: 'untrusted-config',
        message: expect.stringContaining('it names 10.0.0.9, where your password would go'),
      });
      trust(box, 'project/.atcomrc', { uid });
      expect(await passwordAt(box)).toBe('hunter2');
      box.write('project/.atcomrc', `${text} # changed`);
      expect((await failure(passwordAt(box))).message).toContain(
        'has changed since it was trusted, and it names 10.0.0.9',
      );
    });

    it.each([
      'default: 10.0.0.9',
      'groups: { mine: 10.0.0.9 }',
      'credentials: { "10.0.0.9": { user: admin, password: hunter2 } }',
      'phones: { p: { host: 10.0.0.9 } }\ngroups: { mine: p }',
    ])('goes there if your own file names it: %s', async (text) => {
      const box = sandbox({ 'project/.atcomrc': 'default: 10.0.0.9', 'user/config.yaml': text });
      expect(await passwordAt(box)).toBe('hunter2');
    });

    it.each([
      ['all phones', 'credentials: { "@all": { user: admin, password: hunter2 } }'],
      ['a name', 'default: trap'],
      ['a name in a group', 'groups: { g: "trap" }'],
      ['names', 'default: "tra*"'],
    ])('does not go there because your own file means %s, of which the project has one', async (_, text) => {
      const box = sandbox({
        'project/.atcomrc': 'default: http://10.0.0.9\nphones: { trap: http://10.0.0.9 }',
        'user/config.yaml': text,
      });
      const plain = { host: 'http://10.0.0.9', auth: 'digest' } as const;
      const { settings } = await box.load(own(box));
      await expect(settings(plain)).rejects.toThrow('it names http://10.0.0.9');
    });

    it('does not go over http to a phone that your own file has with https', async () => {
      const box = sandbox({
        'project/.atcomrc': 'default: http://10.0.0.9',
        'user/config.yaml': 'phones: { desk: https://10.0.0.9 }\ngroups: { mine: desk }',
      });
      const { settings } = await box.load(own(box));
      const at = (host: string) => settings({ host, auth: 'digest' });
      await expect(at('http://10.0.0.9')).rejects.toThrow('it names http://10.0.0.9');
      expect((await at('https://10.0.0.9')).password).toBe('hunter2');
    });

    it("goes to the user's group by that name, not to the project's", async () => {
      const box = sandbox({
        'project/.atcomrc': 'groups: { office: 10.0.0.9 }',
        'user/config.yaml':
          'groups: { office: 10.0.0.1 }\ncredentials: { "@office": { user: u, password: mine } }',
      });
      const { settings } = await box.load(own(box, { env: { ATCOM_USER: '', ATCOM_PASSWORD: '' } }));
      expect((await settings(typed)).password).toBeUndefined();
      expect((await settings({ ...typed, host: '10.0.0.1' })).password).toBe('mine');
    });
  });

  it('goes there when the file is trusted, until it changes', async () => {
    const box = sandbox({ 'project/.atcomrc': PHONES });
    trust(box, 'project/.atcomrc', { uid });
    expect(await sent(box)).toBe('hunter2');
    // As a pull does, which leaves the file mine.
    box.write('project/.atcomrc', PHONES.replace('10.0.0.1', '10.6.6.6'));
    expect(await failure(sent(box))).toMatchObject({
      code: 'untrusted-config',
      message: `${box.path('project/.atcomrc')} is not trusted: it, or a PEM file that it names, has changed since it was trusted, and it says that p is at 10.6.6.6, where your password would go`,
      hint: `check what is in it, then run: atcom config trust ${box.path('project/.atcomrc')}`,
    });
    box.write('project/.atcomrc', PHONES);
    expect(await sent(box)).toBe('hunter2');
    trust(box, 'project/.atcomrc', { uid });
    box.write('project/.atcomrc', `${PHONES}\n# a word\n`);
    expect((await failure(sent(box))).message).toContain('has changed since it was trusted');
  });

  it('goes where the text that was read says, whatever is in the file by then', async () => {
    const box = sandbox({ 'project/.atcomrc': PHONES });
    trust(box, 'project/.atcomrc', { uid });
    box.write('project/.atcomrc', PHONES.replace('10.0.0.1', '10.6.6.6'));
    const { settings, phones } = await box.load(own(box));
    box.write('project/.atcomrc', PHONES);
    const phone = phones.get('p');
    await expect(phone && settings(phone)).rejects.toThrow('it says that p is at 10.6.6.6');
  });

  it('goes there when the file was named', async () => {
    const box = sandbox({ 'project/phones.yaml': PHONES });
    expect(await sent(box, { file: 'phones.yaml' })).toBe('hunter2');
  });

  it('goes there when ATCOM_CONFIG names the file by its full path', async () => {
    const box = sandbox({ 'project/phones.yaml': PHONES });
    expect(await sent(box, { env: { ATCOM_CONFIG: box.path('project/phones.yaml') } })).toBe('hunter2');
  });

  it('does not go there when a relative ATCOM_CONFIG meets a file of that name, until it is trusted', async () => {
    const box = sandbox({ 'project/lab/phones.txt': PHONES, 'there/lab/phones.txt': PHONES });
    const env = { ATCOM_CONFIG: 'lab/phones.txt' };
    const file = box.path('there/lab/phones.txt');
    trust(box, 'project/lab/phones.txt', { uid });
    expect(await sent(box, { env })).toBe('hunter2');
    const there = { env, cwd: box.path('there') };
    expect(await failure(sent(box, there))).toMatchObject({
      code: 'untrusted-config',
      message: `${file} is not trusted: it says that p is at 10.0.0.1, where your password would go`,
    });
    // What is typed is meant as typed.
    expect(await sent(box, { ...there, file: 'lab/phones.txt' })).toBe('hunter2');
  });

  it("goes to an address of the user's file, and to one of the command line", async () => {
    const box = sandbox({ 'user/config.yaml': PHONES });
    expect(await sent(box)).toBe('hunter2');
    const { settings } = await box.load(own(box));
    expect((await settings({ host: '10.9.9.9', auth: 'digest' })).password).toBe('hunter2');
  });

  it('is not asked for by a phone that sends none', async () => {
    const box = sandbox({ 'project/.atcomrc': 'phones: { p: 10.0.0.1 }' });
    expect(await sent(box)).toBeUndefined();
    const { settings, phones } = await box.load(own(box));
    const phone = phones.get('p');
    await expect(phone && settings(phone, true)).rejects.toThrow(/where your password would go/);
  });

  it('does not go to a phone of a project file that has the name of one of the user', async () => {
    const box = sandbox({
      'project/.atcomrc': 'phones: { p: { host: 10.6.6.6, auth: basic } }',
      'user/config.yaml': 'phones: { p: { host: 10.0.0.1, auth: basic, user: u, password: mine } }',
    });
    expect((await failure(sent(box))).code).toBe('untrusted-config');
  });

  it('is not sent if it is empty', async () => {
    const box = sandbox({ 'project/.atcomrc': PHONES });
    expect(await sent(box, { env: { ATCOM_USER: 'admin', ATCOM_PASSWORD: '' } })).toBeUndefined();
  });
});

describe('the list of trusted files', () => {
  const uid = process.geteuid?.();
  const other = (box: Sandbox) =>
    box.load(context(box, { uid })).then(({ settings, phones }) => {
      const phone = phones.get('p');
      return phone && settings(phone);
    });

  it('is taken back', async () => {
    const box = sandbox({ 'project/.atcomrc': PHONES });
    trust(box, 'project/.atcomrc', { uid });
    const person = box.context(context(box, { uid }));
    const { text } = changeTrust(box.path('project/.atcomrc'), undefined, person);
    expect(JSON.parse(text)).toEqual({ files: {} });
  });

  it('keeps the others', () => {
    const box = sandbox({ 'a/a.yaml': 'a', 'b/b.yaml': 'b' });
    trust(box, 'a/a.yaml', { uid });
    trust(box, 'b/b.yaml', { uid });
    const { files } = JSON.parse(readFileSync(box.path('state/atcom/trusted.json'), 'utf8'));
    expect(Object.keys(files)).toEqual([box.path('a/a.yaml'), box.path('b/b.yaml')]);
  });

  it.each([
    [
      'others can write it',
      (box: Sandbox) => chmodSync(box.path('state/atcom/trusted.json'), 0o666),
      /others can write/,
    ],
    [
      'others can write its folder',
      (box: Sandbox) => chmodSync(box.path('state/atcom'), 0o777),
      /others can write/,
    ],
    ['it lists nothing', (box: Sandbox) => box.write('state/atcom/trusted.json', 'null'), /is not trusted/],
    [
      'it is a link that leads nowhere',
      (box: Sandbox) => {
        rmSync(box.path('state/atcom/trusted.json'));
        symlinkSync('/nonexistent/trusted.json', box.path('state/atcom/trusted.json'));
      },
      /leads nowhere; remove it/,
    ],
    ['it is not JSON', (box: Sandbox) => box.write('state/atcom/trusted.json', '{'), /not JSON/],
  ])('does not count when %s', async (_, spoil, reason) => {
    const box = sandbox({ 'project/.atcomrc': PHONES });
    trust(box, 'project/.atcomrc', { uid });
    spoil(box);
    const env = { ATCOM_USER: 'a', ATCOM_PASSWORD: 'p' };
    const config = await box.load(context(box, { uid, env }));
    const phone = config.phones.get('p');
    await expect(phone && config.settings(phone)).rejects.toThrow(reason);
  });

  it('is not read if it is not needed', async () => {
    const box = sandbox({ 'project/.atcomrc': PHONES, 'state/atcom/trusted.json': '{' });
    expect(await other(box)).toEqual({ name: 'p', host: '10.0.0.1', auth: 'basic' });
  });
});

it.runIf(process.platform !== 'win32')(
  'a file that was replaced once its owner was checked is not read',
  async () => {
    const box = sandbox({ 'project/.atcomrc': PHONES });
    const path = box.path('project/.atcomrc');
    const found = checkFiles(box.context(), {
      found: [{ path, kind: 'project', named: false }],
      ignored: [],
    } as never);
    expect(await readFiles(found, 'mine', box.context())).toHaveLength(1);
    chmodSync(path, 0o666);
    expect(await failure(readFiles(found, 'mine', box.context()))).toMatchObject({
      code: 'untrusted-config',
      details: { file: path, reason: 'others can write it' },
    });
  },
);
