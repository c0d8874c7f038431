import { transform } from 'esbuild';
import { check } from 'recheck';
import { expect, it } from 'vitest';
import { parseAst } from 'vitest/node';
import { sources } from './layers.ts';

/**
 * Expressions that take the square of the length of a text, and what bounds it. Everything else may meet a text of any
 * length: from a phone, a PBX, a file, a page of another site or the network.
 */
const BOUNDED: Readonly<Record<string, string>> = {
  'protocol/numbers.ts': '300 characters of a written number',
  'protocol/written-number.ts': '300 characters',
  'receiver/states/calls.ts': '500 characters',
  'setup/values.ts': '2,000 characters of a body that is shown',
  'simulator/sip/invite.ts': '500 characters',
  'simulator/sip/message.ts': '500 characters',
  'simulator/template.ts': 'the 511 characters of an Action URL',
  'cli/man/roff.ts': 'our own help',
};

/** The time is no measure of an expression: each step has enough of it on a busy computer, too. */
const PATIENT = {
  timeout: 200_000,
  seedingTimeout: 60_000,
  incubationTimeout: 60_000,
  attackTimeout: 60_000,
};

interface Expression {
  readonly pattern: string;
  readonly flags: string;
}

/** The regular expressions of a source file. */
async function expressionsOf(text: string): Promise<readonly Expression[]> {
  const { code } = await transform(text, { loader: 'ts', target: 'esnext' });
  const found: Expression[] = [];
  // Every node of the syntax tree comes by; that of an expression has it as a member.
  JSON.stringify(parseAst(code), (_, value) => {
    if (typeof value?.regex?.pattern === 'string') found.push(value.regex);
    return typeof value === 'bigint' ? 0 : value;
  });
  return found;
}

it('no expression of the sources takes the square of the length of a text, unless it is short', async () => {
  let checked = 0;
  const slow = new Set<string>();
  for (const [file, text] of sources()) {
    for (const { pattern, flags } of await expressionsOf(text)) {
      const { status } = await check(pattern, flags, PATIENT);
      if (status !== 'safe') slow.add(BOUNDED[file] === undefined ? `${file}: /${pattern}/${flags}` : file);
      checked += 1;
    }
  }
  expect(checked).toBeGreaterThan(300);
  expect([...slow].toSorted()).toEqual(Object.keys(BOUNDED).toSorted());
}, 900_000);
