import { expect, it } from 'vitest';
import { accountsAt } from '../../../src/scenario/read/accounts.ts';

// Each phone was compared with each account, which was minutes for a file of many of both.
it('the accounts of a PBX are looked through a few times, for however many phones', () => {
  let looks = 0;
  const accounts = Array.from({ length: 100 }, (_, index) => ({
    get name() {
      looks += 1;
      return `lab-${index}`;
    },
    uri: `sip:${index}@pbx`,
    read: () => ({ uri: '', password: '' }),
  }));
  const wanted = Array.from({ length: 100 }, (_, index) => [`p${index}`, undefined] as const);
  const found = accountsAt({ name: 'lab', accounts }, [...wanted, ['last', 'lab-0']]);
  expect(looks).toBeLessThan(500);
  expect(found.get('last')).toBe(accounts[0]);
  expect(found.get('p0')).toBe(accounts[1]);
  expect(found.get('p99')).toMatch(/lab has 100 accounts in the config, and this scenario 101 phones/);
});
