import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { sipPhones } from './phones.ts';
import { type Raw, rawPbx } from './raw-pbx.ts';

const AGAIN = '401: wrong user or password, not sent again';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  return () => void vi.useRealTimers();
});

/** A PBX that asks for a password, each time with another nonce, and answers it as `taken` says. */
async function askingPbx(taken: (request: Raw, times: number) => string | readonly string[]) {
  const pbx = await rawPbx();
  let serial = 0;
  let times = 0;
  const challenge = (more = '') => {
    serial += 1;
    return [
      '401 Unauthorized',
      `WWW-Authenticate: Digest realm="pbx",\r\n nonce="n${serial}", qop="auth"${more}`,
    ];
  };
  pbx.registers = (request) => {
    if (request.header('authorization') === '') return challenge();
    times += 1;
    return taken(request, times);
  };
  return { pbx, challenge };
}

async function phoneAt({ host }: Awaited<ReturnType<typeof rawPbx>>) {
  const phones = await sipPhones(host, ['6001']);
  onTestFinished(() => phones.simulator.close());
  return phones;
}

const passwordsIn = (messages: readonly Raw[]) =>
  messages.filter(({ text }) => /^(?:proxy-)?authorization:/im.test(text)).length;

const HOUR = 3_600_000;

describe('a password that the registrar refuses', () => {
  it('is sent once in a process, also after an hour, after a restart and by the next phones', async () => {
    const { pbx, challenge } = await askingPbx(() => challenge());
    const phones = await phoneAt(pbx);
    expect(await phones.until('6001', 'registerFailed')).toMatchObject({ detail: AGAIN });
    await vi.advanceTimersByTimeAsync(HOUR);
    const asked = await pbx.registrations();
    expect(asked).toHaveLength(2);
    expect(passwordsIn(asked)).toBe(1);
    await phones.press('6001', 'REBOOT');
    expect(await phones.until('6001', 'registerFailed')).toMatchObject({ detail: AGAIN });
    const next = await phoneAt(pbx);
    expect(await next.until('6001', 'registerFailed')).toMatchObject({ detail: AGAIN });
    await vi.advanceTimersByTimeAsync(HOUR);
    expect(passwordsIn(await pbx.registrations())).toBe(1);
  });

  it('is shown where the messages are', async () => {
    const { pbx, challenge } = await askingPbx(() => challenge());
    const { simulator } = await phoneAt(pbx);
    const shown = await fetch(`${simulator.phones[0]?.url}/_sim/sip`);
    expect(await shown.json()).toMatchObject({ noService: AGAIN });
  });

  it('is sent twice where 403 may only mean that nobody removes all registrations', async () => {
    const { pbx } = await askingPbx(() => '403 Forbidden');
    const phones = await phoneAt(pbx);
    expect(await phones.until('6001', 'registerFailed')).toMatchObject({
      detail: '403: wrong user or password, not sent again',
    });
    await vi.advanceTimersByTimeAsync(HOUR);
    expect(passwordsIn(await pbx.registrations())).toBe(2);
  });

  it('is sent for no call', async () => {
    const { pbx, challenge } = await askingPbx(() => challenge());
    const phones = await phoneAt(pbx);
    await phones.press('6001', '6002;DIAL');
    const [status = '', header = ''] = challenge();
    pbx.answer(await pbx.next(/^INVITE/), status, { headers: [header] });
    await pbx.next(/^ACK/);
    expect(passwordsIn(await pbx.registrations())).toBe(1);
    expect(pbx.got.filter(({ line }) => line.startsWith('INVITE'))).toHaveLength(1);
  });

  it('is another one where the nonce was stale, which is no refusal', async () => {
    const { pbx, challenge } = await askingPbx((_, times) =>
      times % 2 === 1 ? challenge(', stale=TRUE') : '200 OK',
    );
    const phones = await phoneAt(pbx);
    await phones.until('6001', 'registered');
    expect(passwordsIn(await pbx.registrations())).toBe(4);
  });
});

describe('a password that is asked for', () => {
  it('is sent anew with each registration, after its own challenge', async () => {
    const { pbx } = await askingPbx(() => '200 OK');
    const phones = await phoneAt(pbx);
    await phones.until('6001', 'registered');
    await vi.advanceTimersByTimeAsync(30_000);
    const nonces = (await pbx.registrations()).map(
      ({ text }) => /^authorization:.*, nonce="(.*?)"/im.exec(text)?.[1],
    );
    await vi.waitFor(async () => expect((await pbx.registrations()).length).toBe(6));
    expect(nonces.slice(0, 4)).toEqual([undefined, 'n1', undefined, 'n2']);
  });

  it.each(['Basic realm="pbx"', 'Digest realm="pbx"', 'Digest realm="pbx", nonce="", qop="auth"'])(
    'is not sent for %s',
    async (challenge) => {
      const pbx = await rawPbx();
      pbx.registers = () => ['401 Unauthorized', `WWW-Authenticate: ${challenge}`];
      const phones = await phoneAt(pbx);
      await phones.until('6001', 'registerFailed');
      expect(passwordsIn(await pbx.registrations())).toBe(0);
    },
  );

  it('is refused once for calls, and still sent for the registration that takes it', async () => {
    const { pbx, challenge } = await askingPbx(() => '200 OK');
    const phones = await phoneAt(pbx);
    await phones.until('6001', 'registered');
    const ask = async () => {
      const [, header = ''] = challenge();
      const headers = [header.replace('WWW', 'Proxy')];
      pbx.answer(await pbx.next(/^INVITE/), '407 Proxy Authentication Required', { headers });
      await pbx.next(/^ACK/);
    };
    await phones.press('6001', '6002;DIAL');
    await ask();
    await ask();
    await phones.until('6001', 'busyToIdle');
    await phones.press('6001', '6002;DIAL');
    await ask();
    await phones.until('6001', 'busyToIdle');
    await vi.advanceTimersByTimeAsync(30_000);
    await vi.waitFor(async () => expect(passwordsIn(await pbx.registrations())).toBe(3));
    expect(passwordsIn(pbx.got.filter(({ line }) => line.startsWith('INVITE')))).toBe(1);
    expect(phones.simulator.state('6001').noService).toBeNull();
  });
});
