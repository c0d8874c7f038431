import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SHELLS } from '../../src/cli/completion/shells.ts';
import { cleanEnvironment, temporaryFolder } from '../house/run.ts';
import { describeWith } from './needs.ts';
import { choices, complete } from './terminal.ts';

const home = temporaryFolder();
const env = cleanEnvironment(home);
writeFileSync(
  join(home, 'atcom.config.yaml'),
  `phones:
  reception: { host: 172.16.0.57, model: A21 }
  lobby: 172.16.0.37
  _odd.name-1: 172.16.0.38
groups: { floor1: "reception,lobby", team_1.a: lobby }
`,
);
writeFileSync(join(home, 'my conf.yaml'), 'phones: { otto: 172.16.0.9 }\n');
mkdirSync(join(home, 'scenarios'));
/** By how they begin. */
const FILES = {
  bus: 'busy line.yaml',
  it: "it's.yaml",
  do: 'do$(touch hacked).yaml',
  bac: 'back`touch hacked`.yaml',
  sem: 'semi;touch hacked.yaml',
  and: 'and&or.yaml',
  x: 'x:y.yaml',
} as const;
for (const name of Object.values(FILES)) writeFileSync(join(home, 'scenarios', name), '');

/** What is typed before TAB, and the words that come of it. */
const CASES = [
  ['atcom hold --to "rec', ['hold', '--to', 'reception']],
  ["atcom hold --to 'rec", ['hold', '--to', 'reception']],
  ['atcom hold --to="rec', ['hold', '--to=reception']],
  ['atcom hold "--to=rec', ['hold', '--to=reception']],
  ['atcom phones -- rec', ['phones', '--', 'reception']],
  ['atcom hold --to "@floor1,lo', ['hold', '--to', '@floor1,lobby']],
  ["atcom hold --to '@all!lo", ['hold', '--to', '@all!lobby']],
  ["atcom hold --to '@floor1&@model:A", ['hold', '--to', '@floor1&@model:A21']],
  ['atcom hold --to @te', ['hold', '--to', '@team_1.a']],
  ['atcom hold --to=lobby,@te', ['hold', '--to=lobby,@team_1.a']],
  ['atcom hold --to _o', ['hold', '--to', '_odd.name-1']],
  ...Object.entries(FILES).map(
    ([typed, name]) => [`atcom test scenarios/${typed}`, ['test', `scenarios/${name}`]] as const,
  ),
  ['atcom hold --journal=scenarios/bus', ['hold', '--journal=scenarios/busy line.yaml']],
  ['atcom hold --report=junit:scenarios/bus', ['hold', '--report=junit:scenarios/busy line.yaml']],
  ["atcom hold --config 'my conf.yaml' --to ot", ['hold', '--config', 'my conf.yaml', '--to', 'otto']],
  ['atcom hold --config my\\ conf.yaml --to ot', ['hold', '--config', 'my conf.yaml', '--to', 'otto']],
  ["atcom dial '$(touch hacked)' --to rec", ['dial', '$(touch hacked)', '--to', 'reception']],
  ["atcom dial '`touch hacked`;ls' --to rec", ['dial', '`touch hacked`;ls', '--to', 'reception']],
] as const;

/** Where `atcom` does not stand first, or alone; what runs at TAB would leave a file. */
const LINES = [
  '~/atcom hold --to @',
  './atcom hold --to @',
  'X=1 atcom hold --to @',
  'ls; atcom hold --to @',
  'atcom dial $(touch hacked) --to @',
];

for (const shell of SHELLS) {
  describeWith(shell, `TAB in ${shell}, where quotes, blanks and names are odd`, () => {
    it.each(CASES)('%s', async (typed, words) => {
      expect(await complete(shell, typed, home, env)).toEqual(words);
      expect(existsSync(join(home, 'hacked'))).toBe(false);
    });

    it.each(LINES)('%s', async (typed) => {
      await choices(shell, typed, ['floor1', 'team_1.a'], home, env);
      expect(existsSync(join(home, 'hacked'))).toBe(false);
    });
  });
}
