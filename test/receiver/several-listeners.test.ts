import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, request } from 'node:http';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { reachable } from '../../src/receiver/bound-address.ts';
import { EventHub, findRunning, type Listening } from '../../src/receiver/index.ts';
import { unmapped } from '../../src/receiver/source.ts';
import { outOfEarshot } from '../../src/scenario/index.ts';
import { SECRET } from '../support/same-user.ts';
import { receiver } from './raw.ts';
import { failure, listening, phonebook, silent, user } from './shared.ts';

describe('of several listeners on one port, at addresses of their own', () => {
  const report = async (host: string, port: number, path: string) => {
    const [response] = (await once(request({ host, port, path }).end(), 'response')) as [IncomingMessage];
    response.resume();
  };

  it.each([0, 1])(
    'all are heard, and what is reported once one has ended may be lost: %s',
    async (ending) => {
      const sameUser = user();
      const hosts = ['127.55.0.1', '127.55.0.2'] as const;
      const first = await receiver({ secret: SECRET, host: hosts[0] });
      const { port } = first;
      const both = [first, await receiver({ secret: SECRET, host: hosts[1], port })] as const;
      for (const host of hosts) await sameUser.record(port, host);
      const onWarning = vi.fn();
      const { hub } = await listening({ port, sameUser, onWarning });
      const heardAt = async (host = '') => {
        const mark = hub.mark();
        await vi.waitFor(async () => {
          await report(host, port, '/onHookUrl.xml');
          expect(hub.since(mark)).not.toEqual([]);
        });
      };
      for (const host of hosts) await heardAt(host);
      let lasts = false;
      const gap = new Promise<void>((resolve) => {
        hub.onGap((now) => {
          lasts = now;
          resolve();
        });
      });
      await both[ending]?.close();
      await gap;
      await heardAt(hosts[1 - ending]);
      expect(onWarning.mock.calls).toEqual([[expect.stringContaining('may be heard no more')]]);
      // The one that is left is replaced where it was. What was reported to the other one is lost all the same.
      await both[1 - ending]?.close();
      await heardAt(hosts[1 - ending]);
      expect(lasts).toBe(true);
    },
  );

  it.each(['0.0.0.0', '::'])(
    'one that is bound to %s is heard once, whatever else is recorded',
    async (host) => {
      const sameUser = user();
      const { port } = await receiver({ secret: SECRET, host });
      for (const address of ['127.0.0.1', '127.55.0.1', host, '127.55.0.2'])
        await sameUser.record(port, address);
      const { hub, receiver: own } = await listening({ port, sameUser });
      expect(own).toBeUndefined();
      const heard = hub.waitFor('onHook');
      await report('127.55.0.1', port, '/onHookUrl.xml');
      await heard;
      await hub.settled();
      expect(hub.count).toBe(1);
    },
  );

  it.each([
    ['0.0.0.0', ['127.55.0.1', '127.55.0.2'], 1],
    ['0.0.0.0', ['127.55.0.1'], 1],
    ['0.0.0.0', ['0.0.0.0'], 0],
    ['::', ['127.55.0.1', '::1'], 1],
    ['::', ['0.0.0.0'], 1],
    ['::', ['::'], 0],
    ['127.55.0.1', ['127.55.0.1'], 0],
    ['127.55.0.1', ['::ffff:127.55.0.1'], 0],
  ])('who would listen at %s hears those that are there: %s', async (host, bound, warnings) => {
    const sameUser = user();
    const [first = '', ...others] = bound;
    const { port } = await receiver({ secret: SECRET, host: first });
    for (const other of others) await receiver({ secret: SECRET, host: other, port });
    for (const address of bound) await sameUser.record(port, address);
    const onWarning = vi.fn();
    const { hub, receiver: own, addresses } = await listening({ port, sameUser, host, onWarning });
    expect(own).toBeUndefined();
    expect(onWarning).toHaveBeenCalledTimes(warnings);
    expect([...addresses].sort()).toEqual([...bound].sort());
    for (const address of bound) {
      const heard = hub.waitFor('onHook');
      await report(reachable(unmapped(address)), port, '/onHookUrl.xml');
      await heard;
    }
    expect(hub.count).toBe(bound.length);
  });

  it('what is bound to all addresses is not attached to one that stands still', async () => {
    const sameUser = user();
    const port = await silent(() => undefined, '127.55.0.1');
    await sameUser.record(port, '127.55.0.1');
    expect(await failure({ port, sameUser, host: '0.0.0.0' })).toMatch(
      new RegExp(`cannot listen on 127.55.0.1:${port}: it is in use, and .*does not answer as atcom does`),
    );
  });

  it('the phones of a network reach none where all are of this computer', async () => {
    const sameUser = user();
    const { port } = await receiver({ secret: SECRET, host: '127.55.0.1' });
    await receiver({ secret: SECRET, host: '127.55.0.2', port });
    for (const address of ['127.55.0.1', '127.55.0.2']) await sameUser.record(port, address);
    const both = await listening({ port, sameUser });
    const deaf = async (own: Pick<Listening, 'addresses' | 'host' | 'origin' | 'port'>, url?: string) =>
      (await outOfEarshot(own, url, [{ host: '172.16.0.57' }]))?.message;
    expect(await deaf(both)).toContain('can only be reached from this computer');
    expect(await deaf({ ...both, addresses: [] })).toBeUndefined();
    expect(await deaf({ ...both, addresses: ['0.0.0.0'] })).toBeUndefined();
    const of = async (phone: string, addresses: readonly string[], host = '::') =>
      (await outOfEarshot({ ...both, addresses, host }, undefined, [{ host: phone }]))?.message;
    expect(await of('127.0.0.1', ['172.16.0.2'])).toContain('the listener that runs is at 172.16.0.2 only');
    // Who chose it has the phones report there.
    expect(await of('127.0.0.1', ['172.16.0.2'], '172.16.0.2')).toBeUndefined();
    expect(await of('127.0.0.1', ['172.16.0.2', '127.0.0.1'])).toBeUndefined();
    expect(await of('[::1]', ['0.0.0.0'])).toContain('the listener that runs is at 0.0.0.0 only');
    expect(await of('[::1]', ['::'])).toBeUndefined();
    expect(await of('127.0.0.1', ['127.55.0.1'])).toContain('at 127.55.0.1 only');
    expect(await of('127.0.0.1', ['127.55.0.1'], '127.55.0.1')).toBeUndefined();
    expect(await of('172.16.0.57', ['172.16.0.2', '127.0.0.1'])).toContain('at 172.16.0.2, 127.0.0.1 only');
    expect(await of('172.16.0.57', ['172.16.0.2'], '172.16.0.2')).toBeUndefined();
    // Something may forward to it; not where nobody listens.
    expect(await deaf(both, `http://127.55.0.2:${port}`)).toBeUndefined();
    expect(await deaf(both, `http://127.55.0.3:${port}`)).toContain(
      `nothing listens at http://127.55.0.3:${port}`,
    );
    for (const url of ['http://127.55.0.3:1', 'http://127.55.0.3', `http://172.16.0.184:${port}`])
      expect(await deaf(both, url)).toBeUndefined();
  });

  it('the one at all addresses is heard, too', async () => {
    const sameUser = user();
    const { port } = await receiver({ secret: SECRET, host: '0.0.0.0' });
    await receiver({ secret: SECRET, host: '::1', port });
    for (const address of ['0.0.0.0', '::1']) await sameUser.record(port, address);
    const { hub } = await listening({ port, sameUser });
    for (const host of ['127.0.0.1', '::1']) {
      const heard = hub.waitFor('onHook');
      await report(host, port, '/onHookUrl.xml');
      expect(await heard).toMatchObject({ event: 'onHook' });
    }
    expect(hub.count).toBe(2);
  });

  it('a stranger at the address of one that was killed hides none from who only looks', async () => {
    const sameUser = user();
    const { port } = await receiver({ secret: SECRET });
    const stranger = createHttpServer((_, response) => response.end('hello')).listen(port, '127.55.0.1');
    await once(stranger, 'listening');
    onTestFinished(() => void stranger.close().closeAllConnections());
    await sameUser.record(port, '127.55.0.1');
    const found = await findRunning({ port, sameUser, phonebook: phonebook() }, new EventHub());
    expect(found).toBeInstanceOf(Function);
    if (typeof found === 'function') await found();
  });

  it('the one that ends takes only its own record away', async () => {
    const sameUser = user();
    const first = await listening({ port: 0, sameUser, host: '127.55.0.1' });
    const second = await listening({ port: first.port, sameUser, host: '127.55.0.2' });
    expect(second.receiver).toBeDefined();
    await second.close();
    const third = await listening({ port: first.port, sameUser });
    expect(third.receiver).toBeUndefined();
    const heard = third.hub.waitFor('onHook');
    await report('127.55.0.1', first.port, '/onHookUrl.xml');
    expect(await heard).toMatchObject({ event: 'onHook' });
  });
});
