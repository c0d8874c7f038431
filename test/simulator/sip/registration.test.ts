import { expect, it, onTestFinished, vi } from 'vitest';
import { type Happening, startSimulator } from '../../../src/simulator/index.ts';
import { sipPhones } from './phones.ts';
import { rawPbx } from './raw-pbx.ts';

it('first removes what a killed phone has left, then registers, and leaves nothing behind', async () => {
  const pbx = await rawPbx();
  const phones = await sipPhones(pbx.host, ['6001']);
  await phones.until('6001', 'registered');
  await phones.simulator.close();
  const asked = pbx.got.filter(({ line }) => line.startsWith('REGISTER'));
  expect(
    asked.map(({ header }) => [header('contact').replace(/^<.*?>/, 'its own'), header('expires')]),
  ).toEqual([
    ['*', '0'],
    [expect.stringMatching(/^its own;expires=60/), ''],
    [expect.stringMatching(/^its own;expires=0/), ''],
  ]);
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
