import type { CDPSession, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { EventName } from '../../src/protocol/events.ts';
import { describeInBrowser, eventually, openPage } from '../support/browser.ts';
import { openOffice } from './office.ts';

/** 100,000 are minutes on a busy machine; ATCOM_TEST_EVENTS=100000 takes them all. */
const EVENTS = Number(process.env['ATCOM_TEST_EVENTS'] ?? 5000);

const PHONES = 300;
const NAMES = Array.from({ length: PHONES }, (_, index) => `phone-${String(index + 1).padStart(3, '0')}`);
const CALL: readonly EventName[] = [
  'offHook',
  'outgoingCall',
  'established',
  'hold',
  'terminated',
  'busyToIdle',
];

/** So many events at once stay below what a page may be behind. */
const BURST = 500;

/** What a page keeps, once everything that it does not need is gone. */
async function keptBy(session: CDPSession): Promise<{ readonly bytes: number; readonly nodes: number }> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const { nodes } = await session.send('Memory.getDOMCounters');
  return { bytes: usedSize, nodes };
}

describeInBrowser('the board of 300 phones', () => {
  it(`keeps up with ${EVENTS} events, and keeps nothing of them`, { timeout: 600_000 }, async () => {
    const groups = [{ name: 'all', phones: NAMES }];
    const roster = { phones: NAMES.map((name) => ({ name, host: '' })), groups };
    const { report, url } = await openOffice({ roster });
    const { page, problems } = await openPage(url);
    const session = await page.context().newCDPSession(page);
    await eventually(() => page.locator('.phone').count(), PHONES);
    let number = 0;
    const burst = async (page: Page) => {
      for (let sent = 0; sent < BURST; sent += 1) {
        const event = CALL[Math.floor(number / PHONES) % CALL.length] ?? 'offHook';
        report(NAMES[number % PHONES] ?? '', event, { remote: `call-${number % 1000}` });
        number += 1;
      }
      // The last phone of the burst tells that all before it were drawn.
      const dnd = number % (2 * BURST) === 0;
      const marker = `${NAMES[0]}`;
      report(marker, dnd ? 'openDND' : 'closeDND');
      // Asked from outside: the page itself evaluates no text.
      const marks = () => page.locator('.marks').first().textContent();
      await eventually(marks, dnd ? 'DND' : '');
    };
    // What is made once, such as compiled code, is there after the first ones.
    while (number < EVENTS / 4) await burst(page);
    const before = await keptBy(session);
    while (number < EVENTS) await burst(page);
    const after = await keptBy(session);
    expect(after.nodes).toBeLessThanOrEqual(before.nodes + 2 * PHONES);
    expect(after.bytes).toBeLessThan(before.bytes * 1.25);
    expect(await page.locator('.phone').count()).toBe(PHONES);
    expect(problems).toEqual([]);
  });
});
