import { existsSync } from 'node:fs';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, describe, expect, onTestFinished } from 'vitest';

/** Where systems install Chromium; `ATCOM_TEST_BROWSER` names another one. */
const PLACES = [
  process.env['ATCOM_TEST_BROWSER'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const executable = PLACES.find((path) => path !== '' && existsSync(path));

/**
 * Tests in a real browser. Without one, they are skipped, but on a build server they fail: a test that is skipped
 * there proves nothing.
 */
export const describeInBrowser =
  executable === undefined && process.env['CI'] === undefined ? describe.skip : describe;

let running: Promise<Browser> | undefined;

/** One browser for all tests of a file. */
export function browser(): Promise<Browser> {
  if (executable === undefined) throw new Error('no Chromium: install it, or name one in ATCOM_TEST_BROWSER');
  // Tests run as root in containers, where Chromium's own sandbox does not work.
  running ??= chromium.launch({ executablePath: executable, chromiumSandbox: false });
  return running;
}

afterAll(async () => {
  await (await running)?.close();
  running = undefined;
});

/** A page, and its errors. */
export interface OpenPage {
  readonly page: Page;
  /** Script and console errors, including what the Content-Security-Policy refused. */
  readonly problems: readonly string[];
  /** The hosts it sent requests to. */
  readonly hosts: ReadonlySet<string>;
}

/** Opens a page in its own browser window, which is closed at the end of the test. */
export async function openPage(url: string, options: BrowserContextOptions = {}): Promise<OpenPage> {
  const context = await (await browser()).newContext(options);
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  const hosts = new Set<string>();
  page.on('request', (request) => hosts.add(new URL(request.url()).host));
  await page.goto(url);
  return { page, problems, hosts };
}

/** Accessibility problems that axe-core finds on a page, each with its place. */
export async function accessibilityProblems(page: Page): Promise<readonly string[]> {
  // Through the debugger, because the page's script policy refuses a script element.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
  return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0]?.html}`);
}

/** Waits for a condition on a page; checks it repeatedly until the test times out. */
export async function eventually<T>(look: () => Promise<T>, is: T): Promise<void> {
  await expect.poll(look, { timeout: 15_000 }).toEqual(is);
}
