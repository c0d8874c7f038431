import { mkdirSync, writeFileSync } from 'node:fs';
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
groups: { floor1: "reception,lobby" }
macros: { panic: DND_ON }
profiles: { night: { default: lobby } }
`,
);
mkdirSync(join(home, 'scenarios'));
writeFileSync(join(home, 'scenarios', 'busy-line.yaml'), '');
writeFileSync(join(home, 'scenarios', 'busy.txt'), '');

/** What is typed before TAB, and the words that come of it. */
const CASES = [
  ['atcom disc', ['discover']],
  ['atcom config val', ['config', 'validate']],
  ['atcom dial 6040 --to rec', ['dial', '6040', '--to', 'reception']],
  ['atcom dial 6040 --to=rec', ['dial', '6040', '--to=reception']],
  ['atcom dial 6040 -t lobby,r', ['dial', '6040', '-t', 'lobby,reception']],
  ['atcom hold --to @fl', ['hold', '--to', '@floor1']],
  ['atcom hold --to lobby,@fl', ['hold', '--to', 'lobby,@floor1']],
  ['atcom hold --to @model:A2', ['hold', '--to', '@model:A21']],
  ['atcom key --to reception linekey2', ['key', '--to', 'reception', 'LINEKEY2']],
  ['atcom hold --dry', ['hold', '--dry-run']],
  ['atcom hold --wait establ', ['hold', '--wait', 'established']],
  ['atcom hold --timeout 5m', ['hold', '--timeout', '5m']],
  ['atcom test scenarios/busy-', ['test', 'scenarios/busy-line.yaml']],
  ['atcom hold --journal scenarios/busy.', ['hold', '--journal', 'scenarios/busy.txt']],
  ['atcom hold --report junit:scenarios/busy.', ['hold', '--report', 'junit:scenarios/busy.txt']],
  ['atcom macro pan', ['macro', 'panic']],
  ['atcom hold --profile ni', ['hold', '--profile', 'night']],
  ['atcom hold --report ju', ['hold', '--report', 'junit:']],
  ['atcom test --report gi', ['test', '--report', 'github']],
  ['atcom discover --model A4', ['discover', '--model', 'A4']],
  ['atcom help exit', ['help', 'exit-codes']],
] as const;

/** What is typed before TAB, several words that can stand there, and one that cannot. */
const CHOICES = [
  ['atcom hold --timeout 5', ['5ms', '5s', '5m', '5h'], '5d'],
  ['atcom hold --wait established:5', ['5ms', '5s', '5m', '5h'], '5d'],
  ['atcom key --to reception LINEKEY', ['LINEKEY1', 'LINEKEY2'], 'LINEKEY3'],
  ['atcom key --to lobby LINEKEY', ['LINEKEY1', 'LINEKEY3'], 'LINEKEY0'],
  ['atcom hold --report ', ['junit', 'tap'], 'github'],
] as const;

for (const shell of SHELLS) {
  describeWith(shell, `TAB in ${shell}`, () => {
    it.each(CASES)('%s', async (typed, words) => {
      expect(await complete(shell, typed, home, env)).toEqual(words);
    });

    it.each(CHOICES)('%s: one of %j', async (typed, words, other) => {
      const screen = await choices(shell, typed, words, home, env);
      expect(screen).not.toContain(other);
    });
  });
}
