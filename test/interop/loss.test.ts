import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sipPhones } from '../simulator/sip/phones.ts';
import type { Phones } from './flows.ts';
import { type Relay, relayTo } from './relay.ts';
import { interop } from './tools.ts';
import { type Kind, Trail } from './trail.ts';

const SEED = 7;
const CALLS = 12;
const CALLER = 'offHook idleToBusy outgoingCall established hold unHold terminated onHook busyToIdle';
const CALLEE =
  'idleToBusy incomingCall offHook answerNewIncomingCall established terminated onHook busyToIdle';

interop('Where messages get lost', () => {
  const stacks = [
    { stack: 'kamailio', host: '127.0.0.1:5060' },
    { stack: 'Asterisk', host: '127.0.0.1:5070' },
  ];
  for (const { stack, host } of stacks)
    describe(stack, () => {
      let relays: readonly Relay[];
      let phones: Phones;
      let trail = new Trail(() => false);

      beforeAll(async () => {
        relays = await Promise.all(
          ['6001', '6002'].map((phone) => relayTo(host, (message) => trail.loses(phone, message))),
        );
        phones = await sipPhones(host, ['6001', '6002'], {}, (number) => ({
          proxy: relays[Number(number) - 6001]?.host,
        }));
      });
      afterAll(async () => {
        trail = new Trail(() => false);
        await phones.simulator.close();
        await Promise.all(relays.map((relay) => relay.close()));
      });

      beforeEach(({ onTestFailed }) => {
        onTestFailed(() =>
          console.log([...trail.lines, ...phones.events('6001'), ...phones.events('6002')].join('\n')),
        );
      });

      /** A call with a hold, which must have the same result whatever is lost. */
      const play = async (loses: (kind: Kind) => boolean) => {
        phones.forget();
        trail = new Trail(loses);
        const before = ['6001', '6002'].map((number) => phones.events(number).length);
        await phones.call('6001', '6002');
        await phones.press('6001', 'HOLD');
        await phones.until('6001', 'hold');
        await phones.press('6001', 'RESUME');
        await phones.until('6001', 'unHold');
        await phones.press('6001', 'ENDCALL');
        await Promise.all([
          trail.goodbye,
          phones.until('6001', 'busyToIdle'),
          phones.until('6002', 'busyToIdle'),
        ]);
        return ['6001', '6002'].map((number, index) =>
          phones
            .events(number)
            .slice(before[index])
            .map((event) => event.split(' ')[0])
            .join(' '),
        );
      };

      it('each message of a call once', { timeout: 300_000 }, async () => {
        expect(await play(() => false)).toEqual([CALLER, CALLEE]);
        const all = trail.kinds;
        let lost = 0;
        for (const kind of all) {
          expect([kind, ...(await play((one) => one === kind))]).toEqual([kind, CALLER, CALLEE]);
          lost += trail.lost.length;
        }
        // Some occur only in some calls, such as a 500 for a change that came too soon.
        expect(lost).toBeGreaterThan(20);
      });

      it(`5 % at random, ${CALLS} calls`, { timeout: 300_000 }, async () => {
        for (let call = 0; call < CALLS; call += 1) {
          // Chosen by kind, not by time of arrival, so that the same ones are lost in each run.
          const loses = (kind: Kind) => {
            const [byte = 0, next = 0] = createHash('sha256').update(`${SEED} ${call} ${kind}`).digest();
            return (byte * 256 + next) / 65_536 < 0.05;
          };
          expect(await play(loses)).toEqual([CALLER, CALLEE]);
        }
      });
    });
});
