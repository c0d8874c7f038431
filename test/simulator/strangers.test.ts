import { expect, it } from 'vitest';
import { send } from '../receiver/raw.ts';
import { send as sendTo } from './helpers.ts';
import { start } from './started.ts';

const asked = (path: string, ...headers: string[]) =>
  [`GET ${path} HTTP/1.1`, ...headers, 'Connection: close', '', ''].join('\r\n');

it.each([
  ['a name that leads here for a while', ['Host: evil.example']],
  ['a picture on another page', ['Host: 127.0.0.1', 'Sec-Fetch-Site: cross-site']],
  ['another port of this computer', ['Host: 127.0.0.1', 'Sec-Fetch-Site: same-site']],
  ['another origin', ['Host: 127.0.0.1', 'Origin: http://evil.example']],
  ['a sandboxed page', ['Host: 127.0.0.1', 'Origin: null']],
])('%s cannot play the person at a virtual phone', async (_, headers) => {
  const { port } = new URL((await start({ phones: 1 })).url);
  expect(await send(Number(port), asked('/_sim/state', ...headers))).toMatch(/^HTTP\/1\.1 403 /);
  expect(await send(Number(port), asked('/_sim/state', 'Host: localhost'))).toMatch(/^HTTP\/1\.1 200 /);
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
