import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { UserAgentCore } from 'sip.js/lib/core/index.js';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { SipAccount } from '../../../src/simulator/index.ts';
import { sipPhones } from './phones.ts';
import { answerTo, rawOf, rawPbx, tcpRegistrar } from './raw-pbx.ts';

async function phoneAt(pbx: Awaited<ReturnType<typeof rawPbx>>, account: Partial<SipAccount> = {}) {
  const phones = await sipPhones(pbx.host, ['6001'], account);
  onTestFinished(() => phones.simulator.close());
  return phones;
}

/** The phone calls 6002, which answers. */
async function talking(pbx: Awaited<ReturnType<typeof rawPbx>>, phones: Awaited<ReturnType<typeof phoneAt>>) {
  await phones.press('6001', '6002;DIAL');
  const invite = await pbx.next(/^INVITE/);
  pbx.answer(invite, '200 OK', { body: pbx.sdp(9) });
  await pbx.next(/^ACK/);
  await phones.until('6001', 'established');
  return invite;
}

/** Somebody calls the phone, which answers. */
async function called(
  pbx: Awaited<ReturnType<typeof rawPbx>>,
  phones: Awaited<ReturnType<typeof phoneAt>>,
  port = 9,
) {
  const id = pbx.ask('INVITE', { body: pbx.sdp(port) });
  await phones.until('6001', 'incomingCall');
  await phones.press('6001', 'ANSWER');
  const answer = await pbx.next(/^SIP\/2\.0 200/);
  pbx.ask('ACK', { id, to: answer.header('to') });
  await phones.until('6001', 'established');
  return { id, to: answer.header('to'), answer };
}

it.each([
  ['a re-INVITE', ['INVITE']],
  ['a re-INVITE and BYE', ['INVITE', 'BYE']],
])('keeps no timer for an answer that is followed by %s, not by ACK', async (_, methods) => {
  // Not those of the process, of which Vitest has one now and then.
  const made = vi.spyOn(globalThis, 'setTimeout');
  onTestFinished(() => made.mockRestore());
  const pbx = await rawPbx();
  const phones = await phoneAt(pbx);
  const body = pbx.sdp(9);
  const id = pbx.ask('INVITE', { body });
  await phones.until('6001', 'incomingCall');
  await phones.press('6001', 'ANSWER');
  const to = (await pbx.next(/^SIP\/2\.0 200/)).header('to');
  for (const [index, method] of methods.entries()) {
    const sequence = index + 2;
    pbx.ask(method, { id, to, sequence, body });
    await pbx.found(({ line, header }) => / 200 /.test(line) && header('cseq') === `${sequence} ${method}`);
  }
  await phones.simulator.close();
  const timers = made.mock.results.map(({ value }) => value);
  expect(timers.filter((timer) => timer.hasRef() && !Reflect.get(timer, '_destroyed'))).toEqual([]);
});

it('ends with its ports closed, whatever sip.js cannot put away', async () => {
  const pbx = await rawPbx();
  const phones = await phoneAt(pbx);
  await talking(pbx, phones);
  const dispose = vi.spyOn(UserAgentCore.prototype, 'dispose').mockImplementation(() => {
    throw new Error('half a call');
  });
  onTestFinished(() => dispose.mockRestore());
  await phones.simulator.close();
  await expect(phones.press('6001', 'ENDCALL')).rejects.toThrow();
});

