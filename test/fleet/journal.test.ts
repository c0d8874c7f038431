import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Journal, type JournaledReport, type JournalItem } from '../../src/fleet/journal.ts';

const ITEMS: readonly JournalItem[] = ['a', 'b', 'c'].map((host) => ({
  phone: host,
  host,
  sequence: 'HOLD',
}));
const OK = (host: string): JournaledReport => ({ phone: host, host, outcome: 'ok' });

function file(): string {
  return join(mkdtempSync(join(tmpdir(), 'atcom-journal-')), 'run.jsonl');
}

/** A journal in which a is done, b is in flight, and c was not begun. */
async function halfDone(path = file()): Promise<string> {
  const journal = await Journal.begin(path, 'hold', ITEMS);
  await Promise.all([journal.intend('a'), journal.intend('b')]);
  await journal.record(OK('a'));
  await journal.close();
  return path;
}

describe('a journal', () => {
  it('has every fact on disk before its promise settles', async () => {
    const path = file();
    const journal = await Journal.begin(path, 'hold', ITEMS);
    await journal.intend('a');
    expect(readFileSync(path, 'utf8').trim().split('\n').at(-1)).toBe('{"intent":"a"}');
    await journal.record(OK('a'));
    expect(readFileSync(path, 'utf8')).toContain('{"outcome":{"phone":"a","host":"a","outcome":"ok"}}\n');
    await journal.close();
  });

  it('tells what is done, what was in flight, and so what is left', async () => {
    const journal = await Journal.resume(await halfDone(), 'hold', ITEMS);
    expect([...journal.state.done.keys()]).toEqual(['a']);
    expect([...journal.state.inFlight]).toEqual(['b']);
    await journal.close();
  });

  it('goes on where it ended, with the last outcome of a phone', async () => {
    const path = await halfDone();
    const first = await Journal.resume(path, 'hold', ITEMS);
    await first.record({ ...OK('b'), outcome: 'unknown' });
    await first.intend('a');
    await first.record({ ...OK('a'), outcome: 'unreachable' });
    await first.close();
    const second = await Journal.resume(path, 'hold', ITEMS);
    expect(second.state.done.get('a')?.outcome).toBe('unreachable');
    expect(second.state.inFlight.size).toBe(0);
    await second.close();
  });

  it('does not mind the order of the phones, nor the name of the verb', async () => {
    const journal = await Journal.resume(await halfDone(), 'key', [...ITEMS].reverse());
    expect(journal.state.done.size).toBe(1);
    await journal.close();
  });

  it('forgets a line that was being written when the process died, and writes on after what is whole', async () => {
    const path = await halfDone();
    appendFileSync(path, '{"outcome":{"phone":"b","ho');
    const journal = await Journal.resume(path, 'hold', ITEMS);
    expect([...journal.state.inFlight]).toEqual(['b']);
    await journal.record(OK('b'));
    await journal.close();
    for (const line of readFileSync(path, 'utf8').trim().split('\n'))
      expect(() => JSON.parse(line)).not.toThrow();
  });

  it.each<[string, readonly JournalItem[]]>([
    ['another sequence', ITEMS.map((item) => ({ ...item, sequence: 'RESUME' }))],
    ['more phones', [...ITEMS, { phone: 'd', host: 'd', sequence: 'HOLD' }]],
    ['fewer phones', ITEMS.slice(1)],
  ])('of %s is refused', async (_, items) => {
    const path = await halfDone();
    await expect(Journal.resume(path, 'hold', items)).rejects.toMatchObject({ code: 'journal', exitCode: 2 });
  });

  it('is never overwritten', async () => {
    const path = await halfDone();
    await expect(Journal.begin(path, 'hold', ITEMS)).rejects.toMatchObject({ message: /it exists already/ });
  });

  it.each([
    ['', /no journal of atcom/],
    ['hello\n', /line 1 is broken/],
    ['{"schema":"other"}\n', /no journal of atcom/],
    ['null\n', /no journal of atcom/],
  ])('that holds %j is refused', async (text, message) => {
    const path = file();
    writeFileSync(path, text);
    await expect(Journal.resume(path, 'hold', ITEMS)).rejects.toMatchObject({ message });
  });

  it('that is not there, or cannot be written, is an error', async () => {
    await expect(Journal.resume(file(), 'hold', ITEMS)).rejects.toMatchObject({ code: 'journal' });
    await expect(Journal.begin('/no/such/folder/x', 'hold', ITEMS)).rejects.toMatchObject({
      code: 'journal',
    });
  });
});
