import { expect, it } from 'vitest';
import { describeInBrowser, eventually } from '../support/browser.ts';
import { click, openFace, says, startPhones } from './faces.ts';

describeInBrowser('two faces, and nothing but a mouse', () => {
  it('are allowed, call, talk and hang up', async () => {
    const { simulator, urls, control } = await startPhones();
    const [first, second] = await Promise.all(urls.map((url) => openFace(url)));
    if (first === undefined || second === undefined) throw new Error('two phones were started');
    // A program asks; the person at the phone reads from where, and agrees.
    expect(await control(0, '6002;SEND')).toBe(403);
    await says(first.page, 'Allow Remote Control?');
    expect(await first.page.locator('.lcd-detail').textContent()).toBe('127.0.0.1');
    expect(await first.page.locator('.label:visible').allTextContents()).toEqual(['Save', 'Cancel']);
    await click(first.page, 'Save');
    await says(first.page, 'Idle');
    expect(await control(0, '6002;SEND')).toBe(200);
    await says(first.page, 'Calling 6002');
    await says(second.page, 'Incoming call 6001');
    await click(second.page, 'Reject');
    await says(first.page, 'Idle');
    // The other way round, by hand.
    await click(second.page, 'Line 2, free');
    for (const digit of '6001') await click(second.page, digit);
    await second.page.locator('[data-key="SEND"]').click();
    await says(first.page, 'Incoming call 6002');
    await click(first.page, 'Answer');
    await says(second.page, 'Talking 6001');
    await click(second.page, 'End');
    await says(first.page, 'Idle');
    expect(simulator.state('6001').state).toBe('idle');
    // Only what came over HTTP is a request.
    expect(await first.page.locator('.lately li[data-outcome]').allTextContents()).toEqual([
      expect.stringContaining('?key=6002;SEND from 127.0.0.1: pressed'),
      expect.stringContaining('?key=6002;SEND from 127.0.0.1: asks'),
    ]);
    expect(await second.page.locator('.lately li[data-outcome]').count()).toBe(0);
    expect([...first.problems, ...second.problems]).toEqual([]);
  });

  it('ask again after Cancel', async () => {
    const { url, control } = await startPhones();
    const { page } = await openFace(url);
    await control(0, 'MENU');
    await click(page, 'Cancel');
    await says(page, 'Idle');
    expect(await control(0, 'MENU')).toBe(403);
    await says(page, 'Allow Remote Control?');
    // OK is Save, too; and the keys of the display are what a finger on its label presses.
    await page.locator('.label', { hasText: 'Save' }).click();
    await eventually(() => control(0, 'MENU'), 200);
  });
});
