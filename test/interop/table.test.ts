import { expect, it } from 'vitest';
import { tablesOf } from './table.ts';

it('has flows down and stacks across, counts them, and says what cannot run and why', () => {
  const outcomes = [
    { group: 'Calls', stack: 'kamailio', name: 'busy', passed: true },
    { group: 'Calls', stack: 'Asterisk', name: 'busy', passed: false },
    { group: 'Calls', stack: 'kamailio', name: 'hold', passed: true },
  ];
  expect(tablesOf(outcomes, { Calls: { video: 'there is none' } })).toBe(
    [
      '| Calls      | Asterisk               | kamailio   |',
      '| ---------- | ---------------------- | ---------- |',
      '| busy       | FAILED                 | passed     |',
      '| hold       |                        | passed     |',
      '| video      | not run: there is none |            |',
      '| **passed** | **0 of 1**             | **2 of 2** |',
    ].join('\n'),
  );
});
