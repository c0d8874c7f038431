import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT, run, temporaryFolder } from '../house/run.ts';
import { describeWith } from './needs.ts';

const folder = temporaryFolder();
execFileSync(process.execPath, [join(ROOT, 'bin/atcom.js'), 'help', '--man-to', folder]);
const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => /\.\d$/.test(path));

it('there are pages', () => {
  expect(pages.length).toBeGreaterThan(30);
});

describeWith('mandoc', 'mandoc has no complaint about', () => {
  it.each(pages)('%s', async (page) => {
    expect(await run('mandoc', ['-Tlint', '-W', 'warning', join(folder, page)])).toEqual({
      code: 0,
      out: '',
      err: '',
    });
  });
});

describeWith('man', 'man shows without a warning', () => {
  it.each(pages)('%s', async (page) => {
    const env = { ...process.env, LC_ALL: 'C.UTF-8', MANWIDTH: '80' };
    const { code, out, err } = await run('man', ['--warnings', '-l', join(folder, page)], { env });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^ATCOM/);
  });
});
