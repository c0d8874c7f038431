import { spawn } from 'node:child_process';
import { expect, it, onTestFinished } from 'vitest';
import { describeInBrowser, eventually } from '../support/browser.ts';
import { openFace } from './faces.ts';

const DEMO = new URL('../../scripts/demo.mjs', import.meta.url).pathname;

describeInBrowser('the demo with --browser', () => {
  it('continues when the viewer has pressed Save with the mouse', { timeout: 60_000 }, async () => {
    const { PATH } = process.env;
    const child = spawn(process.execPath, [DEMO, '--browser'], {
      env: { PATH },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(() => {
      child.kill();
    });
    let told = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      told += text;
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    const until = (text: RegExp) => eventually(async () => text.test(told), true);
    await until(/Now press Save on phone 6001/);
    const url = /in a browser: (\S+)/.exec(told)?.[1] ?? '';
    const { page, problems } = await openFace(url);
    const save = page.getByRole('button', { name: 'Save', exact: true });
    await save.click();
    await until(/Now press Save on phone 6002/);
    await save.click();
    expect(await ended).toBe(0);
    expect(told).toContain('passed   attended transfer');
    expect(problems.filter((problem) => !/ERR_|Failed to load/.test(problem))).toEqual([]);
  });
});
