import { transform } from 'esbuild';
import { check } from 'recheck';
import { expect, it } from 'vitest';
import { parseAst } from 'vitest/node';
import { sources } from './layers.ts';

/**
 * Where expressions take the square of the length of a text, how many, and what bounds it. Everything else may meet a text of any
 * length: from a phone, a PBX, a file, a page of another site or the network.
 */
const BOUNDED: Readonly<Record<string, readonly [count: number, why: string]>> = {
  'protocol/numbers.ts': [2, '300 characters of a written number'],
  'protocol/written-number.ts': [1, '300 characters'],
  'call-identity.ts': [1, '500 characters'],
  'setup/values.ts': [2, '2,000 characters of a body that is shown'],
  'simulator/sip/invite.ts': [1, '500 characters'],
  'simulator/sip/message.ts': [1, '500 characters'],
  'simulator/template.ts': [1, 'the 511 characters of an Action URL'],
  'cli/man/roff.ts': [1, 'our own help'],
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
  const slow: string[] = [];
  for (const [file, text] of sources()) {
    for (const { pattern, flags } of await expressionsOf(text)) {
      const { status } = await check(pattern, flags, PATIENT);
      if (status !== 'safe') slow.push(BOUNDED[file] === undefined ? `${file}: /${pattern}/${flags}` : file);
      checked += 1;
    }
  }
  expect(checked).toBeGreaterThan(300);
  const bounded = Object.entries(BOUNDED).flatMap(([file, [count]]) => Array<string>(count).fill(file));
  expect(slow.toSorted()).toEqual(bounded.toSorted());
}, 900_000);
