import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AtcomError } from '../../src/errors.ts';
import { get, send } from '../receiver/raw.ts';
import { anyPort, emptyFolder, type Run, type RunOptions, run } from './run.ts';

/** Runs `atcom listen` until the test is over; settles once it listens. */
async function listening(words: readonly string[], options: RunOptions = {}) {
  const controller = new AbortController();
  let ended: Promise<Run> | undefined;
  let told = '';
  const port = await new Promise<number>((resolve, reject) => {
    ended = run(['listen', ...anyPort(words), ...words], {
      ...options,
      signal: controller.signal,
      watch: (_, text) => {
        told += text;
        const [, port] = /:(\d+)\. Ctrl-C/.exec(told) ?? [];
        if (port !== undefined) resolve(Number(port));
      },
    });
    ended.then(({ stderr }) => reject(new Error(stderr)), reject);
  });
  onTestFinished(() => controller.abort());
  const stop = () => {
    controller.abort();
    return ended as Promise<Run>;
  };
  return { port, stop };
}

function ask(port: number, path: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number | undefined; text: string; headers: object }>((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port, path, headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
        // A stream has no end; its first two events are enough.
        if (text.split('\n\n').length > 2 && path.endsWith('/events')) asking.destroy();
      });
      answer.on('close', () => resolve({ status: answer.statusCode, text, headers: answer.headers }));
    });
    asking.on('error', reject).end();
  });
}

describe('atcom listen --board', () => {
  it('says where the board is, and serves it with a strict policy', async () => {
    const { port, stop } = await listening(['--board']);
    const { status, text, headers } = await ask(port, '/board');
    expect([status, headers]).toMatchObject([
      200,
      { 'content-security-policy': expect.stringContaining("default-src 'none'; script-src 'self'") },
    ]);
    expect(text).not.toMatch(/<script(?![^>]*src=)|style=|onclick=|https?:/);
    for (const file of ['main.js', 'style.css', 'icon.svg']) {
      expect(await ask(port, `/board/${file}`)).toMatchObject({ status: 200 });
    }
    expect(await ask(port, '/board/../package.json')).toMatchObject({ status: 404 });
    expect((await stop()).stderr).toContain(`Board: http://127.0.0.1:${port}/board\n`);
  });

  it('refuses groups that look through too many phones, and hears a signal meanwhile', async () => {
    const groups = Array.from({ length: 600 }, (_, index) => `g${index}: "@g"`);
    const cwd = emptyFolder();
    const config = `phones: { "a[1-10000]": "10.0.[0-39].[0-249]" }\ngroups: { g: "a*", ${groups} }`;
    writeFileSync(join(cwd, 'atcom.config.yaml'), config);
    const words = ['listen', '--port', '0', '--board'];
    expect(await run(words, { cwd })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('they look through more than 5,000,000 phones'),
    });
    const stop = new AbortController();
    setImmediate(() => stop.abort(new AtcomError('interrupted', {})));
    expect(await run(words, { cwd, signal: stop.signal })).toMatchObject({ exitCode: 130 });
  });

  it.each([['/board'], ['/board/main.js'], ['/board/events'], ['/metrics']])(
    'refuses %s to other sites, by whatever name',
    async (path) => {
      const { port } = await listening(['--board', '--metrics']);
      const asked = (headers: Record<string, string>) => ask(port, path, headers);
      expect(await asked({ host: 'evil.example' })).toMatchObject({ status: 403 });
      expect(await asked({ 'sec-fetch-site': 'cross-site' })).toMatchObject({ status: 403 });
      expect(await asked({ origin: 'http://evil.example' })).toMatchObject({ status: 403 });
      expect(await asked({})).toMatchObject({ status: 200 });
    },
  );

  it.each([['/board'], ['/board/events'], ['/metrics']])(
    'prepares no %s ahead, while the answer before it is not read',
    async (path) => {
      const { port } = await listening(['--board', '--metrics']);
      const asked = (what: string, more = '') => `GET ${what} HTTP/1.1\r\nHost: 127.0.0.1\r\n${more}\r\n`;
      const text = await send(port, asked('/metrics') + asked(path, 'Connection: close\r\n'));
      expect(text.match(/^HTTP\S+ \d+/gm)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 429']);
    },
  );

  it('refuses groups with more names than a page can have, before it listens', async () => {
    const cwd = emptyFolder();
    const phones = { [`${'a'.repeat(110)}[1-1000]`]: '10.0.[0-3].[0-249]' };
    const groups = Object.fromEntries(Array.from({ length: 90 }, (_, index) => [`g${index}`, 'a*']));
    writeFileSync(join(cwd, '.atcomrc.json'), JSON.stringify({ phones, groups }));
    const words = ['listen', '--port', '0', '--for', '1ms'];
    expect(await run([...words, '--board'], { cwd })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(
        /too large for the board: .* more than 10,000,000 characters .*\n.*fewer groups/,
      ),
    });
    expect((await run([...words, '--metrics'], { cwd })).stderr).not.toContain('too large');
  });

  it('starts its stream with all phones, those in the config by group', async () => {
    const cwd = emptyFolder();
    const config = {
      phones: { reception: { host: '172.16.0.57', extension: '6001' }, lobby: '172.16.0.37' },
      groups: { floor1: 'lobby' },
      listener: { board: true },
    };
    writeFileSync(join(cwd, '.atcomrc.json'), JSON.stringify(config));
    const { port } = await listening([], { cwd });
    await send(port, get('/incomingCallUrl.xml?ip=172.16.0.57&remote=sip:6009@pbx'));
    const { text } = await ask(port, '/board/events');
    const [, data = ''] = /^event: states\ndata: (.*)$/m.exec(text) ?? [];
    expect(JSON.parse(data)).toMatchObject({
      phones: [
        { name: 'reception', host: '172.16.0.57', extension: '6001' },
        { name: 'lobby', host: '172.16.0.37' },
      ],
      groups: [{ name: 'floor1', phones: ['lobby'] }],
      states: { reception: { call: 'ringing', calls: [{ peer: '6009' }] } },
    });
  });

  it('is not there unless it is asked for', async () => {
    const { port } = await listening([]);
    expect([await ask(port, '/board'), await ask(port, '/metrics')]).toMatchObject([
      { status: 404 },
      { status: 404 },
    ]);
  });

  it('lets other computers in under its name only, with a token that is long enough', async () => {
    const refused = await run(['listen', '--board-host', 'pbx.example']);
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('needs a token')]);
    const short = await run(['listen', '--board-host', 'pbx.example'], {
      env: { ATCOM_BOARD_TOKEN: 'short' },
    });
    expect(short.exitCode).toBe(2);
    const file = join(emptyFolder(), 'token');
    writeFileSync(file, 'long-enough-token\n', { mode: 0o600 });
    const { port } = await listening(['--board-host', 'pbx.example', '--board-token-file', file]);
    const authorization = `Basic ${Buffer.from('me:long-enough-token').toString('base64')}`;
    const asked = (headers: Record<string, string>) =>
      ask(port, '/board', { host: 'pbx.example', ...headers });
    expect(await asked({})).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': expect.stringContaining('Basic') },
    });
    expect(await asked({ authorization })).toMatchObject({ status: 200 });
    expect(await asked({ authorization, host: 'evil.example' })).toMatchObject({ status: 403 });
    expect(await asked({ host: '127.0.0.1' })).toMatchObject({ status: 401 });
  });

  it('asks everybody for a token that was given, without another name', async () => {
    const file = join(emptyFolder(), 'token');
    writeFileSync(file, 'boardpw\n', { mode: 0o600 });
    const refused = await run(['listen', '--board', '--board-token-file', file]);
    expect([refused.exitCode, refused.stderr]).toEqual([
      2,
      expect.stringContaining('the token of the board has fewer than 12 characters'),
    ]);
    writeFileSync(file, 'long-enough-token\n', { mode: 0o600 });
    const { port } = await listening(['--board', '--metrics', '--board-token-file', file]);
    expect(await ask(port, '/board')).toMatchObject({ status: 401 });
    expect(await ask(port, '/metrics')).toMatchObject({ status: 401 });
  });

  it('takes nobody who comes through a trusted proxy for this computer', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'own.yaml'), 'listener: { trustedProxies: [127.0.0.1] }\n');
    const { port } = await listening(['--board', '--metrics', '--config', 'own.yaml'], { cwd });
    expect(await ask(port, '/board')).toMatchObject({ status: 403 });
    expect(await ask(port, '/metrics')).toMatchObject({ status: 403 });
  });

  it('cannot be given to the listener of another run', async () => {
    const { port } = await listening([]);
    const { exitCode, stderr } = await run(['listen', '--board', '--port', String(port)]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('another atcom listen is using it')]);
  });
});

