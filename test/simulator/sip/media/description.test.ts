import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { Media } from '../../../../src/simulator/sip/media/description.ts';

it('hears every codec of an answer, and sends the first', async () => {
  const media = new Media({
    host: '127.0.0.1',
    tone: 512,
    onDigit: () => undefined,
    onRemoteHold: () => undefined,
  });
  onTestFinished(() => media.close());
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  await media.getDescription();
  const { port } = socket.address();
  await media.setDescription(
    `v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio ${port} RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\n`,
  );
  media.answered();
  const [sent] = await once(socket, 'message');
  expect(sent[1] & 0x7f).toBe(0);
  for (const payload of [0, 8]) {
    const packet = Buffer.alloc(172);
    packet[0] = 0x80;
    packet[1] = payload;
    socket.send(packet, media.stream.port, '127.0.0.1');
  }
  await expect.poll(() => media.stream.counts.received).toBe(2);
  expect(media.stream.heard(1000)).toMatchObject({ samples: { length: 320 }, undecoded: false });
});