describe('a PBX that is odd', () => {
  it('forks: the second answer is acknowledged and hung up, the first call goes on', async () => {
    const pbx = await rawPbx();
    const phones = await phoneAt(pbx);
    const invite = await talking(pbx, phones);
    pbx.answer(invite, '200 OK', { body: pbx.sdp(9), tag: 'other' });
    expect((await pbx.next(/^ACK/)).header('to')).toContain('tag=other');
    expect((await pbx.next(/^BYE/)).header('to')).toContain('tag=other');
    expect(phones.simulator.state('6001').state).toBe('talking');
    expect(phones.events('6001').filter((event) => event.startsWith('established'))).toHaveLength(1);
  });

  it('answers twice: acknowledged twice, one call', async () => {
    const pbx = await rawPbx();
    const phones = await phoneAt(pbx);
    const invite = await talking(pbx, phones);
    pbx.answer(invite, '200 OK', { body: pbx.sdp(9) });
    await pbx.next(/^ACK/);
    await phones.press('6001', 'ENDCALL');
    pbx.answer(await pbx.next(/^BYE/), '200 OK');
    expect(pbx.got.filter(({ line }) => line.startsWith('INVITE'))).toHaveLength(1);
    expect(phones.events('6001').filter((event) => event.startsWith('established'))).toHaveLength(1);
  });

  it('sends a call round in a circle: followed five times, then given up', async () => {
    const pbx = await rawPbx();
    const phones = await phoneAt(pbx);
    await phones.press('6001', '6002;DIAL');
    for (let times = 0; times <= 5; times += 1)
      pbx.send(
        answerTo(await pbx.next(/^INVITE/), '302 Moved Temporarily', {
          headers: [`Contact: <sip:${6003 + (times % 2)}@${pbx.host}>`],
        }),
      );
    await phones.until('6001', 'remoteBusy');
    expect(phones.simulator.state('6001').calls).toEqual([]);
  });

  it('asks for a password after the call was given up: it is not called again', async () => {
    const pbx = await rawPbx();
    const phones = await phoneAt(pbx);
    await phones.press('6001', '6002;DIAL');
    const invite = await pbx.next(/^INVITE/);
    await phones.press('6001', 'ENDCALL');
    const challenge = 'WWW-Authenticate: Digest realm="x", nonce="n", qop="auth"';
    pbx.answer(invite, '401 Unauthorized', { headers: [challenge] });
    await pbx.next(/^ACK/);
    await phones.press('6001', '6003;DIAL');
    expect((await pbx.next(/^INVITE/)).line).toContain('sip:6003@');
    expect(phones.simulator.state('6001').calls).toHaveLength(1);
  });

  it('sends a call to another number (302): the call goes on under the id it has there', async () => {
    const pbx = await rawPbx();
    const phones = await phoneAt(pbx);
    await phones.press('6001', '6002;DIAL');
    const contact = [`Contact: <sip:6003@${pbx.host}>`];
    pbx.send(answerTo(await pbx.next(/^INVITE/), '302 Moved Temporarily', { headers: contact }));
    const invite = await pbx.next(/^INVITE/);
    pbx.answer(invite, '200 OK', { body: pbx.sdp(9) });
    expect(await phones.until('6001', 'established')).toMatchObject({
      remote: '6003',
      call: invite.header('call-id'),
    });
    const to = invite.header('from');
    pbx.ask('UPDATE', {
      id: invite.header('call-id'),
      to,
      from: `<sip:6003@pbx>`,
      sequence: 2,
      body: pbx.sdp(9),
    });
    await pbx.next(/^SIP\/2\.0 200/);
  });

  it.each(['sip:pbx', `sip:${'6'.repeat(65)}@pbx`])(
    'sends a call to %j (302): it is given up',
    async (target) => {
      const pbx = await rawPbx();
      const phones = await phoneAt(pbx);
      await phones.press('6001', '6002;DIAL');
      const headers = [`Contact: <${target}>`];
      pbx.send(answerTo(await pbx.next(/^INVITE/), '302 Moved Temporarily', { headers }));
      await phones.until('6001', 'remoteBusy');
      expect(phones.simulator.state('6001').calls).toEqual([]);
    },
  );

  it.each([
    ['<sip:pbx>', 400],
    [`<sip:${'6'.repeat(65)}@pbx>`, 400],
    [`<sip:${'6'.repeat(64)}@pbx>`, 202],
    ['<sip:6%250D3@pbx>', 400],
    ['<sip:6%253@pbx>', 400],
    ['<sip:6003@pbx?Replaces=a%0D%0AX:%20y>', 400],
    ['<sip:6003@pbx?Replaces=a%0B>', 400],
    ['<sip:6003@pbx?Replaces=a%3Bto-tag%3D1>', 202],
  ])('asks for a call to %j: %i', async (target, code) => {
    const pbx = await rawPbx();
    const phones = await phoneAt(pbx);
    const dialog = await called(pbx, phones);
    pbx.ask('REFER', { ...dialog, sequence: 2, headers: [`Refer-To: ${target}`] });
    const { line } = await pbx.found(({ header }) => header('cseq') === '2 REFER');
    expect(Number(line.split(' ')[1])).toBe(code);
    expect(phones.simulator.state('6001').state).toBe(code === 202 ? 'calling' : 'talking');
  });

  it('asks for one in the name of somebody on two lines, who is named on one', async () => {
    const pbx = await rawPbx();
    const phones = await phoneAt(pbx);
    const dialog = await called(pbx, phones);
    const headers = ['Refer-To: <sip:6003@pbx>', 'Referred-By: <sip:9@pbx>\r\n X: y'];
    pbx.ask('REFER', { ...dialog, sequence: 2, headers });
    expect((await pbx.next(/^INVITE/)).header('referred-by')).toBe('<sip:9@pbx> X: y');
  });

  it('is told of the call that it asked for until there is a result, and not before that the end', async () => {
    const pbx = await rawPbx();
    const phones = await phoneAt(pbx);
    const dialog = await called(pbx, phones);
    pbx.ask('REFER', { ...dialog, sequence: 2, headers: ['Refer-To: <sip:6003@pbx>'] });
    const told = async () => {
      const notify = await pbx.next(/^NOTIFY/);
      pbx.answer(notify, '200 OK');
      const [state = ''] = notify.header('subscription-state').split(';');
      return `${state} ${notify.text.split('\r\n\r\n')[1]?.trim()}`;
    };
    expect(await told()).toBe('active SIP/2.0 100 Trying');
    const invite = await pbx.next(/^INVITE/);
    pbx.answer(invite, '180 Ringing');
    expect(await told()).toBe('active SIP/2.0 180 Ringing');
    pbx.answer(invite, '200 OK', { body: pbx.sdp(9) });
    expect(await told()).toBe('terminated SIP/2.0 200 OK');
    expect(pbx.got.filter(({ line }) => line.startsWith('NOTIFY'))).toHaveLength(3);
  });

  it('calls a phone that forwards: told where to, without the credentials of anybody', async () => {
    const pbx = await rawPbx();
    const phones = await phoneAt(pbx);
    pbx.ask('INVITE', { body: pbx.sdp(9) });
    await phones.until('6001', 'incomingCall');
    await phones.press('6001', 'FORWARD;6003;SEND');
    const moved = await pbx.next(/^SIP\/2\.0 302/);
    expect(moved.header('contact')).toBe(`<sip:6003@${pbx.host}>`);
    await phones.until('6001', 'busyToIdle');
    expect(phones.events('6001').slice(1)).toEqual([
      'incomingCall 9',
      'forwardIncomingCall 6003',
      'busyToIdle',
    ]);
  });

  it('calls a phone on DND: 486, and nothing that rings before', async () => {
    const pbx = await rawPbx();
    const phones = await phoneAt(pbx);
    await phones.press('6001', 'DND');
    const id = pbx.ask('INVITE', { body: pbx.sdp(9) });
    await pbx.next(/^SIP\/2\.0 486/);
    const answers = pbx.got.filter(({ header, line }) => header('call-id') === id && !/ 100 /.test(line));
    expect(answers.map(({ line }) => line)).toEqual(['SIP/2.0 486 Busy Here']);
  });

  it('calls with no codec in common, or asks for what is not known: told before anything rings', async () => {
    const pbx = await rawPbx();
    const phones = await phoneAt(pbx);
    const opus = pbx.sdp(9).replace('RTP/AVP 8 101', 'RTP/AVP 97').replace('8 PCMA/8000', '97 opus/48000');
    pbx.ask('INVITE', { body: opus });
    await pbx.next(/^SIP\/2\.0 488/);
    pbx.ask('INVITE', { body: pbx.sdp(9), headers: ['Require: timer, 100rel'] });
    expect((await pbx.next(/^SIP\/2\.0 420/)).header('unsupported')).toBe('100rel');
    expect(pbx.got.some(({ line }) => line.includes(' 180 '))).toBe(false);
    expect(phones.events('6001')).toEqual([]);
  });

  it('asks for calls without end: one at a time is made, and another after it failed', async () => {
    const pbx = await rawPbx();
    const phones = await phoneAt(pbx);
    const dialog = await called(pbx, phones);
    const ask = async (sequence: number) => {
      pbx.ask('REFER', { ...dialog, sequence, headers: [`Refer-To: <sip:600${sequence}@pbx>`] });
      const { line } = await pbx.found(({ header }) => header('cseq') === `${sequence} REFER`);
      return Number(line.split(' ')[1]);
    };
    expect(await ask(3)).toBe(202);
    const invite = await pbx.next(/^INVITE/);
    expect([await ask(4), await ask(5)]).toEqual([603, 603]);
    pbx.answer(invite, '486 Busy Here');
    await phones.until('6001', 'remoteBusy');
    expect(await ask(6)).toBe(202);
    expect((await pbx.next(/^INVITE/)).line).toContain('sip:6006@');
  });

  it('calls more often at once than a phone has room for: 486, and room again afterwards', async () => {
    const pbx = await rawPbx();
    const phones = await phoneAt(pbx);
    await called(pbx, phones);
    const codes = [];
    for (let times = 0; times < 12; times += 1) {
      const id = pbx.ask('INVITE', { body: pbx.sdp(9) });
      const { line } = await pbx.found(
        ({ header, line: first }) => header('call-id') === id && /^SIP\/2\.0 [2-6]/.test(first),
      );
      codes.push(line);
    }
    expect(new Set(codes)).toEqual(new Set(['SIP/2.0 486 Busy Here']));
    expect(phones.simulator.state('6001').calls).toHaveLength(1);
  });

  it('sends bodies without a Content-Type: they count as none, and no call stays', async () => {
    const pbx = await rawPbx();
    const phones = await phoneAt(pbx);
    const body = pbx.sdp(9);
    const id = pbx.ask('INVITE', { body, kind: false });
    await phones.until('6001', 'incomingCall');
    await phones.press('6001', 'ANSWER');
    const offer = await pbx.next(/^SIP\/2\.0 200/);
    expect(offer.text).toContain('m=audio');
    pbx.ask('ACK', { id, to: offer.header('to'), body, kind: false });
    pbx.answer(await pbx.next(/^BYE/), '200 OK');
    await phones.press('6001', '6002;DIAL');
    pbx.answer(await pbx.next(/^INVITE/), '200 OK', { body, kind: false });
    await pbx.next(/^ACK/);
    pbx.answer(await pbx.next(/^BYE/), '200 OK');
    expect(phones.simulator.state('6001').calls).toEqual([]);
  });

  it('has no name for a caller', async () => {
    const pbx = await rawPbx();
    const phones = await phoneAt(pbx);
    pbx.ask('INVITE', { body: pbx.sdp(9), from: '<sip:9@pbx>' });
    expect(await phones.until('6001', 'incomingCall')).toMatchObject({ remote: '9' });
  });

  it('does not answer the end of a call, which was up from its answer until then', async () => {
    const pbx = await rawPbx();
    const phones = await phoneAt(pbx);
    const calls = () => phones.simulator.audio('6001');
    await phones.press('6001', '6002;DIAL');
    const invite = await pbx.next(/^INVITE/);
    pbx.answer(invite, '180 Ringing');
    expect(calls()).toMatchObject([{ up: false }]);
    pbx.answer(invite, '200 OK', { body: pbx.sdp(9) });
    await phones.until('6001', 'established');
    expect(calls()).toMatchObject([{ up: true, held: false }]);
    await phones.press('6001', 'ENDCALL');
    const bye = await pbx.next(/^BYE/);
    expect(calls()).toEqual([]);
    pbx.answer(bye, '200 OK');
  });

  it('holds by 0.0.0.0, and sends a digit by INFO', async () => {
    const pbx = await rawPbx();
    const phones = await phoneAt(pbx);
    const { id, to } = await called(pbx, phones);
    pbx.ask('INVITE', { id, to, sequence: 2, body: pbx.sdp(9, '0.0.0.0') });
    expect((await pbx.next(/^SIP\/2\.0 200/)).text).toContain('a=recvonly');
    pbx.ask('ACK', { id, to, sequence: 2 });
    expect(phones.simulator.state('6001').calls[0]).toMatchObject({ heldByRemote: true });
    const headers = ['Content-Type: application/dtmf-relay'];
    pbx.ask('INFO', { id, to, sequence: 3, headers, body: 'Signal=7\r\nDuration=100\r\n' });
    expect(await phones.until('6001', 'toneHeard')).toMatchObject({ detail: '7' });
  });

  it('holds at the same moment (491): tried again, and held', async () => {
    const pbx = await rawPbx();
    const phones = await phoneAt(pbx);
    await called(pbx, phones);
    await phones.press('6001', 'HOLD');
    pbx.answer(await pbx.next(/^INVITE/), '491 Request Pending');
    await pbx.next(/^ACK/);
    pbx.answer(await pbx.next(/^INVITE/), '200 OK', { body: pbx.sdp(9) });
    await phones.until('6001', 'hold');
  });

  it('sends a hold elsewhere (302): it has failed, and may be tried again', async () => {
    const pbx = await rawPbx();
    const phones = await phoneAt(pbx);
    await talking(pbx, phones);
    await phones.press('6001', 'HOLD');
    pbx.answer(await pbx.next(/^INVITE/), '302 Moved Temporarily');
    await expect.poll(() => phones.simulator.lcd('6001')).toContain('Hold failed 302');
    await phones.press('6001', 'HOLD');
    pbx.answer(await pbx.next(/^INVITE/), '200 OK', { body: pbx.sdp(9) });
    await phones.until('6001', 'hold');
  });

  it('repeats an INVITE that was refused: the same answer again', async () => {
    const pbx = await rawPbx();
    const phones = await phoneAt(pbx);
    const { id, to } = await called(pbx, phones);
    const change = (sequence: number) => pbx.ask('INVITE', { id, to, sequence, body: pbx.sdp(9) });
    change(2);
    await pbx.next(/^SIP\/2\.0 200/);
    // The ACK is lost, and the next change comes too soon.
    change(3);
    const refusal = await pbx.next(/^SIP\/2\.0 500/);
    expect(refusal.header('retry-after')).toMatch(/^\d+$/);
    change(3);
    expect((await pbx.next(/^SIP\/2\.0 500/)).text).toBe(refusal.text);
  });

  it('is silent: the phone that watches hangs up', async () => {
    const pbx = await rawPbx();
    const phones = await phoneAt(pbx, { silence: 300 });
    await talking(pbx, phones);
    pbx.answer(await pbx.next(/^BYE/), '200 OK');
    await phones.until('6001', 'terminated');
  });
});

