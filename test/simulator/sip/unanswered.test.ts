import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, it, onTestFinished, vi } from 'vitest';
import { CODECS } from '../../../src/simulator/sip/media/g711.ts';
import { sipPhones } from './phones.ts';
import { type Raw, rawPbx } from './raw-pbx.ts';

/** 64 times T1, RFC 3261, 17.1.1.2. */
const GIVE_UP = 32_000;

/** A phone whose time is moved by the test, once it is registered. */
async function phone() {
  const pbx = await rawPbx();
  const phones = await sipPhones(pbx.host, ['6001']);
  onTestFinished(() => phones.simulator.close());
  await phones.until('6001', 'registered');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  return { pbx, ...phones };
}

it('gives a call up that nobody answers, not even that it was heard, after 32 s', async () => {
  const { pbx, press, until, events, simulator } = await phone();
  await press('6001', '6002;DIAL');
  await pbx.next(/^INVITE/);
  await vi.advanceTimersByTimeAsync(GIVE_UP - 200);
  expect(simulator.state('6001').state).toBe('calling');
  await vi.advanceTimersByTimeAsync(400);
  await until('6001', 'callRemoteCanceled');
  expect(events('6001').at(-1)).toBe('busyToIdle');
  expect(simulator.audio('6001')).toEqual([]);
});

it('keeps a call that was given up 32 s at most where the PBX does not say that it is over', async () => {
  const { pbx, press, simulator } = await phone();
  await press('6001', '6002;DIAL');
  const invite = await pbx.next(/^INVITE/);
  pbx.answer(invite, '180 Ringing');
  await expect.poll(() => simulator.wire('6001').at(-1)?.line).toContain('180');
  await press('6001', 'ENDCALL');
  pbx.answer(await pbx.next(/^CANCEL/), '200 OK');
  expect(simulator.state('6001').state).toBe('idle');
  await vi.advanceTimersByTimeAsync(GIVE_UP - 200);
  expect(simulator.audio('6001')).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(400);
  expect(simulator.audio('6001')).toEqual([]);
  // Who answers it all the same is not left alone in it.
  pbx.answer(invite, '200 OK', { body: pbx.sdp(9) });
  await pbx.next(/^ACK/);
  await pbx.next(/^BYE/);
});

it('hears what comes before the answer', async () => {
  const pbx = await rawPbx();
  const phones = await sipPhones(pbx.host, ['6001']);
  onTestFinished(() => phones.simulator.close());
  const rtp = createSocket('udp4').bind(0, '127.0.0.1');
  await once(rtp, 'listening');
  onTestFinished(() => void rtp.close());
  await phones.press('6001', '6002;DIAL');
  const invite: Raw = await pbx.next(/^INVITE/);
  pbx.answer(invite, '183 Session Progress', { body: pbx.sdp(rtp.address().port) });
  const [, port] = /m=audio (\d+)/.exec(invite.text) ?? [];
  const [codec] = CODECS.filter(({ payload }) => payload === 8);
  let sequence = 0;
  const sender = setInterval(() => {
    const packet = Buffer.alloc(172);
    packet[0] = 0x80;
    packet[1] = 8;
    packet.writeUInt16BE(sequence, 2);
    packet.writeUInt32BE(sequence * 160, 4);
    for (let at = 0; at < 160; at += 1) {
      const sample = Math.round(8000 * Math.sin((2 * Math.PI * 1004 * (sequence * 160 + at)) / 8000));
      packet[12 + at] = codec?.encode[sample + 32_768] ?? 0;
    }
    sequence += 1;
    rtp.send(packet, Number(port), '127.0.0.1');
  }, 20);
  onTestFinished(() => clearInterval(sender));
  const heard = () => phones.simulator.audio('6001').map(({ sound }) => sound.hertz);
  await expect.poll(heard, { timeout: 5000 }).toEqual([1004]);
  expect(phones.simulator.state('6001').state).toBe('calling');
  pbx.answer(invite, '200 OK', { body: pbx.sdp(rtp.address().port) });
  await phones.until('6001', 'established');
  await expect.poll(heard, { timeout: 5000 }).toEqual([1004]);
});

it('bears a call that is hung up before its answer was acknowledged', async () => {
  const { pbx, until, press, simulator } = await phone();
  const id = pbx.ask('INVITE', { body: pbx.sdp(9) });
  await until('6001', 'incomingCall');
  await press('6001', 'ANSWER');
  const ok = await pbx.found(({ line, header }) => / 200 /.test(line) && header('call-id') === id);
  pbx.ask('BYE', { id, to: ok.header('to'), sequence: 2 });
  await until('6001', 'busyToIdle');
  // Timer L, RFC 6026, 8.7
  await vi.advanceTimersByTimeAsync(GIVE_UP + 200);
  expect(simulator.state('6001').state).toBe('idle');
  const after = pbx.ask('OPTIONS');
  await pbx.found(({ header }) => header('call-id') === after);
  expect(pbx.got.filter(({ line }) => line.startsWith('BYE'))).toEqual([]);
});
