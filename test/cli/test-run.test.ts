import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rawServer } from '../support/raw-server.ts';
import { folderWith, realPhones, scenario } from './testing.ts';

const CALL =
  'a: dial $b\nb: { expect: incomingCall, where: { remote: "*$a*" } }\nb: answer\n[a, b]: { expect: established }';
const RINGS_IN_VAIN = 'b: dnd on\na: dial $b\nb: { expect: incomingCall, within: 200ms }\nb: answer';

/** The document of a run. */
async function documentOf(atcom: ReturnType<typeof folderWith>['atcom'], words: string) {
  const { exitCode, stdout } = await atcom(`${words} --json --no-trace`);
  const document = JSON.parse(stdout);
  expect(document.exitCode).toBe(exitCode);
  return document;
}

const pressedBy = (trace: readonly { kind: string; role: string; keys?: string }[]) =>
  trace.filter(({ kind }) => kind === 'press').map(({ role, keys }) => `${role} ${keys}`);

describe('a scenario that passes', () => {
  it('is one line, and exit 0', async () => {
    const { atcom } = folderWith({ 'call.yaml': scenario(CALL) });
    const result = await atcom('call.yaml');
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.stdout).toMatch(/^passed {3}call {2}\d+ ms\n1 scenario: 1 passed; \d+\.\d s\n$/);
  });

  it.each([
    ['a: dial 9999', '', true],
    ['a: dial 9999', 'setup: [ { a: idle } ]', true],
    ['a: hangup\na: idle', '', false],
    ['a: { expect: outgoingCall, within: 1ms }', '', false],
    ['b: { never: incomingCall, during: 10ms }', '', false],
  ])('is warned of where nothing is expected of it: %s %s', async (steps, more, warned) => {
    const { atcom } = folderWith({ 'call.yaml': scenario(steps, more) });
    for (const words of ['call.yaml --no-trace', '--check call.yaml']) {
      const { exitCode, stderr } = await atcom(words);
      if (words.startsWith('--check')) expect(exitCode).toBe(0);
      expect(stderr.includes('warning: call.yaml: no step expects anything')).toBe(warned);
      expect((await atcom(`${words} --quiet`)).stderr).not.toContain('no step expects');
    }
  });

  it.each(['./call.yaml', 'CWD/call.yaml', 'link.yaml'])(
    'is run once, also when it is named again as %s',
    async (again) => {
      const { atcom, cwd } = folderWith({ 'call.yaml': scenario(CALL) });
      symlinkSync('call.yaml', join(cwd, 'link.yaml'));
      const { stdout } = await atcom(`call.yaml ${again.replace('CWD', cwd)} call.yaml`);
      expect(stdout).toContain('1 scenario: 1 passed');
    },
  );

  it('is a document of every step, key, response and event', async () => {
    const { atcom } = folderWith({ 'call.yaml': scenario(CALL, 'tags: [smoke]') });
    const document = await documentOf(atcom, 'call.yaml');
    expect(document).toMatchObject({ schema: 'atcom/1', command: 'test', ok: true });
    expect(document.summary).toMatchObject({
      scenarios: 1,
      passed: 1,
      failed: 0,
      errors: 0,
      skipped: 0,
      flaky: 0,
    });
    const [result] = document.results;
    expect(result).toMatchObject({
      name: 'call',
      file: 'call.yaml',
      line: 1,
      tags: ['smoke'],
      status: 'passed',
    });
    expect(result.phones).toMatchObject([
      { role: 'a', extension: '6001', model: 'A48', virtual: true },
      { role: 'b', extension: '6002', model: 'A48', virtual: true },
    ]);
    const [{ steps, trace }] = result.attempts;
    expect(steps.map(({ text, status }: Record<string, string>) => `${text} ${status}`)).toEqual([
      'a: dial 6002 passed',
      'b: expect incomingCall where remote=*6001* within 2s passed',
      'b: answer passed',
      'a: expect established within 2s passed',
      'b: expect established within 2s passed',
      // Nothing in the file ends the call, so the end of the run does.
      'a: hangup, because it is still in a call passed',
      'b: hangup, because it is still in a call passed',
    ]);
    expect(steps[1].events).toMatchObject([{ role: 'b', event: 'incomingCall' }]);
    expect(pressedBy(trace).slice(0, 2)).toEqual(['a 6002;DIAL', 'b ANSWER']);
    expect(new Set(trace.map(({ kind }: { kind: string }) => kind))).toEqual(
      new Set(['press', 'answer', 'event', 'ignored']),
    );
  });

  it('is said of every combination of with:', async () => {
    const { atcom } = folderWith({
      'call.yaml': scenario('a: dial $b --line $line\nb: { expect: incomingCall }', 'with: { line: [1, 2] }'),
    });
    const { results } = await documentOf(atcom, 'call.yaml');
    expect(results.map(({ name }: { name: string }) => name)).toEqual(['call [line=1]', 'call [line=2]']);
    expect(pressedBy(results[1].attempts[0].trace)[0]).toBe('a LINEKEY2;6002;SEND');
  });

  it('waits for what comes first of any, on one phone and of several', async () => {
    const { atcom } = folderWith({
      'x.yaml': scenario(
        'b: dnd on\na: dial $b\na: { any: [established, remoteBusy] }\nany: [ { a: { expect: established } }, { a: { expect: onHook } } ]\na: { expect: busyToIdle }',
      ),
    });
    const { results } = await documentOf(atcom, 'x.yaml');
    expect(results[0].status).toBe('passed');
    const steps = results[0].attempts[0].steps.map(({ text, status }: Record<string, string>) => [
      text,
      status,
    ]);
    expect(steps).toContainEqual(['a: expect any of established, remoteBusy within 2s', 'passed']);
    expect(steps).toContainEqual(['a: expect established within 2s', 'skipped']);
    expect(steps).toContainEqual(['a: expect onHook within 2s', 'passed']);
  });
});

