import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { accessibilityProblems, describeInBrowser, eventually, openPage } from '../support/browser.ts';
import { openOffice } from './office.ts';

/** What each tile says, in their order. */
const wordsOf = (page: Page) => () => page.locator('.phone:visible .word').allTextContents();

describeInBrowser('the board', () => {
  it('shows who talks with whom, by group, and follows', async () => {
    const { report, url } = await openOffice();
    report('reception', 'openDND');
    const { page, problems, hosts } = await openPage(url);
    await eventually(wordsOf(page), ['unknown', 'unknown', 'unknown']);
    expect(await page.locator('h2').allTextContents()).toEqual(['floor1', 'Other phones']);
    expect(await page.locator('h3').allTextContents()).toEqual(['reception 6001', 'lobby 6002', 'lab']);
    report('lobby', 'incomingCall', { remote: '6001' });
    report('reception', 'outgoingCall', { remote: '6002' });
    await eventually(wordsOf(page), ['calling', 'ringing', 'unknown']);
    report('lobby', 'established', { remote: '6001' });
    report('reception', 'established', { remote: '6002' });
    await eventually(wordsOf(page), ['talking', 'talking', 'unknown']);
    expect(await page.locator('.calls').allTextContents()).toEqual(['lobby (6002)', 'reception (6001)', '']);
    expect(await page.locator('.marks').first().textContent()).toBe('DND');
    // A phone that is in no config.
    report('10.1.1.1', 'offHook');
    await eventually(wordsOf(page), ['talking', 'talking', 'unknown', 'dialling']);
    expect(problems).toEqual([]);
    expect([...hosts]).toEqual([new URL(url).host]);
  });

  it('says so when the listener is gone, and goes on when there is one again', async () => {
    const { receiver, report, url } = await openOffice();
    report('lobby', 'offHook');
    report('reception', 'established');
    report('172.16.9.9', 'offHook');
    const { page } = await openPage(url);
    await eventually(wordsOf(page), ['talking', 'dialling', 'unknown', 'dialling']);
    const alert = page.locator('#link');
    expect(await alert.textContent()).toBe('');
    await receiver.close();
    await eventually(
      async () => /^No connection to the listener for .*old\.$/.test((await alert.textContent()) ?? ''),
      true,
    );
    const filter = () => page.evaluate("getComputedStyle(document.querySelector('.phone')).filter");
    expect(await filter()).toBe('grayscale(1)');
    const next = await openOffice({ port: receiver.port });
    next.report('lobby', 'incomingCall', { remote: '6009' });
    await eventually(wordsOf(page), ['unknown', 'ringing', 'unknown']);
    await eventually(() => alert.textContent(), '');
    // What the listener before it heard of the others may be over.
    expect(await wordsOf(page)()).toEqual(['unknown', 'ringing', 'unknown']);
    expect(await filter()).toBe('none');
  });

  it('says how old it is what it knows', async () => {
    const { report, url } = await openOffice();
    report('reception', 'busyToIdle', { ago: 3 * 3_600_000 + 60_000 });
    report('lobby', 'busyToIdle', { ago: 60_000 });
    const { page } = await openPage(url);
    await eventually(
      () => page.locator('.age').allTextContents(),
      ['not heard for 3 h', '', 'not heard yet'],
    );
    expect(await page.locator('.clock').first().textContent()).toBe('3 h');
  });

  it('shows what the keyboard asks for', async () => {
    const { report, url } = await openOffice();
    report('reception', 'established', { remote: '6009', display: 'Anna' });
    report('lobby', 'openDND');
    const { page } = await openPage(url);
    await eventually(wordsOf(page), ['talking', 'unknown', 'unknown']);
    await page.keyboard.press('/');
    await page.keyboard.type('anna');
    await eventually(wordsOf(page), ['talking']);
    expect(await page.locator('summary:visible .count').textContent()).toBe('1 of 2');
    await page.keyboard.press('Escape');
    await eventually(wordsOf(page), ['talking', 'unknown', 'unknown']);
    await page.getByRole('button', { name: '2 unknown' }).focus();
    await page.keyboard.press('Enter');
    await eventually(wordsOf(page), ['unknown', 'unknown']);
    expect(await page.getByRole('button', { pressed: true }).textContent()).toBe('2 unknown');
    await page.locator('#filter').fill('nobody');
    await eventually(() => page.locator('#none').textContent(), 'No phone fits the filter.');
  });

  it('folds groups, and keeps them so when the listener comes again', async () => {
    const { report, url } = await openOffice();
    const { page } = await openPage(url);
    await page.getByText('floor1').click();
    await eventually(wordsOf(page), ['unknown']);
    report('10.1.1.1', 'offHook');
    await eventually(wordsOf(page), ['unknown', 'dialling']);
  });

  it('tells a screen reader how many phones do what, and not each change', async () => {
    const { report, url } = await openOffice();
    report('reception', 'incomingCall', { remote: '6009' });
    const { page } = await openPage(url);
    const news = page.getByRole('status');
    await eventually(() => news.textContent(), '1 ringing, 2 unknown');
    report('reception', 'established', { remote: '6009' });
    await eventually(wordsOf(page), ['talking', 'unknown', 'unknown']);
    expect(await news.textContent()).toBe('1 ringing, 2 unknown');
  });

  it('takes nothing that a caller sends for markup', async () => {
    const { report, url } = await openOffice();
    const evil = '<img src=x onerror=alert(1)>';
    report('reception', 'established', { remote: '6009', display: evil });
    report(evil, 'offHook');
    const { page, problems } = await openPage(url);
    await eventually(() => page.locator('.calls').first().textContent(), `${evil} (6009)`);
    expect([await page.locator('img').count(), problems]).toEqual([0, []]);
  });

  it('prints phones, and nothing to press', async () => {
    const { url } = await openOffice();
    const { page } = await openPage(url);
    await eventually(wordsOf(page), ['unknown', 'unknown', 'unknown']);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('button:visible, input:visible').count()).toBe(0);
    expect(await page.locator('.phone:visible').count()).toBe(3);
  });

  it.each([320, 1280])('fits a screen %i pixels wide', async (width) => {
    const { report, url } = await openOffice();
    report('reception', 'established', { remote: '6'.repeat(60), display: 'W'.repeat(60) });
    const { page } = await openPage(url, { viewport: { width, height: 600 } });
    await eventually(wordsOf(page), ['talking', 'unknown', 'unknown']);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
  });

  it.each(['light', 'dark'] as const)('has nothing that axe-core finds, %s', async (colorScheme) => {
    const { report, url } = await openOffice();
    for (const phone of ['reception', 'lobby'])
      report(phone, 'incomingCall', { remote: '6009', display: 'Anna' });
    report('lab', 'hold', { remote: '6001' });
    const { page } = await openPage(url, { colorScheme });
    await eventually(wordsOf(page), ['ringing', 'ringing', 'on hold']);
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});
