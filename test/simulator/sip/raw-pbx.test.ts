import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SipAccount } from '../../../src/simulator/index.ts';
import { sipPhones } from './phones.ts';
import { answerTo, rawOf, rawPbx, registered } from './raw-pbx.ts';

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

  it('has no name for a caller', async () => {
    const pbx = await rawPbx();
    const phones = await phoneAt(pbx);
    pbx.ask('INVITE', { body: pbx.sdp(9), from: '<sip:9@pbx>' });
    expect(await phones.until('6001', 'incomingCall')).toMatchObject({ remote: '9' });
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

  it('that is too short is refused: 422', async () => {
    const pbx = await rawPbx();
    await phoneAt(pbx);
    pbx.ask('INVITE', { headers: ['Session-Expires: 30'], body: pbx.sdp(9) });
    expect((await pbx.next(/^SIP\/2\.0 422/)).header('min-se')).toBe('90');
  });
});

describe('the way to the PBX', () => {
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

  it('is made again when a connection is lost', { timeout: 10_000 }, async () => {
    const connections: Socket[] = [];
    const server = createServer((socket) => {
      connections.push(socket);
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        for (const text of data.toString().split(/(?=REGISTER )/)) {
          if (!text.startsWith('REGISTER')) continue;
          socket.write(registered(rawOf(text)));
        }
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      for (const socket of connections) socket.destroy();
      server.close();
    });
    const { port } = server.address() as { port: number };
    const phones = await sipPhones(`127.0.0.1:${port}`, ['6001'], { transport: 'tcp' });
    onTestFinished(() => phones.simulator.close());
    await phones.until('6001', 'registered');
    connections[0]?.destroy();
    await phones.until('6001', 'registerFailed');
    expect(phones.simulator.state('6001').noService).toBe('the connection to the PBX was lost');
    await phones.until('6001', 'registered');
    expect(connections).toHaveLength(2);
  });
});