describe('a scenario that fails', () => {
  it('says which step, what was expected, and what the phones reported; exit 6', async () => {
    const { atcom, cwd } = folderWith({ 'call.yaml': scenario(RINGS_IN_VAIN) });
    const { exitCode, stdout, stderr } = await atcom('call.yaml');
    expect(exitCode).toBe(6);
    const lines = stdout.split('\n').map((line) => line.replace(/[+-]\d\.\d{3} s|\d+ ms|\d\.\d s/, '…'));
    expect(lines).toEqual([
      'failed   call  …',
      '  step 3, b: expect incomingCall within 200ms (call.yaml:8:5)',
      '  b (virtual 6002) did not report incomingCall within 200ms',
      '  seen on b since the last event that was expected of it:',
      '    …  openDND',
      '  on the other phones, in that time and the second before:',
      '    a  …  offHook',
      '    a  …  idleToBusy',
      '    a  …  outgoingCall  sip:6002@127.0.0.1',
      '    a  …  remoteBusy  sip:6002@127.0.0.1',
      '    a  …  onHook',
      '    a  …  busyToIdle',
      '1 scenario: 1 failed; …',
      '',
    ]);
    expect(stderr).toBe('traces: atcom-traces/01-call\n');
    expect(readdirSync(join(cwd, 'atcom-traces/01-call'))).toEqual(['try-1.jsonl']);
    const trace = readFileSync(join(cwd, 'atcom-traces/01-call/try-1.jsonl'), 'utf8').trim().split('\n');
    const entries = trace.map((line) => JSON.parse(line));
    expect(entries[0]).toMatchObject({
      kind: 'scenario',
      name: 'call',
      verdict: 'failed',
      error: { code: 'unmet' },
    });
    for (const kind of ['press', 'answer', 'event', 'step']) {
      expect(entries.some((entry) => entry.kind === kind)).toBe(true);
    }
  });

  it('leaves out the steps after it, and cleans up', async () => {
    const { atcom } = folderWith({
      'call.yaml': `${scenario(RINGS_IN_VAIN)}cleanup: [ { b: dnd off }, { a: hangup } ]`,
    });
    const { results } = await documentOf(atcom, 'call.yaml');
    const { steps, trace } = results[0].attempts[0];
    expect(steps.map(({ phase, status }: Record<string, string>) => `${phase} ${status}`)).toEqual([
      'steps passed',
      'steps passed',
      'steps failed',
      'steps skipped',
      'cleanup passed',
      'cleanup passed',
    ]);
    expect(pressedBy(trace).slice(-2)).toEqual(['b DND_OFF', 'a ENDCALL']);
  });

  it('with what must never come, before the step or in its window', async () => {
    const { atcom } = folderWith({
      'early.yaml': scenario(
        'a: dial $b\na: { expect: outgoingCall }\nb: { expect: idleToBusy }\npause: 50ms\nb: { never: incomingCall }',
      ),
      'late.yaml': scenario(
        'parallel: [ { b: { never: [missedCall, incomingCall], during: 2s } }, { a: dial $b } ]',
      ),
    });
    const early = await atcom('early.yaml --no-trace');
    expect(early.exitCode).toBe(6);
    expect(early.stdout).toContain(
      'b (virtual 6002) reported incomingCall, which it must not report; it did so before this step began',
    );
    const late = await atcom('late.yaml --no-trace');
    expect(late.stdout).toMatch(/reported incomingCall, which it must not report\n/);
  });

  it('says when a number was called that no phone has', async () => {
    const { atcom } = folderWith({
      'x.yaml': scenario('a: dial 6999\nb: { expect: incomingCall, within: 100ms }'),
    });
    expect((await atcom('x.yaml --no-trace')).stdout).toContain(
      'a called 6999, which is the number of no phone here: there is a 6001, b 6002',
    );
  });

  it('waiting for an event that its phone never sends says what to do', async () => {
    const { atcom } = folderWith({ 'x.yaml': scenario('a: { expect: IPChanged, within: 100ms }') });
    const { exitCode, stdout } = await atcom('x.yaml --no-trace');
    expect(exitCode).toBe(6);
    expect(stdout).toContain('it reported nothing more');
    expect(stdout).toContain('Fix: nothing caused the event');
  });

  it('at its hard limit, with its phones hung up', async () => {
    const { atcom } = folderWith({
      'x.yaml': scenario('a: dial $b\nb: { expect: incomingCall }\npause: 1h', 'timeout: 300ms'),
    });
    const { exitCode, stdout } = await atcom('x.yaml --json --no-trace');
    expect(exitCode).toBe(6);
    const [{ error, attempts }] = JSON.parse(stdout).results;
    expect(error).toMatchObject({ code: 'scenario-timeout', message: 'the scenario took longer than 300ms' });
    expect(attempts[0].steps.map(({ status }: { status: string }) => status)).toContain('stopped');
    expect(pressedBy(attempts[0].trace)).toContain('a ENDCALL');
  });

  it('in cleanup is reported with the cause, or is itself the cause', async () => {
    const { atcom } = folderWith({
      'both.yaml': `${scenario(RINGS_IN_VAIN)}cleanup: [ { a: { expect: hold, within: 50ms } } ]`,
      'only.yaml': `${scenario('a: hold')}cleanup: [ { a: { expect: hold, within: 50ms } } ]`,
    });
    const { stdout } = await atcom('both.yaml only.yaml --no-trace');
    expect(stdout).toContain(
      'afterwards, cleanup 1, a: expect hold within 50ms: a (virtual 6001) did not report hold',
    );
    expect(stdout).toMatch(/^failed {3}call .*\n {2}cleanup 1, a: expect hold/m);
    expect(stdout).toContain('2 scenarios: 2 failed');
  });

  it('whose cleanup takes too long says so', async () => {
    const { atcom } = folderWith({
      'x.yaml': `${scenario('a: hold', 'cleanupTimeout: 100ms')}cleanup: [ { pause: 1h } ]`,
    });
    expect((await atcom('x.yaml --no-trace')).stdout).toContain('its cleanup took longer than 100ms');
  });
});

