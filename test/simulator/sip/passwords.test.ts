import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type SipAccount, startSimulator } from '../../../src/simulator/index.ts';
import { readAccount } from '../../../src/simulator/sip/account.ts';
import { readHead } from '../../../src/simulator/sip/message.ts';
import { Passwords } from '../../../src/simulator/sip/passwords.ts';
import { type URI, UserAgent } from '../../../src/simulator/sip/sipjs.ts';
import { sipPhones } from './phones.ts';
import { type Raw, rawPbx } from './raw-pbx.ts';

const AGAIN = '401: wrong user or password, not sent again';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  return () => void vi.useRealTimers();
});

/** What a PBX names that always names the same realm, and one that names another each time. */
const REALMS: readonly [string, (serial: number) => string][] = [
  ['one realm', () => 'pbx'],
  ['another realm each time', (serial) => `node-${serial}`],
];

/** A PBX that asks for a password, each time with another nonce, and answers it as `taken` says. */
async function askingPbx(
  taken: (request: Raw, times: number) => string | readonly string[],
  realmOf: (serial: number) => string = () => 'pbx',
) {
  const pbx = await rawPbx();
  let serial = 0;
  let times = 0;
  const challenge = (more = '') => {
    serial += 1;
    return [
      '401 Unauthorized',
      `WWW-Authenticate: Digest realm="${realmOf(serial)}",\r\n nonce="n${serial}", qop="auth"${more}`,
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
  it.each(REALMS)('is not sent again to the PBX by another spelling: %s', async (_, realmOf) => {
    const { pbx, challenge } = await askingPbx(() => challenge(), realmOf);
    for (const host of [pbx.host, pbx.host.replace('127.0.0.1', '[::ffff:127.0.0.1]')]) {
      const phones = await phoneAt({ ...pbx, host });
      expect(await phones.until('6001', 'registerFailed')).toMatchObject({ detail: AGAIN });
    }
    expect(passwordsIn(await pbx.registrations())).toBe(1);
  });

  it.each(REALMS)(
    'is sent once in a process, also after an hour, a restart and by the next phones: %s',
    async (_, realmOf) => {
      const { pbx, challenge } = await askingPbx(() => challenge(), realmOf);
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
    },
  );

  it('is shown where the messages are', async () => {
    const { pbx, challenge } = await askingPbx(() => challenge());
    const { simulator } = await phoneAt(pbx);
    const shown = await fetch(`${simulator.phones[0]?.url}/_sim/sip`);
    expect(await shown.json()).toMatchObject({ noService: AGAIN });
  });

  it('is shown there without anything that affects a terminal', async () => {
    const hostile = '\u202e31m \u2066x\u2069 \u200f';
    const { pbx } = await askingPbx(() => `403 ${hostile}`);
    const { simulator } = await phoneAt(pbx);
    const shown = await (await fetch(`${simulator.phones[0]?.url}/_sim/sip`)).text();
    expect(shown).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(shown).toContain('\\u202e31m');
    expect(JSON.stringify(JSON.parse(shown))).toContain(hostile);
  });

  it.each(REALMS)('is sent once also to a registrar that says 403: %s', async (_, realmOf) => {
    const { pbx } = await askingPbx(() => '403 Forbidden', realmOf);
    const phones = await phoneAt(pbx);
    expect(await phones.until('6001', 'registerFailed')).toMatchObject({
      detail: '403: wrong user or password, not sent again',
    });
    await vi.advanceTimersByTimeAsync(HOUR);
    const next = await phoneAt(pbx);
    expect(await next.until('6001', 'registerFailed')).toMatchObject({ detail: AGAIN });
    expect(passwordsIn(await pbx.registrations())).toBe(1);
  });

  it('is none that the registrar has taken, and then lets nobody remove all registrations', async () => {
    const { pbx } = await askingPbx((request) => {
      if (request.header('contact') === '*') return '403 Forbidden';
      return request.header('contact') === '' ? ['200 OK', 'Contact: <sip:6001@127.0.0.1:9>'] : '200 OK';
    });
    const phones = await phoneAt(pbx);
    await phones.until('6001', 'registered');
    expect(passwordsIn(await pbx.registrations())).toBe(3);
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

describe('a password of several phones with one login', () => {
  const numbers = ['6001', '6002', '6003', '6004', '6005', '6006'];

  /** What is not answered is sent again: so it is answered once all of them have been asked for the password. */
  async function crowdedPbx(...[answer, realmOf]: Parameters<typeof askingPbx>) {
    const asked = new Set<string>();
    let times = 0;
    const { pbx, challenge } = await askingPbx((request) => {
      if (asked.size < numbers.length) return [];
      times += 1;
      return answer(request, times);
    }, realmOf);
    const { registers } = pbx;
    pbx.registers = (request) => {
      if (request.header('authorization') === '') asked.add(request.header('from'));
      const answer = registers(request);
      return answer?.length === 0 ? undefined : answer;
    };
    return { pbx, challenge };
  }

  async function phonesAt(host: string, own?: (number: string) => Partial<SipAccount>) {
    vi.useRealTimers();
    const phones = await sipPhones(host, numbers, { user: 'lab', password: 'of the lab' }, own);
    onTestFinished(() => phones.simulator.close());
    return phones;
  }

  it.each([
    ...REALMS.map(([title, realmOf]) => [title, realmOf, ''] as const),
    ['one realm of several domains', () => 'pbx', '.test'] as const,
  ])('is tried by one for all, and by none after it: %s', async (_, realmOf, ending) => {
    const { pbx, challenge } = await crowdedPbx(() => challenge(), realmOf);
    const phones = await phonesAt(pbx.host, (number) =>
      ending === '' ? {} : { uri: `sip:${number}@d${number}${ending}`, proxy: pbx.host },
    );
    for (const number of numbers)
      expect(await phones.until(number, 'registerFailed')).toMatchObject({ detail: AGAIN });
    const sent = pbx.got.filter(({ text }) => /^authorization:/im.test(text));
    expect(new Set(sent.map(({ header }) => header('call-id'))).size).toBe(1);
  });

  it('is sent by each where it is taken, also where the first had to send it twice', async () => {
    const { pbx, challenge } = await crowdedPbx((_, times) =>
      times === 1 ? challenge(', stale=true') : '200 OK',
    );
    const phones = await phonesAt(pbx.host);
    for (const number of numbers) await phones.until(number, 'registered');
  });

  it.each(REALMS)('is sent by each where it is right: %s', async (_, realmOf) => {
    const { pbx } = await askingPbx(() => '200 OK', realmOf);
    const phones = await phonesAt(pbx.host);
    for (const number of numbers) await phones.until(number, 'registered');
  });
});

it('is tried by another phone once the first is gone without an answer', async () => {
  vi.useRealTimers();
  let isSilent = true;
  const { pbx } = await askingPbx(() => '200 OK');
  const { registers } = pbx;
  pbx.registers = (request) =>
    isSilent && request.header('authorization') !== '' ? undefined : registers(request);
  const sip = [{ uri: `sip:6001@${pbx.host}`, password: 'right' }];
  const first = await startSimulator({ sip });
  await pbx.found(({ text }) => /^authorization:/im.test(text));
  await first.close();
  isSilent = false;
  const phones = await sipPhones(pbx.host, ['6001'], { password: 'right' });
  onTestFinished(() => phones.simulator.close());
  await phones.until('6001', 'registered');
});

it.each(REALMS)(
  'is sent three times to a registrar that calls every nonce stale, however often the phone starts: %s',
  async (_, realmOf) => {
    const { pbx, challenge } = await askingPbx(() => challenge(', stale=true'), realmOf);
    const phones = await phoneAt(pbx);
    expect(await phones.until('6001', 'registerFailed')).toMatchObject({ detail: AGAIN });
    await vi.advanceTimersByTimeAsync(HOUR);
    await phones.press('6001', 'REBOOT');
    await phones.until('6001', 'registerFailed');
    expect(passwordsIn(await pbx.registrations())).toBe(3);
  },
);

describe('a password that the PBX has taken in one realm', () => {
  it('goes on in it, and is tried in others until one of them refuses it', async () => {
    let realm = 'first';
    const { pbx, challenge } = await askingPbx(
      () => (realm === 'refusing' ? challenge() : '200 OK'),
      () => realm,
    );
    const registerAt = async (name: string) => {
      realm = name;
      const before = passwordsIn(pbx.got);
      const { simulator, all } = await phoneAt(pbx);
      await simulator.close();
      return [all[0]?.kind, passwordsIn(pbx.got) - before];
    };
    // Asked what it holds, registered and unregistered.
    expect(await registerAt('first')).toEqual(['registered', 3]);
    expect(await registerAt('second')).toEqual(['registered', 3]);
    expect(await registerAt('refusing')).toEqual(['registerFailed', 1]);
    expect(await registerAt('refusing')).toEqual(['registerFailed', 0]);
    expect(await registerAt('third')).toEqual(['registerFailed', 0]);
    expect(await registerAt('first')).toEqual(['registered', 3]);
  });

  it('is sent once more where it is wrong since then, whatever realms are named', async () => {
    let isRight = true;
    const { pbx, challenge } = await askingPbx(
      () => (isRight ? '200 OK' : challenge()),
      (serial) => `node-${serial}`,
    );
    const first = await phoneAt(pbx);
    await first.until('6001', 'registered');
    await first.simulator.close();
    isRight = false;
    const before = passwordsIn(pbx.got);
    for (let times = 0; times < 3; times += 1) {
      const { simulator, until } = await phoneAt(pbx);
      expect(await until('6001', 'registerFailed')).toMatchObject({ detail: AGAIN });
      await simulator.close();
    }
    expect(passwordsIn(pbx.got) - before).toBe(1);
  });

  it('is renewed where the registrar names another realm each time', async () => {
    const { pbx } = await askingPbx(
      () => '200 OK',
      (serial) => `node-${serial}`,
    );
    const phones = await phoneAt(pbx);
    await phones.until('6001', 'registered');
    await vi.advanceTimersByTimeAsync(30_000);
    await vi.waitFor(async () => expect(passwordsIn(await pbx.registrations())).toBe(3));
    expect(phones.simulator.state('6001').noService).toBeNull();
  });
});

it.each([
  ['pbx.test', 'pbx.test:5061', false],
  ['pbx.test:5061', 'pbx.test', false],
  ['pbx.test', 'pbx.test:5062', true],
])('once refused at %s, is sent to %s: %s', (one, other, isSent) => {
  const password = `of ${one}, ${other}`;
  const at = (place: string) => {
    const identity = readAccount({ uri: `sip:6001@${place}`, password });
    return new Passwords({ ...identity.next, host: '10.0.0.1' }, identity, '6001', password);
  };
  const register = { method: 'REGISTER', ruri: UserAgent.makeURI('sip:pbx.test') as URI };
  const refused = at(one);
  expect(refused.maySend(register, 'pbx')).toBe(true);
  const head = { ...readHead(''), method: 'REGISTER', branch: 'a' };
  refused.sent(head, 'REGISTER sip:pbx.test SIP/2.0\r\nAuthorization: Digest realm="pbx"\r\n\r\n');
  refused.received({ ...head, status: 403 }, 'SIP/2.0 403 Forbidden\r\n\r\n');
  refused.close();
  const next = at(other);
  // It names another realm, so the domain counts.
  expect(next.maySend(register, 'other')).toBe(isSent);
  expect(next.maySend(register, 'pbx')).toBe(isSent);
  next.close();
});

it('is another one in another domain of the same PBX', async () => {
  const { pbx, challenge } = await askingPbx(({ line }) => (/one\.test/.test(line) ? challenge() : '200 OK'));
  const { registers } = pbx;
  pbx.registers = (request) => {
    const answer = registers(request);
    const [, domain = ''] = /sip:(\S+)/.exec(request.line) ?? [];
    return Array.isArray(answer)
      ? answer.map((line) => line.replace('realm="pbx"', `realm="${domain}"`))
      : answer;
  };
  const kindAt = async (domain: string) => {
    const { simulator, all } = await sipPhones(domain, ['6001'], { proxy: pbx.host });
    await simulator.close();
    return all[0]?.kind;
  };
  expect(await kindAt('one.test')).toBe('registerFailed');
  expect(await kindAt('two.test')).toBe('registered');
});

describe('a password that only calls ask for', () => {
  async function caller(realmOf?: (serial: number) => string) {
    const { pbx, challenge } = await askingPbx(() => '200 OK', realmOf);
    const { registers } = pbx;
    pbx.registers = () => '200 OK';
    const phones = await phoneAt(pbx);
    await phones.until('6001', 'registered');
    /** Calls; the PBX gives this answer to the password, if it gets it. */
    const call = async (answer?: string) => {
      await phones.press('6001', '6002;DIAL');
      const [, header = ''] = challenge();
      const headers = [header.replace('WWW', 'Proxy')];
      pbx.answer(await pbx.next(/^INVITE/), '407 Proxy Authentication Required', { headers });
      await pbx.next(/^ACK/);
      if (answer !== undefined) {
        const body = answer.startsWith('200') ? pbx.sdp(9) : '';
        pbx.answer(await pbx.next(/^INVITE/), answer, { body });
        await pbx.next(/^ACK/);
      }
      if (answer?.startsWith('200')) {
        await phones.until('6001', 'established');
        await phones.press('6001', 'ENDCALL');
        pbx.answer(await pbx.next(/^BYE/), '200 OK');
      }
      await phones.until('6001', 'busyToIdle');
    };
    const sent = async () => {
      await pbx.registrations();
      return passwordsIn(pbx.got.filter(({ line }) => line.startsWith('INVITE')));
    };
    /** The registrar asks for it, too, when the phone renews its registration. */
    const renew = async () => {
      pbx.registers = registers;
      await vi.advanceTimersByTimeAsync(30_000);
      await vi.waitFor(async () => expect(passwordsIn(await pbx.registrations())).toBe(1));
      return phones.simulator.state('6001').noService;
    };
    return { call, sent, renew };
  }

  it.each(REALMS)(
    'is sent once to a PBX that refuses it, and still for the registration: %s',
    async (_, realmOf) => {
      const { call, sent, renew } = await caller(realmOf);
      await call('407 Proxy Authentication Required');
      await call();
      expect(await sent()).toBe(1);
      expect(await renew()).toBeNull();
    },
  );

  it.each(REALMS)('is sent twice to a PBX that forbids them: %s', async (_, realmOf) => {
    const { call, sent } = await caller(realmOf);
    await call('403 Forbidden');
    await call('403 Forbidden');
    await call();
    await call();
    expect(await sent()).toBe(2);
  });

  it.each(['200 OK', '486 Busy Here', '404 Not Found'])(
    'goes on where it was taken, because then a number is forbidden: %s',
    async (answer) => {
      const { call, sent } = await caller();
      await call(answer);
      for (let times = 0; times < 3; times += 1) await call('403 Forbidden');
      expect(await sent()).toBe(4);
    },
  );
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

  it.each([
    ['a caller', 0, 'pbx', 'evil', ''],
    ['the PBX itself', 1, 'pbx', 'pbx', ''],
    ['a caller where the registrar asks for none', 0, undefined, 'evil', ''],
    ['a caller through the PBX', 0, 'pbx', 'pbx', '127.0.0.9'],
    ['a caller through the PBX, on its computer,', 0, 'pbx', 'pbx', '127.0.0.1:9'],
  ])('is for the PBX: %s gets it %i times', async (_, times, own, realm, peer) => {
    const { pbx } = await askingPbx(() => '200 OK');
    if (own === undefined) pbx.registers = () => '200 OK';
    const phones = await phoneAt(pbx);
    await phones.until('6001', 'registered');
    const through = [`Record-Route: <sip:${pbx.host};lr>`, `Contact: <sip:9@${peer}>`];
    const id = pbx.ask('INVITE', {
      body: pbx.sdp(9),
      ...(peer === '' ? {} : { contact: false, headers: through }),
    });
    await phones.until('6001', 'incomingCall');
    await phones.press('6001', 'ANSWER');
    pbx.ask('ACK', { id, to: (await pbx.next(/^SIP\/2\.0 200/)).header('to') });
    await phones.until('6001', 'established');
    await phones.press('6001', 'ENDCALL');
    pbx.answer(await pbx.next(/^BYE/), '401 Unauthorized', {
      headers: [`WWW-Authenticate: Digest realm="${realm}", nonce="chosen"`],
    });
    await pbx.registrations();
    const ends = pbx.got.filter(({ line }) => line.startsWith('BYE'));
    expect(passwordsIn(ends)).toBe(times);
    // The PBX may not pass that one on, whoever has said that it is the PBX.
    expect(ends.map(({ header }) => header('max-forwards'))).toEqual(['70', '0'].slice(0, 1 + times));
  });

  it.each([
    ['sip:9@10.0.0.1', '10.0.0.1:5060', true],
    ['sip:9@10.0.0.1:5060;transport=tcp', '10.0.0.1:5060', true],
    ['sip:PBX.test', 'pbx.test', true],
    ['sip:9@10.0.0.1', 'pbx.test', true],
    ['sip:9@10.0.0.1;transport=TLS', '10.0.0.1:5061', true],
    ['sips:9@10.0.0.1', '10.0.0.1:5061', true],
    ['sip:[::0:1]:5070', '[::1]:5070', true],
    ['sip:9@10.0.0.1', '10.0.0.1:5070', false],
    ['sip:9@10.0.0.1:5061', '10.0.0.1:5060', false],
    ['sip:9@other.test', 'pbx.test', false],
    ['sip:10.0.0.1?x@10.0.0.9', '10.0.0.1:5060', false],
  ])('is given within a call to %s, where the PBX is %s: %s', (target, place, isGiven) => {
    const identity = readAccount({ uri: `sip:6001@${place}`, password: 'secret' });
    const { next } = identity;
    const found = next.host === 'pbx.test' ? { ...next, host: '10.0.0.1' } : next;
    const passwords = new Passwords(found, identity, '6001', 'secret');
    const ruri = UserAgent.makeURI(target) as URI;
    passwords.maySend({ method: 'REGISTER', ruri }, 'pbx');
    expect(passwords.maySend({ method: 'BYE', ruri, toTag: 't' }, 'pbx')).toBe(isGiven);
    passwords.close();
  });

  it.each([
    ['another realm', 2, ['evil']],
    ['its realm', 1, ['pbx']],
    ['its realm among others', 1, ['evil', 'pbx']],
  ])(
    'is refused in %s by whom the phone calls: they are called with it %i times, and others are, too',
    async (_, times, realms) => {
      const { pbx, challenge } = await askingPbx(() => '200 OK');
      const phones = await phoneAt(pbx);
      await phones.until('6001', 'registered');
      const dial = async (number: string) => {
        await phones.press('6001', `${number};DIAL`);
        const invite = await pbx.next(/^INVITE/);
        const [status = '', header = ''] = challenge();
        pbx.answer(invite, status, { headers: [header] });
        await pbx.next(/^ACK/);
      };
      const refuse = async () => {
        const headers = realms.map((realm) => `WWW-Authenticate: Digest realm="${realm}", nonce="theirs"`);
        pbx.answer(await pbx.next(/^INVITE/), '401 Unauthorized', { headers });
        await pbx.next(/^ACK/);
        await phones.until('6001', 'busyToIdle');
      };
      await dial('6002');
      await refuse();
      await dial('6002');
      if (times > 1) await refuse();
      else await phones.until('6001', 'busyToIdle');
      await dial('6003');
      await refuse();
      await pbx.registrations();
      const numbers = pbx.got
        .filter(({ line, header }) => line.startsWith('INVITE') && header('authorization') !== '')
        .map(({ line }) => /sip:(\d+)/.exec(line)?.[1]);
      expect(numbers).toEqual([...Array(times).fill('6002'), '6003']);
    },
  );

  it('is not for whom the phone calls', async () => {
    const { pbx } = await askingPbx(() => '200 OK');
    const phones = await phoneAt(pbx);
    await phones.until('6001', 'registered');
    await phones.press('6001', '6002;DIAL');
    const headers = ['WWW-Authenticate: Digest realm="evil", nonce="chosen"'];
    pbx.answer(await pbx.next(/^INVITE/), '401 Unauthorized', { headers });
    await pbx.next(/^ACK/);
    await phones.until('6001', 'busyToIdle');
    await pbx.registrations();
    expect(passwordsIn(pbx.got.filter(({ line }) => line.startsWith('INVITE')))).toBe(0);
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
