import { describe, expect, it } from 'vitest';
import type { Transport } from '../../src/phone/index.ts';
import { run } from './run.ts';

/** Runs without a network: every connection is refused, and noted. */
async function discover(words: readonly string[], typed?: string) {
  const asked: string[] = [];
  const transport: Transport = async ({ endpoint }) => {
    asked.push(endpoint.host);
    return { kind: 'undelivered', error: new Error('refused') };
  };
  const terminal = typed === undefined ? {} : { typed };
  return { ...(await run(['discover', ...words], { transport, ...terminal })), asked };
}

describe('the limit', () => {
  it('is a /22', async () => {
    const { exitCode, stderr, asked } = await discover(['127.1.0.0/22']);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('1022 addresses searched');
    expect(new Set(asked).size).toBe(1022);
  });

  it.each([['127.1.0.0/21'], ['127.1.0.0/22', '127.2.0.[1-3]'], ['127.1.0.0-127.1.4.0']])(
    'is passed by %s %s, which a script needs --yes for',
    async (...words) => {
      const { exitCode, stdout, stderr, asked } = await discover(words);
      expect({ exitCode, stdout, asked }).toEqual({ exitCode: 2, stdout: '', asked: [] });
      expect(stderr).toContain('addresses, more than the 1024 of a /22; nothing was sent [not-confirmed]');
      const agreed = await discover([...words, '--yes']);
      expect(agreed.exitCode).toBe(0);
      expect(agreed.asked.length).toBeGreaterThan(1024);
    },
  );

  it('makes a person on a terminal be asked', async () => {
    const agreed = await discover(['127.1.0.0/21'], 'yes\n');
    expect(agreed.stderr).toContain(
      'this contacts 2046 addresses, more than the 1024 of a /22.\nContinue? Type yes:',
    );
    expect(agreed.exitCode).toBe(0);
    expect(agreed.asked).toHaveLength(2046);
    expect(await discover(['127.1.0.0/21'], 'no\n')).toMatchObject({ exitCode: 2, asked: [] });
  });

  it('is a /16 whatever is said', async () => {
    expect(await discover(['127.0.0.0/15', '--yes'])).toMatchObject({ exitCode: 2, asked: [] });
  });
});

describe('the words', () => {
  it.each([
    [[], 'missing required argument'],
    [['::1/64'], 'it is IPv6'],
    [['lan'], 'is not an IPv4 address'],
    [['127.0.0.1', '--port', '0'], 'from 1 to 65535'],
    [['127.0.0.1', '--port', '80,x'], 'from 1 to 65535'],
    [['127.0.0.1', '--port', Array.from({ length: 17 }, (_, port) => port + 1).join()], 'at most 16'],
    [['127.0.0.1', '--jobs', '257'], 'from 1 to 256'],
    [['127.0.0.1', '--timeout', '0s'], 'longer than 0'],
    [['127.0.0.1', '--timeout', '5'], 'with a unit'],
  ])('%j are refused before anything is asked', async (words, reason) => {
    const { exitCode, stderr, asked } = await discover(words);
    expect({ exitCode, asked }).toEqual({ exitCode: 2, asked: [] });
    expect(stderr).toContain(reason);
  });

  it('with --dry-run contact no address and need no --yes', async () => {
    const { stdout, asked } = await discover(['127.0.0.[1-2]', '--port', '80,443,8080', '-n']);
    expect(asked).toEqual([]);
    expect(stdout).toBe(
      [1, 2].map((n) => `http://127.0.0.${n}/\nhttps://127.0.0.${n}/\nhttp://127.0.0.${n}:8080/\n`).join(''),
    );
    const { urls } = JSON.parse((await discover(['127.0.0.0/21', '-n', '--json'])).stdout);
    expect(urls).toHaveLength(2046);
  });
});
