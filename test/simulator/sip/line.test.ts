import { describe, expect, it, onTestFinished } from 'vitest';
import { leaveTone, takeTone } from '../../../src/simulator/sip/tones.ts';
import { sipRegistrar } from '../../support/sip-registrar.ts';
import { sipPhones } from './phones.ts';

async function phonesAt(host: string, count = 2, ...rest: [Parameters<typeof sipPhones>[2]?]) {
  const numbers = ['6001', '6002', '6003'].slice(0, count);
  const phones = await sipPhones(host, numbers, ...rest);
  onTestFinished(() => phones.simulator.close());
  return phones;
}

describe('a phone at a PBX', () => {
  it('has a tone of its own, whoever started the others, while there are any', async () => {
    const { host } = await sipRegistrar();
    const one = await sipPhones(host, ['6001']);
    onTestFinished(() => one.simulator.close());
    const own = one.simulator.toneOf('6001');
    // The same tone would be the first choice for both.
    const other = await sipPhones(host, ['6090']);
    expect(other.simulator.toneOf('6090')).toBe((own ?? 0) + 28);
    await other.simulator.close();
    const rest = Array.from({ length: 88 }, () => takeTone('6001'));
    onTestFinished(() => rest.forEach(leaveTone));
    const late = await sipPhones(host, ['6003']);
    onTestFinished(() => late.simulator.close());
    expect(late.simulator.toneOf('6003')).toBeUndefined();
  });

  it('registers, calls, hears the other, sends digits, and hangs up', async () => {
    const { host } = await sipRegistrar();
    const { simulator, call, press, until, hears, events } = await phonesAt(host);
    await until('6001', 'registered');
    await call('6001', '6002');
    expect((await hears('6001')).sound).toMatchObject({ hertz: simulator.toneOf('6002'), silence: false });
    expect((await hears('6002')).sound).toMatchObject({ hertz: simulator.toneOf('6001'), silence: false });
    await press('6001', '1;POUND');
    await until('6002', 'toneHeard');
    await until('6002', 'toneHeard');
    expect(simulator.state('6002').heard).toBe('1#');
    await press('6001', 'ENDCALL');
    await until('6002', 'busyToIdle');
    expect(events('6001')).toEqual([
      'offHook',
      'idleToBusy',
      'outgoingCall 6002',
      'established 6002',
      'terminated 6002',
      'onHook',
      'busyToIdle',
    ]);
    expect(events('6002')).toEqual([
      'idleToBusy',
      'incomingCall 6001',
      'offHook',
      'answerNewIncomingCall 6001',
      'established 6001',
      'terminated 6001',
      'onHook',
      'busyToIdle',
    ]);
  });

  it('holds and resumes, which the other side sees', async () => {
    const { host } = await sipRegistrar();
    const { simulator, call, press, until } = await phonesAt(host);
    await call('6001', '6002');
    await press('6001', 'HOLD');
    await until('6001', 'hold');
    expect(simulator.state('6002').calls[0]).toMatchObject({ heldByRemote: true });
    await press('6001', 'RESUME');
    await until('6001', 'unHold');
    expect(simulator.state('6002').calls[0]).toMatchObject({ heldByRemote: false });
  });

  it('is rejected, gives up, and calls an unknown number', async () => {
    const { host } = await sipRegistrar();
    const { press, until, simulator } = await phonesAt(host);
    await press('6001', '6002;DIAL');
    await until('6002', 'incomingCall');
    await press('6002', 'REJECT');
    await until('6001', 'remoteBusy');
    await press('6001', '6002;DIAL');
    await until('6002', 'incomingCall');
    await press('6001', 'ENDCALL');
    await until('6002', 'missedCall');
    await press('6001', '6999;DIAL');
    await until('6001', 'remoteBusy');
    expect(simulator.lcd('6001')).toContain('Not Found 6999');
  });

  it.each(['MD5', 'SHA-256'] as const)('proves who it is with %s', async (algorithm) => {
    const { host } = await sipRegistrar({ password: 'secret-6001', algorithm });
    const { until, simulator } = await phonesAt(host, 1);
    await until('6001', 'registered');
    expect(JSON.stringify(simulator.wire('6001'))).not.toContain('secret');
  });

  it('says that its password is wrong, on the display too', async () => {
    const { host } = await sipRegistrar({ password: 'other' });
    const { until, simulator } = await phonesAt(host, 1);
    const detail = '401: wrong user or password, not sent again';
    expect(await until('6001', 'registerFailed')).toMatchObject({ detail });
    expect(simulator.lcd('6001')).toContain('No service');
    expect(simulator.state('6001').noService).toBe(detail);
  });

  it('hands a call over to a number', async () => {
    const { host } = await sipRegistrar();
    const { call, press, until, events, hears, simulator } = await phonesAt(host, 3);
    await call('6001', '6002');
    await press('6001', 'TRANSFER;6003;BLIND');
    await until('6003', 'incomingCall');
    await press('6003', 'ANSWER');
    await until('6001', 'transferFinished');
    await until('6001', 'busyToIdle');
    expect((await hears('6003')).sound.hertz).toBe(simulator.toneOf('6002'));
    await press('6002', 'ENDCALL');
    await until('6003', 'busyToIdle');
    expect(events('6002').slice(-6)).toEqual([
      'outgoingCall 6003',
      'established 6003',
      'terminated 6001',
      'terminated 6003',
      'onHook',
      'busyToIdle',
    ]);
  });

  it('hands a call over to another call, and all three report it', async () => {
    const { host } = await sipRegistrar();
    const { call, press, until, events, hears, simulator } = await phonesAt(host, 3);
    await call('6001', '6002');
    await press('6001', 'TRANSFER;6003;SEND');
    await until('6003', 'incomingCall');
    await press('6003', 'ANSWER');
    await Promise.all([until('6001', 'established'), until('6003', 'established')]);
    await press('6001', 'TRANSFER');
    await until('6001', 'busyToIdle');
    await until('6003', 'established');
    await expect.poll(async () => (await hears('6003')).sound.hertz).toBe(simulator.toneOf('6002'));
    expect((await hears('6002')).sound.hertz).toBe(simulator.toneOf('6003'));
    expect(events('6001').slice(-7).sort()).toEqual([
      'attendedTransfer 6002',
      'busyToIdle',
      'onHook',
      'terminated 6002',
      'terminated 6003',
      'transferCall 6002',
      'transferFinished 6002',
    ]);
    expect(events('6002').slice(-3)).toEqual(['outgoingCall 6003', 'established 6003', 'terminated 6001']);
    expect(events('6003').slice(-2)).toEqual(['terminated 6001', 'established 6002']);
  });

  it('calls off who still rings before it hands a call over there, also in one request', async () => {
    const { host, seen } = await sipRegistrar();
    const { call, press, until, events, hears, simulator } = await phonesAt(host, 3);
    const at = (pattern: RegExp) => seen.findIndex((line) => pattern.test(line));
    await call('6001', '6002');
    await press('6001', 'TRANSFER;6003;SEND');
    await until('6003', 'incomingCall');
    await press('6001', 'TRANSFER');
    await until('6003', 'missedCall');
    await until('6003', 'incomingCall');
    expect(at(/^SIP\/2\.0 487/)).toBeGreaterThan(at(/^CANCEL/));
    expect(at(/^REFER/)).toBeGreaterThan(at(/^SIP\/2\.0 487/));
    await press('6003', 'ANSWER');
    await until('6001', 'busyToIdle');
    expect(events('6001').slice(3)).toEqual([
      'established 6002',
      'outgoingCall 6003',
      'hold 6002',
      'cancelCallOut 6003',
      'transferCall 6002',
      'attendedTransfer 6002',
      'transferFinished 6002',
      'terminated 6002',
      'onHook',
      'busyToIdle',
    ]);
    expect((await hears('6003')).sound.hertz).toBe(simulator.toneOf('6002'));
    await press('6002', 'ENDCALL');
    await until('6003', 'busyToIdle');
    // As the document's own example sends it.
    await call('6001', '6002');
    await press('6001', 'TRANSFER;6003;SEND;TRANSFER');
    await until('6003', 'incomingCall');
    await press('6003', 'ANSWER');
    await until('6001', 'transferFinished');
    expect((await hears('6003')).sound.hertz).toBe(simulator.toneOf('6002'));
  });

  it('confers: each of three hears the two others', async () => {
    const { host } = await sipRegistrar();
    const { call, press, until, simulator } = await phonesAt(host, 3);
    const tones = (number: string) =>
      simulator.audio(number).flatMap(({ sound }) => sound.tones.map(({ hertz }) => hertz));
    const hears = (number: string, ...others: readonly string[]) =>
      expect
        .poll(() => tones(number).sort((one, other) => one - other), { timeout: 5000 })
        .toEqual(others.map((other) => simulator.toneOf(other)));
    await call('6001', '6002');
    await press('6001', 'CONFERENCE;6003;SEND');
    await until('6003', 'incomingCall');
    await press('6003', 'ANSWER');
    await until('6003', 'established');
    await press('6001', 'CONFERENCE');
    await until('6001', 'unHold');
    await hears('6002', '6001', '6003');
    await hears('6003', '6001', '6002');
    await hears('6001', '6002', '6003');
    // Who is muted is heard no more; the others still hear each other.
    await press('6001', 'MUTE');
    await hears('6002', '6003');
    await hears('6003', '6002');
    await press('6001', 'MUTE;SPLIT');
    await hears('6003', '6001');
    await press('6001', 'ENDCALL');
    await press('6001', 'ENDCALL');
    await Promise.all([until('6002', 'busyToIdle'), until('6003', 'busyToIdle')]);
    expect(simulator.state('6001')).toMatchObject({ calls: [], state: 'idle' });
  });
});
