import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { throughNock } from '../support/nock-client.ts';
import { run } from './run.ts';

/** Section 2.3 of the document: what is typed, and the URL that must be asked for, to the letter. */
const ILLUSTRATIONS: readonly (readonly [words: string, host: string, key: string])[] = [
  ['dial 6040', '172.16.0.57', '6040;DIAL'],
  ['key 6040 SEND', '172.16.0.57', '6040;SEND'],
  ['dial 6040 --speaker', '172.16.0.57', 'SPEAKER;6040;DIAL'],
  ['key SPEAKER 6040 SEND', '172.16.0.57', 'SPEAKER;6040;SEND'],
  ['dial 6040 --line 1', '172.16.0.37', 'LINEKEY1;6040;SEND'],
  ['dial 6040 --line 2', '172.16.0.37', 'LINEKEY2;6040;SEND'],
  ['answer', '172.16.0.57', 'ANSWER'],
  ['answer --speaker', '172.16.0.57', 'SPEAKER'],
  ['answer --softkey 1', '172.16.0.57', 'SFK1'],
  ['answer --headset', '172.16.0.57', 'HEADSET'],
  ['reject', '172.16.0.57', 'REJECT'],
  ['forward 6044', '172.16.0.57', 'FORWARD;6044;SEND'],
  ['hangup', '172.16.0.57', 'ENDCALL'],
  ['hold --dial 6040', '172.16.0.57', 'HOLD;6040;DIAL'],
  ['hold', '172.16.0.57', 'HOLD'],
  ['resume', '172.16.0.57', 'RESUME'],
  ['transfer 6044', '172.16.0.57', 'TRANSFER;6044;SEND;TRANSFER'],
  ['conference 6044', '172.16.0.57', 'CONFERENCE;6044;SEND'],
  ['conference', '172.16.0.57', 'CONFERENCE'],
];

beforeEach(() => {
  nock.disableNetConnect();
});

afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

describe('the illustrations of the document', () => {
  it.each(ILLUSTRATIONS)('atcom %s --to %s', async (words, host, key) => {
    const asked = nock(`http://${host}`).get(`/cgi-bin/server.cgi?key=${key}`).reply(200, '');
    const result = await run([...words.split(' '), '--to', host, '--json'], { transport: throughNock });
    expect(asked.isDone()).toBe(true);
    const document = JSON.parse(result.stdout);
    expect(result.exitCode).toBe(0);
    expect(document.results[0].requests[0].url).toBe(`http://${host}/cgi-bin/server.cgi?key=${key}`);
  });

  it.each(ILLUSTRATIONS)('atcom %s --to %s --dry-run prints it', async (words, host, key) => {
    const result = await run([...words.split(' '), '--to', host, '-n']);
    expect(result).toEqual({
      exitCode: 0,
      stdout: `http://${host}/cgi-bin/server.cgi?key=${key}\n`,
      stderr: '',
    });
  });
});

describe('what the phone answers', () => {
  it.each([
    [200, 0, 'ok'],
    [403, 4, 'approval'],
    [401, 4, 'unauthorized'],
    [404, 5, 'refused'],
    [302, 5, 'refused'],
    [500, 5, 'refused'],
  ])('%i ends with %i: %s', async (status, exitCode, outcome) => {
    nock('http://172.16.0.57').get('/cgi-bin/server.cgi?key=HOLD').reply(status, '');
    const result = await run(['hold', '--to', '172.16.0.57', '--json'], { transport: throughNock });
    expect(result.exitCode).toBe(exitCode);
    expect(JSON.parse(result.stdout)).toMatchObject({
      ok: exitCode === 0,
      exitCode,
      results: [{ outcome, requests: [{ status }] }],
    });
  });

  it('a network that is forbidden in a test is a network that is not reached', async () => {
    const result = await run(['hold', '--to', '172.16.0.57'], { transport: throughNock });
    expect(result.exitCode).toBe(3);
  });
});
