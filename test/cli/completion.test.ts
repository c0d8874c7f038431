import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { describe, expect, it } from 'vitest';
import { placeholder } from '../../src/cli/completion/complete.ts';
import { SOURCES } from '../../src/cli/completion/values.ts';
import type { Context } from '../../src/cli/context.ts';
import { createProgram } from '../../src/cli/program.ts';
import { PRESS_FORMATS } from '../../src/cli/reports/index.ts';
import { MODEL_NAMES } from '../../src/protocol/models.ts';
import { emptyFolder, run } from './run.ts';

const CONFIG = `
default: reception
phones:
  reception: { host: 172.16.0.57, model: A48 }
  lobby: 172.16.0.37
  lab-[01-02]: { host: "10.0.0.[101-102]", model: A21 }
groups: { floor1: "reception,lobby" }
profiles: { staging: { phones: { s1: 10.1.0.5 }, default: s1 } }
simulator: { accounts: { lab-6001: { uri: 'sip:6001@127.0.0.1' } }, pbxes: { lab: [lab-6001] } }
macros: { panic: "DND_ON RELEASE" }
`;

function withConfig(text = CONFIG): string {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'atcom.config.yaml'), text);
  return folder;
}

/** The words that completion offers for the last of these, without what they mean. */
async function offered(words: readonly string[], cwd = withConfig(), env = {}): Promise<readonly string[]> {
  const { exitCode, stdout, stderr } = await run(['completion', 'bash', '--', ...words], { cwd, env });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')[0] ?? '']));
}

describe('completion offers', () => {
  it.each([
    ['commands', ['ho'], ['hold']],
    ['commands of commands', ['config', 'sh'], ['show']],
    ['options by their long names', ['hold', '--dr'], ['--dry-run']],
    ['options of every command', ['hold', '--prof'], ['--profile']],
    ['phones', ['hold', '--to', 'l'], ['lobby', 'lab-01', 'lab-02']],
    ['groups and models', ['hold', '-t', '@'], ['@floor1', '@model:A48', '@model:A21', '@all']],
    ['the value of joined short options', ['hold', '-qt', '@f'], ['@floor1']],
    ['an argument after joined ones', ['key', '-qtlab-01', 'LINEKEY'], ['LINEKEY1', 'LINEKEY2']],
    ['the next phone of a list', ['hold', '--to', 'lobby,l'], ['lobby,lab-01', 'lobby,lab-02']],
    ['what to leave out', ['hold', '--to', '@all!lo'], ['@all!lobby']],
    ['phones as arguments', ['phones', 'rec'], ['reception']],
    ['phones of the profile', ['--profile', 'staging', 'hold', '--to', 's'], ['s1']],
    ['profiles', ['hold', '--profile', ''], ['staging']],
    ['PBXes', ['test', '--sip-pbx', ''], ['lab']],
    ['macros', ['macro', ''], ['panic']],
    ['keys in any case', ['key', 'mu'], ['MUTE']],
    ['keys of the phone', ['key', '--to', 'lab-01', 'LINEKEY'], ['LINEKEY1', 'LINEKEY2']],
    [
      'keys that all of them have',
      ['key', '--to', 'lab-01', '-t', 'reception', 'LINEKEY'],
      ['LINEKEY1', 'LINEKEY2'],
    ],
    ['keys of the default', ['key', 'SOFTKEY'], ['SOFTKEY1', 'SOFTKEY2', 'SOFTKEY3', 'SOFTKEY4']],
    ['events', ['expect', 'incomingC'], ['incomingCall']],
    ['how long to wait for one', ['hold', '--wait', 'hold:2'], ['hold:2ms', 'hold:2s', 'hold:2m', 'hold:2h']],
    ['more events', ['action-url', 'list', 'http://a.b', '--only', 'hold,unH'], ['hold,unHold']],
    ['models', ['keys', '--model', 'A4'], MODEL_NAMES.filter((name) => name.startsWith('A4'))],
    ['units of durations', ['hold', '--timeout', '1.5'], ['1.5ms', '1.5s', '1.5m', '1.5h']],
    ['formats of reports', ['hold', '--report', ''], PRESS_FORMATS.map((format) => `${format}:`)],
    ['formats of reports of scenarios', ['test', '--report=h'], ['--report=html:']],
    ['files for a report', ['hold', '--report', 'junit:'], [':files']],
    ['scenario files', ['test', ''], [':files yaml yml json']],
    ['choices', ['dnd', ''], ['on', 'off']],
    ['choices of options', ['hold', '--color=a'], ['--color=auto', '--color=always']],
    ['topics of help', ['help', 'exit'], ['exit-codes']],
    ['nothing where anybody may write what they like', ['dial', '60'], []],
    ['no options after --', ['hold', '--', '--dr'], []],
    ['phones in an open quote', ['hold', '--to', '"rec'], ['reception']],
    ['phones of a quoted list', ['hold', '--to', "'@floor1,rec"], ['@floor1,reception']],
    ['phones after quoted words', ['--profile', "'staging'", 'hold', '--to', 's\\'], ['s1']],
    [
      'phones after quotes in a word',
      ['--prof"ile"=stag\\ing', 'hold', '--to', ''],
      ['s1', '@floor1', '@all', 'virtual'],
    ],
  ])('%s', async (_, words, expected) => {
    expect(await offered(words)).toEqual(expected);
  });

  it('each with what it means', async () => {
    const { stdout } = await run(['completion', 'fish', '--', 'hold', '--to', 'rec'], { cwd: withConfig() });
    expect(stdout).toBe('reception\t172.16.0.57 A48\n');
  });

  it('no more than anybody reads, and still what all have in common', async () => {
    const cwd = withConfig(`
phones: { "lab-[0001-1000]": "10.0.[0-9].[1-100]", "lab-x": 10.1.0.1, "la": 10.1.0.2 }
groups: { long: "${'lab-x,'.repeat(1000)}lab-x" }
`);
    const names = await offered(['hold', '--to', 'l'], cwd);
    expect(names).toHaveLength(1000);
    expect(names).toEqual(expect.arrayContaining(['lab-0001', 'lab-0998', 'lab-x', 'la']));
    expect(await offered(['hold', '--to', 'lab-0'], cwd)).toHaveLength(999);
    const { stdout } = await run(['completion', 'fish', '--', 'hold', '--to', '@l'], { cwd });
    expect(stdout).toHaveLength('@long\t\n'.length + 200);
  });

  it('nothing of a config that is wrong, and says nothing in the middle of a line', async () => {
    expect(await offered(['hold', '--to', ''], withConfig('phones: { a b: 1 }'))).toEqual(['virtual']);
    expect(await offered(['key', '--to', 'nobody', 'MUT'])).toEqual(['MUTE']);
  });

  it('phones of ATCOM_TO and of the config of the user, as the command would find them', async () => {
    const cwd = emptyFolder();
    mkdirSync(join(cwd, '.user', 'atcom'), { recursive: true });
    writeFileSync(join(cwd, '.user', 'atcom', 'config.yaml'), CONFIG);
    expect(await offered(['hold', '--to', 'rec'], cwd)).toEqual(['reception']);
    expect(await offered(['key', 'SOFTKEY'], cwd, { ATCOM_TO: 'lab-01' })).toHaveLength(3);
  });
});

