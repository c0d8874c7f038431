import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { main } from '../../src/cli/main.ts';
import type { Terminal } from '../../src/cli/process/terminal.ts';
import { afterKeys, FIRST_VIEW, screenLines, type TableView } from '../../src/cli/status/live-table.ts';
import type { StatusResult } from '../../src/cli/status/result.ts';
import { LiveScreen } from '../../src/cli/status/screen.ts';
import type { EventName } from '../../src/protocol/events.ts';
import { startReceiver, stateAfter } from '../../src/receiver/index.ts';
import { closedPort } from '../support/raw-server.ts';
import { SECRET, shareListeners } from '../support/same-user.ts';
import { emptyFolder, type RunOptions, run } from './run.ts';

const NOW = Date.parse('2026-11-28T10:00:00.000Z');

function result(phone: string, event?: EventName, ago = 60_000, remote = ''): StatusResult {
  const time = new Date(NOW - ago).toISOString();
  const values = { remote: remote === '' ? '' : `sip:${remote}@pbx` };
  const events = event === undefined ? [] : [{ time, event, phone, source: '', path: '', values }];
  return { phone, host: phone, state: stateAfter(events), web: 'unasked', approved: null };
}

const RESULTS = [
  result('lobby', 'established', 65_000, '6001'),
  result('lab-2', 'busyToIdle'),
  result('lab-10', 'incomingCall', 5000, '6009'),
  result('attic'),
];

function lines(view: Partial<TableView> = {}, size = { columns: 80, rows: 9 }): readonly string[] {
  const options = { names: new Map([['6001', 'reception']]), now: NOW };
  return screenLines(RESULTS, { ...FIRST_VIEW, ...view }, options, size, (_, text) => text);
}

const phonesOf = (shown: readonly string[]) =>
  shown.flatMap((line) => /^(lobby|lab-\d+|attic)/.exec(line)?.[0] ?? []);

describe('the live table', () => {
  it('fills the screen and no more', () => {
    expect(lines()).toEqual([
      '4 of 4 phones: 1 ringing, 1 talking, 1 idle, 1 unknown',
      '',
      'PHONE   STATE    WITH              SINCE  DND  HEARD',
      'attic   unknown                                never',
      'lab-2   idle                       1 min       1 min',
      'lab-10  ringing  6009              0:05        5 s',
      'lobby   talking  reception (6001)  1:05        1 min',
      '',
      'q quit  / filter  s sort (by name)  arrows scroll',
    ]);
  });

  it.each([40, 60, 80, 120, 200])('fits into %i columns', (columns) => {
    const shown = lines({}, { columns, rows: 9 });
    expect(shown.filter((line) => line.length > columns)).toEqual([]);
    expect(phonesOf(shown)).toHaveLength(4);
    expect(shown.join('\n')).toMatch(/ringing +6009/);
  });

  it.each([3, 5, 6, 40])('fits into %i rows', (rows) => {
    expect(lines({}, { columns: 80, rows }).length).toBeLessThanOrEqual(Math.max(rows, 5));
  });

  it('scrolls, sorts and filters', () => {
    const small = { columns: 80, rows: 6 };
    expect(phonesOf(lines({ top: 2 }, small))).toEqual(['lab-10', 'lobby']);
    expect(phonesOf(lines({ top: 99 }, small))).toEqual(['lab-10', 'lobby']);
    expect(phonesOf(lines({ sort: 'since' }))).toEqual(['lab-10', 'lab-2', 'lobby', 'attic']);
    expect(phonesOf(lines({ filter: 'RECEPTION' }))).toEqual(['lobby']);
    expect(phonesOf(lines({ filter: 'lab ring' }))).toEqual(['lab-10']);
  });

  it('lets nothing of a caller or of the keyboard through to the terminal', () => {
    const shown = lines({ typing: '\u001b[2J', filter: '\u001b[2J' });
    expect(shown.join('')).not.toContain('\u001b');
  });

  it.each([
    ['s', { sort: 'since' }],
    ['/ l a b', { typing: 'lab', filter: 'lab' }],
    ['/ l a \x7f', { typing: 'l', filter: 'l' }],
    ['/ q', { typing: 'q' }],
    ['/ l \r', { typing: undefined, filter: 'l' }],
    ['/ l \x1b', { typing: undefined, filter: '' }],
    ['j j k', { top: 1 }],
    ['\x1b[6~ \x1b[A', { top: 4 }],
    ['k', { top: 0 }],
    ['x', FIRST_VIEW],
    ['constructor', FIRST_VIEW],
  ])('%j', (keys, view) => {
    const after = keys
      .split(' ')
      .reduce<TableView | undefined>((now, key) => now && afterKeys(now, key, 5), FIRST_VIEW);
    expect(after).toMatchObject(view);
  });

  it.each(['q', '\x03'])('ends at %j', (key) => {
    expect(afterKeys(FIRST_VIEW, key, 5)).toBeUndefined();
  });
});

