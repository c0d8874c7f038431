import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AtcomError } from '../../src/errors.ts';
import { closedPort } from '../support/raw-server.ts';
import { lab } from './lab.ts';
import { type RunOptions, run } from './run.ts';

/** 109 phones that answer, and `canary`, which is off and the first of all. */
async function building() {
  const { cwd, presses } = await lab(109);
  const file = join(cwd, 'atcom.config.yaml');
  const config = readFileSync(file, 'utf8');
  writeFileSync(file, config.replace('phones:\n', `phones:\n  canary: 127.0.0.1:${await closedPort()}\n`));
  const journal = join(cwd, 'run.jsonl');
  const atcom = (words: string, options: RunOptions = {}) =>
    run(words.replace('JOURNAL', journal).split(' '), { cwd, ...options });
  const pressed = () => presses().reduce((sum, each) => sum + each, 0);
  return { atcom, journal, pressed, twice: () => presses().some((each) => each > 1) };
}

describe('waves over a building', () => {
  it('end with the canary, unless it may fail', async () => {
    const { atcom, pressed } = await building();
    const stopped = await atcom('hold --all --yes --serial 1,100%');
    expect([stopped.exitCode, pressed()]).toEqual([3, 0]);
    expect(stopped.stderr).toContain('110 phones: 1 unreachable, 109 skipped');
    const borne = await atcom('hold --all --yes --serial 1,100% --max-fail 1');
    expect([borne.exitCode, pressed()]).toEqual([3, 109]);
    expect(borne.stderr).toMatch(/^ {2}atcom hold --yes --serial 1,100% --max-fail 1 --to canary$/m);
  });

  it('continue from their journal: a dead phone holds up no other, and none is pressed twice', async () => {
    const { atcom, journal, pressed, twice } = await building();
    const words = 'mute --all --yes --serial 10,100%';
    const first = await atcom(`${words} --journal JOURNAL`);
    expect([first.exitCode, pressed()]).toEqual([3, 9]);
    expect(first.stderr).toContain(`  atcom ${words} --resume ${journal}\n`);
    const retried = await atcom(`${words} --retry-failed JOURNAL --report tap:${journal}.tap`);
    expect([retried.exitCode, pressed()]).toEqual([3, 9]);
    expect(retried.stderr).toContain(
      'error: lab-[010-109]: not sent: the earlier run did not come to it [skipped]\n  Fix: go on with --resume',
    );
    expect(retried.stderr).toContain('101 phones: 100 skipped, 1 unreachable');
    expect(readFileSync(`${journal}.tap`, 'utf8')).toMatch(/^not ok \d+ - mute on lab-109$/m);
    const rest = await atcom(`${words} --resume JOURNAL`);
    expect([rest.exitCode, pressed(), twice()]).toEqual([3, 109, false]);
    expect(rest.stderr).toContain('110 phones: 1 unreachable, 109 ok');
    const again = await atcom(`${words} --resume JOURNAL`);
    expect([again.exitCode, pressed(), twice()]).toEqual([3, 109, false]);
  });

  it('interrupted by Ctrl-C between two of them report what is known of every phone, and can continue', async () => {
    const { atcom, pressed, twice } = await building();
    const words = 'dtmf 1 --all --yes --serial 20 --max-fail 1';
    const stop = new AbortController();
    let reported = 0;
    // A line a phone: the second wave has just begun.
    const watch = (stream: string, text: string) => {
      if (stream === 'stdout') reported += text.split('\n').length - 1;
      if (reported >= 25) stop.abort(new AtcomError('interrupted', {}));
    };
    const first = await atcom(`${words} --journal JOURNAL --ndjson -j 1`, { signal: stop.signal, watch });
    expect(first.exitCode).toBe(130);
    const begun = pressed();
    expect(begun).toBeGreaterThan(19);
    expect(begun).toBeLessThan(40);
    expect(first.stderr).toContain(`110 phones: 1 unreachable, ${begun} ok, ${109 - begun} skipped`);
    const rest = await atcom(`${words} --resume JOURNAL`);
    expect([rest.exitCode, pressed(), twice()]).toEqual([3, 109, false]);
  });

  it('of a retry in which nothing is left say so', async () => {
    const { atcom } = await building();
    await atcom('hold --to lab-001 --journal JOURNAL');
    const { exitCode, stderr } = await atcom('hold --to lab-001 --retry-failed JOURNAL');
    expect([exitCode, stderr]).toEqual([0, 'nothing was pressed: the journal has no phone left to press\n']);
  });
});
