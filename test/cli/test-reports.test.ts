import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { reportDocument } from '../../src/cli/output/report-document.ts';
import { github } from '../../src/cli/reports/github.ts';
import { PRESS_REPORTS } from '../../src/cli/reports/presses.ts';
import { SCENARIO_REPORTS } from '../../src/cli/reports/scenarios.ts';
import { AtcomError } from '../../src/errors.ts';
import type { RunDocument, ScenarioResult } from '../../src/scenario/index.ts';
import { closedPort } from '../support/raw-server.ts';
import { emptyFolder, run } from './run.ts';
import { folderWith, realPhones, scenario } from './testing.ts';

const FAILING = 'b: dnd on\na: dial $b\nb: { expect: incomingCall, within: 100ms }';

/** One file of two that pass, one that fails, one that cannot run, one that is skipped. */
async function mixed() {
  const gone = await closedPort();
  return folderWith({
    'pass.yaml': scenario('a: hold', 'with: { line: [1, 2] }'),
    'fail.yaml': scenario(FAILING),
    'error.yaml': `name: gone\nphones: { a: "127.0.0.1:${gone}" }\nsteps: [ { a: hold } ]`,
    'skip.yaml': scenario('a: hold', 'needs: { line: 9 }'),
  });
}

const FILES = 'pass.yaml fail.yaml error.yaml skip.yaml --no-trace --port 0';

/** What xmllint says of a file. */
async function xmllint(contents: string) {
  return validateXML({ xml: [{ fileName: 'report.xml', contents }], normalization: 'format' });
}

/** A document of scenarios that were never run. */
function documentOf(results: readonly Partial<ScenarioResult>[]): RunDocument {
  return {
    schema: 'atcom/1',
    command: 'test',
    ok: false,
    exitCode: 6,
    summary: { scenarios: results.length, passed: 0, failed: 0, errors: 0, skipped: 0, flaky: 0, ms: 5 },
    results: results.map((result) => ({
      name: 'call',
      file: 'call.yaml',
      line: 3,
      tags: [],
      status: 'passed',
      ms: 5,
      phones: [],
      attempts: [],
      ...result,
    })),
  };
}

/** Whatever a display name or a file can hold. */
const HOSTILE = '<b>&"\'\u0000\u0007\u001b[31m\u202e\ud800]]>--\r\n| %0A::error::';
const hostile = documentOf([
  {
    name: HOSTILE,
    file: `${HOSTILE}.yaml`,
    status: 'failed',
    error: new AtcomError('unmet', {
      role: HOSTILE,
      phone: HOSTILE,
      what: HOSTILE,
      within: '1s',
      silence: 'mute',
    }),
  },
]);

describe('junit', () => {
  it('counts failures, errors and skipped ones, on the suites and on each suite', async () => {
    const { atcom, cwd } = await mixed();
    expect((await atcom(`${FILES} --report junit:r.xml`)).exitCode).toBe(1);
    const xml = readFileSync(join(cwd, 'r.xml'), 'utf8');
    expect(await xmllint(xml)).toMatchObject({ valid: true, errors: [] });
    const attributes = Array.from(
      xml.matchAll(/<(testsuites?) name="([^"]*)" (.*?) time=/g),
      ([, ...found]) => found,
    );
    expect(attributes).toEqual([
      ['testsuites', 'atcom', 'tests="5" failures="1" errors="1" skipped="1"'],
      ['testsuite', 'pass.yaml', 'tests="2" failures="0" errors="0" skipped="0"'],
      ['testsuite', 'fail.yaml', 'tests="1" failures="1" errors="0" skipped="0"'],
      ['testsuite', 'error.yaml', 'tests="1" failures="0" errors="1" skipped="0"'],
      ['testsuite', 'skip.yaml', 'tests="1" failures="0" errors="0" skipped="1"'],
    ]);
    expect(xml).toContain('<testcase classname="pass" name="call [line=2]"');
    expect(xml).toMatch(
      /<failure message="b \(virtual 6002\) did not report incomingCall[^"]*" type="unmet">step 3, b: expect/,
    );
    expect(xml).toMatch(/remoteBusy {2}sip:6002@127\.0\.0\.1/);
    expect(xml).toMatch(
      /<error message="127\.0\.0\.1:\d+ was not reached: connection refused[^"]*" type="unreachable">/,
    );
    expect(xml).toContain('<skipped message="not sent: needs 9 line keys; a (A48) has 4"/>');
  });

  it('is taken by a strict parser whatever a name holds', async () => {
    const xml = SCENARIO_REPORTS.junit(hostile);
    expect(await xmllint(xml)).toMatchObject({ valid: true, errors: [] });
    // The check can fail: the same without its care is refused.
    expect(await xmllint(xml.replace('\ufffd', '\u0007'))).toMatchObject({ valid: false });
  });

  it('of no scenario at all is one, too', async () => {
    expect(await xmllint(SCENARIO_REPORTS.junit(documentOf([])))).toMatchObject({ valid: true });
  });
});