/** A terminal of a test. */
function fakeTerminal() {
  let written = '';
  let keys: ((text: string) => void) | undefined;
  let resized = () => {};
  const waiting = new Set<() => void>();
  const size = { columns: 80, rows: 12 };
  const exits = new Set<() => void>();
  const suspended: (() => void)[] = [];
  const terminal: Terminal = {
    get columns() {
      return size.columns;
    },
    isBehind: false,
    get rows() {
      return size.rows;
    },
    write(text) {
      written += text;
      for (const look of waiting) look();
    },
    onKeys(listener) {
      keys = listener;
      return () => {
        keys = undefined;
      };
    },
    onResize(listener) {
      resized = listener;
      return () => {};
    },
    onExit(restore) {
      exits.add(restore);
      return () => exits.delete(restore);
    },
    suspend: () => new Promise((resolve) => suspended.push(resolve)),
  };
  const wrote = (text: string) => {
    const from = written.length;
    return new Promise<string>((resolve) => {
      const look = () => {
        if (written.slice(from).includes(text)) resolve(written.slice(from));
      };
      waiting.add(look);
    });
  };
  return {
    terminal,
    exits,
    wrote,
    goOn: () => suspended.shift()?.(),
    press: (key: string) => keys?.(key),
    resize(columns: number) {
      size.columns = columns;
      resized();
    },
    get written() {
      return written;
    },
  };
}

const LEFT = '\x1b[?25h\x1b[?1049l';

async function watching(words: readonly string[] = [], alone = false) {
  const receiver = await startReceiver({ port: 0, secret: SECRET });
  if (alone) await receiver.close();
  onTestFinished(() => receiver.close());
  const fake = fakeTerminal();
  const folder = emptyFolder();
  shareListeners(folder);
  const stop = new AbortController();
  const drawn = fake.wrote('q quit');
  const ended = main(['status', '--watch', '--port', String(receiver.port), ...words], {
    stdin: () => {
      throw new Error('the terminal is asked for keys');
    },
    stdout: { write: () => true, isTTY: true },
    stderr: { write: () => true, isTTY: true },
    env: { HOME: folder, NO_COLOR: '1' },
    cwd: folder,
    pid: 1,
    uid: process.geteuid?.(),
    signal: stop.signal,
    terminal: () => Promise.resolve(fake.terminal),
  });
  await drawn;
  const report = (event: EventName) => {
    const time = new Date().toISOString();
    receiver.hub.publish({ time, event, phone: '172.16.0.57', source: '172.16.0.57', path: '', values: {} });
  };
  return { fake, ended, stop, report };
}

describe('atcom status --watch on a terminal', () => {
  it('follows, writes only lines that changed, and gives the screen back', async () => {
    const { fake, ended, report } = await watching();
    const rings = fake.wrote('ringing');
    report('incomingCall');
    await rings;
    const talks = fake.wrote('talking');
    report('established');
    expect(await talks).not.toContain('q quit');
    fake.press('q');
    expect(await ended).toBe(0);
    expect(fake.written.endsWith(LEFT)).toBe(true);
    expect(fake.exits.size).toBe(0);
  });

  it('says that no listener ran, so that nothing is known of before', async () => {
    const { fake, ended } = await watching([], true);
    expect(fake.written).toContain('no listener ran on port');
    fake.press('q');
    expect(await ended).toBe(0);
  });

  it('gives the screen back whatever ends the process', async () => {
    const { fake, ended } = await watching();
    expect(fake.exits.size).toBe(1);
    for (const exit of fake.exits) exit();
    expect(fake.written.endsWith(LEFT)).toBe(true);
    fake.press('q');
    await ended;
  });

  it('gives the screen back while it is stopped, and takes it again', async () => {
    const { fake, ended } = await watching();
    const again = fake.wrote('q quit');
    fake.press('\x1a');
    fake.resize(40);
    expect(fake.written.endsWith(LEFT)).toBe(true);
    fake.goOn();
    expect(await again).toContain(`${LEFT}\x1b[?1049h`);
    fake.press('q');
    expect(await ended).toBe(0);
  });

  it('draws nothing on what is another’s while it is stopped, whatever is reported', async () => {
    const { fake, ended, report } = await watching();
    const timers = vi.spyOn(globalThis, 'setTimeout');
    onTestFinished(() => timers.mockRestore());
    fake.press('\x1a');
    report('incomingCall');
    // The redraw that an event asks for.
    const frame = await vi.waitFor(() => {
      const [callback] = timers.mock.calls.find(([, ms]) => ms === 100) ?? [];
      if (callback === undefined) throw new Error('no redraw is due');
      return callback;
    });
    frame();
    expect(fake.written.endsWith(LEFT)).toBe(true);
    const again = fake.wrote('ringing');
    fake.goOn();
    await again;
    fake.press('q');
    expect(await ended).toBe(0);
  });

  it('does not take the screen again that it was to give back for good while it was stopped', async () => {
    const { fake, ended, stop } = await watching();
    fake.press('\x1a');
    stop.abort(new Error('Ctrl-C'));
    expect(await ended).toBe(0);
    fake.goOn();
    await new Promise(setImmediate);
    expect(fake.written.endsWith(LEFT)).toBe(true);
  });

  it('draws everything anew after another size', async () => {
    const { fake, ended, stop } = await watching();
    const again = fake.wrote('q quit');
    fake.resize(40);
    expect(await again).not.toContain('scroll');
    stop.abort(new Error('Ctrl-C'));
    expect(await ended).toBe(0);
    expect(fake.written.endsWith(LEFT)).toBe(true);
  });
});