describe('atcom listen --metrics', () => {
  it('counts events, states and what was refused, and says when a phone was last heard', async () => {
    const { port } = await listening(['--metrics']);
    await send(port, get('/incomingCallUrl.xml?ip=172.16.0.57'));
    await send(port, get('/nothing'));
    const { text } = await ask(port, '/metrics');
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        '# TYPE atcom_events_total counter',
        'atcom_events_total{event="incomingCall"} 1',
        'atcom_events_total{event="hold"} 0',
        'atcom_requests_refused_total{reason="unknown"} 1',
        'atcom_phones{state="ringing"} 1',
        expect.stringMatching(/^atcom_phone_last_heard_timestamp_seconds\{phone="172\.16\.0\.57"\} 1\d{9}/),
      ]),
    );
    expect(text.endsWith('\n')).toBe(true);
  });
});

describe('atcom listen --events state', () => {
  it('writes each change as a document, and nothing for what changes nothing', async () => {
    const { port, stop } = await listening(['--events', 'state']);
    for (const event of ['incomingCall', 'headset', 'established', 'established']) {
      await send(port, get(`/${event}Url.xml?ip=172.16.0.57&call_id=1&remote=sip:6009@pbx`));
    }
    const { stdout } = await stop();
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { phone: '172.16.0.57', event: 'incomingCall', state: { call: 'ringing' } },
      { phone: '172.16.0.57', event: 'established', state: { call: 'talking', calls: [{ peer: '6009' }] } },
    ]);
    expect(Object.keys(lines[0])).toEqual(['time', 'phone', 'event', 'state']);
  });

  it('is a line for people on a terminal, where nothing of a caller moves the cursor', async () => {
    const { port, stop } = await listening(['--events', 'state'], { typed: '' });
    await send(port, get('/incomingCallUrl.xml?ip=172.16.0.57&display_remote=%1B[2J'));
    expect((await stop()).stdout).toMatch(/^\d\d:\d\d:\d\d {2}172\.16\.0\.57 {2}ringing {2}\\u001b\[2J\n$/);
  });

  it('gives --exec the state after each event', async () => {
    const cwd = emptyFolder();
    const file = join(cwd, 'states');
    const { port, stop } = await listening([
      '--exec',
      `printf '%s ' "$ATCOM_STATE" >>'${file}'`,
      '--count',
      '2',
    ]);
    await send(port, get('/outgoingCallUrl.xml?ip=172.16.0.57'));
    await send(port, get('/cancelCallOutUrl.xml?ip=172.16.0.57'));
    await stop();
    const { readFileSync } = await import('node:fs');
    expect(readFileSync(file, 'utf8').trim().split(' ').sort()).toEqual(['calling', 'idle']);
  });
});
