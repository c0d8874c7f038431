import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, it, onTestFinished, vi } from 'vitest';
import { UdpTransport } from '../../../src/simulator/sip/udp.ts';
import { type Raw, rawOf } from './raw-pbx.ts';

async function socketAt(address = '127.0.0.1') {
  const socket = createSocket('udp4').bind(0, address);
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  const got: Raw[] = [];
  socket.on('message', (data) => got.push(rawOf(data.toString())));
  const { port } = socket.address();
  return { socket, port, got };
}

/** A phone's transport, its PBX, a stranger, and what gets as far as sip.js. */
async function phone() {
  const [pbx, stranger] = [await socketAt(), await socketAt()];
  const passed: string[] = [];
  const transport = new UdpTransport(undefined, {
    host: '127.0.0.1',
    next: { host: '127.0.0.1', port: pbx.port },
    gate: { onMessage: () => undefined, isOfCall: (callId) => callId === 'call' },
  });
  transport.onMessage = (message) => passed.push(rawOf(message).line);
  await transport.connect();
  onTestFinished(() => transport.disconnect());
  const send = ({ socket }: typeof pbx, text: string) => socket.send(text, transport.port, '127.0.0.1');
  /** Resolves when all is read that was sent before. */
  const read = async () => {
    send(pbx, message('OPTIONS sip:6001@pbx SIP/2.0', { branch: 'last' }));
    await vi.waitFor(() => expect(passed.at(-1)).toMatch(/^OPTIONS/));
    passed.pop();
  };
  return { pbx, stranger, passed, transport, send, read };
}

function message(line: string, { branch = 'b', callId = 'x', tag = '' } = {}) {
  const method = /^[A-Z]+(?= sip:)/.exec(line)?.[0] ?? 'BYE';
  return [
    line,
    `Via: SIP/2.0/UDP 127.0.0.1:9;branch=${branch}`,
    'From: <sip:9@pbx>;tag=9',
    `To: <sip:6001@pbx>${tag}`,
    `Call-ID: ${callId}`,
    `CSeq: 1 ${method}`,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}

it.each([
  ['INVITE', 'SIP/2.0 403 Forbidden'],
  ['REFER', 'SIP/2.0 403 Forbidden'],
  ['OPTIONS', 'SIP/2.0 200 OK'],
  ['BYE', 'SIP/2.0 481 Call/Transaction Does Not Exist'],
])('answers %s of a stranger once, and sip.js never sees it', async (method, answer) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const { stranger, passed, send, read } = await phone();
  send(stranger, message(`${method} sip:6001@pbx SIP/2.0`));
  // A call with this Call-ID counts only where the request is part of it.
  send(stranger, message(`${method} sip:6001@pbx SIP/2.0`, { callId: 'call' }));
  await read();
  vi.advanceTimersByTime(40_000);
  await read();
  expect(stranger.got.map(({ line }) => line)).toEqual([answer, answer]);
  expect(passed).toEqual([]);
});

