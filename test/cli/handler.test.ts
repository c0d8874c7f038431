import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { askOnDesktop, runProgram } from '../../src/cli/handler/desk-programs.ts';
import { desktopEntry, propertyList, registryFile } from '../../src/cli/handler/desktop.ts';
import { emptyFolder, run } from './run.ts';

const log = (cwd: string) => readFileSync(join(cwd, '.local/state/atcom/handler.log'), 'utf8');

/** Whether a process goes on. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A desktop whose notify-send presses a button, and writes down its words and its environment. */
function notifying(button: string) {
  const cwd = emptyFolder();
  const program = join(cwd, 'notify-send');
  const lines = [
    '#!/bin/sh',
    `cd '${cwd}'`,
    'env > environment',
    'for word; do printf "%s\\0" "$word"; done > words',
    `echo '${button}'`,
  ];
  writeFileSync(program, lines.join('\n'));
  chmodSync(program, 0o755);
  const env = { PATH: `${cwd}:${process.env['PATH']}` };
  const words = () => readFileSync(join(cwd, 'words'), 'utf8').split('\0').slice(0, -1);
  return { cwd, env, words };
}

describe('a desktop program', () => {
  it('is ended with the run, even if it takes no hint', async () => {
    const { cwd, env } = notifying('no');
    const pid = join(cwd, 'pid');
    writeFileSync(join(cwd, 'stubborn'), `#!/bin/sh\ntrap '' TERM\necho $$ > '${pid}'\nsleep 60\n`);
    chmodSync(join(cwd, 'stubborn'), 0o755);
    const stop = new AbortController();
    const running = runProgram({ env, signal: stop.signal }, join(cwd, 'stubborn'), []).catch(() => 'ended');
    await vi.waitUntil(() => existsSync(pid) && readFileSync(pid, 'utf8') !== '');
    stop.abort();
    expect(await running).toBe('ended');
    const isThere = () => isRunning(Number(readFileSync(pid, 'utf8')));
    await expect.poll(isThere).toBe(false);
  });
});

