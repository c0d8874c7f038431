import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Receiver } from '../../src/receiver/index.ts';
import { get, send } from './raw.ts';

const FILE = new URL('hostile-requests.json', import.meta.url);

/** The file of hostile requests: names, and the bytes as Latin-1. */
export const HOSTILE: readonly (readonly [string, string])[] = Object.entries<string>(
  JSON.parse(readFileSync(FILE, 'utf8')).requests,
).map(([name, text]) => [name, text.replace(/<([^<>]+)\*(\d+)>/g, (_, part, times) => part.repeat(times))]);

/** Letters that do something to a terminal, a shell, or a line of text. */
const SHARP = [
  '\u001b[2J',
  '\u0007',
  '\u009b2J',
  '\u007f',
  '\0',
  '\r',
  '\n',
  '\t',
  '\u2028',
  '\u202e',
  '\ud83d\ude00',
];

/** What a caller may call himself. */
export const displayName: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(...SHARP, '$(touch pwned)', '`', ';', '"', "'", '&', '='),
      fc.string({ unit: 'binary' }),
    ),
  )
  .map((parts) => parts.join(''));

/**
 * Sends bytes from another address than good phones have, says that no more will come, and returns what came back
 * until the other side closed.
 */
export function attack(port: number, bytes: Uint8Array | string): Promise<string> {
  return send(port, bytes, '127.0.0.2', true);
}

let calls = 0;

/** A phone reports, is answered, and its event arrives. */
export async function expectService({ hub, port }: Receiver): Promise<void> {
  calls += 1;
  const call = `call-${calls}`;
  const came = hub.waitFor('established', { since: hub.mark(), where: { call_id: call }, within: 20_000 });
  const answer = await send(port, get(`/establishedUrl.xml?call_id=${call}`), '127.0.0.3');
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(await came).toMatchObject({ source: '127.0.0.3', values: { call_id: call } });
}
