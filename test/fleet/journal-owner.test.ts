import { chmodSync, chownSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Journal } from '../../src/fleet/journal.ts';
import { IS_ROOT } from '../support/lock-holder.ts';
import { halfDone, journalPath, run } from './journals.ts';

const me = { ...run(), person: { uid: process.geteuid?.(), env: {} } };
const modeOf = (path: string) => statSync(path).mode & 0o777;

/** An empty file, as `touch` or `mktemp` makes it. */
function empty(mode: number): string {
  const path = journalPath();
  writeFileSync(path, '');
  chmodSync(path, mode);
  return path;
}

describe.runIf(process.platform !== 'win32')('a file that existed before its journal', () => {
  it.each([0o644, 0o640, 0o604])('is its owner’s alone from then on, when begun: %o', async (mode) => {
    const path = empty(mode);
    await (await Journal.begin(path, me)).close();
    expect(modeOf(path)).toBe(0o600);
  });

  it('is its owner’s alone from then on, when gone on with', async () => {
    const path = await halfDone();
    chmodSync(path, 0o644);
    await (await Journal.resume(path, me)).close();
    expect(modeOf(path)).toBe(0o600);
  });

  it.each([0o666, 0o620, 0o602, 0o660])(
    'is refused when others can write it, every time: %o',
    async (mode) => {
      const begun = await halfDone();
      chmodSync(begun, mode);
      for (const attempt of [1, 2]) {
        for (const [path, open] of [
          [empty(mode), Journal.begin],
          [begun, Journal.resume],
        ] as const) {
          await expect(open(path, me)).rejects.toMatchObject({
            code: 'journal',
            exitCode: 2,
            message: `the journal ${path} cannot be used: others can write it; nothing was sent`,
            hint: `if it is as you left it: chmod 600 ${path}`,
          });
          expect([attempt, modeOf(path)]).toEqual([attempt, mode]);
        }
      }
      chmodSync(begun, 0o600);
      await (await Journal.resume(begun, me)).close();
    },
  );

  it.each([0o644, 0o755])('keeps its mode where it is no journal: %o', async (mode) => {
    for (const open of [Journal.begin, Journal.resume]) {
      const path = empty(mode);
      writeFileSync(path, 'my page\n');
      await expect(open(path, me)).rejects.toMatchObject({ code: 'journal' });
      expect(modeOf(path)).toBe(mode);
    }
  });

  it('keeps its mode where it is the journal of another run', async () => {
    const path = await halfDone();
    chmodSync(path, 0o644);
    await expect(Journal.resume(path, { ...me, items: [] })).rejects.toMatchObject({ code: 'journal' });
    expect(modeOf(path)).toBe(0o644);
  });

  it.runIf(IS_ROOT)('is refused when it belongs to another user, but for who called sudo', async () => {
    const path = await halfDone();
    chownSync(path, 1234, 1234);
    await expect(Journal.resume(path, me)).rejects.toThrow('it belongs to another user (1234)');
    const sudo = { ...me, person: { uid: 0, env: { SUDO_UID: '1234' } } };
    await (await Journal.resume(path, sudo)).close();
  });
});
