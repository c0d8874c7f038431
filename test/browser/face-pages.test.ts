import { expect, it } from 'vitest';
import { EVENTS } from '../../src/protocol/events.ts';
import { send } from '../receiver/raw.ts';
import { accessibilityProblems, describeInBrowser, eventually, openPage } from '../support/browser.ts';
import { click, openFace, says, startPhones } from './faces.ts';

const sent = { method: 'POST', headers: { 'content-type': 'application/json' } };

describeInBrowser('Phone – Remote Control', () => {
  it('holds the list, which counts at once', async () => {
    const { url, control } = await startPhones({ phones: 1, approved: true });
    const { page, problems } = await openFace(`${url}/remote-control`);
    const list = page.getByLabel('Action URI allow IP list');
    await eventually(() => list.inputValue(), 'any');
    expect(await control(0, 'MENU')).toBe(200);
    await list.fill('172.16.0.235, 172.16.0.232');
    await click(page, 'Save');
    await eventually(() => page.locator('.said').textContent(), 'Saved; it counts from now on.');
    expect(await control(0, 'MENU')).toBe(403);
    await list.fill('127.0.0.1');
    await page.keyboard.press('Enter');
    await eventually(() => control(0, 'MENU'), 200);
    expect(problems).toEqual([]);
  });

  it('says what is wrong, and changes nothing', async () => {
    const { url, control } = await startPhones({ phones: 1, approved: true });
    const { page } = await openFace(`${url}/remote-control`);
    const list = page.getByLabel('Action URI allow IP list');
    await eventually(() => list.inputValue(), 'any');
    await list.fill('172.16.0.235; 172.16.0.232');
    await click(page, 'Save');
    await eventually(
      () => page.locator('.said.wrong').textContent(),
      '172.16.0.235; 172.16.0.232 is not an IP address; separate addresses by commas',
    );
    expect(await control(0, 'MENU')).toBe(200);
    await click(page, 'Cancel');
    await eventually(() => list.inputValue(), 'any');
  });
});

describeInBrowser('Phone – Action URL', () => {
  it('has the fields of the document in its order, and they work', async () => {
    const { simulator, url } = await startPhones({
      actionUrls: { incomingCall: 'http://127.0.0.1:9/in?mac=$mac' },
    });
    const { page, problems } = await openFace(`${url}/action-url`);
    expect(await page.locator('.row label').allTextContents()).toEqual(EVENTS.map(({ label }) => label));
    await eventually(
      () => page.getByLabel('Incoming Call', { exact: true }).inputValue(),
      'http://127.0.0.1:9/in?mac=$mac',
    );
    await page.getByLabel('Incoming Call', { exact: true }).fill('');
    await page.getByLabel('Off Hook', { exact: true }).fill('http://127.0.0.1:9/off?ip=$ip');
    await click(page, 'Save');
    await eventually(() => page.locator('.said').textContent(), 'Saved; it counts from now on.');
    expect(await (await fetch(`${url}/_sim/action-url`)).json()).toEqual({
      offHook: 'http://127.0.0.1:9/off?ip=$ip',
    });
    await fetch(`${url}/_sim/press`, { ...sent, body: '{"keys":["SPEAKER"]}' });
    await eventually(async () => simulator.state('6001').reports, { sent: 0, failed: 1, dropped: 0 });
    expect(problems).toEqual([]);
  });

  it('says what is wrong with a URL, and fills in nothing', async () => {
    const { url } = await startPhones({ phones: 1 });
    const { page } = await openFace(`${url}/action-url`);
    await page.getByLabel('On Hook', { exact: true }).fill('http://127.0.0.1:9/on');
    await page.getByLabel('Mute', { exact: true }).fill('ftp://127.0.0.1/');
    await click(page, 'Save');
    await eventually(
      async () => ((await page.locator('.said.wrong').textContent()) ?? '').includes('ftp:'),
      true,
    );
    expect(await (await fetch(`${url}/_sim/action-url`)).json()).toEqual({});
  });
});

