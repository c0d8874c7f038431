import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rawServer } from '../support/raw-server.ts';
import { sources } from './layers.ts';
import { run, temporaryFolder } from './run.ts';

/**
 * Modules with state of their own, and why they may have it although a bundle can contain them twice. Everything else
 * uses `perProcess`.
 */
const OWN_STATE: Readonly<Record<string, string>> = {
  'protocol/action-url.ts': 'a cache',
  'protocol/keys.ts': 'a cache',
  'targets/expression.ts': 'a cache',
  'transport/connect.ts': 'a cache',
  'transport/line.ts': 'clients that are free',
  'simulator/sip/media/wave.ts': 'a cache',
  'simulator/sip/media/clock.ts': 'a clock for the streams of one simulator',
  'simulator/sip/no-leg.ts': 'numbers that differ within one simulator',
  'receiver/late-requests.ts': 'about sockets of one receiver',
  'cli/press/targets.ts': 'about a config, which one command has',
};

const STATE =
  /^(?:export )?(?:let |const \w+(?::[^=]+)? = (?:new (?:Map|Set|WeakSet)(?:<.*>)?\(\)|\[\]|\{\});)|^ {2}static (?:readonly )?#?\w+(?::[^=(]+)? = /m;

const statesIn = (files: ReadonlyMap<string, string>) =>
  [...files].filter(([file, text]) => !file.startsWith('pages/') && STATE.test(text)).map(([file]) => file);

describe('modules', () => {
  it('keep no state of their own', () => {
    expect(statesIn(sources()).toSorted()).toEqual(Object.keys(OWN_STATE).toSorted());
  });

  it('call it by names that are not those of another one', () => {
    const names = [...sources().values()].flatMap((text) =>
      [...text.matchAll(/\bperProcess\('([^']+)'/g)].map(([, name]) => name),
    );
    expect(names.length).toBeGreaterThan(5);
    expect(names).toEqual([...new Set(names)]);
  });

  it.each([
    'let most = 1;',
    'export let most: number | undefined;',
    'const refused = new Set<string>();',
    'const busy = new Map<string, Promise<unknown>>();',
    'export const list: string[] = [];',
    'class A {\n  static #count = 0;\n}',
  ])('are noticed: %s', (text) => {
    expect(statesIn(new Map([['phone/a.ts', text]]))).toEqual(['phone/a.ts']);
  });
});

describe('the built program', () => {
  const home = temporaryFolder();

  it.each([
    ['doctor', 'digest'],
    ['doctor', 'basic'],
    ['hold --check-mac', 'digest'],
    ['hold --check-mac', 'basic'],
  ])('sends a wrong password once, whichever of its chunks do: %s, %s', async (words, auth) => {
    const challenge = auth === 'basic' ? 'Basic realm="a"' : 'Digest realm="a", nonce="n", qop="auth"';
    const phone = await rawServer((socket) =>
      socket.end(`HTTP/1.1 401 No\r\nWWW-Authenticate: ${challenge}\r\nContent-Length: 0\r\n\r\n`),
    );
    const config = join(home, 'phones.yaml');
    writeFileSync(
      config,
      `phones: { d: { host: "${phone.host}", auth: ${auth}, mac: "80:82:87:00:00:01" } }`,
    );
    writeFileSync(join(home, 'password'), 'wrong');
    chmodSync(join(home, 'password'), 0o600);
    const [command = '', ...more] = words.split(' ');
    const env = { HOME: home, ATCOM_USER: 'u', ATCOM_PASSWORD_FILE: join(home, 'password') };
    await run(process.execPath, ['bin/atcom.js', command, '--to', 'd', ...more, '--config', config], { env });
    const sent = phone.received.flatMap((text) => text.match(/^authorization: \w+/gim) ?? []);
    expect(sent).toHaveLength(1);
  });
});
