import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import fc from 'fast-check';
import {
  InviteClientTransaction,
  InviteServerTransaction,
  NonInviteClientTransaction,
  NonInviteServerTransaction,
} from 'sip.js/lib/core/transactions/index.js';
import { expect, it, onTestFinished } from 'vitest';
import { answerTo, readSdp } from '../../../src/simulator/sip/media/sdp.ts';
import { hopOf, readHead } from '../../../src/simulator/sip/message.ts';
import '../../../src/simulator/sip/sipjs.ts';
import { sipRegistrar } from '../../support/sip-registrar.ts';
import { sipPhones } from './phones.ts';
import { rawPbx } from './raw-pbx.ts';

/** Sends datagrams to a phone and gives the first lines of its answers. */
async function stranger(to: number) {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const answers: string[] = [];
  let tell: () => void = () => undefined;
  socket.on('message', (data) => {
    const text = data.toString();
    answers.push(`${text.split('\r\n')[0]} ${/^Call-ID: (.*)$/im.exec(text)?.[1]?.trim()}`);
    tell();
  });
  onTestFinished(() => new Promise<void>((resolve) => socket.close(() => resolve())));
  return {
    port: socket.address().port,
    send: (text: string) => socket.send(text, to, '127.0.0.1'),
    /** Calls are taken from the PBX alone. */
    sendBy: (pbx: string, text: string) =>
      socket.send(text.replace('@127.0.0.1 ', `@${pbx} `), Number(pbx.split(':')[1]), '127.0.0.1'),
    answer: (pattern: RegExp) =>
      new Promise<void>((resolve) => {
        const look = () => answers.some((line) => pattern.test(line)) && resolve();
        tell = look;
        look();
      }),
  };
}

function request(method: string, from: number, id: string, extra: readonly string[] = [], body = '') {
  return [
    `${method} sip:6001@127.0.0.1 SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${from};branch=z9hG4bK${id};rport`,
    'Max-Forwards: 70',
    `From: <sip:9@127.0.0.1>;tag=${id}`,
    'To: <sip:6001@127.0.0.1>',
    `Call-ID: ${id}@stranger`,
    `CSeq: 1 ${method}`,
    `Contact: <sip:9@127.0.0.1:${from}>`,
    ...extra,
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
}

it('reads anything as a message, an address and a session, and never throws', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary', maxLength: 300 })), (text) => {
      readHead(text);
      readHead(`SIP/2.0 ${text}\r\nVia: ${text}\r\nCSeq: ${text}\r\n\r\n${text}`);
      hopOf(text);
      readSdp(`v=0\r\nc=IN IP4 ${text}\r\nm=audio ${text}\r\na=${text}`);
    }),
  );
});

it.each([
  ['sendrecv', false, 'sendrecv'],
  ['sendrecv', true, 'sendonly'],
  ['sendonly', false, 'recvonly'],
  ['sendonly', true, 'inactive'],
  ['recvonly', false, 'sendonly'],
  ['inactive', false, 'inactive'],
] as const)('answers %s, held %s, with %s', (offer, held, answer) => {
  expect(answerTo(offer, held)).toBe(answer);
});

it('takes 0.0.0.0 for a hold, and a huge session for none', () => {
  const sdp = (address: string) => `v=0\r\nc=IN IP4 ${address}\r\nm=audio 4000 RTP/AVP 8\r\n`;
  expect(readSdp(sdp('0.0.0.0'))?.direction).toBe('sendonly');
  expect(readSdp(sdp('127.0.0.1'))?.direction).toBe('sendrecv');
  expect(readSdp(`${sdp('127.0.0.1')}${'a=x\r\n'.repeat(10_000)}`)).toBeUndefined();
});

it('takes no payload type of more than 7 bits, and no port of more than 16', () => {
  const sdp = (port: number, payloads: string) =>
    `v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio ${port} RTP/AVP ${payloads}\r\na=rtpmap:300 PCMA/8000\r\n`;
  expect(readSdp(sdp(4000, '300 128 127 99999999999 8'))?.payloads).toEqual([127, 8]);
  expect(readSdp(sdp(65_536, '8'))).toBeUndefined();
});

