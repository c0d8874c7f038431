import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { get, receiver, send, subscribed } from '../receiver/raw.ts';
import { emptyFolder, type RunOptions, run } from './run.ts';

const TOKEN = 's3cret.s3cret';
const AT = 'http://172.16.0.184:8088';

const PATHS = { incomingCall: '/api/ring', outgoingCall: '/api/call' };

/** Somebody whose own config has a secret, in a project with a path of its own for a call that comes in. */
function somebody() {
  const cwd = emptyFolder();
  const user = join(cwd, '.user', 'atcom');
  mkdirSync(user, { recursive: true });
  writeFileSync(join(user, 'config.yaml'), `listener: { token: ${TOKEN} }\n`, { mode: 0o600 });
  writeFileSync(join(cwd, '.atcomrc'), JSON.stringify({ events: PATHS }));
  return { cwd };
}

/** Runs until a text was written and what follows it was done; gives all that was written. */
async function runUntil(
  words: readonly string[],
  options: RunOptions,
  text: RegExp,
  then: (found: string) => unknown,
) {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  let written = '';
  let found = (_: string) => {};
  const first = new Promise<string>((resolve) => {
    found = resolve;
  });
  const watch = (_: string, more: string) => {
    written += more;
    const [, match] = text.exec(written) ?? [];
    if (match !== undefined) found(match);
  };
  const ended = run(words, { ...options, signal: stop.signal, watch });
  await then(await first);
  stop.abort();
  const { stdout, stderr } = await ended;
  return { stdout, stderr };
}

describe('a listener with a secret', () => {
  it('refuses what comes without it, and never shows it', async () => {
    const passed = join(emptyFolder(), 'passed');
    const words = ['listen', '--port', '0', '--exec', `env >> ${passed}`, '--output', `${passed}.jsonl`];
    const env = { PATH: process.env['PATH'] ?? '' };
    const { stdout, stderr } = await runUntil(
      words,
      { ...somebody(), env },
      /127\.0\.0\.1:(\d+)\. Ctrl-C/,
      async (text) => {
        const port = Number(text);
        await send(port, get('/holdUrl.xml?mac=1'), '127.0.0.7');
        await send(port, get(`/holdUrl.xml?token=${TOKEN}x&mac=1`), '127.0.0.8');
        await send(port, get(`/api/ring?token=${TOKEN}&mac=2`));
        await send(port, get(`/x/ring?token=${TOKEN}&mac=2`));
        await send(port, get(`/x?event=hold&token=${TOKEN}&mac=3`));
      },
    );
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ event, values }) => [event, values])).toEqual([
      ['incomingCall', { mac: '2' }],
      ['hold', { event: 'hold', mac: '3' }],
    ]);
    expect(stderr).toContain(
      '127.0.0.7 asked for /holdUrl.xml without the token of this listener; atcom action-url list prints the URLs with it',
    );
    expect(stderr).toContain('127.0.0.8 asked for /holdUrl.xml without the token');
    expect(stderr).toContain('127.0.0.1 asked for /x/ring, which names no event; ');
    const everywhere = [
      stdout,
      stderr,
      readFileSync(passed, 'utf8'),
      readFileSync(`${passed}.jsonl`, 'utf8'),
    ];
    expect(everywhere.join('')).not.toContain(TOKEN);
  });

  it('says so to who waits for an event, without showing it', async () => {
    const first = await receiver({ token: TOKEN, events: PATHS });
    const attached = subscribed(first);
    const words = ['expect', 'incomingCall', '--within', '500ms', '--port', String(first.port)];
    const ended = run(words, somebody());
    await attached;
    await send(first.port, get('/incomingCallUrl.xml?token=wr0ng.s3cret'), '127.0.0.7');
    const { exitCode, stderr } = await ended;
    expect(exitCode).toBe(6);
    expect(stderr).toContain('127.0.0.7 asked for /incomingCallUrl.xml without the token of this listener');
    expect(stderr).not.toMatch(/s3cret/);
  });
});

