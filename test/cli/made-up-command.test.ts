import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { describe, expect, it } from 'vitest';
import { rawServer } from '../support/raw-server.ts';
import { emptyFolder, run } from './run.ts';
import { scenario } from './testing.ts';

const BATCH = 'night.atcom';

/** A program with one more command, which does something, and what came of it. */
async function mischievous(words: readonly string[]) {
  const phone = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
  const cwd = emptyFolder();
  writeFileSync(join(cwd, 'night.atcom'), `to ${phone.host}\nhold\nmischief now\n`);
  writeFileSync(join(cwd, 'x.yaml'), scenario('a: mischief now'));
  const caused: string[] = [];
  const mischief = () =>
    new Command('mischief').argument('[what]').action((what = '') => {
      caused.push(what);
    });
  const inFolder = words.map((word) => (word === BATCH ? join(cwd, word) : word));
  const result = await run(inFolder, { cwd, commands: { mischief } });
  return { ...result, caused, pressed: phone.received };
}

describe('a command that the files were not told about', () => {
  it('is a command of the program', async () => {
    expect(await mischievous(['mischief', 'now'])).toMatchObject({ exitCode: 0, caused: ['now'] });
  });

  it.each([
    [['run', BATCH, '--dry-run']],
    [['run', BATCH]],
    [['test', '--check', 'x.yaml']],
    [['test', 'x.yaml', '--simulate']],
  ])('is not run while a file is read: %j', async (words) => {
    const result = await mischievous(words);
    expect(result).toMatchObject({ exitCode: 2, caused: [], pressed: [] });
    expect(result.stderr).toMatch(/mischief is not a command of (atcom run|a scenario)/);
  });
});