describe('atcom handler open', () => {
  it('calls the number of a link, and writes down what became of it', async () => {
    const cwd = emptyFolder();
    const words = ['handler', 'open', 'tel:6040', '--to', 'virtual', '--no-ask'];
    expect(await run(words, { cwd })).toMatchObject({ exitCode: 0 });
    expect(log(cwd)).toMatch(/^\d{4}-\d\d-\d\dT\S+ tel:6040 calls\n\S+ tel:6040 ended with 0\n$/);
  });

  it('asks first, and does not call without a yes', async () => {
    const cwd = emptyFolder();
    const words = ['handler', 'open', 'callto:6040', '--to', 'virtual'];
    expect(await run(words, { cwd, typed: 'no\n' })).toMatchObject({ exitCode: 2, stdout: '' });
    expect(await run(words, { cwd })).toMatchObject({ exitCode: 2, stdout: '' });
    expect(log(cwd)).not.toContain('calls');
    expect(await run(words, { cwd, typed: 'yes\n' })).toMatchObject({ exitCode: 0 });
  });

  it.each([
    ['call', 0, /calls\n.*ended with 0\n$/],
    ['no', 2, /not agreed to\n$/],
    ['', 2, /not agreed to\n$/],
  ])('asks in a notification without a terminal: %j ends with %i', async (button, exitCode, written) => {
    const { cwd, env } = notifying(button);
    const words = ['handler', 'open', 'tel:6040', '--to', 'virtual'];
    expect(await run(words, { cwd, env })).toMatchObject({ exitCode });
    expect(log(cwd)).toMatch(written);
  });

  it('hands its words to the notification without a shell, without markup, and without our settings', async () => {
    const { cwd, env, words } = notifying('no');
    const { signal } = new AbortController();
    await askOnDesktop({ env: { ...env, ATCOM_PASSWORD: 'secret' }, signal }, 'calls <b>$(touch pwned)&`id`');
    const body = 'calls &lt;b&gt;$(touch pwned)&amp;`id`';
    expect(words().slice(-3)).toEqual(['--', 'Call?', body]);
    expect(readdirSync(cwd)).not.toContain('pwned');
    expect(readFileSync(join(cwd, 'environment'), 'utf8')).not.toContain('secret');
  });

  it.each([
    ['tel:%30%39%30%30', 'this calls 0900 from a virtual phone'],
    [
      'tel:*72555%23',
      'this calls *72555# (a code, which may change settings of the PBX) from a virtual phone',
    ],
    ['tel:555,1234', 'this calls 555, then presses 1234 from a virtual phone'],
  ])('asks about what %s dials', async (link, question) => {
    const { cwd, env, words } = notifying('no');
    await run(['handler', 'open', link, '--to', 'virtual'], { cwd, env });
    expect(words().at(-1)).toBe(question);
  });

  it.each([
    ['tel:+49-30-1', 'this calls 00301 (+49-30-1 in the link) from desk (127.0.0.1:1)'],
    ['tel:6040', 'this calls 6040 from desk (127.0.0.1:1)'],
    ['tel:0049(30)1', 'this calls 00301 (0049(30)1 in the link) from desk (127.0.0.1:1)'],
    ['tel:*72%23', 'this calls *72# (a code, which may change settings of the PBX) from desk (127.0.0.1:1)'],
  ])('asks about what %s dials under the dial plan of the phone', async (link, question) => {
    const { cwd, env, words } = notifying('no');
    const plan = 'dialPlan: { country: "49", outside: "0", internal: 4 }';
    writeFileSync(join(cwd, 'atcom.config.yaml'), `phones: { desk: 127.0.0.1:1 }\n${plan}\n`);
    await run(['handler', 'open', link, '--to', 'desk'], { cwd, env });
    expect(words().at(-1)).toBe(question);
  });

  it('names each number where phones dial it differently', async () => {
    const { cwd, env, words } = notifying('no');
    const phones = [
      '    a: { host: 127.0.0.1:1, dialPrefix: "00" }',
      '    b: { host: 127.0.0.1:2, dialPrefix: "011" }',
    ];
    writeFileSync(join(cwd, 'atcom.config.yaml'), `phones:\n${phones.join('\n')}\n`);
    await run(['handler', 'open', 'tel:+4930', '--to', 'a,b'], { cwd, env });
    expect(words().at(-1)).toBe(
      'this calls 004930 or 0114930 (+4930 in the link) from a (127.0.0.1:1), b (127.0.0.1:2)',
    );
  });

  it('does not ask about a number that the phone cannot dial, but logs it', async () => {
    const { cwd, env } = notifying('call');
    const words = ['handler', 'open', 'tel:+4930', '--to', 'virtual'];
    expect(await run(words, { cwd, env })).toMatchObject({ exitCode: 2, stdout: '' });
    expect(readdirSync(cwd)).not.toContain('words');
    expect(log(cwd)).toMatch(/^\S+ tel:\+4930 .+a phone has no \+ key\n$/);
  });

  it('does not ask about a link without a number, but logs it', async () => {
    const { cwd, env } = notifying('call');
    const words = ['handler', 'open', 'tel:6040;x=$(id)', '--to', 'virtual'];
    expect(await run(words, { cwd, env })).toMatchObject({ exitCode: 2, stdout: '' });
    expect(readdirSync(cwd)).not.toContain('words');
    expect(log(cwd)).toMatch(/^\S+ tel:6040;x=\$\(id\) .+\n$/);
  });

  it('follows no link to its log, and calls all the same', async () => {
    const cwd = emptyFolder();
    mkdirSync(join(cwd, '.local/state/atcom'), { recursive: true });
    writeFileSync(join(cwd, 'other'), 'of somebody else');
    symlinkSync(join(cwd, 'other'), join(cwd, '.local/state/atcom/handler.log'));
    const ended = await run(['handler', 'open', 'tel:6040', '--to', 'virtual', '--no-ask'], { cwd });
    expect(ended).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('handler.log cannot be written'),
    });
    expect(readFileSync(join(cwd, 'other'), 'utf8')).toBe('of somebody else');
  });

  it.each(['http://example.org', '--to=x', 'javascript:1', 'tel:$(reboot)'])('refuses %s', async (link) => {
    const { exitCode, stdout } = await run(['handler', 'open', '--no-ask', '--to', 'virtual', '--', link]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });
});

it('atcom handler remove leaves other lines as they are, whatever their bytes, and who may read and write the list', async () => {
  const cwd = emptyFolder();
  const list = join(cwd, 'mimeapps.list');
  const others = Buffer.from('# caf\xe9\r\nx-scheme-handler/sip=b\xe9.desktop;\n\xff\xfe\xa0', 'latin1');
  writeFileSync(list, Buffer.concat([Buffer.from('x-scheme-handler/tel=atcom-handler.desktop\n'), others]));
  // The umask would take from it.
  chmodSync(list, 0o666);
  const env = { HOME: cwd, XDG_CONFIG_HOME: cwd, XDG_DATA_HOME: cwd };
  expect(await run(['handler', 'remove'], { cwd, env })).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/ removed\n$/),
  });
  expect(await run(['handler', 'remove'], { cwd, env })).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^nothing to remove: there is no /),
  });
  expect(readFileSync(list).equals(others)).toBe(true);
  expect(statSync(list).mode & 0o777).toBe(0o666);
});

