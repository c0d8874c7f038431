import { expect, it, onTestFinished } from 'vitest';
import { boardHandler } from '../../src/monitor/board.ts';
import type { Roster } from '../../src/monitor/board-data.ts';
import type { EventName } from '../../src/protocol/events.ts';
import { startReceiver } from '../../src/receiver/index.ts';
import { accessibilityProblems, describeInBrowser, eventually, openPage } from '../support/browser.ts';

const ROSTER: Roster = {
  phones: [
    { name: 'reception', host: '172.16.0.57', extension: '6001' },
    { name: 'lobby', host: '172.16.0.37', extension: '6002' },
    { name: 'lab', host: '172.16.0.60' },
  ],
  groups: [{ name: 'floor1', phones: ['reception', 'lobby'] }],
};

async function board(roster = ROSTER, port = 0) {
  const receiver = await startReceiver({ port, pages: ({ hub }) => boardHandler({ hub, roster }) });
  onTestFinished(() => receiver.close());
  const report = (phone: string, event: EventName, remote = '', display = '') =>
    receiver.hub.publish({
      time: new Date().toISOString(),
      event,
      phone,
      source: '127.0.0.1',
      path: '',
      values: { call_id: remote, remote: remote === '' ? '' : `sip:${remote}@pbx`, display_remote: display },
    });
  return { receiver, report, url: `${receiver.url}/board` };
}

describeInBrowser('the board', () => {
  it('shows who talks with whom, by group, and follows', async () => {
    const { report, url } = await board();
    report('reception', 'openDND');
    const { page, problems, hosts } = await openPage(url);
    const words = () => page.locator('.phone .word').allTextContents();
    await eventually(words, ['unknown', 'unknown', 'unknown']);
    expect(await page.locator('h2').allTextContents()).toEqual(['floor1', 'Other phones']);
    report('lobby', 'incomingCall', '6001');
    report('reception', 'outgoingCall', '6002');
    await eventually(words, ['calling', 'ringing', 'unknown']);
    report('lobby', 'established', '6001');
    report('reception', 'established', '6002');
    await eventually(words, ['talking', 'talking', 'unknown']);
    expect(await page.locator('.calls').allTextContents()).toEqual(['lobby (6002)', 'reception (6001)', '']);
    expect(await page.locator('.marks').first().textContent()).toBe('DND');
    // A phone that is in no config.
    report('10.1.1.1', 'offHook');
    await eventually(words, ['talking', 'talking', 'unknown', 'dialling']);
    expect(problems).toEqual([]);
    expect([...hosts]).toEqual([new URL(url).host]);
  });

  it.each(['light', 'dark'] as const)('has nothing that axe-core finds, %s', async (colorScheme) => {
    const { report, url } = await board();
    for (const phone of ['reception', 'lobby']) report(phone, 'incomingCall', '6009', 'Anna');
    report('lab', 'hold', '6001');
    const { page } = await openPage(url, { colorScheme });
    await eventually(() => page.locator('.phone .word').allTextContents(), ['ringing', 'ringing', 'on hold']);
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});
