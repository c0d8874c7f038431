import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sipPhones } from '../simulator/sip/phones.ts';
import { Baresip } from './baresip.ts';
import { BARE_TONE, WITNESSED } from './baresip-flows.ts';
import type { Phones } from './flows.ts';
import { interop } from './tools.ts';

const NUMBERS = ['6001', '6003'] as const;

interop('With baresip', () => {
  const stacks = [
    { stack: 'kamailio', host: '127.0.0.1:5060', pbx: 'proxy' },
    { stack: 'Asterisk', host: '127.0.0.1:5070', pbx: 'b2bua' },
  ] as const;
  for (const { stack, host, pbx } of stacks)
    describe(stack, () => {
      let phones: Phones;
      let baresip: Baresip;
      beforeAll(async () => {
        [phones, baresip] = await Promise.all([
          sipPhones(host, NUMBERS),
          Baresip.start('6002', host, BARE_TONE),
        ]);
      });
      afterAll(() => Promise.all([phones.simulator.close(), baresip.close()]));

      for (const { name, play, reports } of WITNESSED)
        it(name, async () => {
          phones.forget();
          baresip.forget();
          const before = phones.events('6001').length;
          await play(phones, baresip, pbx);
          await baresip.idle();
          const reported = phones.events('6001').slice(before);
          const kinds = reported
            .map((event) => event.split(' ')[0])
            .filter((kind) => kind !== 'screen')
            .join(' ');
          if (reports !== '') expect(kinds).toBe(reports);
          for (const number of NUMBERS)
            expect(phones.simulator.state(number)).toMatchObject({ calls: [], state: 'idle' });
        });
    });
});
