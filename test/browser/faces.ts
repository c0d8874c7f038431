import type { Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { type SimulatorOptions, startSimulator } from '../../src/simulator/index.ts';
import { eventually, type OpenPage, openPage } from '../support/browser.ts';

/** Virtual phones that the end of the test closes. */
export async function startPhones(options: SimulatorOptions = {}) {
  const simulator = await startSimulator({ phones: 2, ...options });
  onTestFinished(() => simulator.close());
  const urls = simulator.phones.map(({ url }) => url);
  /** A request of the Active URI, and the status of its answer. */
  const control = async (index: number, keys: string) =>
    (await fetch(`${urls[index]}/cgi-bin/server.cgi?key=${keys}`)).status;
  return { simulator, urls, url: urls[0] ?? '', control };
}

/** Opens the face of a phone, once it shows. */
export async function openFace(url: string, options = {}): Promise<OpenPage> {
  const opened = await openPage(url, options);
  await opened.page.locator('main[aria-busy="false"]').waitFor();
  return opened;
}

/** What the display says in large letters. */
export const says = (page: Page, text: string) =>
  eventually(() => page.locator('.lcd-what').first().textContent(), text);

/** Presses a key with the mouse. */
export const click = (page: Page, name: string) =>
  page.getByRole('button', { name, exact: true }).first().click();

/** Writes down from now on which keys light up, in turn, and tells it. */
export async function watchKeys(page: Page): Promise<() => Promise<unknown>> {
  // As text, because the types of tests know no browser.
  await page.evaluate(`
    globalThis.lit = [];
    new MutationObserver((changes) => {
      for (const { target } of changes) if (target.classList.contains('pressed')) lit.push(target.dataset.key);
    }).observe(document.body, { subtree: true, attributeFilter: ['class'] });
  `);
  return () => page.evaluate('lit');
}
