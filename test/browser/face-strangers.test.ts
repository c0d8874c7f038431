import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { describeInBrowser, eventually, openPage } from '../support/browser.ts';
import { openFace, says, startPhones } from './faces.ts';

/**
 * All that a page can send to another site, and what became of it. That an answer could not be read is no proof that the
 * request did nothing: that, the phone itself has to show.
 */
const ATTACK = `
  const tried = {};
  const attempt = async (name, act) => {
    tried[name] = await act().then((answer) => answer?.type ?? 'done', () => 'failed');
  };
  const phone = new URLSearchParams(location.search).get('phone');
  const body = '{"keys":["SPEAKER","SOFTKEY1"]}';
  const post = (path, body, fields) => fetch(phone + path, { method: 'POST', body, ...fields });
  const json = { headers: { 'content-type': 'application/json' } };
  await attempt('text', () => post('/_sim/press', body, { mode: 'no-cors' }));
  await attempt('json', () => post('/_sim/press', body, json));
  await attempt('blob', () => post('/_sim/press', new Blob([body], { type: 'application/json' }), { mode: 'no-cors' }));
  await attempt('hook', () => post('/_sim/press', '{"hook":"off"}', { mode: 'no-cors' }));
  await attempt('save', () => post('/_sim/lcd', '{"press":"save"}', { mode: 'no-cors' }));
  await attempt('list', () => post('/_sim/allow-list', '{"allow":""}', { mode: 'no-cors' }));
  await attempt('url', () => post('/_sim/action-url', '{"*":"http://127.0.0.1:9"}', { mode: 'no-cors' }));
  await attempt('beacon', async () => navigator.sendBeacon(phone + '/_sim/press', body));
  await attempt('read', () => fetch(phone + '/_sim/state'));
  await attempt('stream', () => new Promise((resolve, reject) => {
    const source = new EventSource(phone + '/_sim/faces');
    source.addEventListener('phones', resolve);
    source.addEventListener('error', reject);
  }));
  await attempt('form', () => new Promise((resolve) => {
    const frame = Object.assign(document.createElement('iframe'), { name: 'sink', onload: resolve });
    document.body.append(frame);
    const form = Object.assign(document.createElement('form'), {
      action: phone + '/_sim/press', method: 'POST', enctype: 'text/plain', target: 'sink',
    });
    // What a form sends reads as JSON to who is not careful.
    form.append(Object.assign(document.createElement('input'), { name: '{"hook":"off","x":"', value: '"}' }));
    document.body.append(form);
    form.submit();
  }));
  await attempt('frame', () => new Promise((resolve) => {
    document.body.append(Object.assign(document.createElement('iframe'), { src: phone, onload: resolve, id: 'face' }));
  }));
  document.title = JSON.stringify(tried);
`;

/** A page of somebody else, at another port. */
async function startSite(): Promise<number> {
  const server = createServer((request, response) => {
    const script = request.url?.startsWith('/attack.js') === true;
    response.writeHead(200, { 'content-type': script ? 'text/javascript' : 'text/html' });
    response.end(
      script
        ? ATTACK
        : '<!doctype html><title>waits</title><body><script type="module" src="/attack.js"></script>',
    );
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

describeInBrowser('a page of another site', () => {
  it.each(['127.0.0.1', 'localhost'])('at %s presses no key and no Save, and sees nothing', async (host) => {
    const { simulator, url, control } = await startPhones();
    const face = await openFace(url);
    expect(await control(0, 'MENU')).toBe(403);
    await says(face.page, 'Allow Remote Control?');
    const { page } = await openPage(`http://${host}:${await startSite()}/?phone=${url}`);
    await eventually(async () => (await page.title()).startsWith('{'), true);
    const tried = JSON.parse(await page.title());
    // Those without an answer to read were sent: it is the phone that refuses them.
    expect(tried).toMatchObject({
      text: 'opaque',
      json: 'failed',
      read: 'failed',
      stream: 'failed',
      form: 'load',
    });
    expect(simulator.state('6001')).toMatchObject({ presses: 0, state: 'idle', prompt: '127.0.0.1' });
    expect(await (await fetch(`${url}/_sim/action-url`)).json()).toEqual({});
    expect(await (await fetch(`${url}/_sim/allow-list`)).json()).toEqual({ allow: 'any' });
    const framed = page.frameLocator('#face').locator('.phone');
    expect(await framed.count()).toBe(0);
    await says(face.page, 'Allow Remote Control?');
  });

  it('may lead a person to a phone by a link', async () => {
    const { url } = await startPhones();
    const { page } = await openPage(`http://localhost:${await startSite()}/?phone=${url}`);
    await eventually(async () => (await page.title()).startsWith('{'), true);
    await page.goto(url, { referer: page.url() });
    await says(page, 'Idle');
  });
});
