import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { rawServer } from '../support/raw-server.ts';
import { anyPort, emptyFolder } from './run.ts';

const ATCOM = new URL('../../bin/atcom.js', import.meta.url).pathname;

/** The real program, as built, in an empty folder with an empty home. */
function start(words: readonly string[], env: Readonly<Record<string, string>> = {}, cwd?: string) {
  const home = env['HOME'] ?? emptyFolder();
  const child = spawn(process.execPath, [ATCOM, ...words], {
    cwd: cwd ?? home,
    env: { PATH: process.env['PATH'], HOME: home, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const written = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (written.stdout += chunk));
  child.stderr.on('data', (chunk) => (written.stderr += chunk));
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
    child.once('close', (code, signal) => resolve({ code: statusOf(code, signal), ...written })),
  );
  return { child, ended, home };
}

/** The exit status that a shell sees. */
function statusOf(code: number | null, signal: NodeJS.Signals | null): number | null {
  return signal === null ? code : 128 + constants.signals[signal];
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (child.stdout === null) throw new Error('no stdout');
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('close', () => reject(new Error('it ended without a line')));
  });
}

describe('the program as built', () => {
  it('prints the URL and ends with 0', async () => {
    const { ended } = start(['dial', '6040', '--line', '2', '--to', '172.16.0.57', '--dry-run']);
    expect(await ended).toEqual({
      code: 0,
      stdout: 'http://172.16.0.57/cgi-bin/server.cgi?key=LINEKEY2;6040;SEND\n',
      stderr: '',
    });
  });

  it('presses a key on a real socket with one raw request', async () => {
    const phone = await rawServer((socket) => socket.end('HTTP/1.0 200 OK\n\n'));
    const { ended } = start(['key', '*72#', 'SEND', '--to', phone.host]);
    expect((await ended).code).toBe(0);
    expect(phone.received).toEqual([
      `GET /cgi-bin/server.cgi?key=*72;POUND;SEND HTTP/1.1\r\nhost: ${phone.host}\r\nconnection: close\r\naccept: */*\r\nuser-agent: atcom\r\n\r\n`,
    ]);
  });

  // In the bundle, client and simulator have copies of their own of what they share.
  it('with ATCOM_OFFLINE presses keys on its virtual phone, and connects to no other', async () => {
    const phone = await rawServer((socket) => socket.end('HTTP/1.0 200 OK\n\n'));
    const offline = { ATCOM_OFFLINE: '1' };
    expect((await start(['dial', '6002', '--to', 'virtual'], offline).ended).code).toBe(0);
    const { code, stderr } = await start(['dial', '6002', '--to', phone.host], offline).ended;
    expect(code).toBe(3);
    expect(stderr).toContain('was not contacted: ATCOM_OFFLINE is set; nothing was sent');
    expect(phone.connections).toBe(0);
  });

  it('ends with 2 and JSON when the words are wrong', async () => {
    const { code, stdout } = await start(['dial', '--json']).ended;
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'usage' } });
  });

  it('speaks to a phone before it looks its MAC up, because the ARP table knows no others', async () => {
    const phone = await rawServer((socket) => socket.end('HTTP/1.0 200 OK\n\n'));
    const home = emptyFolder();
    const config = `phones: { desk: { host: "${phone.host}", mac: "80:82:87:00:00:01" } }\n`;
    writeFileSync(join(home, 'atcom.config.yaml'), config);
    const { code, stderr } = await start(['hold', '--to', 'desk', '--check-mac'], { HOME: home }).ended;
    expect([code, stderr]).toEqual([0, expect.stringContaining('the MAC cannot be checked')]);
    expect(phone.received.map((text) => text.split(' ')[1])).toEqual([
      undefined,
      '/cgi-bin/server.cgi?key=HOLD',
    ]);
  });

  it('reads a config file', async () => {
    const home = emptyFolder();
    writeFileSync(join(home, 'atcom.config.yaml'), 'default: desk\nphones: { desk: 172.16.0.9 }\n');
    const { stdout } = await start(['hold', '-n'], { HOME: home }).ended;
    expect(stdout).toBe('http://172.16.0.9/cgi-bin/server.cgi?key=HOLD\n');
  });

  it('says in colour what happened where colour is wanted', async () => {
    const { ended } = start(['hold', '--to', 'virtual', '--color', 'always']);
    expect((await ended).stdout).toContain('\u001b[32mok\u001b[39m');
  });

  it('is no success if it waits for what never comes', async () => {
    const home = emptyFolder();
    const silent = join(home, 'silent.cjs');
    // A stdin that has no end, and does not keep the process.
    const text =
      "const { Readable } = require('node:stream');\nObject.defineProperty(process, 'stdin', { value: new Readable({ read() {} }) });\n";
    writeFileSync(silent, text);
    const { ended } = start(['hold', '--to', '-'], { HOME: home, NODE_OPTIONS: `--require ${silent}` });
    const { code, stdout, stderr } = await ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error: this is a bug in atcom\nit waits for what never comes; .* \[bug\]\n/);
  });

  it('survives a reader that stops reading', async () => {
    const { child, ended } = start(['keys']);
    child.stdout.destroy();
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
  });

  // A shell that outlives its terminal says when the program has ended, and how.
  it.each([
    ['goes on', "trap '' HUP; COMMAND; echo $? > ended", ['unknown', 'unknown'], 7],
    [
      'ends in an orderly way by SIGHUP',
      "COMMAND & trap 'kill -HUP $!' HUP; wait $!; wait $!; echo $? > ended",
      ['unknown'],
      129,
    ],
  ])('%s when its terminal is gone while a line of progress is on it', async (_, shell, outcomes, status) => {
    const home = emptyFolder();
    const phone = await rawServer(() => undefined);
    const words = `hold --to ${phone.host},localhost:${phone.port} --jobs 1 --timeout 1s --journal j --report tap:r.tap`;
    const command = `'${process.execPath}' '${ATCOM}' ${words}`;
    const script = `stty cols 100; ${shell.replace('COMMAND', command)}`;
    const terminal = spawn('script', ['--quiet', '--flush', '--command', script, '/dev/null'], {
      cwd: home,
      env: { PATH: process.env['PATH'], HOME: home, TERM: 'xterm', SHELL: '/bin/sh' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let shown = '';
    for await (const chunk of terminal.stdout) {
      shown += chunk;
      if (shown.includes('0/2')) break;
    }
    const over = new Promise<void>((resolve) => {
      const watcher = watch(home, () => {
        // The shell creates it before it writes.
        if (existsSync(join(home, 'ended')) && readFileSync(join(home, 'ended'), 'utf8') !== '')
          resolve(watcher.close());
      });
    });
    terminal.kill('SIGKILL');
    await once(terminal, 'exit');
    await over;
    const facts = readFileSync(join(home, 'j'), 'utf8').trim().split('\n');
    const written = facts.map((line) => JSON.parse(line).outcome?.outcome).filter((one) => one !== undefined);
    expect(written).toEqual(outcomes);
    expect(readFileSync(join(home, 'ended'), 'utf8')).toBe(`${status}\n`);
    expect(readFileSync(join(home, 'r.tap'), 'utf8')).toMatch(/^not ok 1 /m);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGQUIT', 131],
  ] as const)('ends by %s with %i, and says that the keys may have been pressed', async (signal, code) => {
    const asked = new EventEmitter();
    const phone = await rawServer(() => asked.emit('request'));
    const request = once(asked, 'request');
    const { child, ended } = start([
      'key',
      'HOLD',
      'wait:1s',
      'RESUME',
      '--timeout',
      '500ms',
      '--to',
      phone.host,
    ]);
    await request;
    child.kill(signal);
    const result = await ended;
    expect(result.code).toBe(code);
    expect(result.stdout).toContain('unknown');
    expect(result.stderr).toContain('may have been pressed');
    expect(phone.connections).toBe(1);
  });
});

describe('the end of the program', () => {
  it.skipIf(spawnSync('bash', ['--version']).status !== 0)(
    'by Ctrl-C ends the loop of a shell, too, and presses no further phone',
    async () => {
      const asked = new EventEmitter();
      const phone = await rawServer(() => asked.emit('request'));
      const request = once(asked, 'request');
      const press = `'${process.execPath}' '${ATCOM}' hold --timeout 500ms --to ${phone.host}`;
      const env = { PATH: process.env['PATH'], HOME: emptyFolder() };
      const loop = `for each in 1 2 3; do ${press}; done; echo went on`;
      // A terminal sends it to the shell and to the program.
      const shell = spawn('bash', ['-c', loop], { env, detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
      onTestFinished(() => void shell.kill('SIGKILL'));
      let shown = '';
      shell.stdout.on('data', (chunk) => (shown += chunk));
      const closed = once(shell, 'close');
      await request;
      process.kill(-(shell.pid ?? 0), 'SIGINT');
      expect(await closed).toEqual([null, 'SIGINT']);
      expect(shown).toContain('unknown');
      expect(shown).not.toContain('went on');
      expect(phone.connections).toBe(1);
    },
  );

  it('is orderly, too, where one wish to end comes as two signals', async () => {
    const asked = new EventEmitter();
    const phone = await rawServer(() => asked.emit('request'));
    const request = once(asked, 'request');
    const { child, ended } = start(['hold', '--timeout', '500ms', '--to', phone.host]);
    await request;
    child.kill('SIGHUP');
    child.kill('SIGTERM');
    const { code, stdout } = await ended;
    // The system may deliver them in either order.
    expect([129, 143]).toContain(code);
    expect(stdout).toContain('unknown');
  });

  it('comes with a signal also where nobody reads the output', async () => {
    const home = emptyFolder();
    // More than any pipe takes.
    writeFileSync(
      join(home, 'atcom.config.yaml'),
      'phones: { "p-[1-9999]": { host: "phone-[1-9999].test" } }\n',
    );
    const child = spawn(process.execPath, [ATCOM, 'phones', '@all', '--json'], {
      cwd: home,
      env: { PATH: process.env['PATH'], HOME: home },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let told = '';
    child.stderr.on('data', (chunk) => (told += chunk));
    await once(child.stdout, 'readable');
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    expect(code).toBe(143);
    expect(told).toContain('dropped');
  });

  it.each(['udp', 'tcp'])(
    'does not wait for a PBX that is away, over %s',
    { timeout: 10_000 },
    async (transport) => {
      const home = emptyFolder();
      writeFileSync(join(home, 'secret'), 'x\n', { mode: 0o600 });
      const words = ['--sip', 'sip:6001@127.0.0.1:1', '--password-file', 'secret', '--transport', transport];
      const { child, ended } = start(['sim', ...anyPort(words), '--json', ...words], { HOME: home });
      await firstLine(child);
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 3000);
      const { code, stdout } = await ended;
      clearTimeout(late);
      // What was killed after three seconds has no code.
      expect(code).toBe(0);
      expect(stdout).not.toContain('"registered"');
    },
  );

  it('by a second Ctrl-C comes at once, and says what that leaves', async () => {
    const asked = new EventEmitter();
    const phone = await rawServer(() => asked.emit('request'));
    const request = once(asked, 'request');
    const { child } = start(['key', 'HOLD', '--timeout', '60s', '--to', phone.host]);
    await request;
    const said = once(child.stderr, 'data');
    // Two that come at once are one to the kernel.
    const again = setInterval(() => child.kill('SIGINT'), 20);
    const [, signal] = await once(child, 'exit');
    clearInterval(again);
    expect(signal).toBe('SIGINT');
    expect(String(await said)).toContain('ended at once; a request may have left');
  });

  /** Runs a shell line in which `atcom` is the program. */
  async function shell(line: string, cwd = emptyFolder()) {
    const function_ = `atcom() { '${process.execPath}' '${ATCOM}' "$@"; }`;
    const env = { PATH: process.env['PATH'], HOME: emptyFolder() };
    const child = spawn('sh', ['-c', `${function_}; ${line}`], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const written = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => (written.stdout += chunk));
    child.stderr.on('data', (chunk) => (written.stderr += chunk));
    const [code] = await once(child, 'close');
    return { code, ...written };
  }

  it.each([
    'keys',
    '--help',
    'help targets',
    'models --json',
    'config schema',
    'hold --to virtual',
    'hold --to virtual -n',
  ])('is told where the output cannot be written: %s', async (words) => {
    const { code, stderr } = await shell(`atcom ${words} > /dev/full`);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(
        /^error: the output could not be written: the disk is full \[unwritable-output\]\n {2}Fix: /,
      ),
    ]);
    expect(stderr).not.toContain('    at ');
  });

  it('is told where a file takes only a part of it', async () => {
    const cwd = emptyFolder();
    const { code, stderr } = await shell('ulimit -f 1; atcom keys > full', cwd);
    expect([code, stderr]).toEqual([1, expect.stringContaining('[unwritable-output]')]);
    expect(readFileSync(join(cwd, 'full'), 'utf8')).toMatch(/^key, /);
  });

  it('is none where a file has output already', async () => {
    const cwd = emptyFolder();
    const words = 'hold --dry-run --to 127.0.0.1';
    expect(await shell(`(echo first; atcom ${words}; atcom ${words}) > all 2>&1`, cwd)).toMatchObject({
      code: 0,
    });
    const url = 'http://127.0.0.1/cgi-bin/server.cgi?key=HOLD\n';
    expect(readFileSync(join(cwd, 'all'), 'utf8')).toBe(`first\n${url}${url}`);
  });

  it('is reported if the output of a scenario cannot be written, after its calls were ended', async () => {
    const cwd = emptyFolder();
    writeFileSync(
      join(cwd, 'x.yaml'),
      'name: x\nphones: { a: virtual, b: virtual }\nsteps:\n  - a: dial $b\n  - b: answer\n',
    );
    const { code, stderr } = await shell('atcom test x.yaml --report junit:j.xml > /dev/full', cwd);
    expect(code).toBe(1);
    expect(stderr).toContain('the output could not be written');
    expect(readFileSync(join(cwd, 'j.xml'), 'utf8')).toContain('<testsuites');
  });

  it('is none if stderr has no reader', async () => {
    expect((await shell('atcom hold --to 127.0.0.1:1 2> /dev/full')).code).toBe(3);
  });

  it('says that the current folder is gone', async () => {
    const cwd = emptyFolder();
    const { code, stderr } = await shell(`mkdir gone; cd gone; rmdir ../gone; atcom keys`, cwd);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^error: the current folder was deleted.*\n {2}Fix: cd to/),
    ]);
  });

  it.each([
    ['nosuch --help', 'nosuch'],
    ['dail --help', 'dail'],
    ['--profile x nosuch -h', 'nosuch'],
    ['nosuch --version', 'nosuch'],
  ])('is 2 for a command that there is not: %s', async (words, name) => {
    const { code, stdout, stderr } = await shell(`atcom ${words}`);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`unknown command "${name}"`);
    if (name === 'dail') expect(stderr).toContain('did you mean dial?');
  });

  it.each([
    ['--nosuch --help', '--nosuch'],
    ['--help --nosuch', '--nosuch'],
    ['--nosuch --version', '--nosuch'],
    ['hold --tiemout 5s --help', '--tiemout'],
    ['hold -h --to 10.0.0.1 -Z', '-Z'],
    ['--nosuch hold --help', '--nosuch'],
    ['config --nosuch --help', '--nosuch'],
    ['config show --json --nosuch -h', '--nosuch'],
  ])('is 2 for an option that there is not: %s', async (words, name) => {
    const { code, stdout, stderr } = await shell(`atcom ${words}`);
    expect([code, stdout.includes('Usage')]).toEqual([2, false]);
    expect(stdout + stderr).toContain(`unknown option '${name}'`);
    if (name === '--tiemout') expect(stderr).toContain('Did you mean --timeout?');
  });

  it.each([
    ['hold --to 10.0.0.1 --timeout 5s --help', 'Usage: atcom hold'],
    ['config show --json -h lobby', 'Usage: atcom config show'],
    ['dial -5 --help', 'Usage: atcom dial'],
    ['--profile --nosuch --help', 'Usage: atcom'],
    ['--json --version', '0.'],
    ['key --help -- --nosuch', 'Usage: atcom key'],
  ])('is 0 where help is asked for with options that there are: %s', async (words, text) => {
    const { code, stdout } = await shell(`atcom ${words}`);
    expect([code, stdout.startsWith(text)]).toEqual([0, true]);
  });
});

