import { existsSync, readFileSync, renameSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { trusted } from '../receiver/played.ts';
import { get, receiver, send, subscribed } from '../receiver/raw.ts';
import { anyPort, emptyFolder, type Run, type RunOptions, run } from './run.ts';

/** A running `atcom listen` or `expect`, its port, and its end. */
interface Listener {
  readonly port: number;
  readonly ended: Promise<Run>;
  readonly stop: () => void;
  /** Settles once a text was written. */
  readonly wrote: (text: string) => Promise<void>;
}

/** Starts `atcom listen` on a free port and waits until it listens. */
async function listen(words: readonly string[], options: RunOptions = {}): Promise<Listener> {
  const controller = new AbortController();
  let written = '';
  const waiting = new Set<() => void>();
  const wrote = (text: string) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (written.includes(text)) resolve();
      };
      waiting.add(look);
      look();
    });
  const ended = run(['listen', ...anyPort(words), ...words], {
    ...options,
    signal: controller.signal,
    watch: (_, text) => {
      written += text;
      for (const look of waiting) look();
    },
  });
  onTestFinished(() => controller.abort());
  await wrote('Ctrl-C ends.');
  const port = Number(/:(\d+)\. Ctrl-C/.exec(written)?.[1] ?? /Port (\d+)/.exec(written)?.[1]);
  return { port, ended, stop: () => controller.abort(), wrote };
}

const INCOMING = get('/incomingCallUrl.xml?mac=80:82:87:04:6B:C2&ip=172.16.0.57&remote=sip:+4930@pbx');

