import { describe, expect, it } from 'vitest';
import { isAtcomError } from '../../src/errors.ts';
import { BatchReader } from '../../src/fleet/batch.ts';

/** The words of each line of a batch. */
function wordsOf(text: string): (readonly string[] | undefined)[] {
  const reader = new BatchReader('night.atcom');
  return text.split('\n').map((line) => reader.next(line)?.words);
}

describe('a line of a batch', () => {
  it.each<[string, readonly string[] | undefined]>([
    ['dial 6040 --line 2', ['dial', '6040', '--line', '2']],
    ['  key   HOLD\tRESUME  ', ['key', 'HOLD', 'RESUME']],
    ['', undefined],
    ['   ', undefined],
    ['# a comment', undefined],
    ['hold # and then', ['hold']],
    ['dial *72#', ['dial', '*72#']],
    ["dial '030 123#'", ['dial', '030 123#']],
    ['dial "030 123"', ['dial', '030 123']],
    ['dial 030\\ 123', ['dial', '030 123']],
    ['dial "a\\"b\\\\c\\$d"', ['dial', 'a"b\\c$d']],
    ["dial 'a\\b$c'", ['dial', 'a\\b$c']],
    ["dial ''", ['dial', '']],
    ['dial a"b c"d\'e\'', ['dial', 'ab cde']],
    ['dial 5$', ['dial', '5$']],
    ['key VOLUME_UP*3 wait:500ms', ['key', 'VOLUME_UP*3', 'wait:500ms']],
  ])('%j', (text, words) => {
    expect(wordsOf(text)).toEqual([words]);
  });

  it('knows the names that were set before it', () => {
    const text = [
      'set boss 6040',
      'set who "$boss and 1"',
      'dial $boss',
      `dial "$\{who}" '$boss'`,
      'set boss 6041',
      `dial $\{boss}0`,
    ].join('\n');
    expect(wordsOf(text)).toEqual([
      undefined,
      undefined,
      ['dial', '6040'],
      ['dial', '6040 and 1', '$boss'],
      undefined,
      ['dial', '60410'],
    ]);
  });

  it.each([
    ["dial 'x", /a ' is not closed/],
    ['dial "x', /a " is not closed/],
    ['dial x\\', /a \\ is not closed/],
    ['dial $nobody', /\$nobody is not set/],
    [`dial "$\{nobody}"`, /\$nobody is not set/],
    ['set x', /set needs a name and a value/],
    ['set x 1 2', /set needs a name and a value/],
    ['set 1x 2', /set needs a name and a value/],
    [`set x ${'1'.repeat(4097)}`, /the value of x has 4097 characters, more than 4096/],
  ])('%j is an error with its place and itself', (text, reason) => {
    const error = caught(() => wordsOf(`hold\n  ${text}`));
    expect(error.message).toMatch(reason);
    expect(error.message).toContain('night.atcom:2');
    expect(error.message).toContain(text);
    expect(error.exitCode).toBe(2);
  });

  it('is bounded with its values, before they are put together', () => {
    const set = `set v ${'1'.repeat(4000)}\n`;
    expect(wordsOf(`${set}dial ${'$v'.repeat(15)}`)[1]?.[1]).toHaveLength(60_000);
    const error = caught(() => wordsOf(`${set}dial ${'$v'.repeat(500_000)}`));
    expect(error.message).toMatch(/^night\.atcom:2: its values make it longer than 65536 characters/);
  });
});

function caught(action: () => unknown) {
  try {
    action();
  } catch (error) {
    if (isAtcomError(error)) return error;
    throw error;
  }
  throw new Error('no error');
}