it.each([
  ['INVITE sip:1@x SIP/2.0\r\nCSeq: 1 OPTIONS\r\n\r\n', undefined, 'INVITE'],
  ['sip/2.0 401 No\r\nCSeq: 1 BYE\r\n\r\n', 401, 'BYE'],
])('reads the head of %j as sip.js does', (message, status, method) => {
  expect(readHead(message)).toMatchObject({ status, method });
});

it('refuses what it cannot do, answers OPTIONS, and goes on calling', async () => {
  const { host, contacts } = await sipRegistrar();
  const { simulator, call } = await sipPhones(host, ['6001', '6002']);
  onTestFinished(() => simulator.close());
  const { port, send, sendBy, answer } = await stranger(contacts.get('6001')?.port ?? 0);
  for (const junk of ['', '\r\n\r\n', 'hello', 'INVITE', '\0'.repeat(500), 'SIP/2.0 200 OK\r\n\r\n'])
    send(junk);
  for (let times = 0; times < 10_000; times += 1) send(request('OPTIONS', port, `o${times}`));
  await answer(/^SIP\/2\.0 200/);
  sendBy(host, request('INVITE', port, 'a', ['Require: 100rel, teleport', 'Content-Type: application/sdp']));
  await answer(/^SIP\/2\.0 420/);
  const video = 'v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 4000 RTP/AVP 97\r\na=rtpmap:97 opus/48000\r\n';
  sendBy(host, request('INVITE', port, 'b', ['Content-Type: application/sdp'], video));
  await answer(/^SIP\/2\.0 488/);
  const huge = `${'a=x\r\n'.repeat(4000)}`;
  sendBy(host, request('INVITE', port, 'd', ['Content-Type: application/sdp'], `v=0\r\n${huge}`));
  sendBy(host, request('INVITE', port, 'e', [`X: ${'x'.repeat(40_000)}`]));
  send(request('BYE', port, 'c'));
  await answer(/^SIP\/2\.0 481/);
  await call('6002', '6001');
  expect(simulator.state('6001').state).toBe('talking');
});

/** Requests and answers of all kinds, with something in them changed. */
function mangled(from: number) {
  const methods = [
    'INVITE',
    'ACK',
    'BYE',
    'CANCEL',
    'REFER',
    'NOTIFY',
    'INFO',
    'UPDATE',
    'OPTIONS',
    'REGISTER',
  ];
  const word = fc.oneof(
    fc.constantFrom(
      '',
      '\r\n',
      '\0',
      ';',
      '<',
      '>',
      ':',
      '"',
      '%',
      '%s',
      '-1',
      '99999999999',
      'sip:',
      '\u{1F4A5}',
    ),
    fc.string({ maxLength: 20 }),
  );
  return fc
    .record({
      method: fc.constantFrom(...methods, 'SIP/2.0 200', 'SIP/2.0 302', 'SIP/2.0 999'),
      id: fc.integer({ min: 0, max: 20 }),
      extra: fc.array(
        fc
          .tuple(
            fc.constantFrom(
              ...[
                'Replaces',
                'Refer-To',
                'Require',
                'Session-Expires',
                'Contact',
                'Via',
                'CSeq',
                'Event',
                'To',
              ],
            ),
            word,
          )
          .map(([name, value]) => `${name}: ${value}`),
        { maxLength: 3 },
      ),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      cut: fc.integer({ min: 0, max: 12 }),
      put: word,
    })
    .map(({ method, id, extra, at, cut, put }) => {
      const text = request(method, from, `f${id}`, extra, 'v=0\r\nm=audio 1 RTP/AVP 8\r\n');
      const place = Math.floor(at * text.length);
      return text.slice(0, place) + put + text.slice(place + cut);
    });
}