describe('atcom listen', () => {
  it('writes one document per line without a terminal', async () => {
    const { port, ended, stop, wrote } = await listen([]);
    await send(port, INCOMING);
    await wrote('incomingCall');
    stop();
    const { exitCode, stdout, stderr } = await ended;
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      event: 'incomingCall',
      phone: '172.16.0.57',
      source: '127.0.0.1',
      path: '/incomingCallUrl.xml',
      values: { mac: '80:82:87:04:6B:C2', ip: '172.16.0.57', remote: 'sip:+4930@pbx' },
    });
    expect(stderr).toMatch(/^Listening on http:\/\/127\.0\.0\.1:\d+\. Ctrl-C ends\.\n1 event\n$/);
  });

  it('writes a readable line on a terminal, where nothing of a caller moves the cursor', async () => {
    const { port, ended } = await listen(['--count', '1'], { typed: '' });
    await send(port, get('/incomingCallUrl.xml?remote=sip:1@pbx&display_remote=%1B[2JEve%C2%9B'));
    const { stdout } = await ended;
    expect(stdout).toMatch(
      /^\d\d:\d\d:\d\d {2}127\.0\.0\.1 {2}incomingCall {2}sip:1@pbx \\u001b\[2JEve\\u009b\n$/,
    );
  });

  it('writes JSON on a terminal with --json', async () => {
    const { port, ended } = await listen(['--count', '1', '--json'], { typed: '' });
    await send(port, INCOMING);
    expect(JSON.parse((await ended).stdout)).toMatchObject({ event: 'incomingCall' });
  });

  it('shows only what was asked for, and ends after --count', async () => {
    const { port, ended } = await listen([
      '--event',
      'hold',
      '--event',
      'unhold',
      '--to',
      '127.0.0.7',
      '--count',
      '2',
    ]);
    await send(port, get('/holdUrl.xml'));
    await send(port, get('/muteUrl.xml'), '127.0.0.7');
    await send(port, get('/holdUrl.xml'), '127.0.0.7');
    await send(port, get('/unHoldUrl.xml'), '127.0.0.7');
    const { stdout, stderr } = await ended;
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).event),
    ).toEqual(['hold', 'unHold']);
    expect(stderr).toContain('2 events');
  });

  it('ends after --for, and reports what was not an event', async () => {
    const { port, ended } = await listen(['--for', '300ms']);
    await send(port, get('/nothing'));
    await send(port, 'POST / HTTP/1.0\r\nContent-Length: 0\r\n\r\n');
    expect((await ended).stderr).toContain(
      '0 events; 1 request to paths that name no event; 1 request refused',
    );
  });

  it('reports what was not an event, once for each sender and path, with a fix', async () => {
    const { port, ended, wrote, stop } = await listen([], { typed: '' });
    for (let time = 0; time < 3; time += 1)
      await send(port, get('/api/incoming?remote=private'), '127.0.0.7');
    await send(port, get('/api/incoming'), '127.0.0.8');
    await send(port, get('/x\u001b[2J'));
    await wrote('for /x');
    stop();
    const { stdout, stderr } = await ended;
    expect(stdout).toBe('');
    const advice = 'atcom events lists them, and events: in the config names paths of your own';
    expect(stderr.split('\n').slice(1, -1)).toEqual([
      expect.stringMatching(/^\d{4}-\d\d-\d\dT\S+Z warning: 127\.0\.0\.7 asked for \/api\/incoming, which/),
      expect.stringMatching(`warning: 127.0.0.8 asked for /api/incoming, which names no event; ${advice}$`),
      expect.stringContaining('warning: 127.0.0.1 asked for /x%1B[2J, which names no event; '),
      '0 events; 5 requests to paths that name no event',
    ]);
    expect(stderr).not.toContain('private');
  });

  it('reports it as a document with --json, also for the listener it is attached to', async () => {
    const first = await receiver();
    const { stop, ended, wrote } = await listen(['--json', '--port', String(first.port)]);
    for (let time = 0; time < 3; time += 1) await send(first.port, get('/api/incoming'), '127.0.0.7');
    await wrote('/api/incoming');
    stop();
    const { stdout, stderr } = await ended;
    expect(JSON.parse(stdout)).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      refused: 'unknown-event',
      source: '127.0.0.7',
      path: '/api/incoming',
    });
    expect(stderr).not.toContain('asked');
  });

  it('attaches to the receiver that has the port, and says so', async () => {
    const first = await receiver();
    const second = await listen(['--count', '1', '--port', String(first.port)]);
    await send(first.port, INCOMING);
    const { exitCode, stdout, stderr } = await second.ended;
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ event: 'incomingCall' });
    expect(stderr).toContain(
      `Port ${first.port} is in use by another atcom receiver (at 127.0.0.1); showing its events.`,
    );
  });

  it('takes the port over when the receiver it is attached to ends, and says so', async () => {
    const first = await receiver();
    const second = await listen(['--count', '1', '--port', String(first.port)]);
    await first.close();
    await second.wrote(
      `warning: the other atcom receiver ended; listening on http://127.0.0.1:${first.port} now`,
    );
    await send(first.port, INCOMING);
    const { exitCode, stdout } = await second.ended;
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ event: 'incomingCall' });
  });

  it('ends with an error when it cannot', async () => {
    const first = await receiver();
    const second = await listen(['--port', String(first.port)]);
    const closed = first.close();
    const other = createServer().listen(first.port, '127.0.0.1');
    onTestFinished(() => void other.close());
    await closed;
    const { exitCode, stderr } = await second.ended;
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`cannot listen on 127.0.0.1:${first.port}: it is in use, and`);
    expect(stderr).toContain('0 events');
  });

  it('says so when the port belongs to something else', async () => {
    const other = createServer((_, response) => response.end('hello'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const { exitCode, stderr } = await run(['listen', '--port', String(port)]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`cannot listen on 127.0.0.1:${port}: it is in use`);
  });

  it.each([
    [['--event', 'incomingCal'], /did you mean incomingCall\?/],
    [['--to', 'nobody'], /no phone is called/],
    [['--webhook', 'nonsense'], /--webhook needs a URL/],
    [['--output', '/no/such/folder/x'], /x cannot be written: its folder is not there/],
    [['--count', '0'], /whole number/],
  ])('%j is an error before it listens', async (words, message) => {
    const { exitCode, stderr } = await run(['listen', ...anyPort(words), ...words]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe('what listen passes on', () => {
  it('goes into a file, also after it was rotated', async () => {
    const file = join(emptyFolder(), 'events.jsonl');
    const { port, ended, stop, wrote } = await listen(['--output', file]);
    await send(port, get('/holdUrl.xml'));
    await wrote('"hold"');
    await expect.poll(() => readFileSync(file, 'utf8')).toContain('"hold"');
    renameSync(file, `${file}.1`);
    await send(port, get('/unHoldUrl.xml'));
    await wrote('"unHold"');
    stop();
    expect((await ended).exitCode).toBe(0);
    expect(JSON.parse(readFileSync(`${file}.1`, 'utf8')).event).toBe('hold');
    expect(JSON.parse(readFileSync(file, 'utf8')).event).toBe('unHold');
  });

  it.each<[string, readonly string[]]>([
    ['events', []],
    ['changes of state', ['--events', 'state']],
  ])('goes on in a file of %s', async (_, words) => {
    const file = join(emptyFolder(), 'events.jsonl');
    for (const lines of [1, 2]) {
      const { port, ended } = await listen(['--output', file, '--count', '1', ...words]);
      await send(port, get('/offHookUrl.xml'));
      expect((await ended).exitCode).toBe(0);
      expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(lines);
    }
  });

  it('goes to a command in its environment, never into its text', async () => {
    const folder = emptyFolder();
    const file = join(folder, 'seen');
    const command = `printf '%s|%s|%s|%s' "$ATCOM_EVENT" "$ATCOM_PHONE" "$ATCOM_DISPLAY_REMOTE" "$ATCOM_TO" > ${file}`;
    const { port, ended } = await listen(['--exec', command, '--count', '1'], {
      env: { PATH: process.env['PATH'] ?? '' },
    });
    const name = '$(touch pwned); `touch pwned`';
    await send(port, get(`/incomingCallUrl.xml?display_remote=${encodeURIComponent(name)}&to=everybody`));
    expect((await ended).exitCode).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(`incomingCall|127.0.0.1|${name}|`);
    expect(existsSync(join(folder, 'pwned'))).toBe(false);
  });

  it('survives a command that fails, and reports it', async () => {
    const { port, ended } = await listen(['--exec', 'exit 3', '--count', '2'], {
      env: { PATH: process.env['PATH'] ?? '' },
    });
    await send(port, get('/holdUrl.xml'));
    await send(port, get('/unHoldUrl.xml'));
    const { exitCode, stderr } = await ended;
    expect(exitCode).toBe(1);
    // Both run at the same time, and only the first that ends is told.
    expect(stderr).toMatch(/warning: --exec for (hold|unHold) of 127\.0\.0\.1: it ended with 3/);
    expect(stderr).toContain('2 events; --exec: 2 failed');
  });

  it('is posted to a webhook, and a refusal is reported', async () => {
    const bodies: string[] = [];
    const hook = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        bodies.push(body);
        response.writeHead(bodies.length === 1 ? 204 : 500).end();
      });
    });
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void hook.close());
    const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/events`;
    const { port, ended } = await listen(['--webhook', url, '--count', '2']);
    await send(port, INCOMING);
    await send(port, get('/holdUrl.xml'));
    const { exitCode, stderr } = await ended;
    expect(bodies.map((body) => JSON.parse(body).event)).toEqual(['incomingCall', 'hold']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('--webhook for hold of 127.0.0.1: it answered 500');
    expect(stderr).toContain('--webhook: 1 failed');
  });
});

it('gives up what it cannot pass on soon after a signal', async () => {
  const hook = createServer();
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void hook.closeAllConnections());
  onTestFinished(() => void hook.close());
  const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`;
  const { port, ended, stop, wrote } = await listen(['--webhook', url]);
  await send(port, INCOMING);
  await wrote('incomingCall');
  const since = performance.now();
  stop();
  expect((await ended).stderr).toContain('warning: --webhook for incomingCall of 172.16.0.57: atcom ended');
  expect(performance.now() - since).toBeLessThan(3000);
});

describe('atcom expect', () => {
  /** Runs `expect` attached to a receiver, and calls back once it is attached. */
  async function expectOn(
    words: readonly string[],
    report: (port: number) => Promise<unknown>,
  ): Promise<Run> {
    const { port, hub } = await receiver();
    // The receiver sees one more subscriber once expect is attached.
    const attached = new Promise<void>((resolve) => {
      const { subscribe } = hub;
      hub.subscribe = (listener) => {
        resolve();
        return subscribe.call(hub, listener);
      };
    });
    const ended = run(['expect', ...words, '--port', String(port)]);
    await attached;
    await report(port);
    return ended;
  }

  it('ends with 0 and the event', async () => {
    const result = await expectOn(['incomingCall', '--json', '--where', 'remote=*4930*'], (port) =>
      send(port, INCOMING),
    );
    expect(result.exitCode).toBe(0);
    expect(JSON.parse(result.stdout)).toMatchObject({
      command: 'expect',
      ok: true,
      event: { event: 'incomingCall' },
    });
  });

  it('ends with 6 and what was seen instead', async () => {
    const words = ['established', '--within', '300ms', '--to', '127.0.0.6'];
    const result = await expectOn(words, async (port) => {
      await send(port, get('/remoteBusyUrl.xml'), '127.0.0.6');
      await send(port, get('/establishedUrl.xml'), '127.0.0.5');
    });
    expect(result.exitCode).toBe(6);
    expect(result.stderr).toContain('established was not reported within 300ms; seen: 127.0.0.6 remoteBusy');
  });

  it('ends with 6 and what was refused meanwhile, and what to do about it', async () => {
    const result = await expectOn(['incomingCall', '--within', '300ms'], (port) =>
      send(port, get('/api/incoming'), '127.0.0.6'),
    );
    expect(result.exitCode).toBe(6);
    expect(result.stderr).toContain(
      'refused meanwhile: 127.0.0.6 asked for /api/incoming, which names no event',
    );
  });

  it('has one time for all of it, also to find out who has the port', async () => {
    let live = (_: ServerResponse) => {};
    const asked = new Promise<ServerResponse>((resolve) => {
      live = resolve;
    });
    const port = await trusted(live);
    const ended = run(['expect', 'hold', '--within', '1500ms', '--port', String(port)]);
    const stream = await asked;
    // Most of its time is over when it can hear, and all of it before the event.
    setTimeout(() => stream.write('live:\n'), 900);
    const event = {
      time: '2026-11-23T10:00:00.000Z',
      event: 'hold',
      phone: 'a',
      source: '',
      path: '/',
      values: {},
    };
    setTimeout(() => stream.write(`event: ${JSON.stringify(event)}\n`), 1900);
    expect(await ended).toMatchObject({ exitCode: 6, stderr: expect.stringContaining('within 1500ms') });
  });

  it('does not wait for one who has the port and tells nothing', async () => {
    const port = await trusted(() => undefined);
    const since = performance.now();
    const words = ['expect', 'hold', '--within', '1s', '--port', String(port)];
    expect(await run(words)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('did not tell in time what it knows'),
    });
    expect(performance.now() - since).toBeLessThan(2500);
  });

  it('says of no event that it did not come where the receiver it was attached to ended meanwhile', async () => {
    const first = await receiver();
    const attached = subscribed(first);
    const ended = run(['expect', 'hold', '--within', '1s', '--json', '--port', String(first.port)]);
    await attached;
    await first.close();
    const { exitCode, stdout } = await ended;
    expect(exitCode).toBe(6);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: 'unwatched',
      message: 'hold was not waited for to the end: the listener was lost meanwhile',
    });
  });

  it('ends with 6 and a hint when nothing was seen', async () => {
    const { exitCode, stderr } = await run(['expect', 'hold', '--within', '20ms', '--port', '0']);
    expect(exitCode).toBe(6);
    expect(stderr).toContain('nothing was');
    expect(stderr).toContain('atcom action-url list');
  });

  it('takes no unknown event and no wrong condition', async () => {
    expect((await run(['expect', 'holdd'])).stderr).toContain('did you mean hold?');
    expect((await run(['expect', 'hold', '--where', 'remote'])).exitCode).toBe(2);
    expect((await run(['expect', 'hold', '--where', 'remot=*1*'])).stderr).toContain('did you mean remote?');
  });
});
