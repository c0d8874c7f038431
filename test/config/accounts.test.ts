import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readAccounts } from '../../src/config/accounts.ts';
import { newFolder } from '../support/folder.js';
import { failure } from './sandbox.ts';

/** A file of accounts, in a folder of its own beside `secret`. */
function accounts(lines: string, mode = 0o600): () => ReturnType<typeof readAccounts> {
  const folder = newFolder('accounts');
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'secret'), 'hidden\n', { mode: 0o600 });
  writeFileSync(join(folder, 'accounts.yaml'), `accounts:\n  - uri: sip:6001@127.0.0.1:5060\n${lines}`);
  chmodSync(join(folder, 'accounts.yaml'), mode);
  return () => readAccounts('accounts.yaml', { cwd: folder, env: {}, uid: process.geteuid?.() });
}

it.each([0o644, 0o640, 0o604, 0o620])(
  'passwords that others can read or change are refused: %o',
  async (mode) => {
    const error = await failure(accounts('    password: hidden\n', mode)());
    expect(error.message).toMatch(/it holds a secret and others can (read|write) it$/);
    expect(error.hint).toMatch(/^chmod 600 \//);
  },
);

it('a file that only its owner can read may contain passwords', async () => {
  expect(await accounts('    password: hidden\n')()).toHaveLength(1);
});

it('a file that names where the password is may be read by others', async () => {
  expect(await accounts('    passwordFile: secret\n', 0o644)()).toHaveLength(1);
});

it.each(['', '    password: hidden\n    passwordFile: secret\n'])(
  'an account has one password: %j',
  async (lines) => {
    await expect(accounts(lines)()).rejects.toThrow(/accounts\.yaml has 1 problem/);
  },
);
