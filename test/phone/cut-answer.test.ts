import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { Phone } from '../../src/phone/index.ts';
import type { ApprovalSettings } from '../../src/protocol/reply.ts';

/** A phone that sends this and closes. */
async function answering(response: string, approval: ApprovalSettings | undefined) {
  let asked = 0;
  const server = createServer((socket: Socket) => {
    socket
      .on('error', () => undefined)
      .once('data', () => {
        asked += 1;
        socket.end(response);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const phone = new Phone({ host: `127.0.0.1:${port}`, ...(approval === undefined ? {} : { approval }) });
  return { report: await phone.press(['MUTE'], { waitApproval: 2_000 }), asked: () => asked };
}

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-length: 21\r\n';
const BODY = { body: 'Allow Remote' };

it.each<[string, string, ApprovalSettings | undefined, string]>([
  ['that is cut, where its text says whether the phone asks', `${HEAD}\r\nAllow Rem`, BODY, 'unknown'],
  ['whose head is cut, likewise', HEAD, BODY, 'unknown'],
  ['that is whole', 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ndone', BODY, 'ok'],
  ['that is cut, where the status alone says it', `${HEAD}\r\nAllow Rem`, undefined, 'ok'],
  [
    'of 200 without the text, which is no question',
    'HTTP/1.1 200 OK\r\n\r\nOK',
    { status: [200], ...BODY },
    'ok',
  ],
])('an answer %s', async (_, response, approval, outcome) => {
  const { report, asked } = await answering(response, approval);
  expect(report.outcome).toBe(outcome);
  expect(asked()).toBe(1);
});
