import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hiderOf } from '../../src/phone/index.ts';
import { rawServer } from '../support/raw-server.ts';
import { emptyFolder, run } from './run.ts';

const PASSWORD = 'hunter2 & "co"';
/** The password in every form in which a phone may send it back. */
const FORMS = [
  PASSWORD,
  'hunter2%20%26%20%22co%22',
  'hunter2 & \\"co\\"',
  'hunter2 &amp; "co"',
  'hunter2 &amp; &quot;co&quot;',
];
const IN_BASE64 = Buffer.from(`admin:${PASSWORD}`).toString('base64');

/** A phone that asks for a password, and answers with everything that it gets. */
const echoing = (status: string) =>
  rawServer((socket, request) => {
    const [, given] = /^authorization: (.*)\r$/im.exec(request) ?? [];
    const head =
      given === undefined
        ? 'HTTP/1.0 401 X\r\nWWW-Authenticate: Digest realm="r", nonce="n", qop="auth"'
        : `HTTP/1.0 ${status}\r\nX-Given: ${given}\r\nX-Password: ${FORMS.join(' ')}`;
    const said = { response: 'error', return_code: '7', return_prompt: PASSWORD, given, auth: PASSWORD };
    socket.end(`${head}\r\n\r\n${JSON.stringify(said)}`);
  });

describe.each(['basic', 'digest'])(
  'with auth: %s, what a phone sends back of the password is shown nowhere',
  (auth) => {
    it.each([
      ['by a command', ['hold', '--to', 'p', '--journal', 'FOLDER/j', '--report', 'tap:FOLDER/r']],
      ['as JSON', ['hold', '--to', 'p', '--json', '--journal', 'FOLDER/j', '--report', 'tap:FOLDER/r']],
      ['by setup show', ['setup', 'show', 'p', '--json']],
      ['by setup allow-list', ['setup', 'allow-list', '--add', '10.0.0.1', '--to', 'p', '--yes']],
      ['by doctor', ['doctor', 'p', '--json']],
    ])('%s', async (_, words) => {
      for (const status of ['200 OK', '500 X', '302 X']) {
        const { host, received } = await echoing(status);
        const cwd = emptyFolder();
        writeFileSync(join(cwd, 'c.yaml'), `phones: { p: { host: "${host}", auth: ${auth} } }`);
        const env = { ATCOM_CONFIG: join(cwd, 'c.yaml'), ATCOM_USER: 'admin', ATCOM_PASSWORD: PASSWORD };
        const { stdout, stderr } = await run(
          [...words.map((word) => word.replace('FOLDER', cwd)), '--debug'],
          { cwd, env },
        );
        const files = words.includes('--journal')
          ? ['j', 'r'].map((file) => readFileSync(join(cwd, file), 'utf8'))
          : [];
        const all = [stdout, stderr, ...files].join('\n');
        expect(stderr).toContain(`HTTP/1.0 ${status}`);
        expect(all).toContain('***');
        expect(all).not.toContain('hunter2');
        expect(all).not.toContain(IN_BASE64.slice(0, 12));
        const proofs = received.flatMap((request) => /response="(\w+)"/.exec(request)?.[1] ?? []);
        expect(proofs.length > 0).toBe(auth === 'digest');
        for (const proof of proofs) expect(all).not.toContain(proof);
      }
    });
  },
);

