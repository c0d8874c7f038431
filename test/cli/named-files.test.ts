import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'vitest';
import { newFolder } from '../support/folder.js';

const ATCOM = new URL('../../bin/atcom.js', import.meta.url).pathname;

/** A phone of the config that wants a password, and everything that commands below need besides the file. */
function office({ onTestFinished }: TestContext): string {
  const cwd = newFolder('test');
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  writeFileSync(join(cwd, 'atcom.config.yaml'), 'phones: { p: { host: 127.0.0.1:9, auth: digest } }');
  writeFileSync(
    join(cwd, 'says.yaml'),
    'name: a\nphones: { a: { sip: x } }\nsteps:\n  - a: { says: named }\n',
  );
  execFileSync('mkfifo', ['-m', '600', join(cwd, 'pipe')]);
  return cwd;
}

/** A way to name a file that is read: the words for a file of that name, and a variable of the environment. */
type Way = readonly [string, (file: string) => string, string?];

const WAYS: readonly Way[] = [
  ['--config', (file) => `phones --config ${file}`],
  ['ATCOM_CONFIG', () => 'phones', 'ATCOM_CONFIG'],
  ['config validate', (file) => `config validate ${file}`],
  ['ATCOM_PASSWORD_FILE', () => 'hold --to p', 'ATCOM_PASSWORD_FILE'],
  ['passwordFile', () => 'hold --to p', 'XDG_CONFIG_HOME'],
  ['--targets-file', (file) => `phones --targets-file ${file}`],
  ['run', (file) => `run ${file}`],
  ['test', (file) => `test ${file}`],
  ['action-url lint', (file) => `action-url lint ${file}`],
  ['--password-file', (file) => `sim --sip sip:1@127.0.0.1:9 --password-file ${file}`],
  ['--sip-accounts', (file) => `sim --sip-accounts ${file}`],
  ['--ca', (file) => `sim --sip sip:1@127.0.0.1:9 --password-file /dev/null --ca ${file}`],
  ['--web-password-file', (file) => `sim --web-password-file ${file}`],
  ['--board-token-file', (file) => `listen --port 0 --board-host b.example --board-token-file ${file}`],
  ['--journal', (file) => `hold --to p --journal ${file}`],
  ['--resume', (file) => `hold --to p --resume ${file}`],
  ['--retry-failed', (file) => `hold --to p --retry-failed ${file}`],
  ['says:', () => 'test --check says.yaml'],
];

/** The names of a file that is waited for; a journal and a sound are files, and nothing else. */
const WAITING = WAYS.filter(([way]) => !['--journal', '--resume', '--retry-failed', 'says:'].includes(way));

