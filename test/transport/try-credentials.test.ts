import { describe, expect, it } from 'vitest';
import { Phone } from '../../src/phone/index.ts';
import { type ApprovalSettings, interpretReply } from '../../src/protocol/reply.ts';
import type { PhoneSettings } from '../../src/protocol/settings.ts';
import { PAGES, type PageName } from '../../src/setup/pages.ts';
import { newSession } from '../../src/setup/session.ts';
import { basic } from '../../src/transport/authorization.ts';
import type { Exchange } from '../../src/transport/exchange.ts';
import { tryCredentials } from '../../src/transport/try-credentials.ts';
import { rawServer } from '../support/raw-server.ts';

const WRONG = { user: 'admin', password: 'wrong' };
const RIGHT = { user: 'admin', password: 'right' };
const DIGEST = 'Digest realm="phone", nonce="abc", qop="auth", algorithm=MD5';

/** A phone that takes one password, by basic, or loses the connection; and whoever has an object of their own for it. */
async function guarded({
  challenge = 'Basic realm="phone"',
  loses = (): boolean => false,
  unclear = (_request: string): string => '',
  refusal = '',
} = {}) {
  const refused = refusal || `HTTP/1.0 401 Unauthorized\nWWW-Authenticate: ${challenge}\n\n`;
  const given: string[] = [];
  const server = await rawServer((socket, request) => {
    const authorization = /^authorization: (.*)\r$/im.exec(request)?.[1];
    if (authorization !== undefined) given.push(authorization);
    const answer = authorization === undefined ? '' : unclear(request);
    if (authorization !== undefined && loses()) socket.destroy();
    else if (answer !== '') socket.end(answer);
    else if (authorization === basic(RIGHT)) socket.end('HTTP/1.0 200 OK\n\n');
    else socket.end(refused);
  });
  const press = async (settings: Partial<PhoneSettings>) => {
    const phone = new Phone({ host: server.host, auth: 'basic', ...settings });
    return (await phone.press(['HOLD'])).outcome;
  };
  return { given, press, port: server.port, host: server.host };
}