describe('atcom status --watch elsewhere', () => {
  /** The first line, of which it is told what to report. */
  async function firstChange(
    words: readonly string[],
    options: RunOptions,
    report: (event: EventName) => void,
  ) {
    const stop = new AbortController();
    let written = '';
    const watched = run(['status', '--watch', ...words], {
      ...options,
      signal: stop.signal,
      watch: (stream, text) => {
        if (stream === 'stdout') written += text;
      },
    });
    // It follows from some moment on; what was before is no change.
    for (let on = true; written === ''; on = !on) {
      report(on ? 'openDND' : 'closeDND');
      await new Promise((resolve) => setImmediate(resolve));
    }
    stop.abort();
    const { exitCode, stdout } = await watched;
    const [first = ''] = stdout.split('\n');
    expect(exitCode).toBe(0);
    return JSON.parse(first);
  }

  /** A listener, and what reports to it. */
  async function heard(source: string) {
    const receiver = await startReceiver({ port: 0, secret: SECRET });
    onTestFinished(() => receiver.close());
    const report = (event: EventName) => {
      const time = new Date().toISOString();
      receiver.hub.publish({ time, event, phone: 'a', source, path: '', values: {} });
    };
    return { port: String(receiver.port), report };
  }

  it('writes a line of JSON for each change', async () => {
    const { port, report } = await heard('10.0.0.1');
    expect(await firstChange(['--port', port], {}, report)).toMatchObject({
      phone: '10.0.0.1',
      event: expect.stringMatching(/^(open|close)DND$/),
      state: { dnd: expect.any(Boolean) },
    });
  });

  it('calls a phone with two names by that which it was asked for', async () => {
    const cwd = emptyFolder();
    const phones = { desk: '10.0.0.9', boss: { host: '10.0.0.9', alias: true } };
    writeFileSync(join(cwd, '.atcomrc.json'), JSON.stringify({ phones }));
    const { port, report } = await heard('10.0.0.9');
    expect(await firstChange(['desk', '--port', port], { cwd }, report)).toMatchObject({ phone: 'desk' });
  });

  it('says that no listener ran, so that nothing is known of before', async () => {
    const port = String(await closedPort());
    for (const [words, told] of [
      [[], true],
      [['--quiet'], false],
    ] as const) {
      const stop = new AbortController();
      let stderr = '';
      const watched = run(['status', '--watch', '--port', port, ...words], {
        signal: stop.signal,
        watch: (stream, text) => {
          if (stream === 'stderr') stderr += text;
        },
      });
      if (told) await vi.waitFor(() => expect(stderr).toContain('Fix: keep atcom listen running'));
      stop.abort();
      expect((await watched).stderr.includes(`no listener ran on port ${port}`)).toBe(told);
    }
  });

  it('asks no web server, so it cannot look for those that do not answer', async () => {
    const { exitCode, stderr } = await run(['status', '--watch', '--only', 'unreachable']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('exclude each other')]);
  });
});

it('a terminal that takes no more gets no more, and later what is then so', () => {
  const written: string[] = [];
  const terminal = {
    isBehind: true,
    write: (text: string) => void written.push(text),
    onExit: () => () => undefined,
  };
  const screen = new LiveScreen(terminal as unknown as Terminal);
  screen.draw(['idle']);
  expect(written).toEqual([]);
  terminal.isBehind = false;
  screen.draw(['talking']);
  expect(written.join('')).toContain('talking');
});
