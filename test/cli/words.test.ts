import { Command, CommanderError } from '@commander-js/extra-typings';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { commonOptions, phoneCommand } from '../../src/cli/options.ts';
import { readWords, wordsOf } from '../../src/cli/words.ts';
import { isAtcomError } from '../../src/errors.ts';

/** A program with one command, and what its own parser makes of words; undefined if they are wrong. */
function program() {
  const parsed: unknown[] = [];
  const quiet = { writeErr: () => undefined, outputError: () => undefined };
  const child = phoneCommand('press')
    .argument('[keys...]')
    .option('--add [address]')
    .exitOverride()
    .configureOutput(quiet)
    .action((keys, _, command) => void parsed.push({ keys, ...command.optsWithGlobals() }));
  const all = commonOptions(new Command('atcom')).exitOverride().configureOutput(quiet).addCommand(child);
  const parse = (words: readonly string[]) => {
    try {
      all.parse(words, { from: 'user' });
    } catch (error) {
      if (!(error instanceof CommanderError || isAtcomError(error))) throw error;
    }
    return parsed.at(0);
  };
  return { all, parse };
}

const WORDS = [
  ...[
    'press',
    'a',
    'b',
    '5',
    '-5',
    '-1e3',
    '-',
    '--',
    '',
    '=',
    'x=y',
    '-t',
    '-ta',
    '-t=b',
    '-qt',
    '-qta',
    '-aqt',
  ],
  ...[
    '--to',
    '--to=a',
    '--to=',
    '--to=-q',
    '--json',
    '-q',
    '-a',
    '-n',
    '-qan',
    '-j5',
    '-j',
    '-x',
    '--exclude',
  ],
  ...[
    '--exclude=--json',
    '--config',
    'c.yaml',
    '--config=x',
    '--add',
    '--add=a',
    '--retry',
    '--wait',
    'hold:5s',
  ],
];

it('words are read as the parser reads them, and written back with the same meaning', () => {
  let compared = 0;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...WORDS), { maxLength: 8 }), (more) => {
      const words = ['press', ...more];
      const meant = program().parse(words);
      if (meant === undefined) return;
      compared += 1;
      const { said } = readWords(program().all, words);
      expect(program().parse(wordsOf(said))).toEqual(meant);
    }),
    { numRuns: 3000, seed: 9 },
  );
  expect(compared).toBeGreaterThan(300);
});
