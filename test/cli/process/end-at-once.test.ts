import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Ending, endAtOnce } from '../../../src/cli/process/end-at-once.ts';
import { isNohup, signalOf } from '../../../src/cli/process/signals.ts';
import { AtcomError } from '../../../src/errors.ts';
import { get, send } from '../../receiver/raw.ts';
import { IS_ROOT } from '../../support/lock-holder.ts';
import { listenProcess } from '../listen-process.ts';
import { emptyFolder } from '../run.ts';

/** What a process does when it is to end with 3. */
function endingOf(host: Partial<Ending>, signal?: NodeJS.Signals): readonly unknown[] {
  const calls: unknown[] = [];
  const note = (name: string) => vi.fn((...words: unknown[]) => void calls.push(name, ...words)) as never;
  const all = { getActiveResourcesInfo: () => ['GetAddrInfoReqWrap'], pid: 7, platform: 'linux' } as const;
  endAtOnce({ ...all, exit: note('exit'), kill: note('kill'), ...host }, 3, signal);
  return calls;
}

describe('a process ends at once', () => {
  const execve = vi.fn() as never;

  it('by its exit if it looks nothing up, and where it has no other way', () => {
    expect(endingOf({ getActiveResourcesInfo: () => [], execve }, 'SIGTERM')).toEqual(['exit', 3]);
    expect(endingOf({ platform: 'win32', execve }, 'SIGTERM')).toEqual(['exit', 3]);
    expect(endingOf({})).toEqual(['exit', 3]);
  });

  it('with its exit code though it looks something up', () => {
    const replaced = vi.fn() as never;
    expect(endingOf({ execve: replaced }, 'SIGTERM')).toEqual([]);
    expect(replaced).toHaveBeenCalledWith('/bin/sh', ['sh', '-c', 'exit 3']);
  });

  it('by the signal that ended it, on a Node that cannot do that', () => {
    expect(endingOf({}, 'SIGTERM')).toEqual(['kill', 7, 'SIGTERM']);
  });
});

it('knows the signal that ended a run', () => {
  expect(signalOf(new AtcomError('terminated', {}))).toBe('SIGTERM');
  expect(signalOf(new AtcomError('unwritable-output', { reason: 'r' }))).toBeUndefined();
  expect(signalOf(undefined)).toBeUndefined();
});

it.each([
  ['/usr/bin/nohup', true],
  ['nohup', true],
  ['/usr/bin/atcom', false],
  ['/usr/bin/nonohup', false],
  [undefined, false],
])('started by %s is started by nohup: %s', (started, expected) => {
  expect(isNohup({ _: started })).toBe(expected);
});

it('goes on under nohup when its terminal is closed', async () => {
  const { child, port, wrote, end } = await listenProcess([], { env: { _: '/usr/bin/nohup' } });
  child.kill('SIGHUP');
  await send(port, get('/holdUrl.xml'));
  await wrote('hold');
  expect((await end('SIGTERM')).code).toBe(0);
});

// It takes the place of the name server for one process only.
it.runIf(IS_ROOT && process.platform === 'linux')(
  'ends at a signal while a name server is silent, which it asks once for one name',
  async () => {
    const server = createSocket('udp4');
    onTestFinished(() => void server.close());
    let asked = 0;
    server.on('message', () => {
      asked += 1;
    });
    server.bind(53, '127.83.83.83');
    await once(server, 'listening');
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'names'), 'nameserver 127.83.83.83\n');
    const script = 'mount --bind names /etc/resolv.conf && exec "$@"';
    const { port, end, wrote } = await listenProcess(['--webhook', 'http://hooks.example.org/'], {
      before: ['unshare', '--mount', 'sh', '-c', script, 'sh'],
      cwd,
      // A lookup takes minutes.
      env: { RES_OPTIONS: 'timeout:30 attempts:5' },
    });
    for (const path of ['/holdUrl.xml', '/offHookUrl.xml', '/onHookUrl.xml']) await send(port, get(path));
    await wrote('onHook');
    await expect.poll(() => asked).toBeGreaterThan(0);
    const { code, stderr } = await end('SIGTERM');
    expect(stderr).toContain('3 events; --webhook: 3 failed');
    // An older Node ends by the signal.
    expect(code).toBe('execve' in process ? 1 : null);
    // For an IPv4 address, and for an IPv6 address.
    expect(asked).toBeLessThanOrEqual(2);
  },
);