describe('atcom sim', () => {
  it('says as JSON where each phone is, what happens, and ends with 0 at Ctrl-C', async () => {
    const { child, ended } = start([
      'sim',
      '--phones',
      '2',
      '--model',
      'A21,A68',
      '--port',
      '0',
      '--approved',
      '--json',
    ]);
    const ready = JSON.parse(await firstLine(child));
    expect(ready).toMatchObject({
      type: 'ready',
      phones: [
        { name: 'virtual-1', extension: '6001', model: 'A21' },
        { name: 'virtual-2', extension: '6002', model: 'A68' },
      ],
    });
    const [caller, callee] = ready.phones.map(({ url }: { url: string }) => url);
    expect((await fetch(`${caller}/cgi-bin/server.cgi?key=6002;SEND`)).status).toBe(200);
    expect(await (await fetch(`${callee}/_sim/lcd`)).text()).toContain('Incoming call 6001');
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    const kinds = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).kind);
    expect(kinds).toContain('incomingCall');
  });

  it('says which port is taken', async () => {
    const taken = await rawServer(() => undefined);
    const { code, stderr } = await start(['sim', '--port', String(taken.port)]).ended;
    expect(code).toBe(2);
    expect(stderr).toContain(String(taken.port));
    expect(stderr).toContain('--port 0');
  });
});

