import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AtcomError } from '../../src/errors.ts';
import { virtualAddresses } from '../../src/protocol/virtual-addresses.ts';
import { startSimulator } from '../../src/simulator/index.ts';
import { get, receiver, send } from '../receiver/raw.ts';
import { rawServer } from '../support/raw-server.ts';
import { emptyFolder, run } from './run.ts';

/** Virtual phones that report to a port, which a config names too. */
async function reporting(count: number) {
  const { hub, port } = await receiver();
  const simulator = await startSimulator({
    phones: count,
    approved: true,
    actionUrl: `http://127.0.0.1:${port}`,
  });
  onTestFinished(() => simulator.close());
  // What phones report at their start is no answer to a key.
  for (const { mac } of simulator.phones) await hub.waitFor('registered', { where: { mac } });
  const cwd = emptyFolder();
  const phones = simulator.phones.map(
    ({ name, host, mac }) => `  ${name}: { host: "${host}", mac: "${mac}" }\n`,
  );
  writeFileSync(join(cwd, 'atcom.config.yaml'), `listener: { port: ${port} }\nphones:\n${phones.join('')}`);
  return { simulator, cwd };
}

describe('--confirm', () => {
  it("waits for the verb's own event, from the phone that was told to dial", async () => {
    const { cwd } = await reporting(2);
    const result = await run(['dial', '6002', '--line', '1', '--confirm', '--to', 'virtual-1'], { cwd });
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.stdout).toMatch(/^virtual-1 {2}confirmed {2}\d+ ms {2}outgoingCall\n$/);
  });

  it('says that the other side was busy', async () => {
    const { cwd } = await reporting(2);
    await run(['dnd', 'on', '--to', 'virtual-2'], { cwd });
    const result = await run(['dial', '6002', '--confirm', '--to', 'virtual-1'], { cwd });
    expect(result.exitCode).toBe(6);
    expect(result.stdout).toContain('unconfirmed');
    expect(result.stdout).toContain('remoteBusy');
    expect(result.stderr).toContain('outgoingCall was reported, and right after it remoteBusy');
  });

  it('is taken back by a call that comes to nothing at once', async () => {
    const result = await run(['dial', '999', '--to', 'virtual', '--confirm', '--json']);
    expect(result.exitCode).toBe(6);
    const [report] = JSON.parse(result.stdout).results;
    expect(report).toMatchObject({ outcome: 'unconfirmed', error: { code: 'unconfirmed' } });
    expect(report.error.message).toMatch(
      /^outgoingCall was reported, and right after it (remoteBusy|busyToIdle)$/,
    );
  });

  it.each([
    [[], 'confirmed'],
    [['incomingCall', 'answerNewIncomingCall'], 'unconfirmed'],
  ] as const)(
    '--wait waits for the call that was dialled: after %j, one that is up is %s',
    async (before, outcome) => {
      const { port } = await receiver();
      const phone = await rawServer(async (socket) => {
        const call = before.length === 0 ? 1 : 2;
        await send(port, get(`/outgoingCallUrl.xml?ip=${phone.host}&call_id=1`));
        for (const event of [...before, 'established'])
          await send(port, get(`/${event}Url.xml?ip=${phone.host}&call_id=${call}`));
        socket.end('HTTP/1.1 200 OK\r\n\r\n');
      });
      const cwd = emptyFolder();
      writeFileSync(
        join(cwd, 'atcom.config.yaml'),
        `listener: { port: ${port} }\nphones: { a: "${phone.host}" }\n`,
      );
      const words = ['dial', '6002', '--to', 'a', '--wait', 'established:50ms'];
      const { exitCode, stdout } = await run(words, { cwd });
      expect(stdout).toMatch(new RegExp(`^a {2}${outcome} `));
      expect(exitCode).toBe(outcome === 'confirmed' ? 0 : 6);
    },
  );

  it.each([
    ['dial', '6002', '--confirm'],
    ['dial', '6002', '--wait', 'established:1s'],
    ['dial', '6002', '--then', '1#'],
    ['expect', 'hold', '--within', '1ms'],
    ['listen', '--for', '1ms'],
  ])('knows a phone whose host is a name only by its MAC address: %s %s %s', async (...words) => {
    const cwd = emptyFolder();
    const config =
      'listener: { port: 8089 }\nphones: { a: "a.example", b: { host: b.example, mac: "80:82:87:00:00:01" } }\n';
    writeFileSync(join(cwd, 'atcom.config.yaml'), config);
    const to = words[0] === 'listen' ? ['a'] : ['--to', 'a'];
    const { exitCode, stderr } = await run([...words, ...to], { cwd });
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining('a cannot report events: they come from addresses'),
    ]);
  });

  it('says that a phone may be quiet already, and takes that with --or-already', async () => {
    const { cwd } = await reporting(1);
    const words = ['dnd', 'on', '--to', 'virtual-1', '--confirm'];
    expect((await run(words, { cwd })).exitCode).toBe(0);
    const again = await run(['run', '-'], { cwd, input: 'expect openDND --within 1ms\n' });
    expect(again.exitCode).toBe(6);
    const first = await run([...words, '--json'], { cwd });
    expect(first.exitCode).toBe(6);
    expect(JSON.parse(first.stdout).results[0].error.code).toBe('already');
    const accepted = await run([...words, '--or-already'], { cwd });
    expect(accepted).toMatchObject({ exitCode: 0, stderr: '' });
    expect(accepted.stdout).toContain('it was so already: ');
  });

  it.each([
    ['hold', '--confirm', '--or-already'],
    ['dnd', 'on', '--or-already'],
  ])('%s %s %s is an error', async (...words) => {
    expect(await run([...words, '--to', '127.0.0.1:1'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('use it with --confirm and dnd on or off'),
    });
  });

  it('works for several phones at once, each by its own event', async () => {
    const { cwd } = await reporting(3);
    const { exitCode, stdout } = await run(['dnd', 'on', '--confirm', '--all', '--json'], { cwd });
    expect(exitCode).toBe(0);
    const { results, summary } = JSON.parse(stdout);
    expect(summary).toMatchObject({ phones: 3, ok: 3, failed: 0 });
    expect(
      results.map(({ phone, events }: { phone: string; events: { phone: string }[] }) => [
        phone,
        events[0]?.phone,
      ]),
    ).toEqual([
      ['virtual-1', 'virtual-1'],
      ['virtual-2', 'virtual-2'],
      ['virtual-3', 'virtual-3'],
    ]);
  });

  it('needs nothing but --to virtual', async () => {
    expect((await run(['dial', '6002', '--confirm', '--to', 'virtual'])).stdout).toContain('confirmed');
    const reboot = await run(['reboot', '--yes', '--confirm', '--to', 'virtual']);
    expect(reboot.stdout).toContain('setupCompleted, registered');
  });

  it.each(['127.0.0.2', '::1', '0.0.0.0', '::'])(
    'hears the virtual phones of a command with the listener at %s',
    async (host) => {
      const cwd = emptyFolder();
      writeFileSync(join(cwd, 'atcom.config.yaml'), `listener: { host: "${host}" }\n`);
      const { stdout } = await run(['dnd', 'on', '--confirm', '--to', 'virtual'], { cwd });
      expect(stdout).toContain('confirmed');
    },
  );

  it.each([
    ['no event comes', false, 'registered was not reported within 5s'],
    ['a signal comes', true, '[interrupted]'],
  ])(
    'ends its virtual phones when %s',
    async (_, signals, said) => {
      const { hub, port } = await receiver({ token: 's3cret.s3cret' });
      const before = [...virtualAddresses()];
      const stop = new AbortController();
      let stopped = Number.POSITIVE_INFINITY;
      if (signals)
        hub.onRefusal(() => {
          stopped = performance.now();
          stop.abort(new AtcomError('interrupted', {}));
        });
      const cwd = emptyFolder();
      writeFileSync(
        join(cwd, 'atcom.config.yaml'),
        `listener: { port: ${port} }\nphones: { p: "127.0.0.1:9" }\n`,
      );
      const words = ['dnd', 'on', '--confirm', '--to', 'virtual,p'];
      const { stderr } = await run(words, { cwd, signal: stop.signal });
      expect(stderr).toContain(said);
      expect(performance.now() - stopped).toBeLessThan(3000);
      expect([...virtualAddresses()]).toEqual(before);
    },
    10_000,
  );

  it.each([['volume', 'up'], ['key', 'HOLD'], ['split'], ['dtmf', '1']])(
    'is an error for %s %s, where no event tells',
    async (...words) => {
      const { exitCode, stderr } = await run([...words, '--confirm', '--to', 'virtual']);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('--wait established:15s');
    },
  );
});

