import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lab } from './lab.ts';
import { run } from './run.ts';

/** Two phones that accept keys, called `hold` and 5, and one that is away, called b. */
async function phones() {
  const { cwd, presses } = await lab(2);
  const config = join(cwd, 'atcom.config.yaml');
  const text = readFileSync(config, 'utf8').replace('lab-001', 'hold').replace('lab-002', '"5"');
  writeFileSync(config, `${text}  b: 127.0.0.1:1\n`);
  writeFileSync(join(cwd, 'targets'), 'hold\n5\nb\n');
  return { cwd, presses };
}

/** The words of the command that is offered; those of these tests need no quotes. */
function offered(stderr: string): readonly string[] {
  const [, command = ''] = /where nothing was done:\n {2}atcom (.+)\n/.exec(stderr) ?? [];
  return command.split(' ');
}

describe('the command that presses again', () => {
  it.each([
    ['hold -t hold,5,b', 'hold --to b'],
    ['hold -qt hold,5,b', 'hold --quiet --to b'],
    ['hold -qthold,5,b', 'hold --quiet --to b'],
    ['hold -thold -t5 --to=b', 'hold --to b'],
    ['hold --all', 'hold --to b'],
    ['hold -qa', 'hold --quiet --to b'],
    ['hold --targets-file targets', 'hold --to b'],
    ['hold --targets-file=targets -x 5', 'hold --exclude 5 --to b'],
    ['setup show hold 5 b', 'setup show --to b'],
    ['setup show -j5 -- hold 5 b', 'setup show --jobs 5 --to b'],
    ['allow hold 5 b --wait 10ms', 'allow --wait 10ms --to b'],
    ['setup allow-list --yes -j5 -thold,5,b --add', 'setup allow-list --yes --jobs 5 --add --to b'],
    ['key -t hold -t 5 -t b -- HOLD', 'key HOLD --to b'],
    ['dial -5555 -t hold,5,b', 'dial --to b -- -5555'],
    ['key HOLD -t hold,5,b --report tap:/dev/null', 'key HOLD --to b'],
  ])('of %s', async (words, expected) => {
    const { cwd, presses } = await phones();
    const first = await run(words.split(' '), { cwd });
    const again = offered(first.stderr);
    expect(again.join(' ')).toBe(expected);
    const before = presses();
    const second = await run(again, { cwd });
    expect(second.exitCode).toBe(3);
    expect(presses()).toEqual(before);
  });

  it('names a phone without a name by its scheme', async () => {
    const { cwd, presses } = await phones();
    const first = await run(['hold', '--to', 'hold', '--to', 'https://127.0.0.1:1,[::1]:1'], { cwd });
    expect(offered(first.stderr).join(' ')).toBe("hold --to '[::1]:1,https://127.0.0.1:1'");
    expect(presses()).toEqual([1, 0]);
  });

  it('of a line uses the config and the profile of the whole run', async () => {
    const { cwd, presses } = await phones();
    mkdirSync(join(cwd, 'elsewhere'));
    const config = join('elsewhere', 'other.yaml');
    renameSync(join(cwd, 'atcom.config.yaml'), join(cwd, config));
    writeFileSync(join(cwd, 'night.atcom'), 'to hold,5,b\nhold --retry 1\n');
    const { stderr } = await run(['run', '-q', '--config', config, 'night.atcom'], { cwd });
    const again = offered(stderr);
    expect(again.join(' ')).toBe(`hold --retry 1 --config ${config} --to b`);
    const before = presses();
    await run(again, { cwd });
    expect(presses()).toEqual(before);
  });
});