describe('who makes URLs for it writes the secret and the paths into them:', () => {
  it('atcom action-url list', async () => {
    const { stdout } = await run(['action-url', 'list', AT, '--only', 'incomingCall,onHook'], somebody());
    expect(stdout).toBe(
      `On Hook        ${AT}/onHookUrl.xml?token=${TOKEN}&mac=$mac&ip=$ip\n` +
        `Incoming Call  ${AT}/api/ring?token=${TOKEN}&mac=$mac&ip=$ip&local=$local&call_id=$call_id&remote=$remote&display_remote=$display_remote\n`,
    );
  });

  it('a virtual phone for one command', async () => {
    const { exitCode, stdout, stderr } = await run(
      ['dial', '6002', '--to', 'virtual', '--confirm', '--json'],
      somebody(),
    );
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout).results[0]).toMatchObject({
      outcome: 'confirmed',
      events: [{ event: 'outgoingCall', path: '/api/call' }],
    });
    expect(stdout).not.toContain(TOKEN);
  });

  it('atcom sim, if an event has no separate URL', async () => {
    let fields: Record<string, string> = {};
    const words = ['sim', '--phones', '1', '--port', '0', '--action-url', 'http://127.0.0.1:9', '--json'];
    const own = ['--action-url', 'onHook=http://127.0.0.1:9/onHook'];
    await runUntil([...words, ...own], somebody(), /"url":"([^"]+)"/, async (url) => {
      fields = JSON.parse(await (await fetch(`${url}/_sim/action-url`)).text());
    });
    expect(fields['incomingCall']).toMatch(`http://127.0.0.1:9/api/ring?token=${TOKEN}&mac=$mac`);
    expect(fields['onHook']).toBe('http://127.0.0.1:9/onHook');
  });
});

describe('atcom action-url lint', () => {
  it('knows the secret and the paths', async () => {
    const lint = async (url: string) =>
      (await run(['action-url', 'lint', url, '--offline'], somebody())).stdout;
    expect(await lint(`${AT}/api/ring?token=${TOKEN}&mac=$mac`)).toBe('1 URL: ok\n');
    expect(await lint(`${AT}/api/ring?mac=$mac`)).toContain('it has no token=, so the listener refuses it');
    const wrong = await lint(`${AT}/api/rong?token=wr0ng.s3cret&mac=$mac`);
    expect(wrong).toContain('its token= is not that of the listener');
    expect(wrong).toContain('did you mean /api/ring');
    expect(wrong).not.toContain(TOKEN);
  });
});

it('atcom config show hides the secret, and shows the paths', async () => {
  for (const words of [[], ['--json']]) {
    const { stdout } = await run(['config', 'show', ...words], somebody());
    expect(stdout).toContain('(hidden)');
    expect(stdout).toContain('/api/ring');
    expect(stdout).not.toContain(TOKEN);
  }
});

it('a project that is not trusted opens the listener to no name and to no proxy, and listen says so', async () => {
  const cwd = emptyFolder();
  const file = join(cwd, '.atcomrc');
  const listener = { url: 'http://evil.example:8088', trustedProxies: ['127.0.0.1'] };
  writeFileSync(file, JSON.stringify({ listener }));
  const ask = async (text: string) => {
    const page = (host: string) => `GET /holdUrl.xml?mac=1 HTTP/1.0\r\nHost: ${host}\r\n\r\n`;
    expect(await send(Number(text), page('evil.example:8088'))).toMatch(/^HTTP\/1\.1 403 /);
    expect(await send(Number(text), page('another.example'))).toMatch(/^HTTP\/1\.1 403 /);
    expect(await send(Number(text), page('localhost'))).toMatch(/^HTTP\/1\.1 200 /);
  };
  const { stderr } = await runUntil(['listen', '--port', '0'], { cwd }, /127\.0\.0\.1:(\d+)\. Ctrl-C/, ask);
  expect(stderr).toContain(`atcom config trust ${file}`);
});
