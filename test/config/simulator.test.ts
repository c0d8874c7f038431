import { describe, expect, it } from 'vitest';
import { accountOf, accountsOfPbx, changeTrust } from '../../src/config/index.ts';
import { failure, problemsOf, sandbox } from './sandbox.ts';

const ACCOUNT = 'uri: "sip:6003@10.0.0.1:5060"';
const config = (account: string, more = '') =>
  `simulator: { accounts: { lab-6003: { ${ACCOUNT}, ${account} } }, ${more} }`;

describe('accounts at a PBX', () => {
  it('are read from the user file, passwords only when they are used', async () => {
    const box = sandbox({
      'user/config.yaml': config(
        'passwordFile: lab.secret, transport: tcp, register: 2m, refuse: 603, user: c',
        'pbx: b2bua, pbxes: { lab: [lab-6003] }',
      ),
    });
    const loaded = await box.load();
    expect(loaded.simulator?.pbx).toBe('b2bua');
    const account = accountOf(loaded, 'lab-6003');
    expect(account.uri).toBe('sip:6003@10.0.0.1:5060');
    await expect(account.read()).rejects.toThrow(/lab\.secret cannot be read: there is no such file/);
    box.write('user/lab.secret', 's3cret\n');
    expect(await account.read()).toEqual({
      uri: 'sip:6003@10.0.0.1:5060',
      password: 's3cret',
      transport: 'tcp',
      register: 120,
      refuse: 603,
      user: 'c',
      ca: undefined,
    });
    expect(accountsOfPbx(loaded, 'lab')).toEqual([account]);
  });

  it('of a project replace those of the user, so that no password goes elsewhere', async () => {
    const box = sandbox({
      'user/config.yaml': config('password: s3cret', 'pbxes: { lab: [lab-6003] }'),
      'project/atcom.config.yaml': 'simulator: { accounts: { lab-6003: { uri: "sip:1@10.6.6.6" } } }',
    });
    const [account] = accountsOfPbx(await box.load(), 'lab');
    expect(await account?.read()).toMatchObject({ uri: 'sip:1@10.6.6.6', password: '' });
  });

  it('have no password in a project file that was found', async () => {
    const [passwordFile, ...others] = await problemsOf(config('passwordFile: ~/.ssh/id_rsa'));
    expect(passwordFile).toMatch(
      /1:69 simulator\.accounts\.lab-6003\.passwordFile: whoever wrote this file would get a password: put the account into your own file \(.*config\.yaml\), or trust this file: atcom config trust \/.*\/project\/atcom\.config\.yaml$/,
    );
    expect(others).toEqual([]);
    expect(await problemsOf(config('password: x'))).toEqual([
      expect.stringContaining('credentials belong in your own file, not in a project file'),
    ]);
  });

  it('have one in a file that is trusted until the PEM file of its PBX changes', async () => {
    const pem = (text: string) => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;
    const box = sandbox({
      'project/atcom.config.yaml': config('passwordFile: lab.secret, transport: tls, ca: ca.pem'),
      'project/lab.secret': 's3cret\n',
      'project/ca.pem': pem('OURS'),
    });
    const file = box.path('project/atcom.config.yaml');
    const { trusted } = await (await box.load({ file })).covered(file);
    const { store, text } = changeTrust(file, trusted, box.context());
    box.write(store.slice(box.root.length + 1), text);
    const account = accountOf(await box.load(), 'lab-6003');
    box.write('project/ca.pem', pem('THEIRS'));
    expect((await failure(box.load())).message).toContain('has changed since it was trusted');
    // What was compared is what is used, whatever the file is by now.
    expect((await account.read()).ca).toBe(pem('OURS'));
  });

  it('have one in a file that was named or is trusted, but never in clear', async () => {
    const box = sandbox({
      'project/atcom.config.yaml': config('passwordFile: lab.secret'),
      'project/lab.secret': 's3cret\n',
      'elsewhere.yaml': config('password: s3cret'),
    });
    const named = await box.load({ file: box.path('project/atcom.config.yaml') });
    expect((await accountOf(named, 'lab-6003').read()).password).toBe('s3cret');
    const context = box.context();
    const { trusted } = await named.covered(box.path('project/atcom.config.yaml'));
    const { store, text } = changeTrust(named.files[0]?.path ?? '', trusted, context);
    box.write(store.slice(box.root.length + 1), text);
    expect((await accountOf(await box.load(), 'lab-6003').read()).password).toBe('s3cret');
    box.write('project/atcom.config.yaml', `${config('passwordFile: lab.secret')} # changed`);
    expect((await failure(box.load())).message).toMatch(
      /passwordFile: it, or a PEM file that it names, has changed since it was trusted, and whoever changed it would get a password: .* atcom config trust \//,
    );
    const error = await failure(box.load({ file: box.path('elsewhere.yaml') }));
    expect(error.message).toContain('credentials belong in your own file');
  });

  it.each([
    'sip:pbx.example',
    'sip:10.0.0.1:5060',
    'pbx.example;transport=tls',
    'pbx.example:5061;lr',
    'a b',
  ])('have a place for a proxy, of which nothing is left out: %s', async (proxy) => {
    const text = `simulator: { accounts: { a: { uri: "sip:1@h", proxy: "${proxy}" } } }`;
    const [problem = ''] = await problemsOf(text);
    expect(problem).toContain('must be a host, or host:port, without sip: and parameters');
  });

  it.each([
    [
      'simulator: { accounts: { a: { uri: "sip:6001:pw@h" } } }',
      'must be an account such as "sip:6001@127.0.0.1:5060", no password in it',
    ],
    ['simulator: { accounts: { a: {} } }', 'uri: is missing'],
    ['simulator: { accounts: { a: { uri: "sip:1@h", ca: pbx.pem } } }', 'add transport: tls'],
    ['simulator: { accounts: { a: { uri: "sip:1@h", refuse: 500 } } }', 'must be 404, 480, 486 or 603'],
    [
      'simulator: { accounts: { a: { uri: "sip:1@h", register: 60 } } }',
      'put it in quotes (a duration such as 60s)',
    ],
    ['simulator: { accounts: { "a b": { uri: "sip:1@h" } } }', 'the name of an account'],
    ['simulator: { pbx: asterisk }', 'must be proxy or b2bua'],
    ['simulator: { pbxes: { lab: lab-1 } }', 'must be a list of accounts'],
    ['simulator: { pbxes: { lab: [] } }', 'must name at least one account'],
    ['simulator: { acounts: {} }', 'unknown setting, did you mean accounts?'],
  ])('%s is an error', async (text, message) => {
    const [problem = ''] = await problemsOf(text);
    expect(problem).toContain(message);
  });

  it('that are unknown are reported with the existing ones', async () => {
    const loaded = await sandbox({
      'user/config.yaml': config('password: x', 'pbxes: { lab: [lab-6004] }'),
    }).load();
    expect(() => accountOf(loaded, 'lab-6004')).toThrow('the config has no account "lab-6004"');
    expect(() => accountsOfPbx(loaded, 'lab')).toThrow('the config has no account "lab-6004"');
    expect(() => accountsOfPbx({}, 'lab')).toThrow('the config has no PBX "lab"');
  });
});