describeInBrowser('All phones', () => {
  it('stand on one page, of each phone, and are allowed there', async () => {
    const { urls, control } = await startPhones({ phones: 3 });
    const { page, problems, hosts } = await openPage(`${urls[1]}/all`);
    const lines = () => page.locator('.lcd-what').allTextContents();
    await eventually(lines, ['Idle', 'Idle', 'Idle']);
    expect(await control(0, '6003;SEND')).toBe(403);
    await eventually(lines, ['Allow Remote Control?', 'Idle', 'Idle']);
    await click(page, 'Save');
    await eventually(lines, ['Idle', 'Idle', 'Idle']);
    expect(await control(0, '6003;SEND')).toBe(200);
    await eventually(lines, ['Calling 6003', 'Idle', 'Incoming call 6001']);
    await click(page, 'Answer');
    await eventually(
      () => page.locator('.calls-now').allTextContents(),
      ['talks with 6003', 'no call', 'talks with 6001'],
    );
    const card = page.locator('.card').first();
    expect(await card.locator('.lately li[data-outcome]').allTextContents()).toEqual([
      expect.stringContaining('pressed'),
      expect.stringContaining('asks'),
    ]);
    expect(await card.locator('.lately b').first().textContent()).toBe('established');
    expect([problems, [...hosts]]).toEqual([[], [new URL(urls[1] ?? '').host]]);
    await page.getByRole('link', { name: '6003' }).click();
    await says(page, 'Talking 6001');
    expect(page.url()).toBe(`${urls[2]}/`);
  });
});

describeInBrowser('the filter of all phones', () => {
  it('shows those with all its words, by number, model, state and call', async () => {
    const { url, control } = await startPhones({ phones: 12, approved: true });
    const { page, problems } = await openFace(`${url}/all`);
    const shown = () => page.locator('.card:visible h2 a').allTextContents();
    await page.keyboard.press('/');
    await page.keyboard.type('a48 601');
    await eventually(shown, ['6010', '6011', '6012']);
    await page.getByLabel('Filter').fill('CALL 6001');
    await eventually(shown, ['6001']);
    expect(await control(0, '6012;SEND')).toBe(200);
    await eventually(shown, ['6001', '6012']);
    await page.getByLabel('Filter').fill('attic');
    await eventually(() => page.locator('main p:visible').last().textContent(), 'No phone fits the filter.');
    await page.keyboard.press('Escape');
    await eventually(async () => (await shown()).length, 12);
    expect(problems).toEqual([]);
  });

  it.each([1280, 400])('is above numbers, and these above displays, at %i px', async (width) => {
    const { url } = await startPhones({ phones: 2 });
    const { page } = await openFace(`${url}/all`, { viewport: { width, height: 800 } });
    const top = async (selector: string) => (await page.locator(selector).first().boundingBox())?.y ?? -1;
    const tops = await Promise.all(['.filter', '.card h2', '.card .display', '.card .lately'].map(top));
    expect(tops).toEqual([...tops].sort((a, b) => a - b));
    expect(tops[0]).toBeGreaterThan(0);
  });
});

describeInBrowser('every page of a virtual phone', () => {
  it.each(['/remote-control', '/action-url', '/all'])(
    '%s has nothing that axe-core finds, and fits',
    async (path) => {
      const { url, control } = await startPhones({ approved: true });
      await control(0, '6002;SEND');
      for (const colorScheme of ['light', 'dark'] as const) {
        const { page } = await openFace(`${url}${path}`, {
          colorScheme,
          viewport: { width: 400, height: 800 },
        });
        expect(await accessibilityProblems(page)).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(400);
      }
    },
  );

  it('takes nothing that a stranger sends for markup', async () => {
    const { url } = await startPhones({ approved: true });
    const evil = '<img/src=x/onerror=alert(1)>';
    for (const path of ['/', '/all']) {
      const { page, problems } = await openFace(`${url}${path}`);
      // As no browser and no program would send it.
      await send(Number(new URL(url).port), `GET /cgi-bin/server.cgi?key=${evil} HTTP/1.0\r\n\r\n`);
      await eventually(() => page.locator('.tokens li').first().textContent(), evil);
      expect(await page.locator('.recent code').first().textContent()).toBe(`?key=${evil}`);
      expect([await page.locator('img').count(), problems]).toEqual([0, []]);
    }
  });
});
