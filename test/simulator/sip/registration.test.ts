import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { type Happening, startSimulator } from '../../../src/simulator/index.ts';
import { rawServer } from '../../support/raw-server.ts';
import { sipPhones } from './phones.ts';
import { type Raw, rawPbx, registered } from './raw-pbx.ts';

afterEach(() => vi.unstubAllEnvs());

it.each([
  ['a killed phone has left', 1],
  ['many have left, in one header', 200],
])('first removes what %s, then registers, and leaves nothing behind', async (_, count) => {
  const pbx = await rawPbx();
  const left = Array.from({ length: count }, (_, index) => `<sip:6001@127.0.0.1:${index + 1}>;expires=60`);
  pbx.registers = ({ header }) =>
    header('contact') === '' ? ['200 OK', `Contact: ${left.join(', ')}`] : '200 OK';
  const phones = await sipPhones(pbx.host, ['6001']);
  await phones.until('6001', 'registered');
  await phones.simulator.close();
  const asked = pbx.got.filter(({ line }) => line.startsWith('REGISTER'));
  expect(
    asked.map(({ header }) => [header('contact').replace(/^<.*?>/, 'its own'), header('expires')]),
  ).toEqual([
    ['', ''],
    ['*', '0'],
    [expect.stringMatching(/^its own;expires=60/), ''],
    [expect.stringMatching(/^its own;expires=0/), ''],
  ]);
});

it.each(['udp', 'tcp', 'tls'] as const)('with ATCOM_OFFLINE, no PBX is asked over %s', async (transport) => {
  const pbx = await rawPbx();
  const tcp = await rawServer(() => undefined);
  const host = transport === 'udp' ? pbx.host : tcp.host;
  vi.stubEnv('ATCOM_OFFLINE', '1');
  await expect(
    startSimulator({ sip: [{ uri: `sip:6001@${host}`, password: 'a', transport }] }),
  ).rejects.toMatchObject({
    code: 'offline',
    exitCode: 3,
    message: `${host} was not contacted: ATCOM_OFFLINE is set; nothing was sent`,
  });
  expect([pbx.got, tcp.connections]).toEqual([[], 0]);
  vi.stubEnv('ATCOM_OFFLINE', '0');
  pbx.registers = () => '200 OK';
  const phones = await sipPhones(pbx.host, ['6001']);
  onTestFinished(() => phones.simulator.close());
  await phones.until('6001', 'registered');
});

it('registers again after half of the time, without a word; a failure is told once, and tried again', async () => {
  const pbx = await rawPbx();
  const statuses = ['200 OK', '200 OK', '200 OK', '403 Forbidden', '200 OK'];
  pbx.registers = () => statuses.shift() ?? '200 OK';
  const phones = await sipPhones(pbx.host, ['6001'], { register: 2 });
  onTestFinished(() => phones.simulator.close());
  await phones.until('6001', 'registered');
  expect(await phones.until('6001', 'registerFailed')).toMatchObject({
    detail: '403: wrong user or password',
  });
  expect(statuses.length).toBeLessThanOrEqual(1);
  await phones.until('6001', 'registered');
  expect(statuses).toEqual([]);
  expect(phones.all.filter(({ kind }) => kind === 'registerFailed')).toHaveLength(1);
  expect(phones.simulator.state('6001').noService).toBeNull();
});

it.each([
  ['404 Not Found', '404: the PBX has no such user'],
  ['403 Forbidden', '403: wrong user or password'],
  ['503 Service Unavailable', '503 from the PBX'],
])('is refused with %s, and says why', async (status, reason) => {
  const pbx = await rawPbx();
  pbx.registers = () => status;
  const phones = await sipPhones(pbx.host, ['6001']);
  onTestFinished(() => phones.simulator.close());
  expect(await phones.until('6001', 'registerFailed')).toMatchObject({ detail: reason });
  expect(phones.simulator.lcd('6001')).toEqual(expect.arrayContaining(['No service', reason]));
});

it('says after 64 times T1 that a PBX does not answer, and not after twice that', async () => {
  const pbx = await rawPbx();
  pbx.registers = () => undefined;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const all: Happening[] = [];
  const simulator = await startSimulator({
    sip: [{ uri: `sip:6001@${pbx.host}`, password: 'secret' }],
    onHappening: (happening) => all.push(happening),
  });
  onTestFinished(() => simulator.close());
  await pbx.next(/^REGISTER/);
  await vi.advanceTimersByTimeAsync(31_900);
  expect(all).toEqual([]);
  await vi.advanceTimersByTimeAsync(200);
  expect(all).toMatchObject([{ kind: 'registerFailed', detail: 'no answer from the PBX' }]);
  // RFC 3261, 17.1.2: after 0.5, 1.5, 3.5, 7.5 s and then every 4 s.
  await vi.waitFor(() => expect(pbx.got.filter(({ line }) => line.startsWith('REGISTER'))).toHaveLength(11));
});

