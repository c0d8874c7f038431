import { expect, it } from 'vitest';
import { describeInBrowser, eventually } from '../support/browser.ts';
import { click, openFace, says, startPhones, watchKeys } from './faces.ts';

describeInBrowser('the face of a virtual phone', () => {
  it('is what a person sees and presses', async () => {
    const { simulator, url } = await startPhones();
    const { page, problems, hosts } = await openFace(url);
    await says(page, 'Idle');
    expect(await page.title()).toBe('6001 · A48');
    for (const digit of '6002') await click(page, digit);
    await says(page, 'Dial: 6002');
    await click(page, 'Send');
    await says(page, 'Calling 6002');
    expect(simulator.state('6002').state).toBe('ringing');
    expect(simulator.state('6001').log.map(({ key }) => key)).toEqual(['6', '0', '0', '2', 'SOFTKEY1']);
    expect(problems).toEqual([]);
    expect([...hosts]).toEqual([new URL(url).host]);
  });

  it('shows every key that comes over HTTP as pressed', async () => {
    const { url, control } = await startPhones({ approved: true });
    const { page } = await openFace(url);
    const lit = await watchKeys(page);
    await control(0, 'LINEKEY2;6002;SEND');
    await eventually(lit, ['LINEKEY2', '6', '0', '0', '2', 'SEND']);
    await says(page, 'Calling 6002');
    // It has no key of its own on the phone: what lights is the soft key that says the same.
    await control(0, 'ENDCALL');
    await eventually(lit, ['LINEKEY2', '6', '0', '0', '2', 'SEND', 'SOFTKEY1']);
  });
});
