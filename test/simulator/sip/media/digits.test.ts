import { expect, it } from 'vitest';
import { DigitSender } from '../../../../src/simulator/sip/media/digits.ts';

/** The digits that go out, packet by packet, and how many packets each takes. */
function sentBy(sender: DigitSender): { readonly digits: number; readonly packets: number } {
  let digits = 0;
  let packets = 0;
  for (let packet = sender.next(0); packet !== undefined; packet = sender.next(packets * 160)) {
    packets += 1;
    if (packet !== 'pause' && packet.first) digits += 1;
  }
  return { digits, packets };
}

it('sends each digit in packets of 20 ms, its end three times, and nothing for other characters', () => {
  const sender = new DigitSender();
  sender.add('1x#');
  expect(sentBy(sender)).toEqual({ digits: 2, packets: 2 * 12 });
});

it('keeps at most 256 digits waiting', () => {
  const sender = new DigitSender();
  sender.add('7'.repeat(10_000));
  sender.add('8');
  expect(sentBy(sender).digits).toBe(256);
});
