import { expect, it } from 'vitest';
import { phoneKey } from '../../src/protocol/settings.ts';
import { lockOf } from '../../src/scenario/index.ts';

/** What the lock of an account is called. */
function keyOf(uri: string): string {
  const account = { name: 'x', uri, read: () => ({ uri, password: '' }) };
  const lock = lockOf({ name: 'a', settings: { host: 'x' }, virtual: true, account });
  return lock === undefined ? '' : phoneKey(lock);
}

it.each([
  ['sip:6001@localhost', 'sip:6001@LOCALHOST:5060'],
  ['sip:6001@localhost', 'sip:%36001@localhost'],
  ['sip:6001@PBX.example.', 'sip:6001@pbx.example'],
  ['sip:6001@pbx.example', 'sips:6001@pbx.example:5061'],
  ['sip:6001@10.0.0.1:5070', 'SIP:6001@10.0.0.1:05070'],
  ['sip:6001@10.0.0.1', 'sip:6001@[::ffff:10.0.0.1]:5060'],
  ['sip:6001@[::1]', 'sip:6001@[0:0::1]:5060'],
])('%s and %s are one account', (one, other) => {
  expect(keyOf(one)).toBe(keyOf(other));
});

it('other users, hosts and ports are other accounts', () => {
  const uris = ['bob@x', 'Bob@x', 'a+b@x', 'a-b@x', 'bob@y', 'bob@x:5070', 'bob@10.0.0.1', 'bob@[::1]'];
  expect(new Set(uris.map((uri) => keyOf(`sip:${uri}`))).size).toBe(uris.length);
});
