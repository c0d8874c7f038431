import { describe, expect, it } from 'vitest';
import { macProblem, parseMac } from '../../src/protocol/mac.ts';

describe('the MAC address of a phone', () => {
  it.each(['80:82:87:04:6B:C2', '80-82-87-04-6b-c2', '808287046bc2'])('is %s in one spelling', (text) => {
    expect(parseMac(text)).toBe('80:82:87:04:6B:C2');
    expect(macProblem(text)).toBeUndefined();
  });

  it.each([
    ['00:00:00:00:00:00', /^is all zeros/],
    ['000000000000', /^is all zeros/],
    ['ff:ff:ff:ff:ff:ff', /^is the broadcast address/],
    ['01:00:5e:00:00:fb', /^is a multicast address/],
    ['33-33-00-00-00-01', /^is a multicast address/],
    ['81:82:87:04:6B:C2', /^is a multicast address/],
    ['80:82:87:04:6B', /^must be a MAC address such as/],
    ['80:82:87:04:6B:C2:00', /^must be/],
    ['80:82:87:04:6B:CG', /^must be/],
    ['\u001b[31m', /^must be/],
    ['80:82:87:04:6B:C2\n', /^must be/],
    ['', /^must be/],
  ])('is never %j', (text, problem) => {
    expect(parseMac(text)).toBeUndefined();
    expect(macProblem(text)).toMatch(problem);
  });
});
