import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sipPhones } from '../simulator/sip/phones.ts';
import type { Phones } from './flows.ts';
import { type Passing, type Relay, relayTo } from './relay.ts';
import { interop } from './tools.ts';

const SEED = 7;
const CALLS = 12;
const CALLER = 'offHook idleToBusy outgoingCall established hold unHold terminated onHook busyToIdle';
const CALLEE =
  'idleToBusy incomingCall offHook answerNewIncomingCall established terminated onHook busyToIdle';

/** A message, as it is told from the others of its call: which phone's, which way, and the how manieth of its kind. */
type Kind = string;

interop('Where messages get lost', () => {
  const stacks = [
    { stack: 'kamailio', host: '127.0.0.1:5060' },
    { stack: 'Asterisk', host: '127.0.0.1:5070' },
  ];
  for (const { stack, host } of stacks)
    describe(stack, () => {
      let relays: readonly Relay[];
      let phones: Phones;
      let loses: (kind: Kind) => boolean = () => false;
      let passed: Kind[] = [];
      let answered: () => void = () => undefined;

      beforeAll(async () => {
        const seen = (phone: string) => {
          return ({ name, toPhone }: Passing) => {
            const kind = `${phone} ${toPhone ? 'gets' : 'sends'} ${name.replace(/ \d+$/, '')}`;
            const nth = passed.filter((one) => one.startsWith(`${kind} #`)).length + 1;
            passed.push(`${kind} #${nth}`);
            const lost = loses(`${kind} #${nth}`);
            if (!lost && kind === '6001 gets 200 BYE') answered();
            return lost;
          };
        };
        relays = await Promise.all(['6001', '6002'].map((phone) => relayTo(host, seen(phone))));
        phones = await sipPhones(host, ['6001', '6002'], {}, (number) => ({
          proxy: relays[Number(number) - 6001]?.host,
        }));
      });
      afterAll(async () => {
        loses = () => false;
        await phones.simulator.close();
        await Promise.all(relays.map((relay) => relay.close()));
      });

      /** A call with a hold, which must come out the same whatever is lost. */
      const play = async () => {
        phones.forget();
        passed = [];
        const before = ['6001', '6002'].map((number) => phones.events(number).length);
        await phones.call('6001', '6002');
        await phones.press('6001', 'HOLD');
        await phones.until('6001', 'hold');
        await phones.press('6001', 'RESUME');
        await phones.until('6001', 'unHold');
        const goodbye = new Promise<void>((resolve) => {
          answered = resolve;
        });
        await phones.press('6001', 'ENDCALL');
        await Promise.all([goodbye, phones.until('6001', 'busyToIdle'), phones.until('6002', 'busyToIdle')]);
        return ['6001', '6002'].map((number, index) =>
          phones
            .events(number)
            .slice(before[index])
            .map((event) => event.split(' ')[0])
            .join(' '),
        );
      };

      it('each message of a call once', { timeout: 120_000 }, async () => {
        loses = () => false;
        expect(await play()).toEqual([CALLER, CALLEE]);
        const all = passed;
        expect(all.length).toBeGreaterThan(20);
        for (const kind of all) {
          loses = (one) => one === kind;
          expect([kind, ...(await play())]).toEqual([kind, CALLER, CALLEE]);
        }
      });

      it(`5 % at random, ${CALLS} calls`, { timeout: 120_000 }, async () => {
        for (let call = 0; call < CALLS; call += 1) {
          // By what it is, not by when it comes: the same ones are lost in each run.
          loses = (kind) => {
            const [byte = 0, next = 0] = createHash('sha256').update(`${SEED} ${call} ${kind}`).digest();
            return (byte * 256 + next) / 65_536 < 0.05;
          };
          expect(await play()).toEqual([CALLER, CALLEE]);
        }
      });
    });
});