describe('a scenario that is skipped', () => {
  const needy = scenario('a: dial $b --line 4', 'needs: { line: 3 }').replace(
    'b: virtual',
    'b: { virtual: A21 }',
  );

  it('says why, and alone is exit 0', async () => {
    const { atcom } = folderWith({ 'x.yaml': needy });
    expect(await atcom('x.yaml')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(
        /^skipped {2}call {2}needs 3 line keys; b \(A21\) has 2\n1 scenario: 1 skipped;/,
      ),
    });
  });
});

describe('again and again', () => {
  /** Busy for the first caller of each run, because the phone is, and free later. */
  async function flaky() {
    const { config, simulator, press } = await realPhones();
    const text = scenario('a: dial $b\nb: { expect: incomingCall, within: 300ms }')
      .replace('a: virtual', 'a: reception')
      .replace('b: virtual', 'b: lobby');
    await press(1, 'DND_ON');
    // Cleanup is what makes it pass the next time.
    return {
      simulator,
      ...folderWith({
        'x.yaml': `${text}cleanup: [ { b: dnd off }, { a: hangup } ]`,
        'atcom.config.yaml': config,
      }),
    };
  }

  it('a late pass is flaky, and exit 0', async () => {
    const { atcom } = await flaky();
    const { exitCode, stdout } = await atcom('x.yaml --retries 2 --no-trace');
    expect(stdout).toMatch(/^flaky {4}call {2}\d+ ms, try 2$/m);
    expect(exitCode).toBe(0);
  });

  it('or a failure, with --fail-on-flaky', async () => {
    const { atcom, cwd } = await flaky();
    const words = 'x.yaml --retries 2 --fail-on-flaky --no-trace --report junit:j.xml';
    const { exitCode, stdout } = await atcom(words);
    expect(exitCode).toBe(6);
    expect(stdout).toContain('1 scenario: 1 flaky (--fail-on-flaky: a failure);');
    const xml = readFileSync(join(cwd, 'j.xml'), 'utf8');
    expect(xml).toMatch(
      /tests="1" failures="1".*\n.*\n.*\n.*<failure message="flaky: passed at try 2; b \(lobby\) did not report/,
    );
  });

  it('an answer that was lost is never tried again', async () => {
    const silent = await rawServer((socket) => socket.end());
    const { atcom } = folderWith({
      'x.yaml': `name: x\nphones: { a: "${silent.host}" }\nsteps: [ { a: key DND_ON } ]`,
      'atcom.config.yaml': 'listener: { port: 8099 }',
    });
    const { exitCode, stdout } = await atcom('x.yaml --retries 5 --no-trace --port 0');
    expect(exitCode).toBe(7);
    expect(stdout).toMatch(/^error {4}x /);
    // The key once, and once the hangup of a phone that may be in a call.
    expect(silent.received.map((text) => /key=(\S*)/.exec(text)?.[1])).toEqual(['DND_ON', 'ENDCALL']);
  });
});

