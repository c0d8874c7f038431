import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readAccounts } from '../../src/config/accounts.ts';

/** A file of accounts, in a folder of its own beside `secret`. */
function accounts(lines: string, mode = 0o600): () => ReturnType<typeof readAccounts> {
  const folder = mkdtempSync(join(tmpdir(), 'atcom-accounts-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'secret'), 'hidden\n');
  writeFileSync(join(folder, 'accounts.yaml'), `accounts:\n  - uri: sip:6001@127.0.0.1:5060\n${lines}`);
  chmodSync(join(folder, 'accounts.yaml'), mode);
  return () => readAccounts('accounts.yaml', folder);
}

it.each([0o644, 0o640, 0o604, 0o620])('passwords that others can read or change are refused: %o', (mode) => {
  expect(accounts('    password: hidden\n', mode)).toThrow(/others can read it: chmod 600/);
});

it('a file of its owner alone may hold passwords', () => {
  expect(accounts('    password: hidden\n')()).toHaveLength(1);
});

it('a file that names where the password is may be read by others', () => {
  expect(accounts('    passwordFile: secret\n', 0o644)()).toHaveLength(1);
});

it.each(['', '    password: hidden\n    passwordFile: secret\n'])(
  'an account has one password: %j',
  (lines) => {
    expect(accounts(lines)).toThrow(/accounts\.yaml has 1 problem/);
  },
);