/** What is asked for: each Contact's expires, in seconds. */
const timesIn = (requests: readonly Raw[]) =>
  requests.flatMap(({ text }) => /^Contact: <.*>;expires=(\d+)/im.exec(text)?.[1] ?? []);

async function phoneInTime(pbx: Awaited<ReturnType<typeof rawPbx>>) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const phones = await sipPhones(pbx.host, ['6001']);
  onTestFinished(() => phones.simulator.close());
  return phones;
}

it.each([
  ['Min-Expires: 120', ['60', '120']],
  ['Min-Expires: 3600', ['60', '3600']],
  ...['0', '-1', '60', '3601', '1e3', '99999999999', 'soon'].map(
    (shortest) => [`Min-Expires: ${shortest}`, ['60']] as const,
  ),
  ['Date: today', ['60']],
] as const)('is refused with 423 and %s: asks at once for %j, then after a pause', async (header, times) => {
  const pbx = await rawPbx();
  pbx.registers = () => ['423 Interval Too Brief', header];
  const phones = await phoneInTime(pbx);
  expect(await phones.until('6001', 'registerFailed')).toMatchObject({ detail: '423 from the PBX' });
  expect(timesIn(await pbx.registrations())).toEqual(times);
  await vi.advanceTimersByTimeAsync(1_900);
  expect(timesIn(await pbx.registrations())).toHaveLength(times.length);
  await vi.advanceTimersByTimeAsync(200);
  expect(timesIn(await pbx.registrations())).toHaveLength(times.length + 1);
});

it('is sent elsewhere, which it does not follow: says so, and asks again after a pause', async () => {
  const pbx = await rawPbx();
  pbx.registers = () => ['302 Moved Temporarily', 'Contact: <sip:6001@127.0.0.1:9>'];
  const phones = await phoneInTime(pbx);
  expect(await phones.until('6001', 'registerFailed')).toMatchObject({ detail: '302 from the PBX' });
  await vi.advanceTimersByTimeAsync(2_100);
  expect(timesIn(await pbx.registrations())).toHaveLength(2);
});

it.each([
  [';expires=5', '', 2500],
  [';expires=1', '', 1000],
  [';expires=0', '', 1000],
  [';expires=-1', '', 30_000],
  [';expires=3000000', '', 30_000],
  [';expires=99999999999999999999', '', 30_000],
  [';expires=Infinity', '', 30_000],
  ['', 'Expires: 10', 5000],
  ['', 'Expires: 4294967295', 30_000],
  ['', 'Date: today', 30_000],
] as const)('renews a registration with "%s%s" after %s ms', async (parameter, header, wait) => {
  const pbx = await rawPbx();
  pbx.registers = (request) => {
    const contact = request.header('contact').replace(/;expires.*/, '');
    const other = 'Contact: <sip:6001@127.0.0.1:9>;expires=1';
    return ['', '*'].includes(contact)
      ? '200 OK'
      : ['200 OK', other, `Contact: ${contact}${parameter}`, header];
  };
  const phones = await phoneInTime(pbx);
  await phones.until('6001', 'registered');
  await vi.advanceTimersByTimeAsync(wait - 10);
  expect(timesIn(await pbx.registrations())).toEqual(['60']);
  await vi.advanceTimersByTimeAsync(20);
  expect(timesIn(await pbx.registrations())).toEqual(['60', '60']);
});

it.each(['*', '"', '', '<sip:', '<tel:6001>', '<sip:6001@127.0.0.1:9>, "', '<sip:6001@127.0.0.1:9>,\r\n "'])(
  'renews a registration in time beside a Contact that cannot be read: %j',
  async (odd) => {
    const pbx = await rawPbx();
    pbx.registers = (request) => {
      const contact = request.header('contact').replace(/;expires.*/, '');
      const own = contact === '*' ? [] : [`Contact: ${contact};expires=8`];
      return ['200 OK', `Contact: ${odd}`, ...own, `m: ${odd}`];
    };
    const phones = await phoneInTime(pbx);
    await phones.until('6001', 'registered');
    await vi.advanceTimersByTimeAsync(4_100);
    expect(timesIn(await pbx.registrations())).toEqual(['60', '60']);
  },
);

it('is registered where the registrar lists nobody', async () => {
  const pbx = await rawPbx();
  pbx.registers = () => ['200 OK', 'Date: today'];
  const phones = await phoneInTime(pbx);
  await phones.until('6001', 'registered');
});

it('unregisters a phone that is closed while it registers', async () => {
  const pbx = await rawPbx();
  let answer: string | undefined = '200 OK';
  pbx.registers = () => answer;
  const phones = await sipPhones(pbx.host, ['6001'], { register: 2 });
  await phones.until('6001', 'registered');
  await pbx.found(({ text }) => /;expires=2/.test(text));
  answer = undefined;
  const renewal = await pbx.found(({ text }) => /;expires=2/.test(text));
  const closed = phones.simulator.close();
  answer = '200 OK';
  pbx.send(registered(renewal));
  await pbx.found(({ text }) => /;expires=0/.test(text));
  await closed;
});
