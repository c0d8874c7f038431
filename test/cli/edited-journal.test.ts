import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { AtcomError, isAtcomError } from '../../src/errors.ts';
import { Journal, type JournalItem } from '../../src/fleet/journal.ts';
import { readState } from '../../src/fleet/journal-facts.ts';
import type { Transport } from '../../src/phone/index.ts';
import { emptyFolder, run } from './run.ts';

const host = '127.0.0.1:7001';
const reason = 'connection refused';
const events = ['hold'];

/** Every error that a phone of a run can have, with all its details. */
const FAILURES: readonly (readonly [string, AtcomError])[] = [
  [
    'unconfirmed',
    new AtcomError('no-event', {
      events,
      within: '5s',
      seen: ['a hold'],
      refused: ['GET /x'],
      shared: ['hold'],
      unpressed: '1',
    }),
  ],
  ['unconfirmed', new AtcomError('unconfirmed', { event: 'hold', contrary: 'unhold', unpressed: '1' })],
  ['unconfirmed', new AtcomError('never-away', { within: '30s' })],
  ['unconfirmed', new AtcomError('already', { events, since: '2026-01-01T00:00:00.000Z' })],
  ['unconfirmed', new AtcomError('unwatched', { events, reason, keyless: true })],
  ['approval', new AtcomError('approval', { host })],
  [
    'unauthorized',
    new AtcomError('unauthorized', {
      host,
      status: 401,
      gaveCredentials: true,
      scheme: 'digest',
      page: true,
      locked: false,
      withheld: false,
    }),
  ],
  ['refused', new AtcomError('refused', { host, status: 500 })],
  ['unreachable', new AtcomError('unreachable', { host, reason })],
  ['unreachable', new AtcomError('offline', { host })],
  ['unreachable', new AtcomError('tls-untrusted', { host, reason, fingerprint: 'AB', pinned: false })],
  ['unreachable', new AtcomError('tls-failed', { host, reason, scheme: 'http' })],
  ['unreachable', new AtcomError('no-handles', { host, code: 'EMFILE' })],
  ['partial', new AtcomError('partial', { done: 1, total: 2, reason, isUnsure: false })],
  ['unknown', new AtcomError('partial', { done: 1, total: 2, reason, isUnsure: true })],
  ['unknown', new AtcomError('unknown', { host, reason, unpressed: '1', effect: 'perhaps' })],
  ['skipped', new AtcomError('skipped', { reason })],
];

const request = { url: `http://${host}/x`, outcome: 'ok', status: 200, warning: 'failed', ms: 1 };
const event = {
  time: '2026-01-01T00:00:00.000Z',
  event: 'hold',
  phone: host,
  source: '127.0.0.1',
  path: '/holdUrl.xml',
  values: { mac: 'x' },
};
const report = { phone: host, host, ms: 1, requests: [] };
const CONFIRMED = {
  ...report,
  outcome: 'confirmed',
  requests: [request],
  events: [event],
  seen: ['hold'],
  proof: 'so already',
};

/** What the journal leaves to be pressed is pressed nowhere. */
const transport: Transport = async () => ({ kind: 'undelivered', error: new Error(reason) });

const OTHERS = [null, 7, Number.POSITIVE_INFINITY, '', 'bug', [], [null], {}];
/** The mark of what is removed. */
const GONE = Symbol('gone');

it.each([
  ['confirmed', CONFIRMED] as const,
  ...FAILURES.map(
    ([outcome, error]) =>
      [
        `${outcome} by ${error.code}`,
        { ...report, outcome, error: { ...error.toJSON(), details: error.details } },
      ] as const,
  ),
])(
  'an outcome of a journal, %s, is taken as it is, and never leads to a bug however it is edited',
  async (_, outcome) => {
    const cwd = emptyFolder();
    const path = join(cwd, 'run.jsonl');
    const items = [{ phone: host, host, sequence: 'HOLD' }];
    const about = { command: 'hold', items, process: 42 };
    await (await Journal.begin(path, about)).close();
    const [header = ''] = readFileSync(path, 'utf8').split('\n');
    const lines = () => readFileSync(path, 'utf8').trimEnd().split('\n').slice(1);
    const write = (value: unknown) => {
      // JSON itself has no infinity, but a number that is read as one.
      const line = JSON.stringify(value, (_key, each) =>
        each === Number.POSITIVE_INFINITY ? '1e999' : each,
      );
      writeFileSync(
        path,
        [header, `{"intent":"${host}"}`, line.replaceAll('"1e999"', '1e999'), ''].join('\n'),
      );
    };
    const resume = (output = '--ndjson') =>
      run(['hold', '--to', host, '--resume', path, ...output.split(' ')], { cwd, transport });
    write({ outcome });
    expect((await resume()).stderr).not.toMatch(/line 3/);
    const outputs = [`--report junit:${cwd}/r.xml`, '--json', `--report tap:${cwd}/r.tap`, '--ndjson'];
    const all = fieldsOf({ outcome });
    // What all outcomes have is the same in each.
    const fields = 'error' in outcome ? all.filter(([, name]) => name === 'error') : all;
    for (const field of fields) {
      for (const [index, other] of [GONE, ...OTHERS].entries()) {
        const what = `${field.join('.')} = ${String(other)}`;
        write(replaced({ outcome }, field, other));
        if (refusal(lines(), items) !== undefined) continue;
        const { exitCode, stdout, stderr } = await resume(outputs[index % outputs.length]);
        expect(`${stdout}${stderr}`, what).not.toMatch(
          /is a bug|"code":"bug"|undefined|NaN|Infinity|\[object/,
        );
        expect([0, 1, 2, 3, 4, 5, 6, 7], what).toContain(exitCode);
      }
    }
  },
);

/** Why lines are no journal, which is never a bug. */
function refusal(lines: readonly string[], items: readonly JournalItem[]): AtcomError | undefined {
  try {
    readState(
      'run.jsonl',
      lines.map((line) => JSON.parse(line) as unknown),
      items,
    );
    return undefined;
  } catch (error) {
    if (!isAtcomError(error) || error.code !== 'journal') throw error;
    return error;
  }
}

/** The paths to everything inside a value. */
function fieldsOf(value: unknown, before: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = [...before, key];
    return [path, ...fieldsOf(inner, path)];
  });
}

function replaced(value: unknown, [key, ...rest]: readonly string[], other: unknown): unknown {
  if (key === undefined) return other;
  const object = value as Record<string, unknown>;
  const inner = rest.length === 0 && other === GONE ? undefined : replaced(object[key], rest, other);
  if (Array.isArray(value)) return value.map((each, index) => (String(index) === key ? inner : each));
  return { ...object, [key]: inner };
}
