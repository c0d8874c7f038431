import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Transport } from '../../src/phone/index.ts';
import { pasted } from './discovering.ts';
import { emptyFolder, type RunOptions, run } from './run.ts';

/** A network of ATCOM phones at these addresses, of which nothing is real. */
const network =
  (...hosts: readonly string[]): Transport =>
  async ({ endpoint, path }) =>
    hosts.includes(endpoint.host)
      ? {
          kind: 'answer',
          status: 200,
          head: 'HTTP/1.0 200 OK',
          body: path === '/' ? '<title>ATCOM A48</title>' : '',
        }
      : { kind: 'undelivered', error: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) };

const noRoute: Transport = async () => ({
  kind: 'undelivered',
  error: Object.assign(new Error('no route'), { code: 'ENETUNREACH' }),
});

const mac = (end: string) => `80:82:87:00:00:${end}`;
const arpOf = (...ends: readonly string[]) =>
  ends.map((end) => `10.0.0.${Number.parseInt(end, 16)} 0x1 0x2 ${mac(end).toLowerCase()} * eth0\n`).join('');

const CONFIG = `phones:
  reception: { host: 10.0.0.1, mac: "${mac('01')}" }
  lobby: { host: 10.0.0.77, mac: "${mac('02')}" }
  office: { host: 10.0.0.3, mac: "${mac('AA')}" }
  secure: { host: 10.0.0.4, scheme: https }
`;

async function found(options: RunOptions & { readonly config?: string; readonly json?: boolean } = {}) {
  const { config = CONFIG, json = false, ...rest } = options;
  const cwd = emptyFolder();
  writeFileSync(join(cwd, 'atcom.config.yaml'), config);
  const words = ['discover', '10.0.0.[1-9]', ...(json ? ['--json'] : [])];
  return run(words, {
    cwd,
    transport: network('10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5'),
    ...rest,
  });
}

describe('atcom discover with a config', () => {
  it('says which phones the config has, which moved, which were replaced, and prints lines for the new', async () => {
    const { exitCode, stdout, stderr } = await found({ arp: arpOf('01', '02', '03', '05') });
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      `# reception: 10.0.0.1, as in the config
# lobby: moved to 10.0.0.2 (${mac('02')}); the config has it at 10.0.0.77
# 10.0.0.3 is office in the config, but another phone now (${mac('03')})
# secure: 10.0.0.4, as in the config
phones:
  phone-10-0-0-5: { host: 10.0.0.5, model: A48, mac: "${mac('05')}" }  # ATCOM A48, sure
`,
    );
    expect(stderr).toContain(
      '5 phones found (5 sure, 0 maybe): 1 new, 2 in the config, 1 moved, 1 not the phone in the config; 9 addresses searched',
    );
    expect([...(await pasted(stdout)).phones.keys()]).toEqual(['phone-10-0-0-5']);
  });

  it('reports the same in JSON', async () => {
    const { stdout } = await found({ arp: arpOf('01', '02', '03', '05'), json: true });
    const { phones } = JSON.parse(stdout);
    expect(
      phones.map(({ host, status, phone, was }: Record<string, unknown>) => [host, status, phone, was]),
    ).toEqual([
      ['10.0.0.1', 'known', 'reception', undefined],
      ['10.0.0.2', 'moved', 'lobby', '10.0.0.77'],
      ['10.0.0.3', 'replaced', 'office', undefined],
      ['10.0.0.4', 'known', 'secure', undefined],
      ['10.0.0.5', 'new', undefined, undefined],
    ]);
    expect(phones[4]).toMatchObject({ mac: mac('05') });
  });

  it('goes by the address alone where no MAC is known', async () => {
    const { stdout } = await found();
    expect(stdout).toContain('# office: 10.0.0.3, as in the config');
    expect(stdout).toContain('phone-10-0-0-2: { host: 10.0.0.2, model: A48 }');
  });

  it('finds two phones that changed places', async () => {
    const config = `phones: { a: { host: 10.0.0.1, mac: "${mac('02')}" }, b: { host: 10.0.0.2, mac: "${mac('01')}" } }`;
    const { stdout } = await found({
      config,
      arp: arpOf('01', '02'),
      transport: network('10.0.0.1', '10.0.0.2'),
    });
    expect(stdout).toBe(
      `# b: moved to 10.0.0.1 (${mac('01')}); the config has it at 10.0.0.2
# a: moved to 10.0.0.2 (${mac('02')}); the config has it at 10.0.0.1
`,
    );
  });

  it('knows a phone by its host name, and one name of two', async () => {
    const config =
      'phones: { here: { host: "http://localhost" }, too: { host: "http://localhost", alias: true } }';
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'atcom.config.yaml'), config);
    const { stdout } = await run(['discover', '127.0.0.1'], { cwd, transport: network('127.0.0.1') });
    expect(stdout).toBe('# here: 127.0.0.1, as in the config\n');
  });

  it('refuses a config that is wrong before anything is asked', async () => {
    const { exitCode, stderr } = await found({ config: 'phons: {}' });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('phones');
  });
});

describe('atcom discover without a network', () => {
  it('ends with 3 and says so', async () => {
    const { exitCode, stdout, stderr } = await run(['discover', '10.0.0.0/24'], { transport: noRoute });
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(stderr).toMatch(
      /^error: all 254 addresses were out of reach: this computer has no (network but itself|route there); nothing was sent \[no-network\]\n {2}Fix: check the addresses/,
    );
    const json = await run(['discover', '10.0.0.1', '--json'], { transport: noRoute });
    expect(JSON.parse(json.stdout)).toMatchObject({ exitCode: 3, error: { code: 'no-network' } });
  });

  it('reports how many addresses have no route if others have one', async () => {
    const transport: Transport = (request) =>
      request.endpoint.host === '10.0.0.1' ? network()(request) : noRoute(request);
    const { exitCode, stderr } = await run(['discover', '10.0.0.[1-3]'], { transport });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('This computer has no route to 2 of them; they were not tried.');
  });
});