const WORD = 'hunter2pass';
const answer = (body: string) => `HTTP/1.0 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const CHUNKS = `b\nerror hunte\n6\nr2pass\n0\n\n`;

describe.each([
  ['the way to log in', `HTTP/1.0 401 X\r\nWWW-Authenticate: ${WORD} realm="x"\r\n\r\n`],
  ['an answer in chunks with LF', `HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n${CHUNKS}`],
  ['a field that is no text', answer(`{"${WORD}":{"a":1}}`)],
  ['a masked field', answer(`{"secret${WORD}":"***"}`)],
  ['a field', answer(`{"${WORD}":"x"}`)],
  ['a URL', answer(`{"${WORD}HoldUrl":"http://h/${WORD}","holdUrl":"http://h/${WORD}"}`)],
  ['a model', answer(`{"model":"${WORD}"}`)],
  ['a list', answer(`{"actionURIIPList":"${WORD},${WORD}"}`)],
  ['the name of a list', answer(`{"IPList${WORD}":"10.0.0.9"}`)],
  ['no list', answer(`{"IPList${WORD}":"${WORD};"}`)],
])('the password as %s is shown nowhere', (_, whole) => {
  it.each([
    ['by a command', ['hold', '--to', 'p', '--journal', 'FOLDER/j', '--report', 'tap:FOLDER/r']],
    ['by setup show', ['setup', 'show', 'p', '--json']],
    ['by setup action-urls', ['setup', 'action-urls', 'http://10.0.0.1:8088', '--to', 'p', '--yes']],
    ['by setup allow-list', ['setup', 'allow-list', '--add', '10.0.0.1', '--to', 'p', '--yes']],
    ['by doctor', ['doctor', 'p', '--json']],
  ])('%s', async (_, words) => {
    const { host, received } = await rawServer((socket) => void socket.end(whole));
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'c.yaml'), `phones: { p: { host: "${host}", auth: basic } }`);
    const env = { ATCOM_CONFIG: join(cwd, 'c.yaml'), ATCOM_USER: 'admin', ATCOM_PASSWORD: WORD };
    const typed = words.map((word) => word.replace('FOLDER', cwd));
    const { stdout, stderr } = await run([...typed, '--debug'], { cwd, env });
    const files = words.includes('--journal')
      ? ['j', 'r'].map((file) => readFileSync(join(cwd, file), 'utf8'))
      : [];
    const all = [stdout, stderr, ...files].join('\n');
    expect(received.length).toBeGreaterThan(0);
    expect(all).toContain('***');
    expect(all).not.toMatch(/hunte|r2pass/);
  });
});

it.each([
  ['basic', ['doctor', 'p', '--debug']],
  ['digest', ['doctor', 'p', '--debug']],
  ['basic', ['setup', 'show', 'p', '--json']],
  ['digest', ['setup', 'show', 'p', '--json']],
  ['digest', ['run', 'lines', '--debug']],
  ['basic', ['run', 'lines', '--debug']],
])('with auth: %s, what proved the password earlier is shown nowhere by %j', async (auth, words) => {
  const given: string[] = [];
  const { host } = await rawServer((socket, request) => {
    // Digits may also stand right before the proof of Digest.
    const told = auth === 'digest' ? given.map((one) => `a0${one}`) : given;
    const before = JSON.stringify({ error: `you sent ${told.join(' ')}` });
    const [, proof] = /^authorization: (?:Basic (\S+)|.*response="\w+")/im.exec(request) ?? [];
    const [, response = proof] = /response="(\w+)"/.exec(request) ?? [];
    if (response !== undefined) given.push(response);
    const isAsked = response === undefined && given.length % 2 === 0;
    const status = isAsked ? '401 X\r\nWWW-Authenticate: Digest realm="r", nonce="n", qop="auth"' : '200 OK';
    socket.end(`HTTP/1.0 ${status}\r\n\r\n${before}`);
  });
  const cwd = emptyFolder();
  writeFileSync(join(cwd, 'c.yaml'), `phones: { p: { host: "${host}", auth: ${auth} } }`);
  const other = host.replace('127.0.0.1', 'localhost');
  writeFileSync(join(cwd, 'lines'), `hold --to p\nmute --to p\nhold --to ${other}\n`);
  const env = { ATCOM_CONFIG: join(cwd, 'c.yaml'), ATCOM_USER: 'admin', ATCOM_PASSWORD: WORD };
  const { stdout, stderr } = await run(words, { cwd, env });
  const all = stdout + stderr;
  expect(given.length).toBeGreaterThan(0);
  expect(all).toContain('***');
  for (const proof of given) expect(all).not.toContain(proof.replace(/=+$/, ''));
});

it("the listener's token in an answer to a key is shown nowhere", async () => {
  const said = '{"error":"cannot report to http://127.0.0.1:8088/x.xml?token=SECRETTOKENxyz123&mac=1"}';
  const { host } = await rawServer((socket) => void socket.end(`HTTP/1.0 200 OK\r\n\r\n${said}`));
  const cwd = emptyFolder();
  const { stdout, stderr } = await run(['hold', '--to', host, '--debug', '--journal', join(cwd, 'j')], {
    cwd,
  });
  const all = [stdout, stderr, readFileSync(join(cwd, 'j'), 'utf8')].join('\n');
  expect(all).toContain('token=***&mac=1');
  expect(all).not.toContain('SECRETTOKEN');
});

describe('a secret is hidden', () => {
  it.each(FORMS)('written as %s', (form) => {
    expect(hiderOf(PASSWORD)(`<${form}> ${form.toUpperCase()}`)).toBe('<***> ***');
  });

  it.each([
    "Sekret/It's ä!",
    'Sekret%2FIt%27s+%C3%A4%21',
    'Sekret%2fIt%27s%20%E4%21',
    "Sekret\\/It's \\u00e4!",
    'Sekret/It&#39;s &auml;!',
    'Sekret&sol;It&apos;s&nbsp;&#xE4;&#33;',
    'Sekret/It&#x27;s &#228;!',
    "Sekret/It's \ufffd!",
    "Sekret/It's Ã¤!",
    'Sekret/It&#39s &#xe4!',
    'Sekret\\u0026sol;It\\u0026#39;s &amp;auml;!',
    'Sekret%252FIt%2527s%20%25C3%25A4%21',
    'Sekret/It%27s%20%u00e4%u0021',
    '\\x53ekret\\x2fIt\\x27s\\x20\\xe4\\x21',
    '%53%65%6b%72%65%74%2f%49%74%27%73%20%c3%a4%21',
  ])('as servers escape it: %s', (written) => {
    expect(hiderOf("Sekret/It's ä!")(`x${written}x`)).toBe('x***x');
  });

  it.each(['z%u0142oty%u20AC12', 'z%25u0142oty%25u20ac12', 'z\\u0142oty\\u20ac12', 'z%C5%82oty&euro;12'])(
    'with letters beyond Latin-1: %s',
    (written) => {
      expect(hiderOf('złoty€12')(`x${written}x`)).toBe('x***x');
    },
  );

  it('however long it is: with all that follows, if it is longer than anybody has one', () => {
    expect(hiderOf('aB/ä'.repeat(25))(`x${'aB%2f%C3%A4'.repeat(25)}x`)).toBe('x***x');
    expect(hiderOf('aB/ä'.repeat(16_000))(`x${'aB%2f%C3%A4'.repeat(16_000)}x`)).toBe('x***');
  });

  it('and nothing that follows it in a URL', () => {
    expect(hiderOf('6001#')('?local=6001&remote=6002')).toBe('?local=6001&remote=6002');
  });

  it('and the same after what could not be read either', () => {
    expect(hiderOf('äöa')('\ufffd\ufffd\ufffd\ufffd\ufffd\ufffda')).toBe('***');
  });

  it('whatever characters it has', () => {
    for (const secret of ['a.b*c', '^(a|b)+$', '[x]', '\\', '{1}', '\ud800', 'ä/ö'])
      expect(hiderOf(secret)(`is ${secret}, abbc`)).toBe('is ***, abbc');
  });

  it.each([
    ['\\\\a', ['\\\\a', '\\\\\\\\a', '%5C%5ca', '\\u005c\\u005ca']],
    ['\\u005c', ['\\u005c', '\\\\u005c']],
    ['\\/', ['\\/', '\\\\\\/', '\\\\/']],
    ['äöa', ['\ufffd\ufffda', '\ufffd\ufffd\ufffd\ufffda', '&auml;%f6a', 'Ã¤Ã¶a']],
    ['&lt;é', ['&lt;é', '&amp;lt;é', '&lt;\\u00e9']],
  ])('of %s, where characters of it can be read in two ways', (secret, forms) => {
    for (const form of forms) expect(hiderOf(secret)(`x${form}x`)).toBe('x***x');
  });

  // In which places of a text a secret is not, takes no time that doubles with each character of it.
  it.each(['\ufffd', '\\', '%', '&', '&#', 'a', 'п', 'ä', '\\;', '\\\\;'])(
    'and a long text of %j is no secret, and takes no longer for that',
    (unit) => {
      const text = unit.repeat(64_000 / unit.length);
      for (const char of ['п', 'ä', '\\', 'a', '&', '\\;', '\ufffda', 'пa'])
        expect(hiderOf(`${char.repeat(49)}!`)(text)).toBe(text);
      expect(hiderOf('СекретныйПароль1')(text)).toBe(text);
    },
  );

  it('and nothing where there is none', () => {
    expect(hiderOf('')('all of it')).toBe('all of it');
    expect(hiderOf()('all of it')).toBe('all of it');
  });
});