describe('a wrong password', () => {
  it.each(['basic', 'digest'] as const)('is sent once by a process, whoever sends it: %s', async (auth) => {
    const { press, given } = await guarded(auth === 'digest' ? { challenge: DIGEST } : {});
    for (let times = 0; times < 3; times += 1) expect(await press({ ...WRONG, auth })).toBe('unauthorized');
    expect(given).toHaveLength(1);
  });

  it('is sent once to a phone that answers with a login page', async () => {
    const { press, given } = await guarded({
      refusal: 'HTTP/1.0 200 OK\n\n<form><input type="password"></form>',
    });
    for (let times = 0; times < 3; times += 1) expect(await press(WRONG)).toBe('unauthorized');
    expect(given).toHaveLength(1);
  });

  it.each([302, 407, 423, 429])('is sent once to a phone that answers %i', async (status) => {
    const { press, given } = await guarded({ refusal: `HTTP/1.0 ${status} X\nLocation: /login\n\n` });
    for (let times = 0; times < 3; times += 1) expect(await press(WRONG)).toBe('refused');
    expect(given).toHaveLength(1);
  });

  it('is sent again where 403 may mean that the phone asks for permission', async () => {
    const { press, given } = await guarded({ refusal: 'HTTP/1.0 403 Forbidden\n\n' });
    expect(await press(WRONG)).toBe('approval');
    expect(await press(WRONG)).toBe('approval');
    expect(given).toHaveLength(2);
  });

  it.each<[refusal: string, approval: ApprovalSettings]>([
    [`HTTP/1.0 401 Unauthorized\nWWW-Authenticate: ${DIGEST}\n\n`, { status: [401] }],
    ['HTTP/1.0 401 Unauthorized\n\nNot Allowed', { body: 'Allow' }],
    ['HTTP/1.0 200 OK\n\nNot Allowed: <input type="password">', { body: 'Allow' }],
  ])('is sent once where its refusal looks like a question: %j with %j', async (refusal, approval) => {
    const { press, given } = await guarded({ challenge: DIGEST, refusal });
    for (let times = 0; times < 3; times += 1) await press({ ...WRONG, approval });
    expect(given).toHaveLength(1);
  });

  it.each(['basic', 'digest'] as const)('is sent once where many send it at one moment: %s', async (auth) => {
    const { press, given } = await guarded(auth === 'digest' ? { challenge: DIGEST } : {});
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => press({ ...WRONG, auth })));
    expect(new Set(outcomes)).toEqual(new Set(['unauthorized']));
    expect(given).toHaveLength(1);
  });

  it('is sent once however the phone is written, and by either way to give it', async () => {
    const { press, given, port } = await guarded({ challenge: DIGEST });
    await press(WRONG);
    await press({ ...WRONG, host: `[::ffff:127.0.0.1]:${port}` });
    await press({ ...WRONG, auth: 'digest' });
    expect(given).toHaveLength(1);
  });

  it.each([
    ['at one moment', '00:11:22:33:44:5A'],
    ['one after the other', '00:11:22:33:44:5C'],
  ])('is sent once to a phone that has two addresses by its MAC: %s', async (when, mac) => {
    const [one, other] = [await guarded(), await guarded()];
    const presses = [
      () => one.press({ ...WRONG, mac }),
      () => other.press({ ...WRONG, mac: mac.toLowerCase().replaceAll(':', '-') }),
    ];
    if (when === 'at one moment') await Promise.all(presses.map((press) => press()));
    else for (const press of presses) expect(await press()).toBe('unauthorized');
    expect(one.given.length + other.given.length).toBe(1);
    // Nor to its pages.
    for (const { host } of [one, other]) {
      const settings = { ...WRONG, host, auth: 'basic', mac } as const;
      await newSession({ settings }).read('status');
    }
    expect(one.given.length + other.given.length).toBe(1);
    expect(await other.press({ ...RIGHT, mac })).toBe('ok');
  });

  it.each([undefined, '', '00:00:00:00:00:00'])('says nothing of the phones with the MAC %j', async (mac) => {
    const [one, other] = [await guarded(), await guarded()];
    await one.press({ ...WRONG, mac });
    await other.press({ ...WRONG, mac });
    expect([one.given.length, other.given.length]).toEqual([1, 1]);
  });

  it('says nothing of another one, nor of another phone', async () => {
    const [one, other] = [await guarded(), await guarded()];
    await one.press(WRONG);
    expect(await one.press(RIGHT)).toBe('ok');
    expect(await other.press(WRONG)).toBe('unauthorized');
    expect([one.given.length, other.given.length]).toEqual([2, 1]);
  });
});

it('credentials that nobody knows yet are tried by one at a time', async () => {
  const endpoint = { scheme: 'http', host: '127.0.0.9', place: '/' } as const;
  let answer = (_result: Exchange) => {};
  const first = tryCredentials(
    endpoint,
    WRONG,
    () => new Promise((resolve) => (answer = resolve)),
    interpretReply,
  );
  let asked = false;
  const answers = async (): Promise<Exchange> => {
    asked = true;
    return { kind: 'answer', status: 200, head: '', body: '' };
  };
  const second = tryCredentials(endpoint, WRONG, answers, interpretReply);
  answer({ kind: 'answer', status: 401, head: '', body: '' });
  expect(await first).toMatchObject({ status: 401 });
  expect(await second).toBeUndefined();
  expect(asked).toBe(false);
});

it('credentials that have become wrong since they were taken are sent once, whatever the address', async () => {
  const mac = '00:11:22:33:44:5D';
  const asked: string[] = [];
  const waiting: ((status: number) => void)[] = [];
  const ask = (host: string, of?: string) =>
    tryCredentials(
      { scheme: 'http', host, place: '/', mac: of },
      WRONG,
      () => {
        asked.push(host);
        return new Promise((resolve) => {
          waiting.push((status) => resolve({ kind: 'answer', status, head: '', body: '' }));
        });
      },
      interpretReply,
    );
  const answer = (status: number) => waiting.shift()?.(status);
  const addresses = ['127.0.0.41', '127.0.0.42', '127.0.0.43'];
  for (const [at, host] of addresses.entries()) {
    const taken = ask(host, at < 2 ? mac : undefined);
    answer(200);
    expect(await taken).toMatchObject({ status: 200 });
  }
  asked.length = 0;
  const [one = '', other = '', stranger = ''] = addresses;
  const all = [ask(one, mac), ask(other, mac), ask(one, mac), ask(stranger)];
  expect(asked).toEqual([one, stranger]);
  for (const status of [401, 200]) answer(status);
  const kinds = (await Promise.all(all)).map((result) => result?.kind);
  expect(kinds).toEqual(['answer', undefined, undefined, 'answer']);
  expect(asked).toEqual([one, stranger]);
});