describe('which scenarios', () => {
  const files = {
    'one.yaml': scenario('a: hold', 'tags: [smoke, hold]').replace('name: call', 'name: hold it'),
    'two.yaml': scenario('a: hold', 'tags: [slow]').replace('name: call', 'name: Transfer it'),
  };

  it.each([
    ['--tag smoke', ['hold it']],
    ['--tag slow --tag hold', ['hold it', 'Transfer it']],
    ['--grep transfer', ['Transfer it']],
    ['--grep ^hold', ['hold it']],
  ])('%s', async (words, names) => {
    const { stdout } = await folderWith(files).atcom(`one.yaml two.yaml --list --json ${words}`);
    expect(JSON.parse(stdout).results.map(({ name }: { name: string }) => name)).toEqual(names);
  });

  it.each([
    ['--tag smok', /no scenario is selected.*\n.*did you mean --tag smoke\?/],
    ['--grep nothing', /Fix: the scenarios are /],
    ['--tag wrong', /Fix: the tags are smoke, hold, slow/],
    ['--grep (', /"\(" is not a regular expression/],
  ])('%s is an error', async (words, message) => {
    const { exitCode, stderr } = await folderWith(files).atcom(`one.yaml two.yaml ${words}`);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('an expression that V8 refuses at its first use is an error', async () => {
    const large = '(?=(.*?a))\\1'.repeat(4000);
    const { exitCode, stderr } = await folderWith(files).atcom(`one.yaml --list --grep ${large}`);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/…" is not a regular expression/);
  });

  it('no file is an error', async () => {
    const { exitCode, stderr } = await folderWith({}).atcom('--list');
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining('no scenario file'),
    });
  });
});

describe('--dry-run', () => {
  it('prints the exact URLs and opens nothing', async () => {
    const text = scenario(`${CALL}\na: key HOLD wait:1s RESUME`, 'setup: [ { a: idle } ]')
      .replace('a: virtual', 'a: reception')
      .replace('b: virtual', 'b: lobby');
    const { atcom } = folderWith({
      'x.yaml': text,
      'atcom.config.yaml':
        'phones: { reception: { host: 172.16.0.57, extension: "6040" }, lobby: { host: 172.16.0.37, extension: "6041" } }',
    });
    expect(await atcom('x.yaml --dry-run')).toEqual({
      exitCode: 0,
      stderr: '',
      stdout: `${[
        '# call (x.yaml)',
        '# a: idle',
        'http://172.16.0.57/cgi-bin/server.cgi?key=RELEASE',
        '# a: dial 6041',
        'http://172.16.0.57/cgi-bin/server.cgi?key=6041;DIAL',
        '# b: expect incomingCall where remote=*6040* within 2s',
        '# b: answer',
        'http://172.16.0.37/cgi-bin/server.cgi?key=ANSWER',
        '# a: expect established within 2s',
        '# b: expect established within 2s',
        '# a: key HOLD wait:1s RESUME',
        'http://172.16.0.57/cgi-bin/server.cgi?key=HOLD',
        '# wait 1s',
        'http://172.16.0.57/cgi-bin/server.cgi?key=RESUME',
      ].join('\n')}\n`,
    });
  });
});

it('a trace that cannot be written is a warning, and changes nothing about the run', async () => {
  const { cwd, atcom } = folderWith({ 'x.yaml': scenario(RINGS_IN_VAIN) });
  writeFileSync(join(cwd, 'taken'), '');
  const { exitCode, stderr } = await atcom(`x.yaml --trace ${join(cwd, 'taken')}`);
  expect(exitCode).toBe(6);
  expect(stderr).toMatch(/^warning: .*cannot be written/);
});
