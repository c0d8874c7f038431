import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder, run } from './run.ts';

function configured(files: Readonly<Record<string, string>>): string {
  const folder = emptyFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text, { mode: 0o600 });
  }
  return folder;
}

describe('atcom config trust', () => {
  it('trusts no file that is not there, not a config, or wrong', async () => {
    const cwd = configured({ 'wrong.yaml': 'phnes: {}', 'folder/.keep': '' });
    for (const [file, reason] of [
      ['gone.yaml', 'there is no such file'],
      ['folder', 'it is a folder'],
      ['wrong.yaml', 'did you mean phones?'],
    ] as const) {
      expect(await run(['config', 'trust', file], { cwd })).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining(reason),
      });
    }
  });

  it('trusts a file that others can write, as it is', async () => {
    const cwd = configured({ '.atcomrc': 'phones: { p: 10.0.0.1 }' });
    chmodSync(join(cwd, '.atcomrc'), 0o666);
    const dry = () => run(['hold', '--to', 'p', '-n'], { cwd });
    const refused = await dry();
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain(`atcom config trust ${join(cwd, '.atcomrc')}`);
    expect((await run(['config', 'trust', '.atcomrc'], { cwd })).exitCode).toBe(0);
    expect((await dry()).exitCode).toBe(0);
    writeFileSync(join(cwd, '.atcomrc'), 'phones: { p: 10.0.0.2 }');
    expect((await dry()).stderr).toContain('it has changed since it was trusted');
  });

  it('says every address that it covers, in every profile, and where passwords of accounts go', async () => {
    const cwd = configured({
      '.user/atcom/config.yaml': 'phones: { desk: 10.9.9.1, spare: https://10.9.9.2 }',
      'atcom.config.yaml': [
        'default: default.example,desk,10.9.9.1',
        'phones: { lobby: { host: 10.0.0.1 } }',
        'groups: { g: "group.example,lobby,@all", h: "@g!x", near: "http://10.9.9.2", broken: nobody* }',
        'profiles:',
        '  p: { default: profile.example, phones: { x: { host: "10.0.0.2:81" } } }',
        'simulator:',
        '  accounts:',
        '    known: { uri: "sip:6001@pbx.example" }',
        '    lab: { uri: "sip:6002@pbx.example", passwordFile: lab.secret }',
        '    far: { uri: "sip:6003@pbx.example", proxy: "proxy.example:5070", passwordFile: lab.secret }',
      ].join('\n'),
    });
    const hosts = [
      '10.0.0.1',
      'default.example',
      'group.example',
      'http://10.9.9.2',
      '10.0.0.2:81',
      'profile.example',
    ];
    const secret = join(cwd, 'lab.secret');
    const { stdout } = await run(['config', 'trust', 'atcom.config.yaml'], { cwd });
    const [first = '', ...accounts] = stdout.trimEnd().split('\n');
    expect(first).toContain('atcom.config.yaml is trusted; 6 phones: ');
    for (const host of hosts) expect(first).toContain(host);
    expect(accounts).toEqual([
      `account lab: the password in ${secret} goes to sip:6002@pbx.example`,
      `account far: the password in ${secret} goes to sip:6003@pbx.example by way of proxy.example:5070`,
    ]);
    for (const ATCOM_PROFILE of ['', 'p']) {
      const words = ['config', 'trust', 'atcom.config.yaml', '--json'];
      const document = JSON.parse((await run(words, { cwd, env: { ATCOM_PROFILE } })).stdout);
      expect(document.hosts.toSorted()).toEqual(hosts.toSorted());
      expect(document.accounts).toEqual([
        { name: 'lab', passwordFile: secret, uri: 'sip:6002@pbx.example' },
        { name: 'far', passwordFile: secret, uri: 'sip:6003@pbx.example', proxy: 'proxy.example:5070' },
      ]);
    }
  });

  it('says what it covers of your own file, too', async () => {
    const cwd = configured({ '.user/atcom/config.yaml': 'phones: { desk: 10.9.9.1 }\ndefault: 10.9.9.3' });
    const { stdout } = await run(['config', 'trust', '.user/atcom/config.yaml'], { cwd });
    expect(stdout).toContain('is trusted; 2 phones: ');
  });
});