describe('a phone that is waited for at another address', () => {
  /** The first answers credentials only after 400 ms, with this; the others need none, and take 50 ms. */
  async function pressed(answer: string, settings: Partial<PhoneSettings>) {
    const slow = await rawServer((socket, request) => {
      const isAsked = /^authorization: /im.test(request);
      if (isAsked) setTimeout(() => socket.end(answer), 400);
      else socket.end(`HTTP/1.0 401 Unauthorized\nWWW-Authenticate: ${DIGEST}\n\n`);
    });
    const other = await rawServer((socket, request) => {
      const asks = settings.auth === 'digest' && !/^authorization: /im.test(request);
      const reply = asks ? `401 Unauthorized\nWWW-Authenticate: ${DIGEST}` : '200 OK';
      setTimeout(() => socket.end(`HTTP/1.0 ${reply}\n\n`), 50);
    });
    const press = ({ host }: typeof slow) =>
      new Phone({ host, ...RIGHT, timeout: 450, ...settings }).press(['HOLD']);
    const [, { outcome }] = await Promise.all([press(slow), press(other)]);
    return outcome;
  }

  it.each([
    ['basic', 'taken', 'HTTP/1.0 200 OK\n\n', '00:11:22:33:44:61'],
    ['digest', 'taken', 'HTTP/1.0 200 OK\n\n', '00:11:22:33:44:62'],
    ['basic', 'refused', 'HTTP/1.0 401 Unauthorized\n\n', '00:11:22:33:44:63'],
  ] as const)('takes none of the time of another: %s, %s', async (auth, _, answer, mac) => {
    expect(await pressed(answer, { auth, mac })).toBe('ok');
  });
});

it('a right password is sent each time, also by many at one moment', async () => {
  const { press, given } = await guarded();
  const outcomes = await Promise.all(Array.from({ length: 5 }, () => press(RIGHT)));
  expect(outcomes).toEqual(Array(5).fill('ok'));
  expect(given).toHaveLength(5);
});