describe('a session timer', () => {
  it.each([
    ['90;refresher=uac', 'Session-Expires: 90;refresher=uac'],
    ['1800', 'Session-Expires: 1800;refresher=uac'],
    ['1800;refresher=uas', 'Session-Expires: 1800;refresher=uas'],
  ])('of %s is answered with %s, and UPDATE refreshes it', async (asked, answered) => {
    const pbx = await rawPbx();
    const phones = await phoneAt(pbx);
    const headers = ['Supported: timer', `Session-Expires: ${asked}`];
    const id = pbx.ask('INVITE', { headers, body: pbx.sdp(9) });
    await phones.until('6001', 'incomingCall');
    await phones.press('6001', 'ANSWER');
    const { text, header } = await pbx.next(/^SIP\/2\.0 200/);
    expect(text).toContain(`Require: timer\r\n${answered}\r\n`);
    const to = header('to');
    pbx.ask('ACK', { id, to });
    await phones.until('6001', 'established');
    pbx.ask('UPDATE', { id, to, sequence: 2, headers });
    expect((await pbx.next(/^SIP\/2\.0 200/)).text).toContain(answered);
    pbx.ask('UPDATE', { id, to, sequence: 3, body: pbx.sdp(9, '0.0.0.0') });
    expect((await pbx.next(/^SIP\/2\.0 200/)).text).toContain('a=recvonly');
    expect(phones.simulator.state('6001').calls[0]).toMatchObject({ heldByRemote: true });
    pbx.ask('UPDATE', { id, to, sequence: 4, body: 'v=0\r\n' });
    await pbx.next(/^SIP\/2\.0 488/);
  });

  it.each(['UPDATE', 'INVITE'])('of 0 s is refused in a call, too: %s', async (method) => {
    const pbx = await rawPbx();
    const phones = await phoneAt(pbx);
    const { id, to } = await called(pbx, phones);
    const headers = ['Supported: timer', 'Session-Expires: 0;refresher=uas'];
    pbx.ask(method, { id, to, sequence: 2, headers, ...(method === 'INVITE' ? { body: pbx.sdp(9) } : {}) });
    expect((await pbx.next(/^SIP\/2\.0 422/)).header('min-se')).toBe('90');
    expect(phones.simulator.state('6001').state).toBe('talking');
    expect(pbx.got.filter(({ line }) => line.startsWith('INVITE'))).toEqual([]);
  });

  it('that is too short is refused: 422', async () => {
    const pbx = await rawPbx();
    await phoneAt(pbx);
    pbx.ask('INVITE', { headers: ['Session-Expires: 30'], body: pbx.sdp(9) });
    expect((await pbx.next(/^SIP\/2\.0 422/)).header('min-se')).toBe('90');
  });
});