describe('tap and json', () => {
  it('tell the same', async () => {
    const { atcom, cwd } = await mixed();
    const { stdout } = await atcom(`${FILES} --json --report tap:r.tap --report json:r.json`);
    const tap = readFileSync(join(cwd, 'r.tap'), 'utf8');
    expect(tap).toMatch(/^TAP version 14\n1\.\.5\nok 1 - call \[line=1\] \(pass\.yaml\)\nok 2 - /);
    expect(tap).toMatch(/^not ok 3 - call \(fail\.yaml\)\n {2}---\n {2}kind: "failure"\n {2}code: "unmet"/m);
    expect(tap).toMatch(/^not ok 4 - gone .*\n {2}---\n {2}kind: "error"\n {2}code: "unreachable"/m);
    expect(tap).toMatch(/^ok 5 - call \(skip\.yaml\) # SKIP not sent: needs 9 line keys/m);
    expect(JSON.parse(readFileSync(join(cwd, 'r.json'), 'utf8'))).toEqual(JSON.parse(stdout));
  });

  it('let nothing that hides or turns text around through, event values included', () => {
    const event = {
      at: 1,
      role: 'a',
      event: 'incomingCall',
      values: { remote: '\u009b2J\u202e\u2028\nx' },
    } as const;
    const [result] = hostile.results;
    const error = result?.error;
    const step = {
      phase: 'steps',
      number: 1,
      text: 'x',
      status: 'failed',
      at: 0,
      ms: 1,
      seen: [event],
    } as const;
    const attempt = {
      verdict: 'failed',
      started: '2026-11-25T00:00:00.000Z',
      ms: 1,
      trace: [],
      error,
      steps: [{ ...step, ...(error && { error }) }],
    } as const;
    const seen = documentOf([{ ...result, name: 'x', attempts: [attempt] }]);
    for (const text of [
      SCENARIO_REPORTS.tap(seen),
      SCENARIO_REPORTS.junit(seen),
      SCENARIO_REPORTS.html(seen),
      ...github(seen, { cwd: '/' }).annotations,
    ]) {
      expect(text).toContain('u202e');
      expect(text).not.toMatch(/[\u009b\u202e\u2028]/u);
      expect(text).toContain('u000ax');
    }
  });

  it.each(['junit', 'tap'] as const)('of key presses (%s) do not either', (format) => {
    const strange = '7\u009b31m\u202e ##vso[task.setvariable variable=x]y';
    const error = new AtcomError('page-refused', {
      host: strange,
      page: 'x',
      reason: strange,
      hint: `look\nat ${strange}`,
    });
    const report = { phone: strange, host: 'x', outcome: 'refused', ms: 1, requests: [], error } as const;
    const skipped = { ...report, outcome: 'skipped' } as const;
    const text = PRESS_REPORTS[format](
      reportDocument('dnd', [report, skipped], { ms: 1, exitCode: 6, error }),
    );
    expect(text.match(/\\u202e/g)?.length).toBeGreaterThanOrEqual(8);
    expect(text).not.toMatch(/[\u009b\u202e]|##vso/u);
    expect(text).not.toContain('u000a');
  });

  it('keep a hostile name on its line', () => {
    expect(
      SCENARIO_REPORTS.tap(hostile)
        .split('\n')
        .filter((line) => /^(not )?ok/.test(line)),
    ).toHaveLength(1);
    expect(SCENARIO_REPORTS.tap(hostile)).not.toContain('\u001b');
  });
});

describe('github', () => {
  it('marks the line of the step that failed, and adds to the page of the run', async () => {
    const { atcom, cwd } = await mixed();
    const summary = join(cwd, 'summary.md');
    writeFileSync(summary, 'before\n');
    const { stdout, exitCode } = await atcom(`${FILES} --report github`, {
      env: { GITHUB_STEP_SUMMARY: summary },
    });
    expect(exitCode).toBe(1);
    const lines = stdout.split('\n').filter((line) => line.startsWith('::'));
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(
      /^::error file=fail\.yaml,line=8,title=call%3A failed::step 3, b: expect .*%0Ab \(virtual 6002\) did not report/,
    );
    expect(lines[1]).toMatch(/^::error file=error\.yaml,line=3,title=gone%3A error::/);
    expect(lines[2]).toMatch(/^::notice file=skip\.yaml,line=1,title=call%3A skipped::not sent/);
    const markdown = readFileSync(summary, 'utf8');
    expect(markdown).toMatch(
      /^before\n### atcom test: 5 scenarios, 2 passed, 1 failed, 1 errors, 1 skipped\n/,
    );
    expect(markdown.match(/^\| (✅|❌|💥|⏭️) /gm)).toHaveLength(5);
    expect(markdown).toContain('<details><summary>call</summary>');
  });

  it('keeps stdout to the document with --json', async () => {
    const { atcom } = folderWith({ 'fail.yaml': scenario(FAILING) });
    const { stdout, stderr } = await atcom('fail.yaml --no-trace --json --report github');
    expect(JSON.parse(stdout).summary.failed).toBe(1);
    expect(stderr).toMatch(/^::error file=fail\.yaml/m);
  });

  it('marks the lines that are wrong when files are only checked', async () => {
    const { atcom } = folderWith({ 'wrong.yaml': scenario('a: nosuch') });
    const { stdout, exitCode } = await atcom('wrong.yaml --check --report github');
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/^::error file=wrong\.yaml,line=\d+,title=wrong\.yaml%3A error::/);
  });

  it('names files from the checkout, and lets no text become a command or markup', () => {
    const inside = github(documentOf([{ file: '/repo/ci/call.yaml', status: 'flaky' }]), {
      workspace: '/repo',
      cwd: '/',
    });
    expect(inside.annotations).toEqual([
      '::warning file=ci/call.yaml,line=3,title=call%3A flaky::passed at try 0',
    ]);
    const { annotations, summary } = github(hostile, { cwd: '/' });
    expect(annotations).toHaveLength(1);
    expect(annotations.join('\n')).not.toMatch(/\p{Cc}/u);
    expect(annotations[0]).toContain('%250A');
    expect(summary).not.toMatch(/<b>|[^\P{Cc}\n]/u);
    expect(summary.split('\n').filter((line) => line.startsWith('| ❌'))).toHaveLength(1);
  });
});

describe('--report', () => {
  it.each([
    ['xml:r', /write junit:FILE or tap:FILE/],
    ['juint:r', /write junit:FILE/],
    ['junit', /is not a report .*write junit:FILE\n/s],
    ['x', /write junit:FILE or tap:FILE or json:FILE or html:FILE or github\n/],
    ['github:r', /is not a report/],
    ['junit:/dev/null/folder/r.xml', /cannot be written/],
  ])('%s is an error before anything runs', async (report, message) => {
    const { atcom } = folderWith({ 'pass.yaml': scenario('a: hold') });
    const { exitCode, stdout, stderr } = await atcom(`pass.yaml --report ${report}`);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});

describe('a run that is refused', () => {
  it.each([
    ['a file that is wrong', 'bad.yaml', 'bad.yaml', 6],
    ['one of two that is wrong', 'good.yaml bad.yaml', 'bad.yaml', 6],
    ['a file that is not there', 'none.yaml', 'none.yaml', 1],
    ['one of two that is not there', 'good.yaml none.yaml', 'none.yaml', 1],
  ])('replaces the report of yesterday: %s', async (_, files, blamed, line) => {
    const { atcom, cwd } = folderWith({
      'good.yaml': scenario('a: dial $b'),
      'bad.yaml': scenario('a: dail $b'),
      'j.xml': '<testsuites tests="1" failures="0"/>',
    });
    const { exitCode, stdout } = await atcom(`${files} --report junit:j.xml --report github`);
    expect(exitCode).toBe(2);
    const xml = readFileSync(join(cwd, 'j.xml'), 'utf8');
    expect(xml).toContain(`tests="1" failures="0" errors="1"`);
    expect(xml).toContain(`file="${blamed}" line="${line}"`);
    expect(stdout).toMatch(new RegExp(`^::error file=${blamed},line=${line},`, 'm'));
  });
});

describe('a report', () => {
  const files = { 'x.yaml': scenario('a: dial $b') };

  it('goes to stdout, alone, where it is to', async () => {
    const { stdout, stderr } = await folderWith(files).atcom('x.yaml --report junit:-');
    expect(stdout).toMatch(/^<\?xml[\s\S]*<\/testsuites>\n$/);
    expect(stderr).toContain('1 scenario: 1 passed');
  });

  it.each(['--list', '--check', '--schema', '--dry-run'])(
    'leaves stdout to what only shows something: %s',
    async (option) => {
      const { atcom } = folderWith(files);
      const shown = await atcom(`x.yaml ${option}`);
      expect(shown.stdout).not.toBe('');
      expect(await atcom(`x.yaml ${option} --report junit:-`)).toEqual(shown);
      const document = await atcom(`x.yaml ${option} --json`);
      expect(await atcom(`x.yaml ${option} --json --report json:-`)).toEqual(document);
    },
  );

  it.each(['--dry-run', '--curl'])('leaves stdout to the requests of %s', async (option) => {
    const words = ['mute', '--to', '127.0.0.1', option];
    const { stdout, stderr } = await run([...words, '--report', 'junit:-']);
    expect(stdout).toContain('127.0.0.1/cgi-bin/server.cgi?key=MUTE');
    expect(stderr).toBe('');
  });

  it('has the time of the run, and the place of each scenario', async () => {
    const { stdout } = await folderWith(files).atcom('x.yaml --report junit:-');
    expect(stdout).toMatch(/<testcase classname="x" name="[^"]+" file="x\.yaml" line="\d+" time="/);
  });

  it('gets a folder that is missing', async () => {
    const { atcom, cwd } = folderWith(files);
    expect((await atcom('x.yaml --report tap:out/of/sight/x.tap')).exitCode).toBe(0);
    expect(readFileSync(join(cwd, 'out/of/sight/x.tap'), 'utf8')).toMatch(/^TAP/);
  });

  it.each([
    ['junit:a.xml --report tap:./a.xml', /two reports are written to/],
    ['junit:- --report tap:-', /two reports are written to -/],
    ['junit:- --json', /both write to stdout/],
  ])('is refused: %s', async (words, reason) => {
    const { exitCode, stderr, stdout } = await folderWith(files).atcom(`x.yaml --report ${words}`);
    expect(exitCode).toBe(2);
    expect(stderr + stdout).toMatch(reason);
  });
});

it('GitHub gets paths in the checkout, from any folder and through links', () => {
  const checkout = emptyFolder();
  mkdirSync(join(checkout, 'repo/ci'), { recursive: true });
  writeFileSync(join(checkout, 'repo/ci/x.yaml'), '');
  symlinkSync(join(checkout, 'repo'), join(checkout, 'link'));
  const { annotations } = github(documentOf([{ file: 'x.yaml', status: 'failed' }]), {
    workspace: join(checkout, 'repo'),
    cwd: join(checkout, 'link/ci'),
  });
  expect(annotations[0]).toMatch(/^::error file=ci\/x\.yaml,/);
});

it.skipIf(process.platform === 'win32')('are written when nothing is listened to any more', async () => {
  const { config, receiver } = await realPhones();
  const { cwd, atcom } = folderWith({
    'atcom.config.yaml': config,
    'x.yaml': 'name: x\nphones: { a: reception }\nsteps: [ { a: hold } ]',
  });
  const pipe = join(cwd, 'pipe');
  execFileSync('mkfifo', ['-m', '600', pipe]);
  const run = atcom('x.yaml --report json:pipe');
  await expect.poll(() => receiver.hub.subscribers, { timeout: 5000 }).toBe(1);
  await expect.poll(() => receiver.hub.subscribers, { timeout: 5000 }).toBe(0);
  expect(JSON.parse(await readFile(pipe, 'utf8'))).toMatchObject({ ok: true });
  expect((await run).exitCode).toBe(0);
});
