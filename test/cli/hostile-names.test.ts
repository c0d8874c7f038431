import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attack, displayName, HOSTILE } from '../receiver/hostile.ts';
import { get } from '../receiver/raw.ts';
import { anyPort, emptyFolder, type RunOptions, run } from './run.ts';

/** What a terminal would obey instead of showing it, line ends apart. */
const OBEYED = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** Runs `atcom listen`, lets requests come once it listens, and returns its output. */
async function listenTo(requests: readonly string[], words: readonly string[], options: RunOptions = {}) {
  const stop = new AbortController();
  let sent: Promise<unknown> | undefined;
  const sendAll = async (port: number) => {
    for (const request of requests) await attack(port, request);
    stop.abort();
  };
  const result = await run(['listen', ...anyPort(words), ...words], {
    ...options,
    signal: stop.signal,
    watch: (_, text) => {
      const port = /:(\d+)\. Ctrl-C/.exec(text)?.[1];
      if (port !== undefined) sent ??= sendAll(Number(port));
    },
  });
  await sent;
  return result;
}

const names = fc.sample(displayName, { numRuns: 200, seed: 1 });
const calling = (name: string) => get(`/incomingCallUrl.xml?display_remote=${encodeURIComponent(name)}`);
/** The same as a phone would write it, which encodes nothing. */
const raw = (name: string) =>
  get(`/incomingCallUrl.xml?display_remote=${Buffer.from(name).toString('latin1')}`);

describe('what a caller calls himself', () => {
  it.each([
    ['a terminal', { typed: '' }],
    ['a pipe', {}],
  ])('reaches %s as letters, each event as one line', async (_, options: RunOptions) => {
    const requests = [...names.map(calling), ...names.map(raw), ...HOSTILE.map(([, request]) => request)];
    const { stdout, stderr } = await listenTo(requests, [], options);
    expect(OBEYED.exec(stdout)).toBeNull();
    expect(OBEYED.exec(stderr)).toBeNull();
    const events = Number(/^(\d+) events/m.exec(stderr)?.[1]);
    expect(events).toBeGreaterThan(names.length);
    expect(stdout.trimEnd().split('\n')).toHaveLength(events);
  });

  it('reaches a file as letters', async () => {
    const file = join(emptyFolder(), 'events.jsonl');
    await listenTo(names.map(calling), ['--output', file]);
    const text = readFileSync(file, 'utf8');
    expect(OBEYED.exec(text)).toBeNull();
    const lines = text.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).values.display_remote)).toEqual(names);
  });

  it('reaches the command of --exec as it is, and no shell', async () => {
    const folder = emptyFolder();
    const [seen, pwned] = [join(folder, 'seen'), join(folder, 'pwned')];
    const touch = `touch ${pwned}`;
    const evil = [
      `$(${touch})`,
      `\`${touch}\``,
      `; ${touch}`,
      `| ${touch} &`,
      `\n${touch}\n`,
      `"; ${touch}; "`,
      `'; ${touch}; '`,
      `\${IFS}\\\r\n${touch} #`,
      `() { :; }; ${touch}`,
      '-n %s *',
      ...names.slice(0, 30).map((name) => name.replaceAll('\0', '')),
    ];
    const { exitCode } = await listenTo(
      evil.map(calling),
      ['--exec', `printf '%s\\0' "$ATCOM_DISPLAY_REMOTE" >> ${seen}`],
      { env: { PATH: process.env['PATH'] ?? '' } },
    );
    expect(exitCode).toBe(0);
    // Commands run side by side, so in any order.
    // Without what a terminal would obey.
    const harmless = evil.map((name) => name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ''));
    expect(readFileSync(seen, 'utf8').split('\0').slice(0, -1).sort()).toEqual(harmless.sort());
    expect(existsSync(pwned)).toBe(false);
  });
});