describe('a call that says how long it may ring', () => {
  it.each(['4294967295', '-1', 'Infinity', 'soon', ''])('rings, where that is %j', async (expires) => {
    const pbx = await rawPbx();
    const phones = await phoneAt(pbx);
    pbx.ask('INVITE', { headers: [`Expires: ${expires}`], body: pbx.sdp(9) });
    await phones.until('6001', 'incomingCall');
    await phones.press('6001', 'ANSWER');
    await pbx.next(/^SIP\/2\.0 200/);
  });

  it('ends then', async () => {
    const pbx = await rawPbx();
    const phones = await phoneAt(pbx);
    pbx.ask('INVITE', { headers: ['Expires: 1'], body: pbx.sdp(9) });
    await phones.until('6001', 'missedCall');
    await pbx.next(/^SIP\/2\.0 487/);
  });
});

describe('the way to the PBX', () => {
  it.each([
    ['elsewhere', '127.0.0.2', 'honest'],
    ['on the computer of the PBX', '127.0.0.1', 'honest'],
    ['that forges where the PBX is', '127.0.0.2', 'forged'],
  ])('is the only one that a password takes: a caller %s asks for it in vain', async (_, address, how) => {
    const pbx = await rawPbx();
    const challenge = 'WWW-Authenticate: Digest realm="pbx", nonce="n", qop="auth"';
    pbx.registers = (request) =>
      request.header('authorization') === '' ? ['401 Unauthorized', challenge] : '200 OK';
    const phones = await phoneAt(pbx);
    const stranger = createSocket('udp4').bind(0, address);
    await once(stranger, 'listening');
    onTestFinished(() => void stranger.close());
    const there = `Contact: <sip:9@${address}:${stranger.address().port}>`;
    const id = pbx.ask('INVITE', { headers: [there], body: pbx.sdp(9), contact: false });
    await phones.until('6001', 'incomingCall');
    await phones.press('6001', 'ANSWER');
    pbx.ask('ACK', { id, to: (await pbx.next(/^SIP\/2\.0 200/)).header('to') });
    await phones.until('6001', 'established');
    const asked = once(stranger, 'message');
    await phones.press('6001', 'ENDCALL');
    const [bye, from] = await asked;
    const answer = answerTo(rawOf(bye.toString()), '401 Unauthorized', { headers: [challenge] });
    if (how === 'forged') pbx.send(answer);
    else stranger.send(answer, from.port, from.address);
    const sent = () => phones.simulator.wire('6001').filter(({ method }) => method === 'BYE');
    await vi.waitFor(() => expect(sent().length).toBeGreaterThan(1));
    expect(sent()).toMatchObject([{ sent: true, method: 'BYE' }, { sent: false }]);
  });

  it.each([
    ['a stranger', '127.0.0.2', 'eve'],
    ['a stranger', '127.0.0.1', 'eve'],
    ['who knows a call', '127.0.0.2', 'known'],
  ])('is the only one of calls: %s at %s makes none', async (_, address, callId) => {
    const pbx = await rawPbx();
    const phones = await phoneAt(pbx);
    pbx.ask('INVITE', { id: 'known', body: pbx.sdp(9) });
    await phones.until('6001', 'incomingCall');
    const contact = (await pbx.registrations()).at(-1)?.header('contact') ?? '';
    const port = Number(/:(\d+)/.exec(contact.replace(/^.*@/, ''))?.[1]);
    const stranger = createSocket('udp4').bind(0, address);
    await once(stranger, 'listening');
    onTestFinished(() => void stranger.close());
    const own = stranger.address().port;
    const body = pbx.sdp(9, address);
    const invite = [
      'INVITE sip:6001@pbx SIP/2.0',
      `Via: SIP/2.0/UDP ${address}:${own};branch=z9hG4bKeve`,
      'From: <sip:eve@pbx>;tag=eve',
      'To: <sip:6001@pbx;tag=odd>',
      `Call-ID: ${callId}`,
      'CSeq: 1 INVITE',
      `Contact: <sip:eve@${address}:${own}>`,
      'Call-Info: <sip:x>;answer-after=0',
      'Content-Type: application/sdp',
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n');
    const answers: string[] = [];
    stranger.on('message', (data) => answers.push(rawOf(data.toString()).line));
    stranger.send(invite, port, '127.0.0.1');
    await vi.waitFor(() => expect(answers).toContain('SIP/2.0 403 Forbidden'));
    expect(phones.simulator.state('6001').calls).toHaveLength(1);
  });

  it('is IPv6 where the PBX is', async () => {
    const rtp = createSocket('udp6').bind(0, '::1');
    await once(rtp, 'listening');
    onTestFinished(() => void rtp.close());
    const pbx = await rawPbx('::1');
    const phones = await phoneAt(pbx);
    const { answer } = await called(pbx, phones, rtp.address().port);
    expect(answer.text).toMatch(/c=IN IP6 ::1\r\n/);
    const [packet] = await once(rtp, 'message');
    expect([packet[0], packet[1] & 0x7f, packet.length]).toEqual([0x80, 8, 172]);
  });

  it('may bring a CANCEL and the next call in one packet: the phone is free for it', async () => {
    const sdp = 'v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 9 RTP/AVP 8\r\n';
    const ask = (method: string, id: string, body = '') =>
      [
        `${method} sip:6001@127.0.0.1 SIP/2.0`,
        `Via: SIP/2.0/TCP 127.0.0.1:9;branch=z9hG4bK${id}`,
        `From: <sip:9@pbx>;tag=${id}`,
        'To: <sip:6001@pbx>',
        `Call-ID: ${id}`,
        `CSeq: 1 ${method}`,
        'Contact: <sip:9@127.0.0.1:9>',
        ...(body === '' ? [] : ['Content-Type: application/sdp']),
        `Content-Length: ${body.length}`,
        '',
        body,
      ].join('\r\n');
    const { host, connections } = await tcpRegistrar();
    const phones = await sipPhones(host, ['6001'], { transport: 'tcp' });
    onTestFinished(() => phones.simulator.close());
    await phones.until('6001', 'registered');
    connections[0]?.write(ask('INVITE', 'first', sdp));
    await phones.until('6001', 'incomingCall');
    connections[0]?.write(ask('CANCEL', 'first') + ask('INVITE', 'second', sdp));
    await phones.until('6001', 'missedCall');
    expect(await phones.until('6001', 'incomingCall')).toMatchObject({ call: 'second' });
  });

  it('is made again when a connection is lost', { timeout: 10_000 }, async () => {
    const { host, connections } = await tcpRegistrar();
    const phones = await sipPhones(host, ['6001'], { transport: 'tcp' });
    onTestFinished(() => phones.simulator.close());
    await phones.until('6001', 'registered');
    connections[0]?.destroy();
    await phones.until('6001', 'registerFailed');
    expect(phones.simulator.state('6001').noService).toBe('the connection to the PBX was lost');
    await phones.until('6001', 'registered');
    expect(connections).toHaveLength(2);
  });
});
