import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EVENT_DEFINITIONS, EVENTS } from '../../src/protocol/events.ts';
import { closedPort, rawServer } from '../support/raw-server.ts';
import { emptyFolder, run } from './run.ts';

const AT = 'http://172.16.0.184:8088';
const list = (...words: string[]) => run(['action-url', 'list', ...words]);

/** Lints a file of this text. */
function lintFile(text: string, ...words: string[]) {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, 'urls.txt'), text);
  return run(['action-url', 'lint', 'urls.txt', ...words], { cwd });
}

describe('atcom action-url list', () => {
  it('writes the field and the URL of each event', async () => {
    const { exitCode, stdout, stderr } = await list(AT);
    expect([exitCode, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => line.split(/ {2,}/)[0])).toEqual(EVENT_DEFINITIONS.map(({ label }) => label));
    expect(lines[4]).toBe(`Off Hook                  ${AT}/offHookUrl.xml?mac=$mac&ip=$ip`);
  });

  it('writes chosen events with chosen variables, in the order of the page', async () => {
    const words = [`${AT}/`, '--only', 'established,incomingcall', '--variables', 'mac,$remote,mac'];
    expect((await list(...words)).stdout).toBe(
      `Incoming Call  ${AT}/incomingCallUrl.xml?mac=$mac&remote=$remote\n` +
        `Established    ${AT}/establishedUrl.xml?mac=$mac&remote=$remote\n`,
    );
  });

  it('writes CSV, in which a comma is quoted', async () => {
    const { stdout } = await list(`${AT}/a,b`, '--only', 'hold', '--variables', 'mac', '--format', 'csv');
    expect(stdout).toBe(`event,label,url\nhold,Hold,"${AT}/a,b/holdUrl.xml?mac=$mac"\n`);
  });

  it('writes JSON', async () => {
    const { stdout, stderr } = await list('http://127.0.0.1:8088', '--only', 'hold', '--json');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      schema: 'atcom/1',
      command: 'action-url list',
      ok: true,
      exitCode: 0,
      listener: 'http://127.0.0.1:8088',
      urls: [
        {
          event: 'hold',
          label: 'Hold',
          url: 'http://127.0.0.1:8088/holdUrl.xml?mac=$mac&ip=$ip&local=$local&call_id=$call_id&remote=$remote&display_remote=$display_remote',
        },
      ],
      warnings: [expect.stringContaining('127.0.0.1:8088 means this computer only')],
    });
  });

  it('warns of a listener that no phone can reach', async () => {
    const { exitCode, stdout, stderr } = await list('http://localhost:8088', '--only', 'offHook');
    expect(exitCode).toBe(0);
    expect(stdout).toBe('Off Hook  http://localhost:8088/offHookUrl.xml?mac=$mac&ip=$ip\n');
    expect(stderr).toMatch(/^warning {2}localhost:8088 means this computer only: no phone can reach it/);
  });

  it.each([
    [['172.16.0.184:8088'], /Fix: .*http:\/\/172\.16\.0\.184:8088/],
    [['http://pbx phones'], /contains a space/],
    [[`${AT}?x=1`], /has a query/],
    [[AT, '--only', 'incommingCall'], /did you mean incomingCall\?/],
    [[AT, '--only', ''], /there is no event ""/],
    [[AT, '--variables', 'action_url'], /did you mean active_url\?/],
    [[AT, '--format', 'xml'], /--format cannot be "xml".*\n.*use table or csv/],
    [
      [`${AT}/${'x'.repeat(480)}`],
      /the URL of setupCompleted has \d{3} characters; a phone takes 511 \[usage\]\n.*--variables/,
    ],
    [[], /listener-url/],
  ])('%j is a mistake', async (words, message) => {
    expect(await list(...words)).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringMatching(message),
    });
  });
});

