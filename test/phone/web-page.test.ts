import { spawn } from 'node:child_process';
import dns from 'node:dns';
import { once } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';
import { connect } from 'node:net';
import os from 'node:os';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Phone, sendRequest } from '../../src/phone/index.ts';
import { watchPage } from '../../src/phone/web-page.ts';
import { endpointOf } from '../../src/protocol/settings.ts';
import { ownAddress } from '../../src/transport/route.ts';
import { closedPort, rawServer } from '../support/raw-server.ts';

vi.mock(import('../../src/transport/route.ts'), { spy: true });

const { networkInterfaces } = os;

/** The address of another interface. */
const WIFI = '192.0.2.1';

/** Takes the cable out: the address is on no interface that is linked. */
function unplug(): void {
  const others = Object.entries(networkInterfaces()).filter(
    ([, all]) => !all?.some(({ internal }) => internal),
  );
  const eth9 = [{ address: '192.0.2.9' } as os.NetworkInterfaceInfo];
  vi.spyOn(os, 'networkInterfaces').mockReturnValue({ ...Object.fromEntries(others), eth9 });
  syncBuiltinESMExports();
}

function plugIn(): void {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
}

afterEach(plugIn);

const HTTPS = { scheme: 'https', tls: { insecure: true } } as const;

describe('a web page that was not reached', () => {
  const failing = (...codes: readonly string[]) => {
    const errors = codes.map((code) => Object.assign(new Error(code), { code }));
    const [error = new Error('said so')] = errors;
    return errors.length > 1 ? new AggregateError(errors) : error;
  };

  it.each([
    [['ECONNREFUSED'], false],
    [['EHOSTUNREACH'], false],
    [['EHOSTDOWN'], false],
    [['ETIMEDOUT'], false],
    [['ETIMEDOUT', 'ECONNREFUSED'], false],
    // This computer's own trouble, or the network's.
    [['EMFILE'], undefined],
    [['ENFILE'], undefined],
    [['EADDRNOTAVAIL'], undefined],
    [['ENOBUFS'], undefined],
    [['ENETUNREACH'], undefined],
    [['ENETDOWN'], undefined],
    [['ENOTFOUND'], undefined],
    [['EAI_AGAIN'], undefined],
    [['ECONNREFUSED', 'EMFILE'], undefined],
    [[], undefined],
  ])('because of %j says of the phone that it is up: %j', async (codes, isUp) => {
    const phone = new Phone({ host: '127.0.0.1:1' }, async () => ({
      kind: 'undelivered',
      error: failing(...codes),
    }));
    expect(await phone.isUp()).toBe(isUp);
  });

  it('because nothing listens there is away', async () => {
    const host = `127.0.0.1:${await closedPort()}`;
    expect(await new Phone({ host }).isUp()).toBe(false);
    expect(await new Phone({ host, ...HTTPS }).isUp()).toBe(false);
  });

  it.runIf(process.platform === 'linux')('because nothing accepts it in time is away', async () => {
    // The kernel accepts a few connections for a program that is stopped, and then no more.
    const code = `require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 },
      function () { console.log(this.address().port); process.kill(process.pid, 'SIGSTOP'); })`;
    const server = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void server.kill('SIGKILL'));
    const [said] = await once(server.stdout, 'data');
    const port = Number(said);
    for (let accepted = 0; accepted < 2; accepted += 1) {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      onTestFinished(() => void socket.destroy());
      await once(socket, 'connect');
    }
    expect(await new Phone({ host: `127.0.0.1:${port}`, timeout: 50 }).isUp()).toBe(false);
  });

  it('because TLS does not come about in time, or is not trusted, may be up', async () => {
    const silent = await rawServer(() => undefined);
    expect(await new Phone({ host: silent.host, ...HTTPS, timeout: 500 }).isUp()).toBeUndefined();
    const pinned = { tls: { fingerprint: '00'.repeat(32) } };
    expect(await new Phone({ host: silent.host, ...pinned }).isUp()).toBeUndefined();
  });

  it('because the name server does not answer in time may be up', async () => {
    const lookup = vi.spyOn(dns, 'lookup').mockImplementation((() => undefined) as never);
    onTestFinished(() => lookup.mockRestore());
    expect(await new Phone({ host: 'lobby.example', timeout: 500 }).isUp()).toBeUndefined();
    expect(lookup).toHaveBeenCalledOnce();
    // Nor does it say so where the way to the phone is not asked for.
    const asked = { endpoint: endpointOf({ host: 'lobby.example' }), path: '/', timeout: 100 };
    expect(await sendRequest(asked)).toMatchObject({ kind: 'undelivered', error: { unaccepted: false } });
  });

  it('because this computer has no cable may be up', async () => {
    const host = `127.0.0.1:${await closedPort()}`;
    unplug();
    expect(await new Phone({ host }).isUp()).toBeUndefined();
  });

  it('because somebody stopped waiting may be up', async () => {
    const silent = await rawServer(() => undefined);
    expect(await new Phone({ host: silent.host }).isUp(AbortSignal.abort())).toBeUndefined();
  });
});

describe('the web page of a phone that restarts', () => {
  /** A page that is watched, and can be taken away. */
  async function watched() {
    const server = await rawServer((socket) => socket.end('HTTP/1.0 200 OK\n\n'));
    const phone = { ok: { host: server.host }, away: { host: `127.0.0.1:${await closedPort()}` } };
    let settings = phone.ok;
    const end = new AbortController();
    onTestFinished(() => end.abort());
    const recipient = {
      name: 'phone',
      transport: undefined,
      get settings() {
        return settings;
      },
      get endpoint() {
        return endpointOf(settings);
      },
    };
    const ask = watchPage(recipient, end.signal);
    return (state: keyof typeof phone) => {
      settings = phone[state];
      return ask();
    };
  }

  it('may be there while the cable of this computer is out, and until it has answered again', async () => {
    const ask = await watched();
    expect([await ask('ok'), await ask('away')]).toEqual(['answers', 'away']);
    unplug();
    expect(await ask('away')).toBe('unknown');
    plugIn();
    // A switch that has just seen the cable passes nothing for a while.
    expect(await ask('away')).toBe('unknown');
    expect([await ask('ok'), await ask('away')]).toEqual(['answers', 'away']);
  });

  it.each([
    ['has no route to it', () => Promise.reject(Object.assign(new Error('x'), { code: 'ENETUNREACH' }))],
    ['would ask for it another way, because a VPN is down', () => Promise.resolve(WIFI)],
  ])('may be there while this computer %s, and until it has answered again', async (_, own) => {
    const ask = await watched();
    expect([await ask('ok'), await ask('away')]).toEqual(['answers', 'away']);
    vi.spyOn(os, 'networkInterfaces').mockReturnValue({
      ...networkInterfaces(),
      wifi: [{ address: WIFI } as os.NetworkInterfaceInfo],
    });
    syncBuiltinESMExports();
    const route = vi.mocked(ownAddress).mockImplementation(own);
    expect(await ask('away')).toBe('unknown');
    route.mockReset();
    expect(await ask('away')).toBe('unknown');
    expect([await ask('ok'), await ask('away')]).toEqual(['answers', 'away']);
  });
  it('may be there although the cable was out only between two looks at the page', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const ask = await watched();
    expect(await ask('ok')).toBe('answers');
    unplug();
    await vi.advanceTimersByTimeAsync(1000);
    plugIn();
    expect(await ask('away')).toBe('unknown');
  });
});
