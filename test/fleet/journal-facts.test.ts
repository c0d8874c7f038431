import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isAtcomError } from '../../src/errors.ts';
import { Journal } from '../../src/fleet/journal.ts';
import type { Proof, ReportBase, RequestReport, Seen } from '../../src/phone/report.ts';
import type { ReportedEvent } from '../../src/protocol/reported-event.ts';
import { halfDone, journalPath, run, unreachable } from './journals.ts';

/** A journal that somebody edited: its header, and lines of theirs. */
async function edited(...lines: readonly unknown[]) {
  const path = await halfDone();
  const [header = ''] = readFileSync(path, 'utf8').split('\n');
  const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  writeFileSync(path, [header, ...texts, ''].join('\n'));
  return path;
}

const outcome = (more: object) => ({
  outcome: { phone: 'a', host: 'a', outcome: 'ok', ms: 1, requests: [], ...more },
});
const failed = (outcomeName: string, error: unknown) => outcome({ outcome: outcomeName, error });
const REFUSED = { code: 'refused', details: { host: 'a', status: 500 } };
const UNREACHABLE = JSON.parse(
  JSON.stringify({ ...unreachable('a').error?.toJSON(), details: { host: 'a', reason: 'x' } }),
);

describe('an edited journal', () => {
  it.each<[unknown, RegExp]>([
    ['', /line 2 is no JSON/],
    ['hello', /line 2 is no JSON/],
    ['null', /line 2 is no line of a journal/],
    ['7', /line 2 is no line/],
    [[], /line 2 is no line/],
    [{}, /line 2 is no line/],
    [{ intent: 7 }, /line 2 is no line/],
    [{ intent: 'a', outcome: {} }, /line 2 is no line/],
    [{ intend: 'a' }, /line 2 is no line/],
    [{ intent: 'elsewhere' }, /line 2 names a phone that is not in this run/],
    [{ intent: '__proto__' }, /line 2 names a phone/],
    [{ run: 'x' }, /line 2 is no line/],
    [{ run: { process: 1, host: 'h', at: '\u001b[2J' } }, /line 2 is no line/],
    [outcome({ host: 'elsewhere' }), /line 2 names a phone/],
    [outcome({ outcome: 'fine' }), /line 2 is no line/],
    [outcome({ outcome: 'toString' }), /line 2 is no line/],
    [outcome({ ms: '\u001b[2J' }), /line 2 is no line/],
    [outcome({ ms: -1 }), /line 2 is no line/],
    [outcome({ requests: null }), /line 2 is no line/],
    [outcome({ requests: [{ url: 1 }] }), /line 2 is no line/],
    [outcome({ outcome: 'confirmed', events: [{ event: '\u001b[2J' }] }), /line 2 is no line/],
    [outcome({ seen: ['\u001b[2J'] }), /line 2 is no line/],
    [outcome({ error: REFUSED }), /line 2 has an outcome and an error that do not go together/],
    [outcome({ outcome: 'refused' }), /line 2 has an outcome and an error/],
    [failed('refused', {}), /line 2 is no line/],
    [failed('refused', { code: 'refused' }), /line 2 is no line/],
    [failed('refused', { code: 'x', details: {} }), /line 2 has an outcome and an error/],
    [failed('refused', { code: 'constructor', details: {} }), /line 2 has an outcome and an error/],
    [failed('refused', { code: 'no-event', details: { events: 7 } }), /line 2 has an outcome and an error/],
    [failed('unconfirmed', { code: 'no-event', details: {} }), /line 2 has an outcome and an error/],
    // What may be pressed again is decided by these.
    [failed('unknown', UNREACHABLE), /line 2 has an outcome and an error/],
    [failed('unknown', { code: 'skipped', details: { reason: 'x' } }), /line 2 has an outcome and an error/],
  ])('with the line %j is refused with its number', async (line, message) => {
    const error: unknown = await Journal.resume(await edited(line), run()).catch((reason) => reason);
    expect(error).toMatchObject({ code: 'journal', message });
    // Not even what is wrong is shown raw.
    expect(isAtcomError(error) && error.message).not.toMatch(/\p{Cc}/u);
  });

  it.each([
    ['no', []],
    ['another', [{ intent: 'b' }]],
    ['one already answered', [{ intent: 'a' }, outcome({})]],
  ])('with the outcome of a phone that %s line announces is refused', async (_, before) => {
    // A retry would press the phone, of which nothing is known.
    const path = await edited(...before, failed('unreachable', UNREACHABLE));
    await expect(Journal.resume(path, run())).rejects.toMatchObject({
      code: 'journal',
      message: expect.stringContaining(`line ${before.length + 2} has an outcome of a phone that no line`),
    });
  });

  it('with other lines, and line ends of Windows, is taken as it is written', async () => {
    const path = await edited(
      { intent: 'a' },
      failed('refused', REFUSED),
      '{"intent":"b"}\r',
      ' { "intent" : "c" }',
    );
    const journal = await Journal.resume(path, run());
    expect([...journal.state.inFlight]).toEqual(['b', 'c']);
    expect(journal.state.done.get('a')?.error).toMatchObject({ message: 'a answered 500', exitCode: 5 });
    await journal.close();
  });

  it('whose fields were taken for others never becomes a bug', async () => {
    const path = await halfDone();
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    const odd = [null, true, 7, '\u001b[31m', [], {}, 'x'.repeat(9999)];
    for (const [index, line] of lines.entries()) {
      const value = JSON.parse(line);
      for (const key of keysOf(value)) {
        for (const other of odd) {
          writeFileSync(path, lines.with(index, JSON.stringify(replaced(value, key, other))).join('\n'));
          const result = await Journal.resume(path, run()).catch((reason: unknown) => reason);
          if (result instanceof Journal) await result.close();
          else expect(result).toMatchObject({ code: 'journal' });
        }
      }
    }
  });
});

it('whatever a report has is read back', async () => {
  // All fields there are: a new one does not compile before it stands here.
  const request: Required<RequestReport> = {
    url: 'http://a/x',
    outcome: 'ok',
    status: 200,
    warning: 'failed',
    ms: 1,
  };
  const event: Required<ReportedEvent> = {
    time: '2026-01-01T00:00:00.000Z',
    event: 'hold',
    phone: 'a',
    source: '10.0.0.1',
    path: '/holdUrl.xml',
    values: { mac: 'x' },
  };
  const report: Required<Omit<ReportBase, 'earlier'> & Proof & Seen> & { outcome: 'confirmed' } = {
    phone: 'a',
    host: 'a',
    ms: 1,
    outcome: 'confirmed',
    requests: [request],
    events: [event],
    proof: 'it was so already',
    seen: ['hold'],
  };
  const path = journalPath();
  const first = await Journal.begin<typeof report>(path, run());
  await first.intend('a');
  await first.record(report);
  await first.close();
  const again = await Journal.resume<typeof report>(path, run());
  expect(again.state.done.get('a')).toEqual(report);
  await again.close();
});

/** The paths to everything inside a value. */
function keysOf(value: unknown, before: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = [...before, key];
    return [path, ...keysOf(inner, path)];
  });
}

function replaced(value: unknown, [key, ...rest]: readonly string[], other: unknown): unknown {
  if (key === undefined) return other;
  const object = value as Record<string, unknown>;
  return { ...object, [key]: replaced(object[key], rest, other) };
}