describe('a password that was neither accepted nor refused', () => {
  const unclear = [404, 500, 503].map((status) => `HTTP/1.0 ${status} X\n\n`);

  it.each(['basic', 'digest'] as const)('is sent once more, and never a third time: %s', async (auth) => {
    for (const answer of unclear) {
      const { press, given } = await guarded({ challenge: DIGEST, unclear: () => answer });
      const outcomes: string[] = [];
      for (let times = 0; times < 4; times += 1) outcomes.push(await press({ ...WRONG, auth }));
      expect(outcomes).toEqual(['refused', 'refused', 'unauthorized', 'unauthorized']);
      expect(given).toHaveLength(2);
    }
  });

  it('nor to a phone that has two addresses by its MAC', async () => {
    const phones = [await guarded({ loses: () => true }), await guarded({ loses: () => true })];
    for (const { press } of [...phones, ...phones]) await press({ ...WRONG, mac: '00:11:22:33:44:5B' });
    expect(phones.map(({ given }) => given.length)).toEqual([1, 1]);
  });

  it('nor where the connection is lost each time', async () => {
    const { press, given } = await guarded({ loses: () => true });
    const outcomes: string[] = [];
    for (let times = 0; times < 4; times += 1) outcomes.push(await press(WRONG));
    expect(outcomes).toEqual(['unknown', 'unknown', 'unauthorized', 'unauthorized']);
    expect(given).toHaveLength(2);
  });

  it('nor where 403 does not mean that the phone asks', async () => {
    const { press, given } = await guarded({ refusal: 'HTTP/1.0 403 Forbidden\n\n' });
    const approval = { status: [] };
    for (let times = 0; times < 4; times += 1) expect(await press({ ...WRONG, approval })).toBe('refused');
    expect(given).toHaveLength(2);
  });

  it('nor to the pages of a phone, all of which answer 403', async () => {
    const { given, host } = await guarded({ refusal: 'HTTP/1.0 403 Forbidden\n\n' });
    const session = newSession({ settings: { ...WRONG, host, auth: 'basic' } });
    for (const page of Object.keys(PAGES) as PageName[]) await session.read(page);
    expect(given).toHaveLength(2);
  });

  it.each([
    "<script>top.location.href='/login.html'</script>",
    '{"return_code":-1,"return_prompt":"wrong user or password"}',
    '{"webUserChange":"1"}',
    'Invalid password',
    '{}',
    '',
  ])('nor to the pages of a phone, all of which answer 200 and %j', async (body) => {
    const { given, host } = await guarded({ unclear: () => `HTTP/1.0 200 OK\n\n${body}` });
    const session = newSession({ settings: { ...WRONG, host, auth: 'basic' } });
    for (const page of Object.keys(PAGES) as PageName[]) await session.read(page);
    expect(given).toHaveLength(2);
  });

  it.each(['{"cstaIPList":"any"}', '{"return_code":"4"}'])(
    'unlike one after which a phone answers %s',
    async (body) => {
      const { given, host } = await guarded({ unclear: () => `HTTP/1.0 200 OK\n\n${body}` });
      const session = newSession({ settings: { ...RIGHT, host, auth: 'basic' } });
      for (const page of Object.keys(PAGES) as PageName[]) await session.read(page);
      expect(given).toHaveLength(3);
    },
  );

  it.each([403, 404, 500])('nor to pages that answer %i, although keys need no password', async (status) => {
    const { press, given, host } = await guarded({
      unclear: (request) => `HTTP/1.0 ${request.includes('/server.cgi?') ? 200 : status} X\n\n`,
    });
    expect(await press(WRONG)).toBe('ok');
    const session = newSession({ settings: { ...WRONG, host, auth: 'basic' } });
    for (const page of Object.keys(PAGES) as PageName[]) await session.read(page);
    expect(given).toHaveLength(1 + 2);
    expect(await press(WRONG)).toBe('ok');
    expect(given).toHaveLength(1 + 2 + 1);
  });

  it('unlike one that each page takes by POST alone', async () => {
    const { given, host } = await guarded({
      unclear: (request) =>
        request.startsWith('GET ') ? 'HTTP/1.0 404 X\n\n' : 'HTTP/1.0 200 OK\n\n{"cstaIPList":"any"}',
    });
    for (const page of Object.keys(PAGES) as PageName[]) {
      const session = newSession({ settings: { ...RIGHT, host, auth: 'basic' } });
      expect(await session.read(page)).toMatchObject({ fields: expect.any(Map) });
    }
    expect(given).toHaveLength(6);
  });

  it.each([404, 500])('nor to pages that answer %i, although one page needs no password', async (status) => {
    const open = 'HTTP/1.0 200 OK\n\n{"cstaIPList":"any"}';
    const { given, host } = await guarded({
      unclear: (request) => (request.includes('?status_get') ? open : `HTTP/1.0 ${status} X\n\n`),
    });
    const session = newSession({ settings: { ...WRONG, host, auth: 'basic' } });
    for (const page of Object.keys(PAGES) as PageName[]) await session.read(page);
    for (const page of Object.keys(PAGES) as PageName[]) await session.read(page);
    expect(given).toHaveLength(2 + 2);
  });

  it('is not sent again once it is refused', async () => {
    let losses = 1;
    const { press, given } = await guarded({ loses: () => losses-- > 0 });
    expect(await press(WRONG)).toBe('unknown');
    expect(await press(WRONG)).toBe('unauthorized');
    expect(await press(WRONG)).toBe('unauthorized');
    expect(given).toHaveLength(2);
  });

  it('is sent each time once it is accepted, whatever comes then', async () => {
    let times = 0;
    const { press, given } = await guarded({ loses: () => ++times !== 2 });
    const outcomes: string[] = [];
    for (let presses = 0; presses < 5; presses += 1) outcomes.push(await press(RIGHT));
    expect(outcomes).toEqual(['unknown', 'ok', 'unknown', 'unknown', 'unknown']);
    expect(given).toHaveLength(5);
  });

  it('is said not to have been sent', async () => {
    const { host } = await guarded();
    const phone = new Phone({ host, auth: 'basic', ...WRONG });
    await phone.press(['HOLD']);
    expect(await phone.press(['HOLD'])).toMatchObject({
      error: { message: `${host} has not accepted the credentials before, so they were not sent again` },
    });
  });
});
