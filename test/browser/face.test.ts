import { expect, it } from 'vitest';
import { accessibilityProblems, describeInBrowser, eventually } from '../support/browser.ts';
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
    expect(await page.locator('.lcd p').allTextContents()).toEqual(simulator.lcd('6001').slice(0, -1));
    expect(problems).toEqual([]);
    expect([...hosts]).toEqual([new URL(url).host]);
  });

  it('has the keys of its model', async () => {
    const { urls } = await startPhones({ phones: 3, models: ['A11', 'A41', 'A68'] });
    const counts = [];
    for (const url of urls) {
      const { page } = await openFace(url);
      const count = (family: string) => page.locator(`[data-key^="${family}"]`).count();
      counts.push([await count('LINEKEY'), await count('SOFTKEY'), await count('MEMORY_KEY')]);
    }
    expect(counts).toEqual([
      [1, 3, 0],
      [4, 4, 8],
      [6, 4, 20],
    ]);
  });

  it('shows every key that comes over HTTP as pressed', async () => {
    const { url, control } = await startPhones({ approved: true });
    const { page } = await openFace(url);
    const lit = await watchKeys(page);
    await control(0, 'LK2;6002;SEND');
    await eventually(lit, ['LINEKEY2', '6', '0', '0', '2', 'SEND']);
    // It has no key of its own on the phone: what lights is the soft key that says the same.
    await control(0, 'ENDCALL');
    await eventually(async () => ((await lit()) as string[]).at(-1), 'SOFTKEY1');
    await control(0, 'SFK4;VOL_UP;MEMORY_KEY8;NOSUCHKEY');
    await eventually(
      async () => ((await lit()) as string[]).slice(-3),
      ['SOFTKEY4', 'VOLUME_UP', 'MEMORY_KEY8'],
    );
    const tokens = page.locator('.tokens li');
    expect((await tokens.allTextContents()).slice(-4)).toEqual([
      'SFK4',
      'VOL_UP',
      'MEMORY_KEY8',
      'NOSUCHKEY',
    ]);
    expect(await page.locator('.tokens .ignored').allTextContents()).toEqual(['MEMORY_KEY8', 'NOSUCHKEY']);
    // The oldest give way.
    await control(0, '1;2;3;4;5;6;7;8;9;0');
    await eventually(
      async () => (await tokens.allTextContents()).join(''),
      'SFK4VOL_UPMEMORY_KEY8NOSUCHKEY1234567890',
    );
  });

  it('lights its lamps', async () => {
    const { url, control } = await startPhones({ phones: 3, approved: true });
    const { page } = await openFace(url);
    const lamps = () => page.locator('.lamp').evaluateAll((all) => all.map(({ dataset }) => dataset['lamp']));
    await eventually(lamps, ['off', 'off', 'off', 'off']);
    await control(1, '6001;SEND');
    await eventually(lamps, ['ringing', 'off', 'off', 'off']);
    await control(0, 'SPEAKER;HOLD');
    await eventually(lamps, ['held', 'off', 'off', 'off']);
    await control(0, 'LINEKEY3;6003;SEND');
    await eventually(lamps, ['held', 'off', 'calling', 'off']);
    await control(2, 'ANSWER');
    await control(0, 'MUTE');
    await eventually(lamps, ['held', 'off', 'talking', 'off']);
    const lit = page.locator('.audio [aria-pressed="true"]');
    expect(await lit.allTextContents()).toEqual(['Mute', 'Speaker']);
    expect(await page.getByRole('button', { name: 'Line 3, talking' }).count()).toBe(1);
  });

  it('has a handset to lift and to put down', async () => {
    const { simulator, url, control } = await startPhones({ approved: true });
    const { page } = await openFace(url);
    const handset = page.getByRole('button', { name: 'Handset off hook' });
    await handset.click();
    await says(page, 'Dial:');
    expect(await handset.getAttribute('aria-pressed')).toBe('true');
    await handset.click();
    await says(page, 'Idle');
    await control(1, '6001;SEND');
    await says(page, 'Incoming call 6002');
    await handset.click();
    await says(page, 'Talking 6002');
    await click(page, 'Speaker');
    await eventually(() => handset.getAttribute('aria-pressed'), 'false');
    await handset.click();
    await eventually(() => handset.getAttribute('aria-pressed'), 'true');
    await handset.click();
    await says(page, 'Idle');
    expect(simulator.state('6002').state).toBe('idle');
  });

  it('is dialled, answered and left with the keyboard', async () => {
    const { simulator, url, control } = await startPhones({ approved: true });
    const { page } = await openFace(url);
    await page.keyboard.type('6002*#');
    await says(page, 'Dial: 6002*#');
    await page.keyboard.press('Escape');
    await says(page, 'Idle');
    // A key that was clicked is not pressed once more by Enter.
    await click(page, '6');
    await page.keyboard.type('002');
    await page.keyboard.press('Enter');
    await says(page, 'Calling 6002');
    await control(1, 'ANSWER');
    await says(page, 'Talking 6002');
    await page.keyboard.press('F4');
    await says(page, 'Idle');
    await page.keyboard.press('+');
    await eventually(async () => simulator.state('6001').volume, 6);
    // With the focus on a key, Enter presses that one.
    await page.getByRole('button', { name: 'Menu', exact: true }).last().focus();
    await page.keyboard.press('Enter');
    await says(page, 'Menu');
  });

  it('rings, and is heard by those who allow it', async () => {
    const { url, control } = await startPhones({ approved: true });
    const { page } = await openFace(url);
    await page.evaluate(`
      globalThis.tones = 0;
      const make = AudioContext.prototype.createOscillator;
      AudioContext.prototype.createOscillator = function () { tones += 1; return make.call(this); };
    `);
    await control(1, '6001;SEND');
    await eventually(() => page.title(), '☎ 6001 · A48');
    expect(await page.evaluate('tones')).toBe(0);
    await page.getByRole('button', { name: 'Sound' }).click();
    // Two tones a ring, however often it has rung by now.
    await eventually(() => page.evaluate('tones > 0 && tones % 2'), 0);
    await control(0, 'REJECT');
    await eventually(() => page.title(), '6001 · A48');
  });

  it('tells a screen reader what its display says', async () => {
    const { url, control } = await startPhones({ approved: true });
    const { page } = await openFace(url);
    await control(1, '6001;SEND');
    await eventually(() => page.locator('#news').textContent(), 'Incoming call 6002');
  });

  it('says so when the phone is gone, and goes on when there is one again', async () => {
    const { simulator, url } = await startPhones();
    const { page } = await openFace(url);
    await simulator.close();
    const alert = page.locator('#link');
    await eventually(
      async () => /^No connection to the virtual phone/.test((await alert.textContent()) ?? ''),
      true,
    );
    await click(page, 'Speaker');
    await eventually(
      async () => /^This did not reach the phone/.test((await page.locator('#trouble').textContent()) ?? ''),
      true,
    );
    await startPhones({ port: Number(new URL(url).port), phones: 1 });
    await eventually(() => alert.textContent(), '');
    await click(page, 'Speaker');
    await says(page, 'Dial:');
    expect(await page.locator('#trouble').textContent()).toBe('');
  });

  it.each([400, 800, 1280])('fits a screen %i pixels wide', async (width) => {
    const { url, control } = await startPhones({ approved: true, models: ['A68'] });
    await control(0, `${'6'.repeat(32)}`);
    const { page } = await openFace(url, { viewport: { width, height: 800 } });
    await says(page, `Dial: ${'6'.repeat(26)}`);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    const outside = await page
      .locator('.key')
      .evaluateAll((keys) =>
        keys.filter((key) => key.scrollWidth > key.clientWidth).map((key) => key.textContent),
      );
    expect(outside).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('has nothing that axe-core finds, %s', async (colorScheme) => {
    const { url, control } = await startPhones({ approved: true });
    await control(0, '6002;SEND');
    await control(1, 'SPEAKER');
    await control(0, 'PARK');
    const { page } = await openFace(url, { colorScheme });
    await says(page, 'Talking 6002');
    expect(await accessibilityProblems(page)).toEqual([]);
    await control(0, 'ENDCALL');
    await control(1, '6001;SEND');
    await says(page, 'Incoming call 6002');
    expect(await accessibilityProblems(page)).toEqual([]);
    const { url: asked, control: ask } = await startPhones({ phones: 1 });
    const { page: asking } = await openFace(asked, { colorScheme });
    await ask(0, 'MENU');
    await says(asking, 'Allow Remote Control?');
    expect(await accessibilityProblems(asking)).toEqual([]);
  });
});
