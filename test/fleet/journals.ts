import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { AtcomError } from '../../src/errors.ts';
import { Journal, type JournalItem } from '../../src/fleet/journal.ts';
import type { JournaledReport } from '../../src/fleet/journal-facts.ts';
import { newFolder } from '../support/folder.js';

export const ITEMS: readonly JournalItem[] = ['a', 'b', 'c'].map((host) => ({
  phone: host,
  host,
  sequence: 'HOLD',
}));

/** A report with all that is read back. */
type Report = JournaledReport & { readonly ms: number; readonly requests: readonly [] };

export const ok = (host: string): Report => ({ phone: host, host, outcome: 'ok', ms: 1, requests: [] });

export const unreachable = (host: string): Report => ({
  ...ok(host),
  outcome: 'unreachable',
  error: new AtcomError('unreachable', { host, reason: 'connection refused' }),
});

export const run = (items = ITEMS, command = 'hold') => ({ command, items, process: 42 });

/** Where a journal can be. */
export function journalPath(): string {
  const folder = newFolder('journal');
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'run.jsonl');
}

/** A journal in which a is done, b is in flight, and c was not begun. */
export async function halfDone(path = journalPath()): Promise<string> {
  const journal = await Journal.begin(path, run());
  await Promise.all([journal.intend('a'), journal.intend('b')]);
  await journal.record(ok('a'));
  await journal.close();
  return path;
}
