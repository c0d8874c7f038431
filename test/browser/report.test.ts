import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { html } from '../../src/cli/reports/html.ts';
import { emptyFolder } from '../cli/run.ts';
import {
  attempt,
  failed,
  flaky,
  hostile,
  lobby,
  passed,
  run,
  scenario,
  virtual,
} from '../cli/run-documents.ts';
import { accessibilityProblems, describeInBrowser, openPage } from '../support/browser.ts';

const NARROW = 400;

/** More phones than fit side by side on a narrow screen, and the statistics of their calls. */
const crowd = scenario('failed', {
  name: 'a conference of four with a name that is too long for a line',
  file: 'flows/of/a/folder/deep/down/conference-of-four.yaml',
  tags: ['smoke', 'conference', 'nightly'],
  phones: ['a', 'b', 'c', 'reception-of-the-first-floor'].map((role) => ({ ...virtual, role })),
  attempts: failed.attempts.map(({ steps, trace, error }) =>
    attempt({
      error,
      trace,
      steps: steps.map((one) => ({ ...one, role: 'reception-of-the-first-floor', at: 123_456.7 })),
      audio: [
        {
          ...{ role: 'a', remote: 'sip:6002@192.0.2.10', callId: '1', codec: 'PCMA' },
          ...{
            heard: '528 Hz, that is b’s tone, 62 dB',
            sent: 12_345,
            received: 12_345,
            lost: 0,
            jitter: 0.1,
          },
        },
      ],
    }),
  ),
});

describeInBrowser('the HTML report', () => {
  it.each(['light', 'dark'] as const)('can be read on a narrow screen, %s', async (colorScheme) => {
    const file = join(emptyFolder(), 'calls.html');
    writeFileSync(file, html(run([passed, flaky, hostile, crowd, { ...failed, phones: [lobby, virtual] }])));
    const { page, problems } = await openPage(`file://${file}`, {
      colorScheme,
      viewport: { width: NARROW, height: 800 },
    });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(NARROW);
    const widths = (selector: string) =>
      page.locator(selector).evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().width));
    // Half of the screen for what has words, and enough for an address or the name of an event elsewhere.
    for (const selector of ['.overview .file', '.steps .what'])
      expect(Math.min(...(await widths(`${selector}:visible`)))).toBeGreaterThan(NARROW / 2);
    expect(Math.min(...(await widths('.timeline thead th:visible')))).toBeGreaterThan(80);
    expect(Math.min(...(await widths('.audio td:nth-child(2):visible')))).toBeGreaterThan(100);
    expect([await accessibilityProblems(page), problems]).toEqual([[], []]);
  });
});