it.each([
  ['a folder', 'atcom-handler.desktop', [2, '', expect.stringContaining('cannot be written: ')]],
  ['below a file', '.', [0, expect.stringMatching(/^nothing to remove/), '']],
])('atcom handler remove says so where the entry is %s', async (_, place, told) => {
  const cwd = emptyFolder();
  const applications = join(cwd, 'applications');
  if (place === '.') writeFileSync(applications, '');
  else mkdirSync(join(applications, place), { recursive: true });
  const env = { HOME: cwd, XDG_CONFIG_HOME: cwd, XDG_DATA_HOME: cwd };
  const { exitCode, stdout, stderr } = await run(['handler', 'remove'], { cwd, env });
  expect([exitCode, stdout, stderr]).toEqual(told);
});

describe('atcom handler install', () => {
  const there = (cwd: string) => ({ HOME: cwd, XDG_DATA_HOME: '', XDG_CONFIG_HOME: '', PATH: `${cwd}:/bin` });

  /** A desktop whose user has a config for the lab. */
  function desktop() {
    const cwd = emptyFolder();
    for (const name of ['atcom', 'xdg-mime', 'notify-send']) {
      writeFileSync(join(cwd, name), '#!/bin/sh\n');
      chmodSync(join(cwd, name), 0o755);
    }
    writeFileSync(join(cwd, 'lab.yaml'), 'default: a\nphones: { a: 127.0.0.1:1 }\nprofiles: { night: {} }\n');
    return cwd;
  }

  /** What the desktop is to start, after an installation with these words. */
  async function installed(cwd: string, words: readonly string[], env: Record<string, string> = {}) {
    const ended = await run(words, { cwd, env: { ...there(cwd), ...env } });
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    const entry = readFileSync(join(cwd, '.local/share/applications/atcom-handler.desktop'), 'utf8');
    expect(entry).toContain(`\nPath=${cwd}\n`);
    return /^Exec=(.*)$/m.exec(entry)?.[1]?.replaceAll(cwd, '~');
  }

  it('writes down the config and the profile that it was given', async () => {
    const words = ['--config', 'lab.yaml', '--profile', 'night', 'handler', 'install', '--to', 'virtual'];
    expect(await installed(desktop(), words)).toBe(
      '~/atcom --config ~/lab.yaml --profile night handler open --to virtual -- %u',
    );
  });

  it('writes down the config and the phone of the shell', async () => {
    const cwd = desktop();
    const env = { ATCOM_CONFIG: join(cwd, 'lab.yaml'), ATCOM_TO: 'a' };
    expect(await installed(cwd, ['handler', 'install'], env)).toBe(
      '~/atcom --config ~/lab.yaml handler open --to a -- %u',
    );
  });

  it('lets no link give options, on any desktop', async () => {
    const cwd = desktop();
    const { stdout } = await run(['handler', 'install', '--for', 'windows'], { cwd, env: there(cwd) });
    expect(stdout).toContain('\\"open\\" \\"--\\" \\"%1\\""');
    // What becomes of a link with quotes there: tel:1" "--no-ask" "--dry-run
    const link = ['tel:1', '--no-ask', '--dry-run'];
    const { exitCode, stderr } = await run(['handler', 'open', '--to', 'virtual', '--', ...link], { cwd });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('too many arguments')]);
  });

  it('writes down no config that is found in the home, where links are opened', async () => {
    const cwd = desktop();
    renameSync(join(cwd, 'lab.yaml'), join(cwd, '.atcomrc'));
    expect(await installed(cwd, ['handler', 'install'])).toBe('~/atcom handler open -- %u');
    const elsewhere = emptyFolder();
    writeFileSync(join(elsewhere, '.atcomrc'), 'default: b\nphones: { b: 127.0.0.1:2 }\n');
    const words = ['handler', 'open', 'tel:6040', '--no-ask', '--dry-run'];
    const { stdout } = await run(words, { cwd: elsewhere, env: there(cwd) });
    expect(stdout).toContain('127.0.0.1:1/');
  });

  const INSTALL = ['handler', 'install'];

  it.each<[string, string[], Record<string, string>, string]>([
    ['a config that was merely found', [...INSTALL, '--to', 'a'], {}, '.atcomrc handler install --to a\n'],
    ['a relative ATCOM_CONFIG', INSTALL, { ATCOM_CONFIG: 'lab.yaml' }, 'name it: atcom --config '],
    ['an unknown phone', ['--config', 'lab.yaml', ...INSTALL, '--to', 'b'], {}, 'no phone is called "b"'],
    ['an unknown phone of the shell', ['--config', 'lab.yaml', ...INSTALL], { ATCOM_TO: 'b' }, 'no phone is'],
    ['an unknown profile', ['--config', 'lab.yaml', '--profile', 'x', ...INSTALL], {}, 'x'],
    ['lines', ['--config', 'lab.yaml', ...INSTALL, '--to', '-'], {}, '--to - reads no phone from a link'],
  ])('refuses %s', async (_, words, env, told) => {
    const [home, cwd] = [emptyFolder(), desktop()];
    renameSync(join(cwd, 'lab.yaml'), join(cwd, env['ATCOM_CONFIG'] ?? '.atcomrc'));
    const wanted = words.map((word) => (word === 'lab.yaml' ? '.atcomrc' : word));
    const { exitCode, stderr } = await run(wanted, { cwd, env: { ...there(cwd), HOME: home, ...env } });
    expect(stderr).toContain(told);
    expect(exitCode).toBe(2);
    expect(existsSync(join(home, '.local/share/applications'))).toBe(false);
  });

  it.each([
    ['--to', 'a'],
    ['--for', 'windows', '--to', 'a'],
  ])('writes nothing where a folder would add a line: %s', async (...more) => {
    const home = desktop();
    const cwd = join(home, 'x\nExec=touch pwned #');
    mkdirSync(cwd);
    renameSync(join(home, 'lab.yaml'), join(cwd, 'lab.yaml'));
    const words = ['--config', 'lab.yaml', ...INSTALL, ...more];
    const { exitCode, stdout, stderr } = await run(words, { cwd, env: there(home) });
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain('/x\\nExec=touch pwned #/lab.yaml" cannot be written');
    expect(existsSync(join(home, '.local/share/applications'))).toBe(false);
  });

  it('refuses to be without a phone', async () => {
    const cwd = desktop();
    const { exitCode, stderr } = await run(INSTALL, { cwd, env: there(cwd) });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('no phone')]);
  });
});

