import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { stateFolder } from '../../src/config/index.ts';
import { AtcomError } from '../../src/errors.ts';
import { lockPhones } from '../../src/fleet/phone-locks.ts';
import { startReceiver } from '../../src/receiver/index.ts';
import { lockOf } from '../../src/scenario/index.ts';
import { startSimulator } from '../../src/simulator/index.ts';
import { me } from '../support/me.ts';
import { SECRET } from '../support/same-user.ts';
import { run } from './run.ts';
import { folderAtPbx, PASSWORD, wav } from './sip-phones.ts';
import { scenario } from './testing.ts';

const at = (steps: string, more = '') =>
  scenario(steps, more).replace(
    'phones: { a: virtual, b: virtual }',
    'phones: { a: { sip: lab-6001 }, b: { sip: lab-6002 }, c: { sip: lab-6003 } }',
  );

const CALL =
  'a: dial $b\nb: { expect: incomingCall, where: { remote: "*$a*" } }\nb: answer\n[a, b]: { expect: established }';

const all = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'secret')
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');

describe('phones at a PBX', () => {
  it('register, call each other, and prove that they hear each other', async () => {
    const { atcom, pbx } = await folderAtPbx({
      'x.yaml': at(`[a, b, c]: { expect: registered }\n${CALL}\nb: { hears: a }\na: { hears: b }`),
    });
    const { exitCode, stdout, stderr } = await atcom('x.yaml --json --no-trace');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const [result] = JSON.parse(stdout).results;
    expect(result.phones).toMatchObject([
      { role: 'a', phone: 'lab-6001', extension: '6001', virtual: true, sip: `sip:6001@${pbx.host}` },
      { role: 'b', phone: 'lab-6002' },
      { role: 'c' },
    ]);
    const sounds = result.attempts[0].steps.flatMap(({ sound }: { sound?: string }) => sound ?? []);
    expect(sounds).toEqual([
      expect.stringMatching(/^heard 2052 Hz, that is a's tone, \d\d dB$/),
      expect.stringMatching(/^heard 2080 Hz, that is b's tone, \d\d dB$/),
    ]);
    // They have logged off.
    expect(pbx.contacts.size).toBe(0);
  });

  it('are not connected to any with ATCOM_OFFLINE', async () => {
    vi.stubEnv('ATCOM_OFFLINE', '1');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { atcom, cwd, pbx } = await folderAtPbx({ 'x.yaml': at('a: dial 6099') });
    const { exitCode, stdout } = await atcom('x.yaml --no-trace');
    expect(exitCode).toBe(3);
    expect(stdout).toContain(`${pbx.host} was not contacted: ATCOM_OFFLINE is set; nothing was sent`);
    const words = ['sim', '--sip', `sip:6001@${pbx.host}`, '--password-file', 'secret'];
    const simulated = await run(words, { cwd });
    expect(simulated.exitCode).toBe(3);
    expect(simulated.stderr).toContain('[offline]');
    expect(pbx.seen).toEqual([]);
  });

  it('tell their messages and their audio in every report, and no secret', async () => {
    const { atcom, cwd } = await folderAtPbx({
      'x.yaml': at(`${CALL}\nb: { hears: a }\nb: { hears: c, within: 500ms }`),
    });
    const { exitCode, stdout } = await atcom(
      'x.yaml --report json:x.json --report html:x.html --report junit:x.xml --trace traces',
    );
    expect(exitCode).toBe(6);
    expect(stdout).toMatch(
      /b \(lab-6002\) did not hear c within 500ms; b heard 2052 Hz, that is a's tone, \d\d dB\n/,
    );
    expect(stdout).toMatch(
      /b and 6001: PCMA, \d+ packets sent, [1-9]\d* received, 0 lost, jitter [\d.]+ ms; last heard: 2052 Hz, that is a's tone, \d\d dB\n/,
    );
    const { trace, audio } = JSON.parse(readFileSync(join(cwd, 'x.json'), 'utf8')).results[0].attempts[0];
    const messages = trace.flatMap(({ kind, role, sent, line, method }: Record<string, string>) =>
      kind === 'sip' && role === 'b' ? [`${sent ? 'to' : 'from'} ${line} ${method}`] : [],
    );
    expect(messages).toContain('from SIP/2.0 401 Unauthorized REGISTER');
    expect(messages).toContain('to SIP/2.0 200 OK INVITE');
    expect(messages.join('\n')).toMatch(/^(to|from) BYE sip:/m);
    expect(trace.map(({ at: when }: { at: number }) => when)).toEqual(
      trace.map(({ at: when }: { at: number }) => when).toSorted((one: number, two: number) => one - two),
    );
    expect(audio).toMatchObject([
      { role: 'a', remote: '6002', codec: 'PCMA', lost: 0 },
      { role: 'b', remote: '6001', codec: 'PCMA', lost: 0 },
    ]);
    const page = readFileSync(join(cwd, 'x.html'), 'utf8');
    expect(page).toContain('<code>180 Ringing (INVITE)</code>');
    expect(page).toContain('<b class="kind">not heard:</b> <code>hears c within 500ms</code>');
    expect(page).toMatch(/A48, sip:6001@127\.0\.0\.1:\d+, virtual/);
    expect(page).toMatch(/<th scope="row"><bdi>b<\/bdi><\/th><td><bdi>6001<\/bdi><\/td><td>PCMA<\/td>/);
    const ladder = readFileSync(join(cwd, 'traces/01-call/try-1.sip.txt'), 'utf8');
    expect(ladder).toMatch(/^ +a +b +PBX +c$/m);
    expect(ladder).toMatch(/^ +\d+\.\d{3} s {2}\|- INVITE sip:6002@[\d.:]+ -+\|?-+>\| +\| {2}\[\d\]$/m);
    expect(ladder).toMatch(/^ +\d+\.\d{3} s {2}\| +\|- 180 Ringing \(INVITE\) -+>\| +\| {2}\[\d\]$/m);
    expect(ladder).toMatch(/^b and 6001: PCMA, .* received, 0 lost, jitter [\d.]+ ms; .* \[\d\]$/m);
    expect(ladder).not.toContain('x.yaml');
    expect(all(cwd)).not.toContain(PASSWORD);
    expect(all(cwd)).not.toMatch(/response=|nonce=|uthorization:/);
  });

  it('hear silence while they are held, and several at once in a conference', async () => {
    const conference = [
      CALL,
      'a: hold --dial $c',
      'a: { expect: hold }',
      'c: { expect: incomingCall }',
      'c: answer',
      '[a, c]: { expect: established }',
      'b: { hears: silence }',
      'c: { hears: a }',
      'a: conference',
      'a: { expect: unHold }',
      'parallel: [ { a: { hears: [b, c] } }, { b: { hears: [c, a] } }, { c: { hears: [a, b] } } ]',
    ].join('\n');
    const { atcom } = await folderAtPbx({
      'x.yaml': at(conference),
      'crowd.yaml': at(`${conference}\nb: { hears: c, within: 500ms }`),
      'one.yaml': at(`${CALL}\nb: { hears: [a, c], within: 400ms }`),
      'mute.yaml': at(`${CALL}\na: mute\nb: { hears: silence }\nb: { hears: a, within: 400ms }`),
    });
    const { stdout } = await atcom('x.yaml crowd.yaml one.yaml mute.yaml --no-trace');
    expect(stdout).toMatch(/^passed {3}call/);
    // Silence and the tones of others are no proof, nor is what was heard before the step.
    expect(stdout).toMatch(/did not hear a and c within 400ms; b heard 2052 Hz, that is a's tone, \d\d dB/);
    expect(stdout).toMatch(/did not hear a within 400ms; b heard silence\n/);
    expect(stdout).toMatch(
      /did not hear c within 500ms; b heard \d+ Hz, that is [ac]'s tone, \d+ dB and \d+ Hz/,
    );
    expect(stdout).toContain('4 scenarios: 1 passed, 3 failed');
  });

  it('hear nothing without a call, and say nothing', async () => {
    const RINGS = 'a: dial $b\nb: { expect: incomingCall }';
    const { atcom, cwd } = await folderAtPbx({
      'x.yaml': at('b: { hears: silence, within: 400ms }'),
      'rings.yaml': at(`${RINGS}\na: { hears: silence, within: 600ms }`),
      'says.yaml': at(`${RINGS}\na: { says: sounds/menu.wav }`),
      'hold.yaml': at(`${CALL}\na: hold\na: { expect: hold }\na: { says: sounds/menu.wav }`),
    });
    writeFileSync(join(cwd, 'sounds/menu.wav'), wav(1700, 100));
    const { stdout } = await atcom('x.yaml rings.yaml says.yaml hold.yaml --no-trace');
    expect(stdout).toContain('a (lab-6001) did not hear silence within 600ms; a is in no call that is up\n');
    expect(stdout).toContain('4 scenarios: 2 failed, 2 errors');
    expect(stdout.match(/^ *a is in no call that is up/gm)).toHaveLength(2);
    expect(stdout).toContain('b (lab-6002) did not hear silence within 400ms; b is in no call that is up\n');
  });

  it('hear digits one by one, and no others', async () => {
    const { atcom } = await folderAtPbx({
      'x.yaml': at(
        `${CALL}\na: dtmf 12#\nb: { heard: { dtmf: "1" } }\nb: { heard: { dtmf: "2#" } }\na: dtmf 7\nb: { heard: { dtmf: "8" } }`,
      ),
      'y.yaml': at(`${CALL}\nb: { heard: { dtmf: "12" }, within: 100ms }`),
      'again.yaml': at(
        `${CALL}\na: dtmf 4\nb: { hears: a }\na: hangup\n[a, b]: { expect: busyToIdle }\n${CALL}\nb: { heard: { dtmf: "4" }, within: 200ms }`,
      ),
    });
    const { stdout } = await atcom('x.yaml y.yaml again.yaml --no-trace');
    expect(stdout).toMatch(/did not hear the digits 4 within 200ms; b heard none\n/);
    expect(stdout).toMatch(
      /step 9, b: heard the digits 8 within 2s .*\n.*did not hear the digits 8 within 2s; b heard 7\n/,
    );
    expect(stdout).toMatch(/did not hear the digits 12 within 100ms; b heard none\n/);
  });

  it('say a recording, and then their tone again', async () => {
    const { atcom, cwd } = await folderAtPbx({
      'x.yaml': at(
        `${CALL}\nparallel: [ { a: { says: sounds/menu.wav } }, { b: { hears: 1700Hz } } ]\nb: { hears: a }`,
      ),
      'early.yaml': at('a: { says: sounds/menu.wav }'),
    });
    writeFileSync(join(cwd, 'sounds/menu.wav'), wav(1700, 800));
    const { stdout } = await atcom('x.yaml early.yaml --no-trace');
    expect(stdout).toMatch(/^passed {3}call/);
    expect(stdout).toContain('a is in no call that is up');
  });

  it('that cannot register are an error before the first key, unless the scenario tests that', async () => {
    const { atcom, cwd, pbx } = await folderAtPbx({
      'x.yaml': at(CALL),
      'y.yaml': at('c: { expect: registerFailed }'),
    });
    writeFileSync(join(cwd, 'secret'), 'another\n', { mode: 0o600 });
    const refused = await atcom('x.yaml --no-trace');
    expect(refused.exitCode).toBe(3);
    expect(refused.stdout).toMatch(
      /^error.*\n {2}[abc] \(lab-600\d\) is not registered with its PBX: 401: wrong user or password, not sent again; no key was pressed\n/,
    );
    expect(pbx.seen.filter((line) => line.startsWith('INVITE'))).toEqual([]);
    const one = at('c: { expect: registerFailed }').replace(
      'a: { sip: lab-6001 }, b: { sip: lab-6002 }, ',
      '',
    );
    writeFileSync(join(cwd, 'y.yaml'), one);
    expect(await atcom('y.yaml --no-trace')).toMatchObject({ exitCode: 0 });
  });

  it.each(['', ' --sip-pbx lab'])(
    'are not waited for after Ctrl-C, where the PBX is dead%s',
    { timeout: 5000 },
    async (words) => {
      const stop = new AbortController();
      const { atcom, cwd } = await folderAtPbx(
        { 'x.yaml': words === '' ? at(CALL) : scenario(CALL) },
        {
          lose: () => {
            stop.abort(new AtcomError('interrupted', {}));
            return true;
          },
        },
      );
      const { exitCode, stdout } = await atcom(`x.yaml${words} --json --report junit:r.xml --no-trace`, {
        signal: stop.signal,
      });
      expect(exitCode).toBe(130);
      const [result] = JSON.parse(stdout).results;
      expect(result).toMatchObject({ status: 'error', error: { code: 'interrupted' } });
      expect(readFileSync(join(cwd, 'r.xml'), 'utf8')).toContain('interrupted');
    },
  );

  it('belong to one run at a time', async () => {
    const { atcom, cwd, pbx } = await folderAtPbx({ 'x.yaml': at(CALL) });
    const account = {
      name: 'lab-6002',
      uri: `sip:6002@${pbx.host}`,
      read: () => ({ uri: '', password: '' }),
    };
    const lock = lockOf({ name: 'b', settings: { host: 'x' }, virtual: true, account });
    const folder = join(stateFolder(me({ HOME: cwd })), 'phones');
    const { unlock } = await lockPhones(lock === undefined ? [] : [lock], { folder, process: 4711 });
    onTestFinished(unlock);
    const { exitCode, stdout } = await atcom('x.yaml --no-trace');
    expect(exitCode).toBe(2);
    expect(stdout).toContain(`another run of atcom is using sip:6002@${pbx.host} (process 4711 on`);
    expect(pbx.seen).toEqual([]);
  });

  it('call real phones, and real phones call them', async () => {
    const { atcom, cwd, pbx } = await folderAtPbx({
      'x.yaml': `name: call
phones: { a: { sip: lab-6001 }, r: reception }
defaults: { within: 2s }
setup: [ { [a, r]: idle } ]
steps:
  - a: dial $r
  - r: { expect: incomingCall, where: { remote: "*$a*" } }
  - r: answer
  - [a, r]: { expect: established }
  - a: { hears: 2108Hz }
  - a: hangup
  - r: { expect: busyToIdle }
  - r: dial $a
  - a: { expect: incomingCall, where: { remote: "*$r*" } }
cleanup: [ { [a, r]: hangup } ]
`,
    });
    // To the program it is a phone of the config, at the same PBX.
    const receiver = await startReceiver({ port: 0, secret: SECRET });
    onTestFinished(() => receiver.close());
    const simulator = await startSimulator({
      approved: true,
      actionUrl: receiver.url,
      sip: [{ uri: `sip:6003@${pbx.host}`, password: PASSWORD }],
    });
    onTestFinished(() => simulator.close());
    const lab = readFileSync(join(cwd, 'lab.yaml'), 'utf8');
    writeFileSync(
      join(cwd, 'lab.yaml'),
      `${lab}phones: { reception: { host: "${simulator.phones[0]?.host}", extension: "6003" } }\nlistener: { port: ${receiver.port} }\n`,
    );
    await receiver.hub.waitFor('registered', { since: 0 });
    const { exitCode, stdout } = await atcom('x.yaml --no-trace');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringMatching(/^passed/) });
  });

  it('belong to one scenario at a time', async () => {
    const { atcom } = await folderAtPbx({ 'x.yaml': at(CALL), 'y.yaml': at(CALL) });
    const { stdout } = await atcom('x.yaml y.yaml --jobs 4 --no-trace');
    expect(stdout).toContain('2 scenarios: 2 passed');
  });
});

describe('a scenario on the accounts of a PBX', () => {
  it('is one of virtual phones with --sip-pbx', async () => {
    const { atcom, pbx } = await folderAtPbx({ 'x.yaml': scenario(`${CALL}\nb: { hears: a }`) });
    expect(await atcom('x.yaml --sip-pbx lab --no-trace')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(pbx.seen.some((line) => line.startsWith(`INVITE sip:6002@${pbx.host}`))).toBe(true);
  });

  it('keeps the accounts that it names', async () => {
    const { atcom } = await folderAtPbx({
      'x.yaml':
        'name: call\nphones: { a: virtual, b: { sip: lab-6001 } }\nsteps: [ { a: dial $b }, { b: { expect: incomingCall } } ]',
    });
    const { stdout } = await atcom('x.yaml --sip-pbx lab --no-trace --json');
    expect(JSON.parse(stdout).results[0].phones).toMatchObject([
      { role: 'a', phone: 'lab-6002', extension: '6002' },
      { role: 'b', phone: 'lab-6001', extension: '6001' },
    ]);
  });

  const wrong = async (words: string, text: string) => {
    const { atcom, pbx } = await folderAtPbx({ 'x.yaml': text });
    const { exitCode, stderr } = await atcom(`x.yaml ${words}`.trim());
    expect(exitCode).toBe(2);
    expect(pbx.seen).toEqual([]);
    return stderr;
  };

  it('needs as many accounts as it has phones, and a PBX that is known', async () => {
    const four =
      'name: x\nphones: { a: virtual, b: virtual, c: virtual, d: virtual }\nsteps: [ { a: hold } ]';
    expect(await wrong('--sip-pbx lab', four)).toMatch(
      /x\.yaml:2:\d+ phones\.d: lab has 3 accounts in the config, and this scenario 4 phones/,
    );
    expect(await wrong('--sip-pbx labb', four)).toMatch(
      /the config has no PBX "labb".*\n.*did you mean lab\?/,
    );
    expect(await wrong('--sip-pbx lab --simulate', four)).toContain('--simulate and --sip-pbx both decide');
  });

  it('names accounts that there are, each once', async () => {
    const two = (a: string, b: string) =>
      `name: x\nphones: { a: { sip: ${a} }, b: { sip: ${b} } }\nsteps: [ { a: hold } ]`;
    expect(await wrong('', two('lab-6001', 'lab-6009'))).toContain(
      'phones.b: the config has no account "lab-6009"; did you mean',
    );
    expect(await wrong('', two('lab-6001', 'lab-6001'))).toContain(
      'phones.b: b and a have the same account, lab-6001',
    );
  });

  it('mixes no phones that cannot call each other', async () => {
    const mixed = 'name: x\nphones: { a: { sip: lab-6001 }, b: virtual }\nsteps: [ { a: dial $b } ]';
    expect(await wrong('', mixed)).toMatch(
      /x\.yaml:3:\d+ steps\.1\.a: b is a virtual phone without an account, and a is at a PBX: they cannot call each other; give b \{ sip: ACCOUNT \}/,
    );
    const deaf =
      'name: x\nphones: { a: { sip: lab-6001 }, b: virtual, r: 127.0.0.1 }\nsteps: [ { b: { hears: a } }, { a: { hears: b } }, { r: { heard: { dtmf: "1" } } } ]';
    const told = await wrong('', deaf);
    expect(told).toContain('steps.1.b: b is a virtual phone without an account, and has no audio');
    expect(told).toContain('steps.2.a: b is a virtual phone without an account, and has no audio');
    expect(told).toContain('steps.3.r: r is a real phone, whose audio is not available here');
  });

  it.each([
    ['{ hears: d }', /there is no phone "d"; there is/],
    ['{ hears: 90Hz }', /a telephone passes 300 to 3400 Hz/],
    ['{ hears: [a, silence] }', /must be either silence or phones/],
    ['{ hears: "a, b" }', /write \[a, b\] for several phones/],
    [`{ hears: [${'500Hz, '.repeat(9)}] }`, /must name at most 8: more tones at once cannot be told apart/],
    ['{ hears: 5 }', /must be the name of a phone, a frequency such as 1004Hz, or silence/],
    ['{ hears: a, during: 1s }', /during: unknown setting/],
    ['{ hears: a, within: 300ms }', /within: must be at least 400ms: 300 ms of a sound prove it/],
    ['{ heard: { dtmf: "12x" } }', /must be digits such as "12#"/],
    ['{ heard: 12 }', /must be settings/],
    ['{ says: none.wav }', /none\.wav cannot be read: there is no such file; sox in\.wav/],
    ['{ says: x.yaml }', /x\.yaml is no WAV file/],
    ['{ says: lab.yaml }', /is no WAV file/],
  ])('b: %s is a mistake of the file', async (step, message) => {
    expect(await wrong('--check', at(`b: ${step}`))).toMatch(message);
  });

  it('says only what a telephone can say', async () => {
    const { atcom, cwd } = await folderAtPbx({ 'x.yaml': at('b: { says: sounds/a.wav }') });
    writeFileSync(join(cwd, 'sounds/a.wav'), wav(500, 100, 16_000));
    expect((await atcom('x.yaml --check')).stderr).toMatch(
      /sounds\/a\.wav is no WAV of 8000 Hz, mono, 16 bits; sox in\.wav -r 8000 -c 1 -b 16 out\.wav/,
    );
  });

  it('is skipped with --simulate where it needs audio, and runs where it does not', async () => {
    const { atcom, pbx } = await folderAtPbx({
      'x.yaml': at(`${CALL}\nb: { hears: a }`),
      'y.yaml': at(`[a, b]: { expect: registered }\n${CALL}\na: dtmf 12#\nb: { heard: { dtmf: "12#" } }`),
    });
    const { exitCode, stdout } = await atcom('x.yaml y.yaml --simulate');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^skipped {2}call {2}needs phones at a PBX.*\npassed/);
    expect(pbx.seen).toEqual([]);
  });

  it('is checked without a config', async () => {
    const { atcom } = await folderAtPbx({ 'x.yaml': at(`${CALL}\nb: { hears: a }`) });
    expect(await atcom('x.yaml --check', { env: {} })).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

describe('keys that a virtual phone ignores', () => {
  it('are shown if a scenario fails, in the trace and on the page', async () => {
    const { atcom, cwd } = await folderAtPbx({
      'x.yaml': scenario(`${CALL}\na: resume\na: { expect: unHold, within: 100ms }`),
    });
    const { stdout } = await atcom('x.yaml --report html:x.html --report json:x.json --trace traces');
    expect(stdout).toContain('  a ignored RESUME does nothing in state talking\n');
    const { trace } = JSON.parse(readFileSync(join(cwd, 'x.json'), 'utf8')).results[0].attempts[0];
    expect(trace).toContainEqual(
      expect.objectContaining({ kind: 'ignored', role: 'a', what: 'RESUME does nothing in state talking' }),
    );
    expect(readFileSync(join(cwd, 'x.html'), 'utf8')).toContain(
      'ignored</b> <bdi>RESUME does nothing in state talking</bdi>',
    );
    expect(readFileSync(join(cwd, 'traces/01-call/try-1.jsonl'), 'utf8')).toContain('"kind":"ignored"');
    // No phone of it is at a PBX.
    expect(readdirSync(join(cwd, 'traces/01-call'))).toEqual(['try-1.jsonl']);
  });
});
