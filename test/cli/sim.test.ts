import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { facesUrl, openInBrowser } from '../../src/cli/sim/faces.ts';
import type { VirtualPhone } from '../../src/simulator/index.ts';
import { anyPort, emptyFolder, run } from './run.ts';

const phone = (url: string) => [{ url } as VirtualPhone];

/** Runs `atcom sim` until it has written something, here to the end of its first words for people. */
async function sim(words: readonly string[], env: Readonly<Record<string, string>> = {}, until = 'Ctrl-C') {
  const stop = new AbortController();
  let seen = '';
  return run(['sim', ...anyPort(words), ...words], {
    env,
    signal: stop.signal,
    watch: (_, text) => {
      seen += text;
      if (seen.includes(until)) stop.abort();
    },
  });
}

/** A desktop whose browser only writes down what it is to open. */
function desktop() {
  const folder = emptyFolder();
  const opened = join(folder, 'opened');
  writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\necho "$@ ${'$'}{ATCOM_PASSWORD-}" > '${opened}'\n`);
  chmodSync(join(folder, 'xdg-open'), 0o755);
  return { opened, env: { PATH: `${folder}:/usr/bin:/bin`, DISPLAY: ':0' } };
}

describe('the faces of virtual phones', () => {
  it('are named', async () => {
    const { stdout, stderr } = await sim([]);
    const [, url] = /http:\/\/(127\.0\.0\.1:\d+)\n/.exec(stdout) ?? [];
    expect(stderr).toBe(`2 virtual phones, ready, in a browser at http://${url}/all. Ctrl-C ends.\n`);
    const { stdout: json } = await sim(['--json'], {}, 'ready');
    const { faces, phones } = JSON.parse(json.split('\n')[0] ?? '');
    expect(faces).toBe(`${phones[0].url}/all`);
  });

  it.each([
    ['http://127.0.0.1:7001', 'http://127.0.0.1:7001/all'],
    ['http://0.0.0.0:7001', 'http://127.0.0.1:7001/all'],
    ['http://[::]:7001', 'http://[::1]:7001/all'],
  ])('of phones at %s are at %s', (url, faces) => {
    expect(facesUrl(phone(url))).toBe(faces);
  });

  it.skipIf(process.platform !== 'linux')('open in the browser of a desktop', async () => {
    const { opened, env } = desktop();
    const secret = { ...env, ATCOM_PASSWORD: 'hunter2' };
    expect(await openInBrowser('http://127.0.0.1:7001/all', secret)).toBe(true);
    await expect
      .poll(() => readFileSync(opened, { encoding: 'utf8', flag: 'a+' }))
      .toBe('http://127.0.0.1:7001/all \n');
  });

  it.skipIf(process.platform !== 'linux')('are only named where nothing opens them', async () => {
    const nothing = 'No browser could be opened here: open http://127.0.0.1:';
    expect((await sim(['--open'], desktop().env)).stderr).not.toContain(nothing);
    expect((await sim(['--open'], { PATH: '/nowhere', DISPLAY: ':0' }, nothing)).stderr).toContain(nothing);
    const { DISPLAY: _, ...bare } = desktop().env;
    expect((await sim(['--open'], bare, nothing)).stderr).toContain(nothing);
  });
});