describe('the placeholders of the help', () => {
  const context = { words: [] } as unknown as Context;
  const commands = (command: CommandUnknownOpts): readonly CommandUnknownOpts[] => [
    command,
    ...command.commands.flatMap(commands),
  ];
  const words = commands(createProgram(context)).flatMap((command) => [
    ...command.options
      .filter(({ argChoices, required, optional }) => argChoices === undefined && (required || optional))
      .map((option) => ({ word: placeholder(option), where: `${command.name()} ${option.flags}` })),
    ...command.registeredArguments
      .filter(({ argChoices }) => argChoices === undefined)
      .map((argument) => ({ word: argument.name(), where: `${command.name()} ${argument.name()}` })),
  ]);

  // A word that is in no row would complete nothing; one that is used for two things would complete the wrong ones.
  it.each(words)('$where: <$word> has a row that says what it stands for', ({ word }) => {
    expect(Object.keys(SOURCES)).toContain(word);
  });

  it('are all the rows there are', () => {
    const used = new Set(words.map(({ word }) => word));
    expect(Object.keys(SOURCES).filter((word) => !used.has(word))).toEqual([]);
  });
});

/** A build server has it: see .ci/browser. */
const noFish = process.env['CI'] === undefined && spawnSync('fish', ['--version']).error !== undefined;

it.skipIf(noFish)('the script for fish says nothing but what it offers', async () => {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'atcom'), '#!/bin/sh\necho hold\n', { mode: 0o755 });
  const { stdout: script } = await run(['completion', 'fish']);
  const words = ['--no-config', '--command', `${script}\ncomplete --do-complete 'atcom ho'`];
  const env = { PATH: `${folder}:${process.env['PATH']}`, HOME: folder };
  const { stdout, stderr } = spawnSync('fish', words, { env, encoding: 'utf8' });
  expect({ stdout, stderr }).toEqual({ stdout: 'hold\n', stderr: '' });
});

it.each(['bash', 'zsh', 'fish'])('the script for %s evaluates nothing', async (shell) => {
  const { stdout } = await run(['completion', shell]);
  expect(stdout).toContain(`completion ${shell} -- `);
  expect(stdout).not.toMatch(/\beval\b/);
});

it('knows the shells', async () => {
  const { exitCode, stderr } = await run(['completion', 'tcsh']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('<shell> cannot be "tcsh" [usage]\n  Fix: use bash, zsh or fish');
});