// test/bin/ says where it is trusted; here the chunks are real ones.
describe('the cache of compiled code', () => {
  const run = (words: readonly string[], home: string) => start(words, { HOME: home }, emptyFolder()).ended;
  const kept = (home: string) => {
    const folder = join(home, '.cache', 'atcom');
    return readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'latin1')] as const);
  };

  it('is written once, used, and made anew when it is broken', async () => {
    const home = emptyFolder();
    const { stdout } = await run(['models'], home);
    const [[name, stored] = ['', '']] = kept(home);
    expect((await run(['models'], home)).stdout).toBe(stdout);
    expect(kept(home)).toEqual([[name, stored]]);
    const path = join(home, '.cache', 'atcom', name);
    writeFileSync(path, `${stored.slice(0, 512)}broken`);
    expect(await run(['models'], home)).toMatchObject({ code: 0, stdout, stderr: '' });
    expect(readFileSync(path).length).toBeGreaterThan(1000);
  });

  it('survives the request that sets a flag of V8', async () => {
    const phone = await rawServer((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\n'));
    const home = emptyFolder();
    await run(['hold', '--to', phone.host], home);
    const before = kept(home);
    await run(['hold', '--to', phone.host], home);
    expect(before.map(([name]) => name.split('-')[0]).sort()).toEqual(['cli', 'phone']);
    expect(kept(home)).toEqual(before);
  });
});