it.each([
  ['ACK', message('ACK sip:6001@pbx SIP/2.0')],
  ['an answer to nothing', message('SIP/2.0 200 OK')],
  ['what is no SIP', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
])('answers nothing to a stranger who sends %s', async (_, text) => {
  const { stranger, passed, send, read } = await phone();
  send(stranger, text);
  await read();
  expect([stranger.got, passed]).toEqual([[], []]);
});

it('hears the other side of a call, its answers, and what it sends again when the call is over', async () => {
  const { pbx, stranger: peer, passed, transport, send, read } = await phone();
  const bye = message('BYE sip:6001@pbx SIP/2.0', { callId: 'call', tag: ';tag=1' });
  send(peer, bye);
  send(peer, bye.replace('Call-ID: call', 'Call-ID: over'));
  await read();
  await transport.send(message(`BYE sip:9@127.0.0.1:${peer.port} SIP/2.0`, { branch: 'own', tag: ';tag=1' }));
  send(peer, message('SIP/2.0 200 OK', { branch: 'own' }));
  send(pbx, message('INVITE sip:6001@pbx SIP/2.0'));
  await read();
  expect(passed.map((line) => line.split(' ')[0])).toEqual(['BYE', 'BYE', 'SIP/2.0', 'INVITE']);
});

it.each(['Authorization', 'Proxy-Authorization'])(
  'sends a request with %s to the PBX alone, wherever its route leads',
  async (name) => {
    const { pbx, stranger, transport, send, read } = await phone();
    const invite = (host: string, port: number, header: string) =>
      message('INVITE sip:9@pbx SIP/2.0', { branch: `${host}${port}${header}` }).replace(
        'Content-Length',
        `Route: <sip:${host}:${port};lr>\r\n${header}: Digest realm="pbx"\r\nContent-Length`,
      );
    for (const host of ['127.0.0.1', 'localhost']) {
      await expect(transport.send(invite(host, stranger.port, name))).rejects.toThrow('for the PBX alone');
      await transport.send(invite(host, pbx.port, name));
      await transport.send(invite(host, stranger.port, 'X'));
    }
    send(stranger, message('OPTIONS sip:6001@pbx SIP/2.0'));
    await read();
    await vi.waitFor(() => expect(stranger.got.at(-1)?.line).toMatch(/ 200 /));
    const withIt = ({ got }: typeof pbx) => got.filter(({ header }) => header(name) !== '').length;
    expect([withIt(pbx), withIt(stranger), stranger.got.length]).toEqual([2, 0, 3]);
  },
);

it.each(['401 Unauthorized', '407 Proxy Authentication Required'])(
  'takes %s of who is not the PBX for a refusal',
  async (status) => {
    const { stranger, passed, transport, send, read } = await phone();
    const bye = `BYE sip:9@127.0.0.1:${stranger.port} SIP/2.0`;
    await transport.send(message(bye, { branch: 'own', tag: ';tag=1' }));
    send(stranger, message(`SIP/2.0 ${status}`, { branch: 'own' }));
    await read();
    expect(passed.map((line) => line.split(' ')[1])).toEqual(['403']);
  },
);

it.each([
  ['another program', '127.0.0.1'],
  ['another computer', '127.0.0.2'],
])('hears what the PBX was asked from the PBX alone, not from %s', async (_, address) => {
  const { pbx, passed, transport, send, read } = await phone();
  const stranger = await socketAt(address);
  await transport.send(message('INVITE sip:9@pbx SIP/2.0', { branch: 'own' }));
  send(stranger, message('SIP/2.0 401 Unauthorized', { branch: 'own' }));
  await read();
  expect(passed).toEqual([]);
  send(pbx, message('SIP/2.0 486 Busy Here', { branch: 'own' }));
  await read();
  expect(passed).toEqual(['SIP/2.0 486 Busy Here']);
});

it.each(['127.0.0.1', 'LOCALHOST', '[::ffff:127.0.0.1]'])(
  'hears the other side of a call at %s from there, and from any of its ports',
  async (host) => {
    const { stranger: peer, passed, transport, send, read } = await phone();
    const bye = `BYE sip:9@${host}:${peer.port} SIP/2.0`;
    await transport.send(message(bye, { branch: 'own', tag: ';tag=1' }));
    send(await socketAt('127.0.0.2'), message('SIP/2.0 481 Gone', { branch: 'own' }));
    await read();
    expect(passed).toEqual([]);
    send(await socketAt(), message('SIP/2.0 200 OK', { branch: 'own' }));
    await read();
    expect(passed).toEqual(['SIP/2.0 200 OK']);
    expect(peer.got.map(({ line }) => line)).toEqual([bye]);
  },
);

it.each([
  [';branch=own;branch=other', 'two branches'],
  [';x="; branch=own";branch=other', 'one of them in a text'],
  [';branch=own;branch = other', 'one of them with blanks'],
  [';branch = own', 'one that is read in two ways'],
  [';branch=own, SIP/2.0/UDP 127.0.0.1:9;branch=other', 'two Vias'],
  [';branch=own\r\nv: SIP/2.0/UDP 127.0.0.1:9;branch=other', 'two Vias, one by its short name'],
])('hears no answer with %s: %s', async (via) => {
  const { stranger: peer, passed, transport, send, read } = await phone();
  const request = (branch: string, to: string) =>
    transport.send(message(`BYE sip:9@127.0.0.1:${to} SIP/2.0`, { branch, tag: ';tag=1' }));
  await request('own', `${peer.port}`);
  await request('other', `${peer.port}`);
  send(peer, message('SIP/2.0 401 Unauthorized').replace(';branch=b', via));
  await read();
  expect(passed).toEqual([]);
  send(peer, message('SIP/2.0 200 OK', { branch: 'own' }));
  await read();
  expect(passed).toEqual(['SIP/2.0 200 OK']);
});
