import { constants, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFailed, onTestFinished, vi } from 'vitest';
import { stateFolder } from '../../src/config/state-folder.ts';
import { AtcomError } from '../../src/errors.ts';
import { openLocked } from '../../src/fleet/lock.ts';
import { type Phones, expect as reach, type TestPhone, test } from '../../src/vitest/index.ts';
import { openPhones } from '../../src/vitest/phones.ts';
import { realPhones } from '../cli/testing.ts';
import { newFolder } from '../support/folder.js';
import { me } from '../support/me.ts';
import { closedPort, rawServer } from '../support/raw-server.ts';
import { shareListeners } from '../support/same-user.ts';
import { sipRegistrar } from '../support/sip-registrar.ts';

const never = new AbortController().signal;

/** Runs in a folder with a config, and with a home of its own. */
function inFolder(config: string): string {
  const folder = newFolder('vitest');
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'atcom.config.yaml'), config);
  shareListeners(folder);
  vi.stubEnv('ATCOM_CONFIG', join(folder, 'atcom.config.yaml'));
  vi.stubEnv('HOME', folder);
  vi.stubEnv('XDG_STATE_HOME', '');
  vi.stubEnv('XDG_CONFIG_HOME', join(folder, 'none'));
  return folder;
}

/** The phones that somebody has; the folder is the home. */
async function heldPhones(folder: string): Promise<string[]> {
  const locks = join(stateFolder(me({ HOME: folder })), 'phones');
  const held: string[] = [];
  for (const name of readdirSync(locks)) {
    const handle = await openLocked(join(locks, name), constants.O_RDWR);
    if (handle === undefined) held.push(name);
    await handle?.close();
  }
  return held;
}

afterEach(() => vi.unstubAllEnvs());

describe('virtual phones', () => {
  test('are handed out, press keys, and tell what they report', async ({ phones }) => {
    const { a, b } = await phones({ a: { virtual: 'A21' }, b: 'virtual' });
    expect([a.extension, b.extension, a.settings.model]).toEqual(['6001', '6002', 'A21']);
    await reach(a.dial(b.extension, { line: 2 })).toHaveOutcome('ok');
    await reach(b).toReach('incomingCall', { where: { remote: '*6001*' } });
    await b.answer();
    await reach(a).toReach('established', { within: '2s' });
    await reach(a).not.toReach('terminated', { during: 20 });
  });

  test('press no key that the test forbids', async ({ phones }) => {
    const { a } = await phones({ a: 'virtual' });
    const beforeSend = async () => {
      throw new AtcomError('skipped', { reason: 'not here' });
    };
    const sent: string[] = [];
    const report = await a.press(['REBOOT'], { beforeSend, onSend: (keys) => sent.push(keys) });
    expect([report.outcome, sent]).toEqual(['skipped', []]);
  });

  test('come in several casts, each with its own exchange', async ({ phones }) => {
    const one = await phones({ a: 'virtual', b: 'virtual' });
    const other = await phones({ a: 'virtual', b: 'virtual' });
    await one.a.dial(one.b.extension);
    await reach(one.b).toReach('incomingCall');
    await reach(other.b).not.toReach('incomingCall', { during: '50ms' });
  });

  test('ring as long as a test says', async ({ phones }) => {
    const { a, b } = await phones({ a: 'virtual', b: 'virtual' }, { ring: 50, latency: 1 });
    await a.dial(b.extension);
    await reach(b).toReach('missedCall');
  });
});

