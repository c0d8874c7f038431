import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createRawServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AtcomError } from '../../src/errors.ts';
import { sendRequest, type Transport } from '../../src/phone/index.ts';
import { discover, pasted, phone, serving, titled, web } from './discovering.ts';
import { emptyFolder, run } from './run.ts';

describe('atcom discover', () => {
  it('prints config lines for the phones of a network, and touches none of them', async () => {
    const { port, untouched } = await phone('127.0.5.1', { models: ['A68'] });
    const second = await phone('127.0.5.2', { port });
    await web('127.0.5.3', port, titled('Router'));
    await web('127.0.5.4', port, titled('ATCOM IP PBX'));
    const { exitCode, stdout, stderr } = await discover(['127.0.5.0/29', '--port', `${port}`]);
    expect(stdout).toBe(
      [
        'phones:',
        `  phone-127-0-5-1-${port}: { host: "127.0.5.1:${port}", model: A68 }  # ATCOM A68, sure`,
        `  phone-127-0-5-2-${port}: { host: "127.0.5.2:${port}", model: A48 }  # ATCOM A48, sure`,
        `  phone-127-0-5-4-${port}: { host: "127.0.5.4:${port}" }  # ATCOM IP PBX, maybe\n`,
      ].join('\n'),
    );
    expect(stderr).toBe(
      '3 phones found (2 sure, 1 maybe); 6 addresses searched, 4 with a web server\nCheck each maybe before you paste it.\n',
    );
    expect(exitCode).toBe(0);
    untouched();
    second.untouched();
    const { phones } = await pasted(stdout);
    expect([...phones.values()]).toEqual([
      { name: `phone-127-0-5-1-${port}`, host: `127.0.5.1:${port}`, model: 'A68' },
      { name: `phone-127-0-5-2-${port}`, host: `127.0.5.2:${port}`, model: 'A48' },
      { name: `phone-127-0-5-4-${port}`, host: `127.0.5.4:${port}` },
    ]);
  });

  it('writes one document with --json', async () => {
    const { port } = await phone('127.0.6.1');
    const { stdout, stderr } = await discover(['127.0.6.[1-2]', '--port', `${port}`, '--json']);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      schema: 'atcom/1',
      command: 'discover',
      ok: true,
      exitCode: 0,
      summary: {
        addresses: 2,
        searched: 2,
        unrouted: 0,
        answered: 1,
        found: 1,
        sure: 1,
        ms: expect.any(Number),
      },
      phones: [
        {
          name: `phone-127-0-6-1-${port}`,
          host: `127.0.6.1:${port}`,
          scheme: 'http',
          model: 'A48',
          hint: 'ATCOM A48',
          certainty: 'sure',
          status: 'new',
        },
      ],
      redirects: [],
    });
  });

  it('needs neither quotes nor a port in the lines for port 80', async () => {
    const transport: Transport = async ({ endpoint }) => ({
      kind: 'answer',
      status: 200,
      head: 'HTTP/1.0 200 OK',
      body: endpoint.host === '127.0.0.1' ? '<title>ATCOM A21</title>' : '',
    });
    const { stdout } = await discover(['127.0.0.1-127.0.0.2'], { transport });
    expect(stdout).toBe('phones:\n  phone-127-0-0-1: { host: 127.0.0.1, model: A21 }  # ATCOM A21, sure\n');
  });

  it('finds none and says so', async () => {
    const { port } = await phone('127.0.7.1');
    expect(await discover(['127.0.7.2', '--port', `${port}`])).toMatchObject({
      exitCode: 0,
      stdout: '',
      stderr: '0 phones found (0 sure, 0 maybe); 1 address searched, 0 with a web server\n',
    });
    expect(await discover(['127.0.7.2', '-q', '--port', `${port}`])).toMatchObject({
      stdout: '',
      stderr: '',
    });
  });

  it('waits for one that hangs only until the timeout, without delaying others', async () => {
    const { port } = await phone('127.0.8.1');
    await web('127.0.8.2', port, () => undefined);
    const words = ['127.0.8.[1-2]', '--port', `${port}`, '--timeout', '200ms'];
    const { stdout, timeouts } = await discover(words);
    expect(stdout).toContain('phone-127-0-8-1');
    expect(timeouts).toEqual([200, 200, 200]);
  });

  it('does not take a server without HTTP for a phone', async () => {
    const server = createRawServer((socket) => socket.on('error', () => undefined).end('SSH-2.0-x\r\n'));
    server.listen(0, '127.0.9.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    expect(await discover(['127.0.9.1', '--port', `${port}`])).toMatchObject({ exitCode: 0, stdout: '' });
  });

  it.each([
    'ATCOM }\n  evil: { host: 127.0.0.66 }\n#',
    'ATCOM\r  evil: 127.0.0.66',
    'ATCOM\u2028  evil: 127.0.0.66',
    'ATCOM\u0085  evil: 127.0.0.66',
    'ATCOM \u001b[2J\u001b]0;x\u0007',
    'ATCOM \u202e\ufeff\u0000',
  ])('keeps the title %j inside its comment', async (title) => {
    const port = await web('127.0.10.1', 0, titled(title));
    const { stdout } = await discover(['127.0.10.1', '--port', `${port}`]);
    expect(stdout.split('\n')).toHaveLength(3);
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect([...(await pasted(stdout)).phones.keys()]).toEqual([`phone-127-0-10-1-${port}`]);
  });

  it('reports a redirect to https, without following it', async () => {
    const port = await web('127.0.11.1', 0, (_, res) =>
      res.writeHead(301, { location: 'https://127.0.11.1:9443/' }).end(),
    );
    const { stdout, stderr, asked } = await discover(['127.0.11.1', '--port', `${port}`]);
    expect(stdout).toBe('');
    expect(stderr).toContain('Redirected to https, which was not tried: 127.0.11.1:9443');
    expect(asked).toEqual([`http://127.0.11.1:${port}/`]);
    const { redirects } = JSON.parse((await discover(['127.0.11.1', '--port', `${port}`, '--json'])).stdout);
    expect(redirects).toEqual([{ host: '127.0.11.1:9443', scheme: 'https' }]);
  });

  it.each([
    ['phone', {}],
    ['old-phone', { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }],
  ] as const)('asks port 443 over https, whatever the certificate: %s', async (name, old) => {
    const [key, cert] = ['key', 'crt'].map((end) =>
      readFileSync(new URL(`../support/certificates/${name}.${end}`, import.meta.url)),
    );
    const port = await serving(createTlsServer({ key, cert, ...old }, titled('ATCOM A48')), '127.0.12.1');
    const transport: Transport = (request) =>
      sendRequest({ ...request, endpoint: { ...request.endpoint, port } });
    const { stdout } = await discover(['127.0.12.1', '--port', '443'], { transport });
    expect(stdout).toContain('{ host: 127.0.12.1, scheme: https, model: A48 }  # ATCOM A48, maybe');
    expect((await pasted(stdout)).phones.get('phone-127-0-12-1')).toMatchObject({ scheme: 'https' });
  });

  it('asks many at once without a warning of Node', async () => {
    const { port } = await phone('127.0.15.1');
    const warnings: string[] = [];
    const note = ({ message }: Error) => warnings.push(message);
    process.on('warning', note);
    onTestFinished(() => void process.off('warning', note));
    const { stderr } = await discover(['127.0.15.[1-100]', '--port', `${port}`]);
    expect(stderr).toContain('100 addresses searched');
    expect(warnings).toEqual([]);
  });

  it('shows no token of a listener that a phone has in its page', async () => {
    const port = await web('127.0.14.1', 0, (_, response) => {
      response.setHeader('X-Action', 'http://10.0.0.9:8088/onHookUrl.xml?token=hunter22&mac=1');
      response.end('<title>ATCOM http://10.0.0.9/?token=hunter22</title>');
    });
    const { stdout, stderr } = await discover(['127.0.14.1', '--port', `${port}`, '--debug']);
    expect(stderr).toContain('token=***&mac=1');
    expect(stdout).toContain('ATCOM http');
    expect(stdout + stderr).not.toContain('hunter22');
  });

  it('shows no password of a phone with --debug, which it may have been given earlier, nor does status', async () => {
    const port = await web('127.0.14.2', 0, (_, response) => {
      response.setHeader('X-Last', 'K7 hunter22!');
      response.end('<title>ATCOM</title>');
    });
    const cwd = emptyFolder();
    const config = { phones: { p: { host: `127.0.14.2:${port}`, user: 'admin', password: 'K7 hunter22!' } } };
    mkdirSync(join(cwd, '.user/atcom'), { recursive: true });
    writeFileSync(join(cwd, '.user/atcom/config.yaml'), JSON.stringify(config), { mode: 0o600 });
    for (const words of [
      ['discover', '127.0.14.2', '--port', `${port}`],
      ['status', 'p'],
    ]) {
      const { stdout, stderr } = await run([...words, '--debug'], { cwd });
      expect(stderr).toContain('X-Last: ***');
      expect(stdout + stderr).not.toContain('hunter22');
    }
  });

  it('shows each exchange with --debug', async () => {
    const { port } = await phone('127.0.13.1');
    const { stderr } = await discover(['127.0.13.[1-2]', '--port', `${port}`, '--debug']);
    expect(stderr).toContain(`> GET http://127.0.13.1:${port}/cgi-bin/server_test.cgi\n< HTTP/1.1 200 OK\n`);
    expect(stderr).toMatch(/> GET http:\/\/127\.0\.13\.2:\d+\/\n< .*ECONNREFUSED/);
  });
});

describe('Ctrl-C', () => {
  it('ends the search with what was found', async () => {
    const { port } = await phone('127.0.14.1');
    const stop = new AbortController();
    await web('127.0.14.2', port, () => stop.abort(new AtcomError('interrupted', {})));
    const words = ['127.0.14.[1-4]', '--port', `${port}`, '--jobs', '1', '--timeout', '1m'];
    const { exitCode, stdout, stderr, asked } = await discover(words, { signal: stop.signal });
    expect(exitCode).toBe(130);
    expect(stdout).toMatch(/^phones:\n {2}phone-127-0-14-1-\d+: .*\n$/);
    expect(stderr).toContain('1 of 4 addresses searched');
    expect(asked.filter((url) => /127\.0\.14\.[34]/.test(url))).toEqual([]);
  });
});
