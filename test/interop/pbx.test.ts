import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newBench } from '../simulator/helpers.ts';
import { sipPhones } from '../simulator/sip/phones.ts';
import { FLOWS, type Phones } from './flows.ts';
import { interop } from './tools.ts';

const NUMBERS = ['6001', '6002', '6003'] as const;

const PBXES = [
  { name: 'kamailio', host: '127.0.0.1:5060', pbx: 'proxy', transport: 'udp' },
  { name: 'kamailio', host: '127.0.0.1:5060', pbx: 'proxy', transport: 'tcp' },
  { name: 'Asterisk', host: '127.0.0.1:5070', pbx: 'b2bua', transport: 'udp' },
  { name: 'Asterisk', host: '127.0.0.1:5070', pbx: 'b2bua', transport: 'tcp' },
] as const;

/** The same keys on the in-process switchboard: its phones must report the same as phones on a PBX. */
function onTheSwitchboard(pbx: 'proxy' | 'b2bua', presses: readonly string[]): (number: string) => string[] {
  const bench = newBench(3, { pbx });
  const all = bench.play(presses.join(' | '));
  return (number) =>
    all
      .filter(({ phone, kind }) => phone === number && !/^(digits|toneHeard|dtmf|joined|split)$/.test(kind))
      .map(({ kind, remote = '' }) => `${kind} ${remote}`.trim());
}

/** Messages about the two calls of a transfer can cross: compare only what is reported there. */
function inOrder(events: readonly string[]): readonly string[] {
  const at = events.findIndex((event) => event.startsWith('attendedTransfer')) + 1;
  const end = events.indexOf('onHook', at);
  return at === 0 ? events : [...events.slice(0, at), ...events.slice(at, end).sort(), ...events.slice(end)];
}

interop('Among virtual phones', () => {
  for (const { name: stack, host, pbx, transport } of PBXES)
    describe(`${stack} over ${transport.toUpperCase()}`, () => {
      let phones: Phones;
      beforeAll(async () => {
        phones = await sipPhones(host, NUMBERS, { transport });
        await Promise.all(NUMBERS.map((number) => phones.until(number, 'registered')));
      });
      afterAll(() => phones.simulator.close());

      // The phones report the same as those on the switchboard.
      for (const { name, play } of FLOWS)
        it(name, async () => {
          phones.forget();
          const before = NUMBERS.map((number) => phones.events(number).length);
          const presses: string[] = [];
          const recorded: Phones = {
            ...phones,
            press: (number, keys) => {
              presses.push(`${number} ${keys}`);
              return phones.press(number, keys);
            },
            call: async (from, to) => {
              presses.push(`${from} ${to};DIAL`, `${to} ANSWER`);
              await phones.call(from, to);
            },
          };
          await play(recorded, pbx);
          const simulated = onTheSwitchboard(pbx, presses);
          for (const [index, number] of NUMBERS.entries()) {
            const reported = phones.events(number).slice(before[index]);
            expect([number, ...inOrder(reported)]).toEqual([number, ...inOrder(simulated(number))]);
            expect(phones.simulator.state(number)).toMatchObject({ calls: [], state: 'idle' });
          }
        });
    });
});

interop('With Asterisk alone', () => {
  describe('passed', () => {
    it('sends back what a phone says, over verified TLS', async () => {
      const { readFileSync } = await import('node:fs');
      const ca = readFileSync(`${process.env['ATCOM_PBX']}/run/cert.pem`, 'utf8');
      const phones = await sipPhones('127.0.0.1:5071', ['6004'], { transport: 'tls', ca });
      try {
        await phones.until('6004', 'registered');
        await phones.press('6004', '600;DIAL');
        await phones.until('6004', 'established');
        expect((await phones.hears('6004')).sound.hertz).toBe(phones.simulator.toneOf('6004'));
      } finally {
        await phones.simulator.close();
      }
    });

    it('is not trusted over TLS without its certificate', async () => {
      const phones = await sipPhones('127.0.0.1:5071', ['6004'], { transport: 'tls' });
      try {
        expect((await phones.until('6004', 'registerFailed')).detail).toMatch(/SELF_SIGNED/);
        expect(phones.simulator.lcd('6004')).toContain('No service');
      } finally {
        await phones.simulator.close();
      }
    });

    it('plays a tone, sends digits, and reads them', async () => {
      const phones = await sipPhones('127.0.0.1:5070', ['6004']);
      const { press, until, hears, simulator } = phones;
      try {
        await press('6004', '601;DIAL');
        await until('6004', 'established');
        expect((await hears('6004')).sound.hertz).toBe(1004);
        await press('6004', 'ENDCALL');
        phones.forget();
        await press('6004', '602;DIAL');
        for (let digits = 0; digits < 4; digits += 1) await until('6004', 'toneHeard');
        expect(simulator.state('6004').heard).toBe('159#');
        await until('6004', 'terminated');
        phones.forget();
        await press('6004', '603;DIAL');
        await until('6004', 'established');
        await press('6004', '2468');
        for (let digits = 0; digits < 4; digits += 1) await until('6004', 'toneHeard');
        expect(simulator.state('6004').heard).toBe('2468');
      } finally {
        await simulator.close();
      }
    });
  });
});
