import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandAddresses } from '../../src/targets/addresses.ts';
import { failure } from '../config/sandbox.ts';

describe('addresses', () => {
  it.each([
    ['10.0.0.5', ['10.0.0.5']],
    ['10.0.0.[8-10]', ['10.0.0.8', '10.0.0.9', '10.0.0.10']],
    ['10.0.[0-1].[5,7]', ['10.0.0.5', '10.0.0.7', '10.0.1.5', '10.0.1.7']],
    ['10.0.0.[0-4/2]', ['10.0.0.0', '10.0.0.2', '10.0.0.4']],
    ['10.0.0.254-10.0.1.1', ['10.0.0.254', '10.0.0.255', '10.0.1.0', '10.0.1.1']],
    ['10.0.0.0/30', ['10.0.0.1', '10.0.0.2']],
    ['10.0.0.6/30', ['10.0.0.5', '10.0.0.6']],
    ['10.0.0.6/31', ['10.0.0.6', '10.0.0.7']],
    ['10.0.0.6/32', ['10.0.0.6']],
    ['198.18.0.0/31', ['198.18.0.0', '198.18.0.1']],
    ['192.0.2.1', ['192.0.2.1']],
    ['223.255.255.254/31', ['223.255.255.254', '223.255.255.255']],
  ])('%s', (text, addresses) => {
    expect(expandAddresses([text])).toEqual(addresses);
  });

  it('are each once, in the order written', () => {
    expect(expandAddresses(['10.0.0.9', '10.0.0.8/30', '10.0.0.1'])).toEqual([
      '10.0.0.9',
      '10.0.0.10',
      '10.0.0.1',
    ]);
  });

  it('of a network are all but its first and its last', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 18, max: 30 }), (address, bits) => {
        fc.pre(/^([1-9]|1\d\d)\./.test(address));
        const all = expandAddresses([`${address}/${bits}`]);
        expect(all).toHaveLength(2 ** (32 - bits) - 2);
        const ends = [all.at(0), all.at(-1)].map((end) => (end ?? '').split('.').map(Number));
        const [first = 0, last = 0] = ends.map((octets) =>
          octets.reduce((sum, octet) => sum * 256 + octet, 0),
        );
        const inside = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
        expect(first % 2 ** (32 - bits)).toBe(1);
        expect(last - first).toBe(all.length - 1);
        expect(inside >= first - 1 && inside <= last + 1).toBe(true);
      }),
    );
  });

  it.each([
    ['2001:db8::/64', 'it is IPv6'],
    ['[::1]', 'it is IPv6'],
    ['fe80::1-fe80::9', 'it is IPv6'],
    ['10.0.0.5:8080', 'a port goes into --port'],
    ['http://10.0.0.5', 'is not an IPv4 address'],
    ['http://u:hunter2@10.0.0.5', '"http://…@10.0.0.5" cannot be read: it names a user'],
    ['u:hunter2@10.0.0.5/24', '"…@10.0.0.5/24" cannot be read: it names a user'],
    ['phone.lan', 'is not an IPv4 address'],
    ['10.0.0', 'is not an IPv4 address'],
    ['010.0.0.1', 'is not an IPv4 address'],
    ['10.0.0.[05-06]', 'is not an IPv4 address'],
    ['0x0a.0.0.1', 'is not an IPv4 address'],
    ['10.0.0.256', 'is not an IPv4 address'],
    ['', 'no address'],
    ['10.0.0.0/33', 'from 0 to 32'],
    ['10.0.0.0/', 'from 0 to 32'],
    ['10.0.0.0/2.5', 'from 0 to 32'],
    ['10.0.0.9-10.0.0.5', 'runs backwards'],
    ['10.0.0.[9-5]', 'runs backwards'],
    ['0.0.0.0/0', 'no host has the address 0.0.0.1'],
    ['224.0.0.1', 'no host'],
    ['240.0.0.1', 'no host'],
    ['255.255.255.255', 'no host'],
    ['10.0.0.0/15', 'more than the 65536'],
    ['1.0.0.0-223.0.0.0', 'more than the 65536'],
    ['10.[0-255].[0-255].[0-255]', 'more than 100,000'],
  ])('%j is an error', async (text, words) => {
    const error = await failure(Promise.resolve().then(() => expandAddresses([text])));
    expect(error).toMatchObject({ code: 'usage', exitCode: 2 });
    expect(`${error.message} ${error.hint}`).toContain(words);
  });
});