describe('what a desktop reads', () => {
  const start = { program: '/opt/a b/at%com', words: ['handler', 'open', '--to', '$(x)"'] };

  it('starts the program with words, never a line for a shell', () => {
    expect(desktopEntry(start, { terminal: true, folder: '/home/a\\b' })).toContain(
      'Exec="/opt/a b/at%%com" handler open --to "\\\\$(x)\\\\"" %u\nPath=/home/a\\\\b\nTerminal=true',
    );
  });

  it.each([
    ['\n', '\\n'],
    ['\r', '\\r'],
    ['\0', '\\u0000'],
    ['\u0085', '\u0085'],
    ['\u2028', '\u2028'],
  ])('lets %j in no value begin a line of its own', (character, told) => {
    const wrong = `/x${character}Exec=touch pwned #`;
    const home = { terminal: true, folder: '/home/a' };
    const why = `because of the "${told}" in it`;
    expect(() => desktopEntry({ ...start, words: ['--config', wrong] }, home)).toThrow(why);
    expect(() => desktopEntry({ ...start, program: wrong }, home)).toThrow(why);
    expect(() => desktopEntry(start, { ...home, folder: wrong })).toThrow(why);
    expect(() => registryFile({ program: 'C:\\atcom.exe', words: ['--config', wrong] })).toThrow(why);
    expect(() => registryFile({ program: wrong, words: [] })).toThrow(why);
  });

  it.each(['a"b', '%1', 'a\\'])('lets %s end no word of a command for Windows', (wrong) => {
    expect(() => registryFile({ program: 'C:\\atcom.exe', words: ['--to', wrong] })).toThrow(/in it$/);
  });

  it('is written for other systems, and said to be untested', async () => {
    expect(registryFile({ ...start, program: 'C:\\atcom.exe', words: ['handler', 'open'] })).toContain(
      '@="\\"C:\\\\atcom.exe\\" \\"handler\\" \\"open\\" \\"%1\\""',
    );
    expect(propertyList()).toContain('<string>callto</string>');
    const { stdout } = await run(['handler', 'install', '--for', 'macos', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ system: 'macos', tested: false });
  });
});
