import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { newActionUrls } from '../../src/simulator/action-urls.ts';
import { newDesk } from '../../src/simulator/desk.ts';
import { newHandler } from '../../src/simulator/handler.ts';
import { identityOf } from '../../src/simulator/values.ts';
import { send } from '../receiver/raw.ts';
import { newBench, press, send as sendTo } from './helpers.ts';
import { start } from './started.ts';

const asked = (path: string, ...headers: string[]) =>
  [`GET ${path} HTTP/1.1`, ...headers, 'Connection: close', '', ''].join('\r\n');

/** As a page would send it if a browser let it. */
const posted = (path: string, body: string, ...headers: string[]) =>
  [
    `POST ${path} HTTP/1.1`,
    ...headers,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');

/** What the person at a phone does, and what stands on its pages. */
const ACTIONS = [
  ['/_sim/press', '{"keys":["SPEAKER"]}'],
  ['/_sim/press', '{"hook":"on"}'],
  ['/_sim/lcd', '{"press":"save"}'],
  ['/_sim/allow-list', '{"allow":"any"}'],
  ['/_sim/action-url', '{"offHook":"http://127.0.0.1:9/"}'],
] as const;

it.each([
  ['a name that leads here for a while', ['Host: evil.example']],
  ['a picture on another page', ['Host: 127.0.0.1', 'Sec-Fetch-Site: cross-site']],
  ['another port of this computer', ['Host: 127.0.0.1', 'Sec-Fetch-Site: same-site']],
  ['another origin', ['Host: 127.0.0.1', 'Origin: http://evil.example']],
  ['a sandboxed page', ['Host: 127.0.0.1', 'Origin: null']],
])('%s cannot play the person at a virtual phone', async (_, headers) => {
  const { url, simulator } = await start({ phones: 1 });
  const { port } = new URL(url);
  await press(url, 'MENU');
  expect(await send(Number(port), asked('/_sim/state', ...headers))).toMatch(/^HTTP\/1\.1 403 /);
  expect(await send(Number(port), asked('/_sim/state', 'Host: localhost'))).toMatch(/^HTTP\/1\.1 200 /);
  for (const [path, body] of ACTIONS)
    expect(await send(Number(port), posted(path, body, ...headers))).toMatch(/^HTTP\/1\.1 403 /);
  for (const path of ['/_sim/face', '/_sim/faces', '/_sim/allow-list'])
    expect(await send(Number(port), asked(path, ...headers))).toMatch(/^HTTP\/1\.1 403 /);
  expect(simulator.state('6001')).toMatchObject({ state: 'idle', presses: 0, prompt: '127.0.0.1' });
  for (const [path, body] of ACTIONS)
    expect(
      await send(Number(port), posted(path, body, 'Host: 127.0.0.1', 'Sec-Fetch-Site: same-origin')),
    ).toMatch(/^HTTP\/1\.1 200 /);
});

it('no header is hidden from a virtual phone by too many others', async () => {
  const { url } = await start({ phones: 1 });
  const port = Number(new URL(url).port);
  const many = (count: number) => asked('/_sim/state', 'Host: localhost', ...Array(count).fill('a: 1'));
  expect(await send(port, many(190))).toMatch(/^HTTP\/1\.1 200 /);
  for (const count of [200, 1500]) expect(await send(port, many(count))).toMatch(/^HTTP\/1\.1 431 /);
});

it.each([
  // What a form of any page, and a script without asking, can send.
  ['application/x-www-form-urlencoded'],
  ['text/plain; charset=utf-8'],
  ['multipart/form-data'],
  ['text/plain, application/json'],
  ['application/json-seq'],
  [''],
])('a body of type %j acts on no virtual phone', async (type) => {
  const { url } = await start({ phones: 1 });
  const fields = { method: 'POST', body: '{"*":"http://127.0.0.1:9"}' };
  expect(await sendTo(url, '/_sim/action-url', { ...fields, type })).toMatchObject({
    status: 415,
    body: 'send JSON that says so, with content-type: application/json, as curl --json does\n',
  });
  expect((await sendTo(url, '/_sim/action-url')).body).toBe('{}\n');
  const json = await sendTo(url, '/_sim/action-url', { ...fields, type: 'Application/JSON; charset=utf-8' });
  expect(json.status).toBe(200);
});

it.each([
  ['/_sim/lcd', 'evil.example:7001', 403],
  ['/cgi-bin/web_cgi_main.cgi', 'evil.example:7001', 403],
  ['/_sim/lcd', '10.9.9.9:7001', 200],
  ['/_sim/lcd', 'phones', 200],
  ['/_sim/lcd', 'sim.example', 200],
])('where other computers reach a virtual phone, %s of %s is answered %i', async (url, host, status) => {
  expect(await statusOf(url, host)).toBe(status);
});

/** The status of an answer. */
async function statusOf(url: string, host: string): Promise<number> {
  const socket = Object.defineProperty(new Socket(), 'localAddress', { value: '10.9.9.9' });
  const req = Object.assign(new IncomingMessage(socket), { method: 'GET', url, headers: { host } });
  const res = new ServerResponse(req);
  // It is connected to nobody.
  res.assignSocket(socket.on('error', () => undefined));
  await newHandler(
    newDesk({
      station: newBench(1).station('6001'),
      urls: newActionUrls({}),
      identity: identityOf(0, '10.9.9.9', 7001),
      allow: 'any',
      approved: true,
      happened: () => undefined,
    }),
    {
      promptReply: 403,
      latency: 0,
      faults: undefined,
      identity: identityOf(0, '10.9.9.9', 7001),
      host: 'Sim.Example',
    },
  )(req, res);
  return res.statusCode;
}
