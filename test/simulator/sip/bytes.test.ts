import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bytesOf, textOf } from '../../../src/simulator/sip/bytes.ts';
import { sipPhones } from './phones.ts';
import { answerTo, type Raw, rawOf, registered } from './raw-pbx.ts';

type Encoding = 'utf8' | 'latin1';

const CHALLENGE = 'WWW-Authenticate: Digest realm="Büro",\r\n nonce="né", opaque="ö", qop="auth"';

/** A registrar that computes of bytes, whatever letters its people see, and tells whether a proof is right. */
function registrar(encoding: Encoding) {
  const hash = (text: string) => createHash('md5').update(text, encoding).digest('hex');
  const isRight = (request: Raw) => {
    const given = request.header('authorization');
    const value = (name: string) => new RegExp(`\\b${name}="?([^",]+)`).exec(given)?.[1] ?? '';
    const one = hash('6001:Büro:secret-6001');
    const two = hash(`REGISTER:${value('uri')}`);
    const middle = `né:${value('nc')}:${value('cnonce')}:auth`;
    return (
      given.includes('realm="Büro"') &&
      given.includes('opaque="ö"') &&
      value('response') === hash(`${one}:${middle}:${two}`)
    );
  };
  return (data: Buffer): Buffer => {
    const request = rawOf(data.toString(encoding));
    if (request.header('authorization') === '')
      return Buffer.from(answerTo(request, '401 Paßwort?', { headers: [CHALLENGE] }), encoding);
    return Buffer.from(isRight(request) ? registered(request) : answerTo(request, '403 Nö'), encoding);
  };
}

async function overUdp(answer: (data: Buffer) => Buffer): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  socket.on('message', (data, { port }) => socket.send(answer(data), port, '127.0.0.1'));
  return socket.address().port;
}

async function overTcp(answer: (data: Buffer) => Buffer): Promise<number> {
  const server = createServer((socket) => {
    onTestFinished(() => void socket.destroy());
    socket.on('data', (data) => socket.write(answer(data)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe('a realm beyond ASCII', () => {
  it.each([
    ['utf8', 'udp', overUdp],
    ['latin1', 'udp', overUdp],
    ['utf8', 'tcp', overTcp],
    ['latin1', 'tcp', overTcp],
  ] as const)(
    'is proven and given back in the bytes of the PBX: %s over %s',
    async (encoding, transport, open) => {
      const phones = await sipPhones(`127.0.0.1:${await open(registrar(encoding))}`, ['6001'], { transport });
      onTestFinished(() => phones.simulator.close());
      await phones.until('6001', 'registered');
    },
  );
});

describe('bytes that are no UTF-8', () => {
  it('come back as they were from a challenge', () => {
    fc.assert(
      fc.property(fc.uint8Array({ min: 0x20 }), fc.constantFrom('WWW', 'proxy'), (bytes, kind) => {
        const data = Buffer.concat([Buffer.from(`SIP/2.0 401 ü\r\n${kind}-Authenticate: `), bytes]);
        expect(bytesOf(textOf(data)).equals(data)).toBe(true);
      }),
    );
  });

  it('are nowhere else more than a sign that something was there', () => {
    const message = (letter: string) =>
      `SIP/2.0 401 N${letter}\r\nFrom: "${letter}" <sip:1@a>\r\nX-WWW-Authenticate: ${letter}`;
    expect(textOf(Buffer.from(message('ö'), 'latin1'))).toBe(message('\ufffd'));
  });
});