it('bears 3000 mangled messages of the PBX and of a stranger, and goes on being called', async () => {
  const pbx = await rawPbx();
  const phones = await sipPhones(pbx.host, ['6001']);
  onTestFinished(() => phones.simulator.close());
  const contact = (await pbx.registrations()).at(-1)?.header('contact') ?? '';
  const { port, send } = await stranger(Number(/:(\d+)/.exec(contact.replace(/^.*@/, ''))?.[1]));
  const messages = fc.sample(mangled(port), { seed: 20_261_128, numRuns: 3000 });
  for (const [index, message] of messages.entries()) {
    send(message);
    pbx.send(message);
    // No faster than they are read, or most would be lost.
    if (index % 50 !== 49) continue;
    pbx.ask('OPTIONS', { id: `after-${index}` });
    await pbx.found(({ header }) => header('call-id') === `after-${index}`);
  }
  while (phones.simulator.state('6001').calls.length > 0) await phones.press('6001', 'ENDCALL');
  phones.forget();
  pbx.ask('INVITE', { body: pbx.sdp(9) });
  await phones.until('6001', 'incomingCall');
});

it('bears 400 mangled requests within a call, and the call goes on or is over', async () => {
  const pbx = await rawPbx();
  const phones = await sipPhones(pbx.host, ['6001']);
  onTestFinished(() => phones.simulator.close());
  const call = async () => {
    const id = pbx.ask('INVITE', { body: pbx.sdp(9) });
    await phones.until('6001', 'incomingCall');
    await phones.press('6001', 'ANSWER');
    const ok = await pbx.found(({ line, header }) => / 200 /.test(line) && header('call-id') === id);
    pbx.ask('ACK', { id, to: ok.header('to') });
    await phones.until('6001', 'established');
    return { id, to: ok.header('to') };
  };
  let dialog = await call();
  const headers = fc.array(
    fc.constantFrom(
      ...[
        'Refer-To: <sip:6003@pbx>',
        'Refer-To: sip:',
        'Refer-To: <sip:6003@pbx?Replaces=x>',
        'Replaces: x;to-tag=1',
      ],
      ...[
        'Event: refer',
        'Subscription-State: terminated',
        'Require: x',
        'Session-Expires: 90;refresher=uas',
      ],
      ...[
        'Content-Type: application/sdp',
        'Content-Type: application/dtmf-relay',
        'Contact: *',
        'Contact: <',
      ],
    ),
    { maxLength: 3 },
  );
  const sdp = fc.constantFrom(
    '',
    pbx.sdp(9),
    pbx.sdp(0),
    pbx.sdp(9, 'x'),
    'v=0',
    'Signal=5',
    'SIP/2.0 200 OK',
    '\0',
  );
  const method = fc.constantFrom(
    'INVITE',
    'UPDATE',
    'INFO',
    'NOTIFY',
    'REFER',
    'OPTIONS',
    'ACK',
    'CANCEL',
    'BYE',
  );
  const requests = fc.sample(fc.record({ method, headers, body: sdp }), { seed: 20_261_128, numRuns: 400 });
  for (const [index, { method: name, ...options }] of requests.entries()) {
    pbx.ask(name, { ...dialog, sequence: index + 2, ...options });
    // In turn, and a new call where that one is over.
    pbx.ask('OPTIONS', { id: `after-${index}` });
    await pbx.found(({ header }) => header('call-id') === `after-${index}`);
    if (phones.simulator.state('6001').calls.length > 0) continue;
    phones.forget();
    dialog = await call();
  }
  while (phones.simulator.state('6001').calls.length > 0) await phones.press('6001', 'ENDCALL');
  phones.forget();
  await call();
}, 60_000);

it.each([
  ['timerB', InviteClientTransaction],
  ['timerL', InviteServerTransaction],
  ['timerF', NonInviteClientTransaction],
  ['timerJ', NonInviteServerTransaction],
])('warns of what %s throws, and goes on', async (timer, { prototype }) => {
  const error = new Error('nobody catches it');
  const get = () => {
    throw error;
  };
  const told = once(process, 'warning');
  Object.create(prototype, { logger: { get } })[timer]();
  expect(await told).toEqual([error]);
});