describe('the end of a test', () => {
  let host = '';

  test('(a test that is handed a virtual phone)', async ({ phones }) => {
    const { a } = await phones({ a: 'virtual' });
    host = a.host;
    await reach(a.hold()).toHaveOutcome('ok');
  });

  it('closes its virtual phones', async () => {
    await expect(fetch(`http://${host}/`)).rejects.toThrow();
  });

  let late: Phones | undefined;

  test('(a test that goes on after its end)', ({ phones }) => {
    late = phones;
  });

  it('hands out no phones any more', async () => {
    await expect(late?.({ a: 'virtual' })).rejects.toThrow('not sent: the test is over');
  });

  const pressed: string[] = [];

  test('(a test that leaves its timers faked)', async ({ phones }) => {
    const phone = await rawServer((socket, request) => {
      pressed.push(/key=(\S+)/.exec(request)?.[1] ?? '');
      socket.end('HTTP/1.1 200 OK\r\n\r\n');
    });
    inFolder(`listener: { port: ${await closedPort()} }\nphones: { lobby: "${phone.host}" }\n`);
    const { a } = await phones({ a: 'lobby' });
    vi.useFakeTimers();
    await reach(a.dial('6002')).toHaveOutcome('ok');
  });

  it('hangs up although the timers were left faked', () => {
    expect(pressed).toEqual(['6002;DIAL', 'ENDCALL']);
  });

  const errors: Record<string, Set<string>> = {};

  /** Keeps what a test that must fail fails with; Vitest tells twice what the end of a fixture threw. */
  function keepErrors(): void {
    onTestFailed(({ task }) => {
      const messages = task.result?.errors?.map(({ message }) => message) ?? [];
      // A soft matcher may add, in its own time, that it was cut short.
      errors[task.name] = new Set(
        messages.filter((message) => !message.endsWith('is of a test that is over')),
      );
    });
  }

  test.fails('(no await, watched)', async ({ phones }) => {
    keepErrors();
    const { a } = await phones({ a: 'virtual' });
    host = a.host;
    reach(a).not.toReach('incomingCall', { during: 1 });
  });

  it('gives back the phones of a test that did not await a matcher', async () => {
    await expect(fetch(`http://${host}/`)).rejects.toThrow();
  });

  test.fails('(no await, ended)', async ({ phones }) => {
    keepErrors();
    const { a } = await phones({ a: 'virtual' });
    await a.dial('6009');
    await reach(a).toReach('offHook');
    reach(a).not.toHearDtmf('1', { within: 0 });
    await reach(a).toReach('outgoingCall');
  });

  test.fails('(no await, soft)', async ({ phones }) => {
    keepErrors();
    const { a } = await phones({ a: 'virtual' });
    reach.soft(a).not.toReach('incomingCall', { during: 1 });
  });

  test.fails('(no await, timers left faked)', async ({ phones }) => {
    keepErrors();
    const { a } = await phones({ a: 'virtual' });
    vi.useFakeTimers();
    reach(a).not.toReach('incomingCall', { during: 1 });
  });

  test.fails('(failed before the await)', async ({ phones }) => {
    keepErrors();
    const { a } = await phones({ a: 'virtual' });
    const quiet = reach(a).not.toReach('incomingCall', { during: 1 });
    expect(a.virtual, 'its own').toBe(false);
    await quiet;
  });

  it('fails a test that did not await a matcher, unless it failed before', () => {
    const missing = new Set(["await is missing before expect(a).not.toReach('incomingCall')"]);
    expect(errors).toEqual({
      '(no await, watched)': missing,
      '(no await, ended)': new Set(["await is missing before expect(a).not.toHearDtmf('1')"]),
      '(no await, soft)': missing,
      '(no await, timers left faked)': missing,
      '(failed before the await)': new Set(['its own: expected true to be false // Object.is equality']),
    });
  });

  const unheard: string[] = [];

  test.fails('(never heard)', async ({ phones }) => {
    onTestFailed(({ task }) => {
      unheard.push(...(task.result?.errors?.map(({ message }) => message) ?? []));
    });
    const phone = await rawServer((socket) => void socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    inFolder(`listener: { port: ${await closedPort()} }\nphones: { lobby: "${phone.host}" }\n`);
    const { a } = await phones({ a: 'lobby' });
    await reach(a).not.toReach('incomingCall', { during: 1 });
  });

  it('fails a test that relies on the silence of a phone that was never heard', () => {
    expect(new Set(unheard)).toEqual(
      new Set(['nobody knows whether a (lobby) reported incomingCall; it has reported nothing at all']),
    );
  });

  test('takes a matcher for awaited that was raced, returned, or awaited later or softly', async ({
    phones,
  }) => {
    const { a } = await phones({ a: 'virtual' });
    const quiet = reach(a).not.toReach('incomingCall', { during: 1 });
    await a.dial('6009');
    await Promise.race([reach(a).toReach('offHook'), reach(a).not.toReach('hold')]);
    await reach.soft(a).not.toReach('hold', { during: 1 });
    await quiet;
    return reach(a).not.toReach('hold', { during: 1 });
  });

  /** A phone that answers when it is told to. */
  async function slowPhone() {
    let answer = () => {};
    const asked: string[] = [];
    let arrives = () => {};
    const arrived = new Promise<void>((resolve) => {
      arrives = resolve;
    });
    const phone = await rawServer((socket, request) => {
      asked.push(/key=(\S+)/.exec(request)?.[1] ?? '');
      answer = () => void socket.end('HTTP/1.1 200 OK\r\n\r\n');
      if (asked.length > 1) answer();
      arrives();
    });
    const folder = inFolder(`listener: { port: ${await closedPort()} }\nphones: { slow: "${phone.host}" }\n`);
    const cast = await openPhones({ a: 'slow' }, {}, never);
    const a = cast.actors.get('a') as TestPhone;
    return { a, asked, arrived, answer: () => answer(), close: () => cast.close(), folder };
  }

  it('waits for what is in flight, hangs up, and only then gives the phone back', async () => {
    const { a, asked, arrived, answer, close, folder } = await slowPhone();
    const [dialled, second] = [a.dial('6002'), a.hold()];
    await arrived;
    const closed = close();
    expect(await heldPhones(folder)).toHaveLength(1);
    expect(asked).toEqual(['6002;DIAL']);
    answer();
    await closed;
    expect(await dialled).toMatchObject({ outcome: 'ok' });
    expect(await second).toMatchObject({ outcome: 'skipped' });
    expect(asked).toEqual(['6002;DIAL', 'ENDCALL']);
    expect(await heldPhones(folder)).toEqual([]);
  });

  it('is the end of pressing keys', async () => {
    const { a, asked, close } = await slowPhone();
    await close();
    await expect(a.redial()).rejects.toThrow('not sent: the test is over');
    expect(asked).toEqual([]);
  });
});

describe('a phone of a test that is over', () => {
  const OVER = /a is of a test that is over/;

  it('proves nothing to a matcher, be it asked before or after the end', async () => {
    const { actors, close } = await openPhones({ a: 'virtual' }, {}, never);
    const a = actors.get('a') as TestPhone;
    const during = expect(reach(a).not.toReach('hold', { during: '1h' })).rejects.toThrow(OVER);
    await close();
    await during;
    await expect(reach(a).not.toReach('hold', { during: 10 })).rejects.toThrow(OVER);
    await expect(reach(a).toReach('hold', { within: 10 })).rejects.toThrow(OVER);
    await expect(reach(a).not.toHearDtmf('1', { within: 10 })).rejects.toThrow(OVER);
  });

  it('fails also where nobody awaits what was asked after the end', async () => {
    const { actors, close } = await openPhones({ a: 'virtual' }, {}, never);
    await close();
    const told = new Promise((resolve) => {
      const others = process.listeners('unhandledRejection');
      process.removeAllListeners('unhandledRejection');
      onTestFinished(() => {
        for (const other of others) process.on('unhandledRejection', other);
      });
      process.once('unhandledRejection', resolve);
    });
    reach(actors.get('a')).toReach('hold', { within: 10 });
    expect(await told).toMatchObject({ message: expect.stringMatching(OVER) });
  });
});

describe('phones of a config', () => {
  it('that cannot report to the listener are not watched in vain', async () => {
    inFolder(`phones: { far: 172.16.0.9 }\nlistener: { port: ${await closedPort()} }\n`);
    const { actors, close } = await openPhones({ a: 'far' }, {}, never);
    onTestFinished(close);
    for (const matching of [
      reach(actors.get('a')).not.toReach('hold', { during: 10 }),
      reach(actors.get('a')).toReach('hold', { within: 10 }),
    ])
      await expect(matching).rejects.toThrow(/a cannot report events: the listener .* from this computer$/);
  });

  it('are found by name, heard, hung up and given back', async () => {
    const { config, simulator } = await realPhones();
    const folder = inFolder(config);
    const cast = await openPhones({ a: 'reception', b: 'lobby' }, {}, never);
    expect(await heldPhones(folder)).toHaveLength(2);
    const a = cast.actors.get('a');
    const b = cast.actors.get('b');
    await a?.dial(b?.extension ?? '');
    await reach(b).toReach('incomingCall');
    await cast.close();
    expect(await heldPhones(folder)).toEqual([]);
    expect(simulator.state('6001').state).toBe('idle');
    expect(simulator.state('6001').keys).toMatchObject({ ENDCALL: 1 });
  });

  it('have their credentials, and the times of the environment', async () => {
    const { config } = await realPhones();
    const phone = await rawServer((socket, request) =>
      socket.end(`HTTP/1.1 ${/^authorization: Basic /im.test(request) ? '200 OK' : '401 No'}\r\n\r\n`),
    );
    const folder = inFolder(`${config}  guarded: { host: "${phone.host}", auth: basic }\n`);
    writeFileSync(join(folder, 'password'), 'secret', { mode: 0o600 });
    vi.stubEnv('ATCOM_USER', 'admin');
    vi.stubEnv('ATCOM_PASSWORD_FILE', join(folder, 'password'));
    vi.stubEnv('ATCOM_TIMEOUT', '7s');
    const cast = await openPhones({ a: 'guarded' }, {}, never);
    onTestFinished(() => cast.close());
    const a = cast.actors.get('a');
    expect(a?.settings).toMatchObject({ user: 'admin', timeout: 7000 });
    expect(await a?.hold()).toMatchObject({ outcome: 'ok' });
  });

  it('can be given with their settings', async () => {
    const { config, simulator } = await realPhones();
    inFolder(config);
    const [phone] = simulator.phones;
    const cast = await openPhones({ a: { host: phone?.host ?? '', extension: '6001' } }, {}, never);
    onTestFinished(() => cast.close());
    expect(cast.actors.get('a')?.extension).toBe('6001');
  });

  it.each([
    [{ a: 'receptoin' }, /no phone is called "receptoin"; did you mean reception\?/],
    [{ a: 'reception', b: 'reception' }, /b and a are the same phone/],
  ])('%j is an error', async (wanted, message) => {
    const { config } = await realPhones();
    inFolder(config);
    await expect(openPhones(wanted as Record<string, string>, {}, never)).rejects.toThrow(message);
  });

  it('are given back where they could not all be had', async () => {
    const { config } = await realPhones();
    const other = await rawServer((socket) => socket.destroy());
    const folder = inFolder(config.replace(/port: \d+/, `port: ${other.port}`));
    await expect(openPhones({ a: 'reception' }, {}, never)).rejects.toMatchObject({
      code: 'port-unavailable',
    });
    expect(await heldPhones(folder)).toEqual([]);
  });

  it('are given back, and the others hung up, although one cannot be', async () => {
    const { config, simulator } = await realPhones();
    const refusing = await rawServer((socket) => socket.end('HTTP/1.1 500 No\r\n\r\n'));
    const folder = inFolder(`${config}  stubborn: "${refusing.host}"\n`);
    const cast = await openPhones({ s: 'stubborn', a: 'reception', b: 'lobby' }, {}, never);
    await cast.actors.get('s')?.hold();
    await cast.actors.get('a')?.dial('6002');
    await reach(cast.actors.get('b')).toReach('incomingCall');
    await expect(cast.close()).rejects.toThrow(/answered 500/);
    expect(simulator.state('6001').state).toBe('idle');
    expect(await heldPhones(folder)).toEqual([]);
  });

  it('never reach an event that their config says they do not report', async () => {
    const { config, simulator } = await realPhones();
    inFolder(config);
    const host = simulator.phones[0]?.host ?? '';
    const cast = await openPhones({ a: { host, extension: '6001', events: ['hold'] } }, {}, never);
    onTestFinished(() => cast.close());
    const reaching = reach(cast.actors.get('a')).toReach('unHold', { within: 10 });
    await expect(reaching).rejects.toThrow(/never reports unHold/);
  });

  it("in someone else's call are not touched", async () => {
    const { config, simulator, press, receiver } = await realPhones();
    inFolder(config);
    await press(0, '6003;DIAL');
    await receiver.hub.waitFor('incomingCall');
    await expect(openPhones({ a: 'reception' }, {}, never)).rejects.toThrow(/reception is in a call/);
    expect(simulator.state('6001').state).toBe('calling');
  });
});

describe('matchers', () => {
  test('say what came instead', async ({ phones }) => {
    const { a, b } = await phones({ a: 'virtual', b: 'virtual' });
    await b.press(['DND_ON']);
    await a.dial(b.extension);
    const failed = reach(a).toReach('established', { within: 50 });
    await expect(failed).rejects.toThrow(
      /a \(virtual 6001\) did not report established within 50ms\n {2}[+-]0\.\d{3} s {2}offHook\n(.*\n)*.*remoteBusy {2}sip:6002@/,
    );
    const unwanted = reach(a).not.toReach('remoteBusy', { during: 50 });
    await expect(unwanted).rejects.toThrow(
      /a \(virtual 6001\) reported remoteBusy, which it must not report/,
    );
  });

  test('show nothing of what a phone sent that a terminal or a build server obeys', async ({ phones }) => {
    const { receiver, simulator, config } = await realPhones();
    inFolder(config);
    const { a } = await phones({ a: 'reception' });
    const remote = encodeURIComponent('x\u001b[2J\n::error::forged\n##vso[a]b');
    await fetch(`${receiver.url}/incomingCallUrl.xml?ip=${simulator.phones[0]?.host}&remote=${remote}`);
    await expect(reach(a).toReach('established', { within: 50 })).rejects.toThrow(
      '  incomingCall  x\\u001b[2J\\u000a::error::forged\\u000a#\\u0023vso[a]b',
    );
  });

  test('say why silence proves nothing', async ({ phones }) => {
    const { a } = await phones({ a: 'virtual' });
    // As after events were lost.
    vi.spyOn(a.log, 'isWholeAfter').mockReturnValue(false);
    const closed = expect.objectContaining({ code: 'receiver-closed' });
    await expect(reach(a).toReach('hold', { within: 10 })).rejects.toThrowError(closed);
    await expect(reach(a).not.toReach('hold', { during: 10 })).rejects.toThrowError(closed);
  });

  test('say what an outcome was, and why', async ({ phones }) => {
    inFolder(`listener: { port: ${await closedPort()} }\n`);
    const { a } = await phones({ a: { host: '127.0.0.1:1', extension: '1', model: 'A21' } });
    const report = a.hold();
    await expect(reach(report).toHaveOutcome('ok')).rejects.toThrow(
      /127\.0\.0\.1:1 has the outcome unreachable, wanted was ok: .*connection refused.*\n {2}http:\/\/127\.0\.0\.1:1\/cgi-bin\/server\.cgi\?key=HOLD/,
    );
    await reach(report).toHaveOutcome('unreachable');
    await reach(report).not.toHaveOutcome('ok');
  });

  test('refuse what makes no sense', async ({ phones }) => {
    const { a } = await phones({ a: 'virtual' });
    const wrong = [
      [reach(a).toReach('hold', { during: 1 }), /during goes with not\.toReach/],
      [reach(a).not.toReach('hold', { within: 1 }), /within goes with toReach/],
      [reach(a).toReach('hold', { within: '3' }), /"3" is not a duration/],
      [reach(a).not.toReach('hold', { during: Number.NaN }), /during: NaN is no time to wait/],
      [reach(a).not.toReach('hold', { during: 3e9 }), /during: 3000000000 is no time to wait/],
      [reach(a).not.toReach('hold', { during: -5 }), /during: -5 is no time to wait/],
      [reach(a).toReach('hold', { within: Number.NaN }), /within: NaN is no time to wait/],
      [reach(a).not.toHearDtmf('1', { within: Number.NaN }), /within: NaN is no time to wait/],
      // @ts-expect-error There is no such option.
      [reach(a).not.toReach('hold', { durng: 5000 }), /toReach has no option durng/],
      // @ts-expect-error There is no such option.
      [reach(a).not.toHearDtmf('1', { during: 5000 }), /toHearDtmf has no option during/],
      // @ts-expect-error There is no such value.
      [reach(a).not.toReach('hold', { where: { remot: '*' } }), /there is no variable "remot"/],
      // @ts-expect-error There is no such value.
      [reach(a).not.toReach('hold', { where: { number: '*' } }), /there is no variable "number"/],
      // @ts-expect-error A number is no pattern.
      [reach(a).not.toReach('hold', { where: { remote: 6001 } }), /something else than patterns by name/],
      // @ts-expect-error There is no such outcome.
      [reach(a.hold()).not.toHaveOutcome('okay'), /no report has the outcome "okay"/],
      // @ts-expect-error No event is called so.
      [reach(a).toReach('holdd'), /no event "holdd"/],
      // @ts-expect-error A number is no phone.
      [reach(5).toReach('hold'), /toReach needs a phone/],
    ] as const;
    await Promise.all(wrong.map(([attempt, message]) => expect(attempt).rejects.toThrow(message)));
  });
});

it('types: a matcher is for what it can hold, and no other', () => {
  const wrong = () => {
    // @ts-expect-error A text has no outcome.
    reach('ok').toHaveOutcome('ok');
    // @ts-expect-error There is no such outcome.
    reach({} as Promise<import('../../src/phone/index.ts').PhoneReport>).toHaveOutcome('okay');
    // @ts-expect-error There is no such value.
    reach({} as import('../../src/vitest/index.ts').TestPhone).toReach('hold', { where: { remot: '' } });
  };
  expect(wrong).toBeTypeOf('function');
});

describe('phones at a PBX', () => {
  /** Phones on accounts of a registrar without a PBX behind it, in a call. */
  async function atPbx(): Promise<void> {
    const { host } = await sipRegistrar({ password: 'hush' });
    const accounts = ['6001', '6002', '6003', '6004'].map(
      (number) => `    lab-${number}: { uri: "sip:${number}@${host}", passwordFile: hush }\n`,
    );
    const folder = inFolder(`simulator:\n  accounts:\n${accounts.join('')}`);
    writeFileSync(join(folder, 'hush'), 'hush\n', { mode: 0o600 });
  }

  test('hear each other, and digits', async ({ phones }) => {
    await atPbx();
    const { a, b, c } = await phones({
      a: { sip: 'lab-6001' },
      b: { sip: 'lab-6002', virtual: 'A21' },
      c: { sip: 'lab-6003' },
    });
    expect([a.extension, b.extension, b.settings.model]).toEqual(['6001', '6002', 'A21']);
    await a.dial(b.extension);
    await reach(b).toReach('incomingCall', { where: { remote: '*6001*' } });
    await b.answer();
    await reach(b).toReach('established');
    await reach(b).toHear(a);
    await reach(b).toHear('2052Hz');
    await a.dtmf('12#');
    await reach(b).toHearDtmf('12#');
    await reach(b).not.toHear(c, { within: '400ms' });
    await expect(reach(b).toHear([a, c], { within: 400 })).rejects.toThrow(
      /^b \(lab-6002\) did not hear a and c within 400ms; b heard 2052 Hz, that is a's tone, \d+ dB$/,
    );
    await expect(reach(b).not.toHear(a)).rejects.toThrow(
      /b: hears a within 3s; b heard 2052 Hz, that is a's tone/,
    );
    await expect(reach(b).toHearDtmf('3', { within: 50 })).rejects.toThrow(
      /did not hear the digits 3 within 50ms; b heard none/,
    );
    await expect(reach(c).toHear('silence', { within: 400 })).rejects.toThrow(/c is in no call/);
    await expect(reach(b).toHear(a, { within: '300ms' })).rejects.toThrow('within is less than 400ms');
    const [other] = Object.values(await phones({ other: { sip: 'lab-6004' } }));
    const wrong = [
      [reach(b).not.toHear(other as TestPhone), /other is of another cast than b/],
      [reach(b).not.toHear('9999Hz'), /toHear needs what to hear/],
      [reach(b).not.toHear([]), /toHear needs what to hear/],
      [reach(b).not.toHear(Array(9).fill(a)), /toHear can tell 8 sounds apart, not 9/],
      // @ts-expect-error Silence is nothing that is heard besides.
      [reach(b).not.toHear([a, 'silence']), /toHear needs what to hear/],
      [reach(b).not.toHear(a, { within: Number.NaN }), /within: NaN is no time to wait/],
    ] as const;
    await Promise.all(wrong.map(([attempt, message]) => expect(attempt).rejects.toThrow(message)));
  });

  test('are not connected to any with ATCOM_OFFLINE', async ({ phones }) => {
    await atPbx();
    vi.stubEnv('ATCOM_OFFLINE', '1');
    await expect(phones({ a: { sip: 'lab-6001' } })).rejects.toThrow(
      /was not contacted: ATCOM_OFFLINE is set/,
    );
    await phones({ a: 'virtual' });
  });

  test('are those of the config', async ({ phones }) => {
    await atPbx();
    await expect(phones({ a: { sip: 'lab-6009' } })).rejects.toThrow(/the config has no account "lab-6009"/);
  });

  test('are needed to hear anything', async ({ phones }) => {
    const { a, b } = await phones({ a: 'virtual', b: 'virtual' });
    await expect(reach(b).toHear(a)).rejects.toThrow('b has no audio');
    await expect(reach(b).toHearDtmf('x')).rejects.toThrow('"x" are no digits');
    // @ts-expect-error Numbers make no tone.
    await expect(reach(b).toHear(5)).rejects.toThrow('b has no audio');
    // @ts-expect-error Only phones hear.
    await expect(reach(5).toHear(a)).rejects.toThrow('toHear needs a phone');
  });
});
