import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { Journal, type JournalItem } from '../../src/fleet/journal.ts';
import { readLines } from '../../src/fleet/journal-text.ts';
import { halfDone, ITEMS, journalPath, ok, run, unreachable } from './journals.ts';

const textOf = (path: string) => readFileSync(path, 'utf8');

describe('a journal', () => {
  it('has every fact on disk before its promise settles', async () => {
    const path = journalPath();
    const journal = await Journal.begin(path, run());
    expect(textOf(path)).toContain(`{"run":{"process":42,"host":"${hostname()}"`);
    await journal.intend('a');
    expect(textOf(path).trim().split('\n').at(-1)).toBe('{"intent":"a"}');
    await journal.record(ok('a'));
    expect(textOf(path)).toContain('{"outcome":{"phone":"a","host":"a","outcome":"ok",');
    await journal.close();
  });

  it.each<[string, (path: string) => void]>([
    [
      'replaced by a copy',
      (path) => {
        copyFileSync(path, `${path}.copy`);
        renameSync(`${path}.copy`, path);
      },
    ],
    ['moved', (path) => renameSync(path, `${path}.moved`)],
    ['removed', (path) => unlinkSync(path)],
  ])('announces no phone in a file that was %s, and says so', async (_, change) => {
    const path = journalPath();
    const journal = await Journal.begin(path, run());
    await journal.intend('a');
    change(path);
    const refused = {
      code: 'journal',
      message: expect.stringContaining('it was moved, removed or replaced while the run wrote to it'),
      hint: expect.stringContaining('a copy does not know which phones were pressed later'),
    };
    await expect(journal.intend('b')).rejects.toMatchObject(refused);
    await expect(journal.record(ok('a'))).rejects.toMatchObject(refused);
    await journal.close();
  });

  it('is for nobody else to read: it says who was called', async () => {
    expect(statSync(await halfDone()).mode & 0o777).toBe(0o600);
  });

  it('tells what is done, what was in flight, and so what is left', async () => {
    const journal = await Journal.resume(await halfDone(), run());
    expect([...journal.state.done.keys()]).toEqual(['a']);
    expect([...journal.state.inFlight]).toEqual(['b']);
    await journal.close();
  });

  it('goes on where it ended, with the last outcome of a phone, and its error as it was', async () => {
    const path = await halfDone();
    const first = await Journal.resume(path, run());
    await first.record(ok('b'));
    await first.intend('a');
    await first.record(unreachable('a'));
    await first.close();
    const second = await Journal.resume(path, run());
    expect(second.state.inFlight.size).toBe(0);
    expect(second.state.done.get('a')).toEqual(unreachable('a'));
    expect(second.state.done.get('a')?.error).toMatchObject({ retryable: true, exitCode: 3 });
    await second.close();
  });

  it('does not mind the order of the phones, nor the name of the verb, and calls a phone as it is called now', async () => {
    const items = ITEMS.map((item) => ({ ...item, phone: `new-${item.host}` })).reverse();
    const journal = await Journal.resume(await halfDone(), run(items, 'key'));
    expect([...journal.state.done.values()].map(({ phone }) => phone)).toEqual(['new-a']);
    await journal.close();
  });

  it.each([
    ['short', '{"outcome":{"phone":"b","host":"b","outc'],
    ['long', `{"outcome":{"phone":"${'b'.repeat(2000)}`],
  ])('goes on after what was being written when its run died, a %s line', async (_, torn) => {
    const path = await halfDone();
    appendFileSync(path, torn);
    const journal = await Journal.resume(path, run());
    expect([...journal.state.inFlight]).toEqual(['b']);
    await journal.intend('c');
    await journal.close();
    expect(textOf(path)).not.toContain(torn);
    for (const line of textOf(path).trimEnd().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
    const again = await Journal.resume(path, run());
    expect([...again.state.inFlight].sort()).toEqual(['b', 'c']);
    await again.close();
  });

  it.each<[string, readonly JournalItem[]]>([
    ['another sequence', ITEMS.map((item) => ({ ...item, sequence: 'RESUME' }))],
    ['more phones', [...ITEMS, { phone: 'd', host: 'd', sequence: 'HOLD' }]],
    ['fewer phones', ITEMS.slice(1)],
  ])('of %s is refused', async (_, items) => {
    const path = await halfDone();
    await expect(Journal.resume(path, run(items))).rejects.toMatchObject({ code: 'journal', exitCode: 2 });
  });

  it('is never overwritten', async () => {
    const path = await halfDone();
    const before = textOf(path);
    await expect(Journal.begin(path, run())).rejects.toMatchObject({
      message: expect.stringContaining('it exists already'),
    });
    expect(textOf(path)).toBe(before);
  });

  it('that is not there, or cannot be written, is an error', async () => {
    await expect(Journal.resume(journalPath(), run())).rejects.toMatchObject({ code: 'journal' });
    for (const path of ['/proc/no/such/x', '/dev/null', '/tmp'])
      await expect(Journal.begin(path, run())).rejects.toMatchObject({ code: 'journal' });
    await expect(Journal.resume('/dev/zero', run())).rejects.toThrow('it is no plain file');
  });

  it('is not begun through a link that leads to no file', async () => {
    const [link, target] = [journalPath(), journalPath()];
    symlinkSync(target, link);
    await expect(Journal.begin(link, run())).rejects.toMatchObject({ code: 'journal' });
    expect(existsSync(target)).toBe(false);
  });

  it('belongs to one run at a time, whatever it is called, and the other is told which', async () => {
    const path = await halfDone();
    const link = journalPath();
    symlinkSync(path, link);
    const journal = await Journal.resume(path, run());
    const reason = `another run has it (process 42 on ${hostname()}); nothing was sent`;
    await expect(Journal.resume(link, run())).rejects.toThrow(reason);
    await expect(Journal.begin(path, run())).rejects.toThrow(reason);
    await journal.close();
    await (await Journal.resume(link, run())).close();
  });
});

describe('a line that was being written when the process died', () => {
  it.each([
    '{"outcome":{"phone":"b}","seen":{"x":[{}',
    '{"intent":"c"',
    '{"run":{"process":4',
    '{"intent":"c"\0\0',
    '{',
    '{"intent":"\\"}',
    '\0\0\0\0',
  ])('is cut off where it is torn: %j', async (torn) => {
    const path = await halfDone();
    const before = textOf(path);
    appendFileSync(path, torn);
    const journal = await Journal.resume(path, run());
    expect([...journal.state.inFlight]).toEqual(['b']);
    await journal.record(ok('b'));
    await journal.close();
    expect(textOf(path).startsWith(`${before}{"run":`)).toBe(true);
    for (const line of textOf(path).trim().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
  });

  it.each([
    ['as an editor may leave it', ''],
    ['with zeros in its place', '\0\0'],
  ])('counts where only its end is missing, %s', async (_, end) => {
    const path = await halfDone();
    appendFileSync(path, `{"intent":"c"}${end}`);
    const first = await Journal.resume(path, run());
    expect([...first.state.inFlight]).toEqual(['b', 'c']);
    await first.close();
    const second = await Journal.resume(path, run());
    expect([...second.state.inFlight]).toEqual(['b', 'c']);
    await second.close();
  });
});

describe('a journal in which no phone was written down', () => {
  const header = async () => {
    const path = journalPath();
    await (await Journal.begin(path, run())).close();
    return textOf(path);
  };

  it.each<[string, (text: string) => string]>([
    ['is empty', () => ''],
    ['has half a header', (text) => text.slice(0, 40)],
    ['has half a header, and zeros', (text) => text.slice(0, 40).padEnd(text.length, '\0')],
    ['has three letters of a header, and zeros', (text) => text.slice(0, 3).padEnd(text.length, '\0')],
    ['has zeros in place of all that was written', (text) => '\0'.repeat(text.length)],
    ['has its header without an end, and zeros', (text) => text.replace(/\n.*/s, '\0\0')],
    ['has three letters of a header', (text) => text.slice(0, 3)],
    ['has only its header', (text) => text.slice(0, text.indexOf('\n') + 1)],
    ['has a header, and half a line', (text) => text.slice(0, -5)],
    ['has a header, and half a line, and zeros', (text) => text.slice(0, -5).padEnd(512, '\0')],
    ['has a header, and a line without an end', (text) => text.slice(0, -1)],
    ['has a header, and who began it', (text) => text],
    ['was about to have its first phone', (text) => `${text}{"intent":"a`],
  ])('can be begun again where it %s', async (_, cut) => {
    const path = journalPath();
    writeFileSync(path, cut(await header()));
    const journal = await Journal.begin(path, run(ITEMS.slice(1), 'mute'));
    await journal.intend('b');
    await journal.close();
    const resumed = await Journal.resume(path, run(ITEMS.slice(1)));
    expect([...resumed.state.inFlight]).toEqual(['b']);
    await resumed.close();
  });

  it.each(['{"schema":"atcom-jour', '{"schema":"atcom-journal/1","comm', '{"schema":\0\0', '\0\0\0'])(
    'but %j is not gone on with: it is told how to begin it again',
    async (text) => {
      const path = journalPath();
      writeFileSync(path, text);
      await expect(Journal.resume(path, run())).rejects.toMatchObject({
        message: expect.stringContaining(
          'its first line was never written whole, so its run pressed no phone; nothing was sent',
        ),
        hint: `begin it again with --journal ${path}`,
      });
      expect(textOf(path)).toBe(text);
    },
  );

  it('is not gone on with where it is empty: a copy may have failed', async () => {
    const path = journalPath();
    writeFileSync(path, '');
    await expect(Journal.resume(path, run())).rejects.toMatchObject({
      message: expect.stringContaining('it is empty'),
      hint: `check the path, or begin it with --journal ${path}`,
    });
  });

  it.each([
    'hello',
    '\n',
    '{"schema":"atcom/1"}\n',
    '{"intent":"a"}\n',
    '{'.repeat(50),
    'x',
    'x\0\0',
    '\0x',
    '\0\n',
    '{"schema":"atcom-journal/1"\0"',
    '{"schema":"atcom-journal/1",{"intent":"a"',
    `{"schema":"atcom-journal/1",${'x'.repeat(512)}`,
  ])('is not what holds %j, and stays as it is', async (text) => {
    const path = journalPath();
    writeFileSync(path, text);
    await expect(Journal.begin(path, run())).rejects.toThrow('it exists already');
    expect(textOf(path)).toBe(text);
  });

  it.each<[string, (text: string) => string]>([
    ['only zeros', () => ''],
    ['half a header', (text) => text.slice(0, 40)],
    ['a header', (text) => text.slice(0, text.indexOf('\n') + 1)],
    ['a header, and who began it', (text) => text],
    ['a header, and half a line', (text) => text.slice(0, -5)],
  ])('is not a larger file of %s and zeros, which may be in place of anything', async (_, cut) => {
    const path = journalPath();
    const text = cut(await header()).padEnd(513, '\0');
    writeFileSync(path, text);
    await expect(Journal.begin(path, run())).rejects.toThrow('it exists already');
    expect(textOf(path)).toBe(text);
  });

  it('is not one with a phone in its last line, whose end is missing', async () => {
    const path = journalPath();
    writeFileSync(path, `${await header()}{"intent":"a"}`);
    await expect(Journal.begin(path, run())).rejects.toThrow('it exists already');
  });
});

it.each(['', '\0\0'])(
  'a last line without its end is neither cut off nor written again: %j',
  async (zeros) => {
    const path = journalPath();
    await (await Journal.begin(path, run())).close();
    const text = `${textOf(path)}{"intent":"süd"}`;
    expect(readLines(path, Buffer.from(text + zeros), run())).toMatchObject({
      facts: expect.arrayContaining([{ intent: 'süd' }]),
      end: Buffer.byteLength(text),
      open: true,
    });
  },
);

describe('a journal that lost line ends on its way', () => {
  const LOST: readonly [string, (text: string) => string][] = [
    ['all of them', (text) => text.replaceAll('\n', '')],
    ['all of them, and got those of old Macs', (text) => text.replaceAll('\n', '\r')],
    ['all of them, and got a character of Unicode', (text) => text.replaceAll('\n', '\u2028')],
    ['all but the first', (text) => text.replace(/(?<=\n.*)\n/gs, '\r')],
    ['all but the last', (text) => text.replace(/\n(?=.)/gs, '\r')],
    ['all but the first and the last', (text) => text.replace(/(?<=\n.*)\n(?=.)/gs, '')],
    ['all but two', (text) => text.replace(/(?<=\n.*\n.*)\n/gs, '')],
    ['the first', (text) => text.replace('\n', '')],
    ['the second', (text) => text.replace(/(?<=\n.*)\n/s, '')],
    ['the last two', (text) => text.replace(/\n([^\n]*)\n$/, '$1')],
  ];

  it.each(LOST)('%s, is neither begun again nor resumed: it would forget a phone', async (_, change) => {
    const path = await halfDone();
    const text = change(textOf(path));
    writeFileSync(path, text);
    await expect(Journal.begin(path, run())).rejects.toThrow('it exists already');
    await expect(Journal.resume(path, run())).rejects.toThrow(/line \d is no JSON/);
    expect(textOf(path)).toBe(text);
  });

  it('or only its encoding, goes on, and does so again', async () => {
    const path = await halfDone();
    writeFileSync(path, Buffer.from(textOf(path).replace('"phone":"a"', '"phone":"süd"'), 'latin1'));
    for (const _ of ['once', 'again']) {
      const journal = await Journal.resume(path, run());
      expect([[...journal.state.done.keys()], [...journal.state.inFlight]]).toEqual([['a'], ['b']]);
      await journal.close();
    }
  });

  it('or got those of Windows, goes on', async () => {
    const path = await halfDone();
    writeFileSync(path, textOf(path).replaceAll('\n', '\r\n'));
    await expect(Journal.begin(path, run())).rejects.toThrow('it exists already');
    const journal = await Journal.resume(path, run());
    expect([[...journal.state.done.keys()], [...journal.state.inFlight]]).toEqual([['a'], ['b']]);
    await journal.close();
  });
});
