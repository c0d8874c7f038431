import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lintLines } from '../../src/cli/action-url/lint.ts';
import { checkListener, type Network } from '../../src/doctor/listener.ts';
import { AtcomError } from '../../src/errors.ts';
import { closedPort, rawServer } from '../support/raw-server.ts';

const never = new AbortController().signal;
const pem = (name: string) => readFileSync(join(import.meta.dirname, '../support/certificates', name));

/** A network in which every name means this computer; the names that were asked for. */
function network(changes: Partial<Network> = {}) {
  const asked: string[] = [];
  const lookup = async (name: string) => {
    asked.push(name);
    return [{ address: '127.0.0.1', family: 4 }];
  };
  return { asked, lookup, within: 5000, ...changes };
}

const failing = (code: string) => async () => {
  throw Object.assign(new Error('no'), { code });
};

describe('checkListener', () => {
  it('asks at the address that the name was found to have, looked up once', async () => {
    const listener = await rawServer((socket) => socket.end('HTTP/1.1 500 Oops\r\n\r\n'));
    const here = network();
    const url = new URL(`http://pbx.invalid:${listener.port}/`);
    expect(await checkListener(url, here, never)).toBeUndefined();
    expect(here.asked).toEqual(['pbx.invalid']);
    expect(listener.received).toEqual([expect.stringContaining(`Host: pbx.invalid:${listener.port}\r\n`)]);
  });

  it('tries every address of a name', async () => {
    const listener = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    const lookup = async () => [
      { address: '127.0.0.2', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    const url = new URL(`http://pbx.invalid:${listener.port}/`);
    expect(await checkListener(url, network({ lookup }), never)).toBeUndefined();
  });

  it('looks no address up', async () => {
    const listener = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    const here = network();
    expect(await checkListener(new URL(`http://${listener.host}/`), here, never)).toBeUndefined();
    const v6 = await checkListener(new URL(`http://[::1]:${await closedPort()}/`), here, never);
    expect(v6?.code).toBe('no-answer');
    expect(here.asked).toEqual([]);
  });

  it('speaks TLS, whatever the certificate', async () => {
    const tls = { cert: pem('phone.crt'), key: pem('phone.key') };
    const listener = await rawServer((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\n'), tls);
    expect(await checkListener(new URL(`https://${listener.host}/`), network(), never)).toBeUndefined();
  });

  it.each([
    ['ENOTFOUND', 'pbx.invalid has no address here: name not found'],
    ['EAI_AGAIN', 'pbx.invalid has no address here: name not found: the name server did not answer'],
  ])('says that a name has no address: %s', async (code, what) => {
    const url = new URL('http://pbx.invalid/');
    expect(await checkListener(url, network({ lookup: failing(code) }), never)).toEqual({
      severity: 'error',
      code: 'unresolved',
      what,
    });
  });

  it('waits no longer than it should, for a name or for an answer', async () => {
    const silent = await rawServer(() => undefined);
    const lookup = () => new Promise<never>(() => undefined);
    expect(
      await checkListener(new URL('http://pbx.invalid/'), network({ lookup, within: 30 }), never),
    ).toMatchObject({
      code: 'unresolved',
      what: 'pbx.invalid has no address here: not within 30ms',
    });
    const url = new URL(`http://${silent.host}/`);
    expect(await checkListener(url, network({ within: 200 }), never)).toMatchObject({
      code: 'no-answer',
      what: `nothing answers HTTP at http://${silent.host}: not within 200ms`,
    });
    expect(silent.connections).toBe(1);
  });

  it('says that what answers is no HTTP', async () => {
    const odd = await rawServer((socket) => socket.end('SSH-2.0-odd\r\n'));
    const problem = await checkListener(new URL(`http://${odd.host}/`), network(), never);
    expect(problem).toMatchObject({ code: 'no-answer', what: expect.stringMatching(/: Parse Error/) });
  });

  it('stops with the reason of the signal, before and while it waits', async () => {
    const stop = new AbortController();
    const listener = await rawServer(() => stop.abort(new AtcomError('interrupted', {})));
    const url = new URL(`http://${listener.host}/`);
    await expect(checkListener(url, network(), stop.signal)).rejects.toThrow('interrupted');
    await expect(checkListener(url, network(), stop.signal)).rejects.toThrow('interrupted');
    await expect(checkListener(new URL('http://pbx.invalid/'), network(), stop.signal)).rejects.toThrow(
      'interrupted',
    );
    expect(listener.connections).toBe(1);
  });
});

describe('lintLines', () => {
  it('checks no more than anybody mends, and says so', async () => {
    const lines = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ line: index + 1, labels: [], url: 'ftp://x/hold' }));
    const all = await lintLines(lines(10_000), undefined, never);
    expect(all.map(({ code }) => code)).toEqual(Array(10_000).fill('not-http'));
    const some = await lintLines(lines(20_000), undefined, never);
    expect(some).toHaveLength(10_001);
    expect(some.at(-1)).toMatchObject({ line: 10_001, severity: 'error', code: 'more' });
  });

  it('contacts each listener once, a few at a time, and reports it at its first line', async () => {
    let [running, most] = [0, 0];
    const asked: string[] = [];
    const lookup = async (name: string) => {
      asked.push(name);
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
      throw new Error('no such name');
    };
    const lines = Array.from({ length: 60 }, (_, index) => ({
      line: index + 1,
      labels: [],
      url: `http://h${index % 20}.invalid/hold`,
    }));
    const findings = await lintLines(
      [...lines, { line: 61, labels: [], url: 'ftp://x' }],
      network({ lookup }),
      never,
    );
    const unresolved = findings.filter(({ code }) => code === 'unresolved');
    expect(unresolved.map(({ line }) => line)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(unresolved[0]?.what).toBe('h0.invalid has no address here: no such name');
    expect([asked.length, most]).toEqual([20, 8]);
  });
});
