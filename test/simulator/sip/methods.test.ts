import { expect, it, onTestFinished } from 'vitest';
import { METHODS } from '../../../src/simulator/sip/methods.ts';
import { sipPhones } from './phones.ts';
import { type Raw, rawPbx } from './raw-pbx.ts';

const STATES = ['outside of a call', 'in a call that is over', 'while it rings', 'in a call'] as const;

/** The first answer to each method in each state; undefined where there must be none. */
const ANSWERS: Readonly<Record<string, readonly (number | undefined)[]>> = {
  // A call that nobody has answered yet rings on.
  INVITE: [180, 481, 500, 200],
  ACK: [undefined, undefined, undefined, undefined],
  OPTIONS: [200, 481, 200, 200],
  BYE: [481, 481, 200, 200],
  CANCEL: [481, 481, 481, 481],
  INFO: [481, 481, 469, 200],
  NOTIFY: [481, 481, 200, 200],
  REFER: [403, 481, 480, 202],
  UPDATE: [481, 481, 500, 200],
  MESSAGE: [405, 405, 405, 405],
  PRACK: [405, 405, 405, 405],
  REGISTER: [405, 405, 405, 405],
  SUBSCRIBE: [405, 405, 405, 405],
  PUBLISH: [405, 405, 405, 405],
  TELEPORT: [405, 405, 405, 405],
};

const EXTRA: Readonly<Record<string, readonly string[]>> = {
  REFER: ['Refer-To: <sip:6003@pbx>'],
  NOTIFY: ['Event: x', 'Subscription-State: active'],
};

async function phone() {
  const pbx = await rawPbx();
  const phones = await sipPhones(pbx.host, ['6001']);
  onTestFinished(() => phones.simulator.close());
  return { pbx, phones };
}

type There = Awaited<ReturnType<typeof phone>>;

/** The dialog of a call in one of the states. */
async function dialogOf({ pbx, phones }: There, state: (typeof STATES)[number]) {
  if (state === 'outside of a call') return {};
  if (state === 'in a call that is over') return { id: 'over', to: '<sip:6001@pbx>;tag=over' };
  const id = pbx.ask('INVITE', { body: pbx.sdp(9) });
  const ringing = await pbx.next(/^SIP\/2\.0 180/);
  await phones.until('6001', 'incomingCall');
  if (state === 'while it rings') return { id, to: ringing.header('to') };
  await phones.press('6001', 'ANSWER');
  const to = (await pbx.next(/^SIP\/2\.0 200/)).header('to');
  pbx.ask('ACK', { id, to });
  await phones.until('6001', 'established');
  return { id, to };
}

const isAnswerTo =
  (method: string, sequence: number) =>
  ({ line, header }: Raw): boolean =>
    line.startsWith('SIP/2.0') &&
    !line.startsWith('SIP/2.0 100') &&
    header('cseq') === `${sequence} ${method}`;

for (const [index, state] of STATES.entries())
  it(`answers every method ${state}, and allows what it answers`, async () => {
    for (const [method, codes] of Object.entries(ANSWERS)) {
      const there = await phone();
      const { pbx } = there;
      const dialog = await dialogOf(there, state);
      const sequence = 7;
      const body = method === 'INVITE' || method === 'UPDATE' ? pbx.sdp(9) : '';
      pbx.ask(method, { ...dialog, sequence, headers: EXTRA[method] ?? [], body });
      // Messages are answered in turn, so this one's answer comes after the other's.
      pbx.ask('OPTIONS', { id: 'later', sequence: 99 });
      const { header } = await pbx.found(isAnswerTo('OPTIONS', 99));
      expect(header('allow')).toBe(METHODS.join(', '));
      const answered = codes[index] !== undefined;
      const answer = answered ? await pbx.found(isAnswerTo(method, sequence)) : undefined;
      const code = answer === undefined ? undefined : Number(answer.line.split(' ')[1]);
      expect([method, code]).toEqual([method, codes[index]]);
      if (code === 405) expect(answer?.header('allow')).toBe(METHODS.join(', '));
      // Soon: an acknowledgement that was lost comes again after half a second.
      if (code === 500) expect(answer?.header('retry-after')).toBe('1');
      const isAllowed = METHODS.some((known) => known === method);
      expect([method, isAllowed]).toEqual([method, code !== 405]);
    }
  });

it('says the same where it calls, answers and registers', async () => {
  const there = await phone();
  const { pbx, phones } = there;
  await dialogOf(there, 'in a call');
  await phones.press('6001', 'NEWCALL;6002;DIAL');
  await pbx.next(/^INVITE/);
  const allows = pbx.got.flatMap(({ text }) => text.match(/(?<=^Allow: ).*(?=\r)/gim) ?? []);
  expect(allows.length).toBeGreaterThanOrEqual(3);
  expect(new Set(allows)).toEqual(new Set([METHODS.join(', ')]));
});

it('is called off by BYE while it rings, as by CANCEL', async () => {
  const there = await phone();
  const { pbx, phones } = there;
  pbx.ask('BYE', { ...(await dialogOf(there, 'while it rings')), sequence: 2 });
  await pbx.next(/^SIP\/2\.0 487/);
  await phones.until('6001', 'missedCall');
  expect(phones.simulator.state('6001')).toMatchObject({ calls: [], state: 'idle' });
});

it('refuses an UPDATE while its own offer is open: 491', async () => {
  const there = await phone();
  const { pbx, phones } = there;
  const dialog = await dialogOf(there, 'in a call');
  await phones.press('6001', 'HOLD');
  const hold = await pbx.next(/^INVITE/);
  pbx.ask('UPDATE', { ...dialog, sequence: 3, body: pbx.sdp(9) });
  await pbx.next(/^SIP\/2\.0 491/);
  pbx.answer(hold, '200 OK', { body: pbx.sdp(9) });
  await phones.until('6001', 'hold');
});
