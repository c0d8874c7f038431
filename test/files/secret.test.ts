import { chmodSync, chownSync, type Stats, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkSecret, readSecret } from '../../src/files/secret.ts';
import { emptyFolder } from '../cli/run.ts';
import { IS_ROOT } from '../support/lock-holder.ts';

const ROOT = 0;
const ME = 1000;
const OTHER = 1001;

/** Whether a file of that owner and mode may hold a secret of this user. */
function refusal(owner: number, mode: number, { uid = ME, path = '/home/me/secret', env = {} } = {}) {
  const stats = Object.assign(statSync('/proc/self/status'), { uid: owner, mode: 0o100000 | mode }) as Stats;
  try {
    checkSecret(path, stats, { uid, env });
    return undefined;
  } catch (error) {
    return (error as Error).message.replace(/^.* cannot be read: it holds a secret and /, '');
  }
}

describe('a secret', () => {
  it.each([0o600, 0o400, 0o700])('of mine is used if no one else can read it: %o', (mode) => {
    expect(refusal(ME, mode)).toBeUndefined();
  });

  it.each([0o644, 0o640, 0o604, 0o440, 0o444])('of mine is refused when others can read it: %o', (mode) => {
    expect(refusal(ME, mode)).toBe('others can read it');
    expect(refusal(ROOT, mode, { uid: ROOT })).toBe('others can read it');
  });

  it.each([0o620, 0o602, 0o666])('is refused when others can write it, also that of root: %o', (mode) => {
    expect(refusal(ME, mode)).toBe('others can write it');
    expect(refusal(ROOT, mode)).toBe('others can write it');
  });

  it.each([0o444, 0o440, 0o644])('of root is read by whom root lets: %o', (mode) => {
    expect(refusal(ROOT, mode)).toBeUndefined();
  });

  it('of another user is refused, for root too', () => {
    expect(refusal(OTHER, 0o600)).toBe('belongs to another user (1001)');
    expect(refusal(OTHER, 0o600, { uid: ROOT })).toBe('belongs to another user (1001)');
    expect(refusal(OTHER, 0o600, { uid: ROOT, env: { SUDO_UID: '1001' } })).toBeUndefined();
    expect(refusal(OTHER, 0o600, { env: { SUDO_UID: '1001' } })).toBe('belongs to another user (1001)');
  });

  it('that a container engine or systemd provides is used as it is', () => {
    for (const uid of [ROOT, ME]) {
      for (const folder of ['/run/secrets', '/run/credentials/atcom.service']) {
        const path = `${folder}/phones`;
        expect(refusal(OTHER, 0o444, { uid, path })).toBe(undefined);
      }
    }
    expect(refusal(ME, 0o444, { path: '/run/secretsx/phones' })).toBe('others can read it');
  });
});

describe.runIf(process.platform === 'linux')('a file with a secret', () => {
  const me = { uid: process.geteuid?.(), env: {} };
  const file = (mode: number) => {
    const path = join(emptyFolder(), "it's");
    writeFileSync(path, 'hunter2\n');
    chmodSync(path, mode);
    return path;
  };

  it('is read, and refused with the command that mends it', async () => {
    expect(await readSecret(file(0o600), me, undefined)).toBe('hunter2');
    const path = file(0o644);
    await expect(readSecret(path, me, undefined)).rejects.toMatchObject({
      code: 'unreadable-file',
      hint: `chmod 600 '${path.replace("'", "'\\''")}'; if others have read it, change the secret, too`,
    });
  });

  it.runIf(IS_ROOT)('of another user is refused', async () => {
    const path = file(0o600);
    chownSync(path, 65534, 65534);
    await expect(readSecret(path, me, undefined)).rejects.toThrow('belongs to another user (65534)');
  });

  it('is not read from where it is endless', async () => {
    await expect(readSecret('/dev/zero', me, undefined)).rejects.toThrow('it is larger than 64 KiB');
  });
});