describe('--wait', () => {
  it('waits for the event that is named', async () => {
    const { cwd } = await reporting(2);
    const result = await run(['key', '6002', 'SEND', '--wait', 'outgoingcall:10s', '--to', 'virtual-1'], {
      cwd,
    });
    expect(result.stdout).toContain('confirmed');
  });

  it('ends with 6 if the event does not come, and reports what did', async () => {
    const { cwd } = await reporting(2);
    const result = await run(['dial', '6002', '--wait', 'established:300ms', '--to', 'virtual-1', '--json'], {
      cwd,
    });
    expect(result.exitCode).toBe(6);
    expect(JSON.parse(result.stdout).results[0]).toMatchObject({
      outcome: 'unconfirmed',
      seen: ['offHook', 'idleToBusy', 'outgoingCall'],
      error: { code: 'no-event', retryable: false },
    });
  });

  it('confirms a request that got no answer', async () => {
    const { port } = await receiver();
    const phone = await rawServer(async (socket) => {
      await send(port, get(`/holdUrl.xml?ip=${phone.host}`));
      socket.destroy();
    });
    const cwd = emptyFolder();
    writeFileSync(join(cwd, '.atcomrc'), `listener: { port: ${port} }`);
    const result = await run(['hold', '--confirm', '--to', phone.host], { cwd });
    expect(result.stdout).toContain('confirmed');
    expect(result.exitCode).toBe(0);
  });

  it('opens no port with --dry-run', async () => {
    const taken = await rawServer(() => undefined);
    const cwd = emptyFolder();
    writeFileSync(join(cwd, '.atcomrc'), `listener: { port: ${taken.port} }`);
    const words = ['hold', '--confirm', '--to', '127.0.0.1:1'];
    expect((await run([...words, '--dry-run'], { cwd })).exitCode).toBe(0);
    expect((await run(words, { cwd })).stderr).toContain('it is in use');
  });

  it.each(['nonsense', 'hold:5', 'hold:'])('%s is an error', async (wait) => {
    expect((await run(['hold', '--wait', wait, '--to', 'virtual'])).exitCode).toBe(2);
  });
});
