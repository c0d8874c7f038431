import { expect, it } from 'vitest';
import { readAccount } from '../../../src/simulator/sip/account.ts';

const uri = 'sips:6001@pbx.example.org';

it('sends nothing of an account with sips: in clear', () => {
  for (const transport of [undefined, 'udp', 'tcp'] as const) {
    expect(() => readAccount({ uri, password: 'geheim', transport })).toThrow('asks for TLS');
  }
  expect(readAccount({ uri, password: 'geheim', transport: 'tls' }).next.port).toBe(5061);
});

it.each([
  ['sip:%36001@127.0.0.1', '6001', '127.0.0.1'],
  ['sip:%61%2D1@[::ffff:127.0.0.1]:5070', 'a-1', '127.0.0.1'],
  ['sip:6001@PBX.example.org.', '6001', 'pbx.example.org'],
  ['sip:%40%236001@[0:0::1]', '%40%236001', '::1'],
  ['sip:%2B49@127.0.0.1', '%2B49', '127.0.0.1'],
])('has one number and one PBX, however they are spelled: %s', (spelled, number, host) => {
  expect(readAccount({ uri: spelled, password: '' })).toMatchObject({ number, next: { host } });
});

it('has one place, whatever its port by default is', () => {
  const placeOf = (address: string, transport: 'udp' | 'tls' = 'udp') =>
    readAccount({ uri: `sip:6001@${address}`, password: '', transport }).place;
  expect(placeOf('PBX.example.org.')).toBe(placeOf('pbx.example.org:5060'));
  expect(placeOf('127.0.0.1:5061', 'tls')).toBe(placeOf('[::ffff:127.0.0.1]', 'tls'));
  expect(placeOf('pbx.example.org')).not.toBe(placeOf('pbx.example.org:5070'));
});

it.each([
  [{ proxy: 'sip:pbx.example' }, 'the proxy "sip:pbx.example" is no host'],
  [{ proxy: 'pbx.example;transport=tls' }, 'is no host'],
])('sends its login to nobody else, and not in clear: %j', (more, why) => {
  const account = { uri: 'sip:6001@pbx.example.org', password: 'geheim' };
  expect(() => readAccount({ ...account, ...more })).toThrow(why);
  expect(readAccount({ ...account, proxy: '[::1]:5070' }).next).toEqual({ host: '::1', port: 5070 });
});

it.each([
  [{ uri: 'sip:60\x0101@pbx.example' }, true],
  [{ user: 'lab\r\nX: y' }, true],
  [{ user: 'lab\u2028' }, true],
  [{ user: 'läb "1"' }, false],
])('refuses what no message could have: %j: %s', (more, isRefused) => {
  const read = () => readAccount({ uri: 'sip:6001@pbx.example', password: '', ...more });
  if (isRefused) expect(read).toThrow('control characters');
  else expect(read).not.toThrow();
});
