import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { describe, expect, it } from 'vitest';
import type { Context } from '../../src/cli/context.ts';
import { COMMANDS, createProgram } from '../../src/cli/program.ts';
import { startSimulator } from '../../src/simulator/index.ts';
import { emptyFolder, run } from './run.ts';

/** The options that say which phones, as the help shows them. */
const FLAGS = ['-t, --to <target>', '-x, --exclude <target>', '--targets-file <file>', '-a, --all'];

/** Commands whose `--to` is one phone: the desktop that calls links has one. */
const ONE_PHONE = ['handler install', 'handler open'];

/** Every command, and every command below one, by name. */
function allCommands(): [string, CommandUnknownOpts][] {
  const context = { words: ['help'], output: {}, stdout: {}, stderr: {} } as unknown as Context;
  const below = (command: CommandUnknownOpts, path: readonly string[]): [string, CommandUnknownOpts][] =>
    command.commands.flatMap((child): [string, CommandUnknownOpts][] => {
      const names = [...path, child.name()];
      return [[names.join(' '), child], ...below(child, names)];
    });
  return below(createProgram(context, COMMANDS), []);
}

const ALL = allCommands();
const flagsOf = ({ options }: CommandUnknownOpts) => options.map(({ flags }) => flags);
const argumentsOf = ({ registeredArguments }: CommandUnknownOpts) =>
  registeredArguments.map((argument) => argument.name());
const TAKES = ALL.filter(
  ([name, command]) =>
    !ONE_PHONE.includes(name) &&
    (flagsOf(command).some((flags) => /<target>|--to\b|--targets-file|--all\b/.test(flags)) ||
      argumentsOf(command).some((argument) => /target|phone/.test(argument))),
);

it.each([
  ['an empty file', ''],
  ['comments only', '# nobody today\n\n'],
])('a targets file without targets is named: %s', async (_, text) => {
  const cwd = emptyFolder();
  const file = join(cwd, 'floor.txt');
  writeFileSync(file, text);
  const fromFile = await run(['hold', '--targets-file', file, '--json'], { cwd });
  expect(fromFile.exitCode).toBe(2);
  const { error } = JSON.parse(fromFile.stdout);
  expect(error).toMatchObject({
    code: 'no-target',
    message: `${file} has no target, so no phone is selected`,
  });
  const piped = await run(['hold', '--to', '-'], { cwd, input: text });
  expect(piped.stderr).toContain('stdin has no target, so no phone is selected [no-target]');
});

describe('every command that takes phones', () => {
  it('is found', () => {
    const names = TAKES.map(([name]) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'dial',
        'allow',
        'doctor',
        'listen',
        'expect',
        'status',
        'phones',
        'config show',
      ]),
    );
    expect(ONE_PHONE.filter((name) => !ALL.some(([known]) => known === name))).toEqual([]);
  });

  it.each(TAKES)('%s has all the options that say which', (_, command) => {
    expect(flagsOf(command)).toEqual(expect.arrayContaining(FLAGS));
  });

  it.each(TAKES)('%s takes no other words where it takes them without an option', (_, command) => {
    const [first, ...others] = argumentsOf(command);
    if (first !== 'target') return;
    expect(others).toEqual([]);
    expect(command.registeredArguments[0]).toMatchObject({ variadic: true, required: false });
  });
});

/** Commands that take phones without an option, and what keeps them from going on for ever or pressing keys. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  allow: ['--dry-run', '--json'],
  doctor: ['--no-key', '--port', '0', '--json'],
  listen: ['--port', '0', '--for', '1ms'],
  status: ['--dry-run'],
  phones: ['--names'],
  'config show': [],
  'setup show': ['--dry-run'],
};

describe('phones without an option, and those of --to', () => {
  const known = Object.entries(WORDS);

  it('are of these commands', () => {
    const names = TAKES.filter(([, command]) => argumentsOf(command)[0] === 'target').map(([name]) => name);
    expect(Object.keys(WORDS).sort()).toEqual(names.sort());
  });

  it.each(known)('select the same in %s', async (name, more) => {
    const simulator = await startSimulator({ phones: 3 });
    const cwd = emptyFolder();
    const phones = simulator.phones.map(({ host }, index) => `p${index + 1}: "${host}"`).join(', ');
    writeFileSync(join(cwd, '.atcomrc'), `phones: { ${phones} }\ngroups: { two: "p1,p2" }\n`);
    writeFileSync(join(cwd, 'two.txt'), 'p1\np2 # the second\n');
    const ran = async (...words: readonly string[]) => {
      const { exitCode, stdout } = await run([...name.split(' '), ...words, ...more], { cwd });
      return { exitCode, said: stdout.replace(/port \d+|\d+ ms|:\d+ were entered|"ms": ?\d+/g, '') };
    };
    const expected = await ran('p1', 'p2');
    expect(expected.exitCode).toBe(0);
    for (const words of [
      ['p1,p2'],
      ['--to', 'p1', '--to', 'p2'],
      ['p1', '--to', 'p2'],
      ['-t', 'p1,p2'],
      ['@two'],
      ['-t@two'],
      ['--targets-file', 'two.txt'],
      ['--all', '-x', 'p3'],
      ['@all', '--exclude', 'p3'],
    ]) {
      expect({ words, ...(await ran(...words)) }).toEqual({ words, ...expected });
    }
    await simulator.close();
  });

  it.each(known)('are refused alike in %s', async (name, more) => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, '.atcomrc'), 'phones: { p1: 10.0.0.1 }');
    const refused = async (...words: readonly string[]) => {
      const { exitCode, stderr } = await run(
        [...name.split(' '), ...words, ...more.filter((word) => word !== '--json')],
        {
          cwd,
        },
      );
      return { exitCode, stderr };
    };
    const nobody = await refused('nobody');
    expect(nobody).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('no phone is called "nobody"'),
    });
    expect(await refused('--to', 'nobody')).toEqual(nobody);
    const both = await refused('--to', 'p1', '--all');
    expect(both).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('exclude each other') });
    expect(await refused('p1', '--all')).toEqual(both);
    expect(await refused('--targets-file', 'gone.txt')).toMatchObject({ exitCode: 2 });
    expect(await refused('p1', '--exclude', '')).toMatchObject({ exitCode: 2 });
    expect(await refused('p1', '-x', 'p1')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('selects no phone'),
    });
  });
});

describe('a virtual phone', () => {
  it.each([['listen'], ['expect', 'hold']])(
    'is refused, because no other command sees it: %s',
    async (...words) => {
      const { exitCode, stderr } = await run([...words, '--to', 'virtual', '--port', '0']);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('virtual is a phone for one command');
    },
  );
});