/** The program as built, with a file of that name. */
function start([way, words, variable]: Way, cwd: string, file: string, { onTestFinished }: TestContext) {
  const env: Record<string, string | undefined> = { PATH: process.env['PATH'], HOME: cwd, NO_COLOR: '1' };
  if (variable === 'XDG_CONFIG_HOME') {
    env[variable] = join(cwd, 'own');
    mkdirSync(join(cwd, 'own/atcom'), { recursive: true });
    const credentials = `credentials: { p: { user: u, passwordFile: "${join(cwd, file)}" } }`;
    writeFileSync(join(cwd, 'own/atcom/config.yaml'), credentials);
    env['ATCOM_CONFIG'] = join(cwd, 'atcom.config.yaml');
  } else if (variable !== undefined) {
    env[variable] = join(cwd, file);
    env['ATCOM_USER'] = 'u';
    if (variable !== 'ATCOM_CONFIG') env['ATCOM_CONFIG'] = join(cwd, 'atcom.config.yaml');
  }
  if (way === 'says:') {
    rmSync(join(cwd, 'named'), { force: true });
    symlinkSync(file, join(cwd, 'named'));
  }
  // A heap that an endless file would fill at once.
  const child = spawn(process.execPath, ['--max-old-space-size=256', ATCOM, ...words(file).split(' ')], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const ended = new Promise<{ code: number | null; output: string }>((done) =>
    child.once('close', (code, signal) => done({ code: signal === 'SIGINT' ? 130 : code, output })),
  );
  return { child, ended };
}

/** Settles when somebody reads the pipe. A writer that opens it waits for that. */
async function reader(pipe: string, { onTestFinished }: TestContext): Promise<() => void> {
  const writer = spawn('sh', ['-c', 'exec 3> "$1"; echo; exec sleep 60', 'sh', pipe]);
  onTestFinished(() => void writer.kill('SIGKILL'));
  await new Promise((open) => writer.stdout.once('data', open));
  return () => writer.kill('SIGKILL');
}

describe.runIf(process.platform === 'linux')('a file that a user names', () => {
  it.concurrent.for(WAYS)('%s is no endless device, no folder and not huge', async (way, context) => {
    const { expect } = context;
    const cwd = office(context);
    writeFileSync(join(cwd, 'huge'), '');
    truncateSync(join(cwd, 'huge'), 5 * 1024 ** 3);
    symlinkSync('/dev/zero', join(cwd, 'zero'));
    mkdirSync(join(cwd, 'folder'));
    for (const [file, reason] of [
      ['huge', /it is larger than \d+ [KM]iB/],
      ['zero', /it is larger than \d+ [KM]iB|it is no plain file/],
      ['folder', /it is a folder/],
    ] as const) {
      const { code, output } = await start(way, cwd, file, context).ended;
      expect(output).toMatch(reason);
      expect(output).toMatch(/\[(unreadable-file|journal|invalid-scenario)\]\n {2}Fix: /);
      expect(output).not.toMatch(/bug|E[A-Z]{4,}|RangeError/);
      expect(code).toBe(2);
    }
  });

  it.concurrent.for(WAITING)('%s may be a pipe, and a signal ends the waiting', async (way, context) => {
    const cwd = office(context);
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      const { child, ended } = start(way, cwd, 'pipe', context);
      const close = await reader(join(cwd, 'pipe'), context);
      child.kill(signal);
      context.expect((await ended).code).toBe(code);
      close();
    }
  });

  it.concurrent.for([
    ['phones --config <(cat atcom.config.yaml)', 'p  127.0.0.1:9'],
    ['phones --config /dev/stdin < atcom.config.yaml', 'p  127.0.0.1:9'],
    ['cat atcom.config.yaml | atcom phones --config /dev/stdin', 'p  127.0.0.1:9'],
    ['phones --targets-file <(echo p)', 'p  127.0.0.1:9'],
    ['run <(echo hold --to 10.0.0.1) --dry-run', 'http://10.0.0.1/cgi-bin/server.cgi?key=HOLD'],
    ['config validate <(cat atcom.config.yaml)', ': ok, 1 phone'],
    ['hold --to virtual --report tap:>(sed s/^/T:/)', 'T:ok 1 - hold on virtual-1'],
    ['hold --to virtual --report tap:/dev/stdout | cat', 'ok 1 - hold on virtual-1'],
  ])('may come from another program: %s', async ([words = '', text], context) => {
    const program = `${process.execPath} ${ATCOM}`;
    const line = words.includes('| atcom')
      ? words.replace('atcom phones', `${program} phones`)
      : `${program} ${words}`;
    const cwd = office(context);
    const env = { PATH: process.env['PATH'], HOME: cwd, NO_COLOR: '1', ATCOM_USER: 'u' };
    const shell = spawn('bash', ['-c', `${line}`], { cwd, env });
    context.onTestFinished(() => void shell.kill('SIGKILL'));
    let output = '';
    shell.stdout.on('data', (piece) => (output += piece));
    await new Promise((done) => shell.once('close', done));
    context.expect(output).toContain(text);
  });

  it.concurrent.for(
    ['run -', 'phones --to -', 'action-url lint -'].flatMap((words) => [
      [words, '/dev/zero', /^error: (a line of )?stdin cannot be read: it is larger than \d MiB/] as const,
      [words, '.', /^error: stdin cannot be read: it is a folder \[unreadable-file\]/] as const,
    ]),
  )('is neither endless nor a folder as stdin: %s < %s', async ([words, from, text], context) => {
    const cwd = office(context);
    const line = `${process.execPath} --max-old-space-size=256 ${ATCOM} ${words} < ${from}`;
    const shell = spawn('bash', ['-c', line], { cwd, env: { PATH: process.env['PATH'], HOME: cwd } });
    context.onTestFinished(() => void shell.kill('SIGKILL'));
    let output = '';
    shell.stderr.on('data', (piece) => (output += piece));
    const code = await new Promise((done) => shell.once('close', done));
    context.expect(output).toMatch(text);
    context.expect(code).toBe(2);
  });

  it.concurrent.for(WAYS.filter((way) => !WAITING.includes(way)))('%s is no pipe', async (way, context) => {
    const { output } = await start(way, office(context), 'pipe', context).ended;
    context.expect(output).toContain('it is no plain file');
  });
});
