// Takes the pictures in docs/images from virtual phones that call each other: the board, and the phones. Needs a build and Chromium.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { startSimulator } from '../dist/simulator/index.js';

const IMAGES = new URL('../docs/images/', import.meta.url).pathname;
const ATCOM = new URL('../bin/atcom.js', import.meta.url).pathname;
const BROWSER = process.env.ATCOM_TEST_BROWSER ?? '/usr/bin/chromium';

/** The phones of an office, in the order of their numbers, from 6001 on. */
const NAMES = [
  ...[
    'reception',
    'lobby',
    'sales-1',
    'sales-2',
    'sales-3',
    'support-1',
    'support-2',
    'support-3',
    'support-4',
  ],
  ...['workshop', 'kitchen', 'attic'],
];
const GROUPS = { 'front-desk': 'reception,lobby', sales: 'sales-*', support: 'support-*' };

/** Who presses what, in turn: calls that are up, held, ringing and joined, and a phone on do-not-disturb. */
const PLAY = [
  ['sales-1', '6001;DIAL'],
  ['reception', 'ANSWER'],
  ['support-1', '6007;DIAL'],
  ['support-2', 'ANSWER'],
  ['support-2', 'HOLD'],
  ['sales-2', '6005;DIAL'],
  ['sales-3', 'ANSWER'],
  ['sales-2', 'CONFERENCE;6008;SEND'],
  ['support-3', 'ANSWER'],
  ['sales-2', 'CONFERENCE'],
  ['lobby', '6009;DIAL'],
  ['kitchen', 'DND_ON'],
  ['workshop', 'SPEAKER'],
];

/** The pictures of the board: names, widths and colours. */
const PICTURES = [
  { name: 'board-light', width: 1120, height: 720, colorScheme: 'light' },
  { name: 'board-dark', width: 1120, height: 720, colorScheme: 'dark' },
  { name: 'board-narrow', width: 360, height: 900, colorScheme: 'light' },
];

/** The pictures of phones: which phone, which path, and the keys that arrive over HTTP just before. */
const FACES = [
  {
    name: 'face-light',
    width: 1280,
    height: 720,
    colorScheme: 'light',
    of: 'lobby',
    keys: 'HOLD;LINEKEY3;6007',
  },
  { name: 'face-narrow', width: 400, height: 1180, colorScheme: 'light', of: 'reception' },
  { name: 'faces', width: 1280, height: 820, colorScheme: 'light', of: 'reception', path: '/all' },
];

const folder = mkdtempSync(join(tmpdir(), 'atcom-screenshots-'));
const listener = await startListener();
const simulator = await startOffice(listener.port);
const browser = await chromium.launch({ executablePath: BROWSER, chromiumSandbox: false });
try {
  for (const [name, keys] of PLAY) await press(name, keys);
  mkdirSync(IMAGES, { recursive: true });
  for (const picture of PICTURES) await take(picture);
  await press('support-4', 'ANSWER');
  for (const picture of FACES) await takeFace(picture);
} finally {
  await browser.close();
  await simulator.close();
  listener.child.kill();
  rmSync(folder, { recursive: true, force: true });
}

/** `atcom listen --board` with a config of the office; its phones have the ports from 7001 on. */
async function startListener() {
  const phones = Object.fromEntries(
    NAMES.map((name, index) => [
      name,
      { host: `127.0.0.1:${7001 + index}`, extension: String(6001 + index) },
    ]),
  );
  // The last one is in the config, but never reports.
  writeFileSync(join(folder, '.atcomrc.json'), JSON.stringify({ phones, groups: GROUPS }));
  const child = spawn(process.execPath, [ATCOM, 'listen', '--board', '--port', '0'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  for (let told = ''; ; ) {
    const [text] = await once(child.stderr.setEncoding('utf8'), 'data');
    told += text;
    const [, port] = /:(\d+)\/board/.exec(told) ?? [];
    if (port !== undefined) return { child, port };
  }
}

function startOffice(port) {
  return startSimulator({
    phones: NAMES.length - 1,
    port: 7001,
    approved: true,
    actionUrl: `http://127.0.0.1:${port}`,
  });
}

async function press(name, keys) {
  const url = `http://127.0.0.1:${7001 + NAMES.indexOf(name)}/cgi-bin/server.cgi?key=${keys}`;
  const { status } = await fetch(url);
  if (status !== 200) throw new Error(`${name} ${keys}: ${status}`);
}

async function take(picture) {
  await shoot(picture, `http://127.0.0.1:${listener.port}/board`, async (page) => {
    await page.locator('.phone[data-doing="conference"]').waitFor();
    await page.locator('.phone[data-doing="ringing"]').waitFor();
  });
}

async function takeFace({ of, path = '/', keys, ...picture }) {
  await shoot(picture, `http://127.0.0.1:${7001 + NAMES.indexOf(of)}${path}`, async (page) => {
    await page.locator('main[aria-busy="false"]').waitFor();
    if (keys === undefined) return;
    await press(of, keys);
    await page.locator('.pressed').first().waitFor();
  });
}

async function shoot({ name, width, height, colorScheme }, url, ready) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.goto(url);
  await ready(page);
  await page.screenshot({ path: join(IMAGES, `${name}.png`) });
  await context.close();
}
