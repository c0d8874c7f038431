import { expect, it } from 'vitest';
import { readAccount } from '../../../src/simulator/sip/account.ts';

const uri = 'sips:6001@pbx.example.org';

it('sends nothing of an account with sips: in clear', () => {
  for (const transport of [undefined, 'udp', 'tcp'] as const) {
    expect(() => readAccount({ uri, password: 'geheim', transport })).toThrow('asks for TLS');
  }
  expect(readAccount({ uri, password: 'geheim', transport: 'tls' }).next.port).toBe(5061);
});
