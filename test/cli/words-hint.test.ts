import { expect, it } from 'vitest';
import { run } from './run.ts';

it.each([
  ['hangup reception', '--to reception'],
  ['dnd on reception lobby', '--to reception,lobby'],
  ['dial 6040 --line 2 reception', '--to reception'],
  ["mute 'a b'", "--to 'a b'"],
])('names --to where a phone stands alone: %s', async (line, hint) => {
  const words = line.split(/ (?=(?:[^']*'[^']*')*[^']*$)/).map((word) => word.replaceAll("'", ''));
  const { exitCode, stderr } = await run(words);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`Fix: select phones with --to: ${hint}\n`);
  const inFile = await run(['run', '-'], { input: `${line}\n` });
  expect(inFile.stderr).toContain(`Fix: select phones with --to: ${hint}\n`);
});

it.each([
  ['config nosuch --help', 'atcom config has path, show, validate'],
  ['config shwo --help', 'did you mean show?'],
  ['action-url lst -h', 'did you mean list?'],
  ['setup nosuch', 'atcom setup has show'],
  ['config --quiet nosuch --help', 'atcom config has path'],
])('%s is an unknown command, not the help of what stands before', async (words, hint) => {
  const { exitCode, stdout, stderr } = await run(words.split(' '));
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^error: unknown command "(nosuch|shwo|lst)" \[usage\]/);
  expect(stderr).toContain(`Fix: ${hint}`);
});

it('does not where a command takes no phones', async () => {
  expect((await run(['models', 'reception'])).stderr).toContain('Fix: atcom help models\n');
});