describe('atcom action-url lint', () => {
  it.each([
    [`${AT}/holdUrl.xml?mac=$mac`, 0, '1 URL: ok\n'],
    [
      `${AT}/holdUrl.xml?remote=$remot`,
      2,
      'line 1  error    there is no variable $remot, so it arrives empty; did you mean $remote?\n1 URL: 1 error, 0 warnings\n',
    ],
    [
      `${AT}/incommingCallUrl.xml`,
      2,
      'line 1  error    its path names no event: "/incommingCallUrl.xml"; did you mean incomingCallUrl.xml?\n1 URL: 1 error, 0 warnings\n',
    ],
    [
      `${AT}/holdUrl.xml?v=$firmware`,
      0,
      "line 1  warning  $firmware is not in the vendor's table of variables, only in its examples\n1 URL: 0 errors, 1 warning\n",
    ],
  ])('%s', async (url, exitCode, stdout) => {
    expect(await run(['action-url', 'lint', url, '--offline'])).toEqual({ exitCode, stdout, stderr: '' });
  });

  it('accepts what list writes, as table and as CSV', async () => {
    for (const format of ['table', 'csv']) {
      const { stdout: text } = await list(AT, '--format', format);
      const { exitCode, stdout } = await lintFile(text, '--offline', '--json');
      const { urls, findings } = JSON.parse(stdout);
      expect([exitCode, urls]).toEqual([0, EVENTS.length]);
      expect(findings).toEqual([]);
    }
  });

  it('reads stdin', async () => {
    const typed = `Hold  ${AT}/unHold\n`;
    const { exitCode, stdout } = await run(['action-url', 'lint', '-', '--offline'], { typed });
    expect([exitCode, stdout]).toEqual([
      0,
      'line 1  warning  the line is for hold, its URL reports unHold; did you mean holdUrl.xml?\n1 URL: 0 errors, 1 warning\n',
    ]);
  });

  it('tells what is wrong with many lines at the first of them', async () => {
    const { stdout } = await lintFile(
      ['hold', 'unHold', 'mute'].map((event) => `http://127.0.0.1:8088/${event}\n`).join(''),
      '--offline',
    );
    expect(stdout).toMatch(
      /^line 1 {2}warning {2}127\.0\.0\.1:8088 .* \(and on 2 more lines\)\n3 URLs: 0 errors, 3 warnings\n$/,
    );
  });

  it('reports lines in order, as one document', async () => {
    const { exitCode, stdout, stderr } = await lintFile(
      `# mine\n\n${AT}/hold?u=$action_url\nnothing\n`,
      '--offline',
      '--json',
    );
    expect([exitCode, stderr]).toEqual([2, '']);
    expect(JSON.parse(stdout)).toEqual({
      schema: 'atcom/1',
      command: 'action-url lint',
      ok: false,
      exitCode: 2,
      urls: 1,
      findings: [
        {
          line: 3,
          severity: 'error',
          code: 'slip',
          what: '$action_url arrives empty',
          instead: ['$active_url'],
          url: `${AT}/hold?u=$action_url`,
        },
        {
          line: 4,
          severity: 'error',
          code: 'not-a-url',
          what: 'there is no URL in this line',
          instead: ['http://…'],
        },
      ],
    });
  });

  it('lets nothing of a file reach the terminal raw', async () => {
    const { exitCode, stdout } = await lintFile(`${AT}/ho\u001b[2J\u202eld?\u001b\n`, '--offline');
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/\\u001b/);
    expect(['\u001b', '\u202e'].filter((raw) => stdout.includes(raw))).toEqual([]);
  });

  it('says nothing when all is well and that was asked', async () => {
    const words = ['action-url', 'lint', `${AT}/hold`, '--offline'];
    expect(await run([...words, '--quiet'])).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });

  it.each([
    [
      'missing.txt',
      /missing\.txt cannot be read: there is no such file .*if it is a URL, begin it with http/s,
    ],
    ['folder', /folder cannot be read: it is a folder/],
    ['empty.txt', /there is no URL in empty\.txt/],
  ])('%s is a mistake', async (file, message) => {
    const cwd = emptyFolder();
    mkdirSync(join(cwd, 'folder'));
    writeFileSync(join(cwd, 'empty.txt'), '# nothing\n\n');
    expect(await run(['action-url', 'lint', file], { cwd })).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringMatching(message),
    });
  });

  it('tries no more than 64 listeners, of which each may be silent', async () => {
    const urls = Array.from({ length: 66 }, (_, number) => `http://127.0.9.${number + 1}:1/hold`);
    const { exitCode, stdout } = await lintFile(urls.join('\n'));
    expect(exitCode).toBe(2);
    const lines = stdout.split('\n').filter((line) => /^line \d+ +error/.test(line));
    expect(lines).toHaveLength(65);
    expect(lines.at(-1)).toMatch(/^line 65 .*no listener was tried: there are more than 64/);
  });

  it('asks each listener once for /, whatever it answers', async () => {
    const listener = await rawServer((socket) => socket.end('HTTP/1.0 404 Not Found\r\n\r\n'));
    const url = `http://${listener.host}/holdUrl.xml?mac=$mac`;
    const { exitCode, stdout } = await lintFile(`${url}\n${url}\n`);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('2 URLs: 0 errors, 2 warnings')]);
    expect(listener.received.map((request) => request.split('\r\n')[0])).toEqual(['GET / HTTP/1.1']);
  });

  it('follows no redirect', async () => {
    const elsewhere = await rawServer((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\n'));
    const listener = await rawServer((socket) =>
      socket.end(`HTTP/1.0 302 Found\r\nLocation: http://${elsewhere.host}/\r\n\r\n`),
    );
    expect((await run(['action-url', 'lint', `http://${listener.host}/hold`])).exitCode).toBe(0);
    expect([listener.connections, elsewhere.connections]).toEqual([1, 0]);
  });

  it('reports a listener that does not exist', async () => {
    const port = await closedPort();
    const { exitCode, stdout } = await run(['action-url', 'lint', `http://127.0.0.1:${port}/hold`]);
    expect(exitCode).toBe(2);
    expect(stdout).toContain(`error    nothing answers HTTP at http://127.0.0.1:${port}: connection refused`);
  });

  it('contacts no one with --offline', async () => {
    const listener = await rawServer((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\n'));
    expect((await run(['action-url', 'lint', `http://${listener.host}/hold`, '--offline'])).exitCode).toBe(0);
    expect(listener.connections).toBe(0);
  });
});
