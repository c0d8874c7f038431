import { chmodSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Config, ConfigContext } from '../../src/config/index.ts';
import { resolveTargets } from '../../src/targets/resolve.ts';
import { type Sandbox, sandbox } from './sandbox.ts';

const pin = (byte: string) => Array.from({ length: 32 }, () => byte).join(':');
const pinned = (host: string, byte: string) => `{ host: "${host}", tls: { fingerprint: "${pin(byte)}" } }`;

/** The user's file, and that of a project which was merely found. */
function files(user: string, project: string): Sandbox {
  return sandbox({ 'user/config.yaml': user, 'project/.atcomrc': project });
}

/** What a word means. */
function meant(config: Config, word: string) {
  const { name, host, mac, tls } = resolveTargets({ to: [word] }, config).phones[0] ?? { host: '' };
  return [name, host, mac?.slice(-2), tls?.fingerprint?.slice(0, 2)];
}

const NAMED: Partial<ConfigContext> = { file: '.atcomrc' };

describe('the pin of a project file that was merely found', () => {
  const GOOD = `phones: { lobby: ${pinned('https://10.0.0.5', 'AA')} }`;

  it.each([
    // The same address, another scheme of it, and another port of its host.
    pinned('https://10.0.0.5', 'EE'),
    pinned('10.0.0.5', 'EE'),
    pinned('https://10.0.0.5:8443', 'EE'),
  ])("does not count before the user's: %s", async (theirs) => {
    const config = await files(GOOD, `phones: { x: ${theirs} }`).load();
    for (const word of ['10.0.0.5', 'https://10.0.0.5', 'https://10.0.0.5:443'])
      expect(meant(config, word)).toEqual(['lobby', 'https://10.0.0.5', undefined, 'AA']);
    expect(meant(config, 'http://10.0.0.5')).toEqual([undefined, 'http://10.0.0.5', undefined, 'AA']);
  });

  it.each(['10.0.0.5', 'https://10.0.0.5:8443'])(
    'does not decide whom to believe, but keeps http from being used: %s',
    async (host) => {
      const box = files('phones: {}', `phones: { x: ${pinned(host, 'EE')} }`);
      const config = await box.load();
      const pinOf = (each: Config, word: string) => meant(each, word)[3];
      expect(pinOf(config, 'https://10.0.0.5')).toBeUndefined();
      expect(pinOf(config, 'http://10.0.0.5')).toBe('EE');
      expect(pinOf(await box.load(NAMED), 'https://10.0.0.5')).toBe('EE');
    },
  );

  it('keeps http from being used under the name of the user, too, which takes it nowhere else', async () => {
    const config = await files(
      'phones: { lobby: 10.0.0.5 }',
      `phones: { x: ${pinned('10.0.0.5', 'EE')} }`,
    ).load();
    expect(meant(config, 'lobby')).toEqual(['lobby', '10.0.0.5', undefined, 'EE']);
    expect(meant(config, '10.0.0.5')).toEqual(['lobby', '10.0.0.5', undefined, 'EE']);
    expect(meant(config, 'https://10.0.0.5')).toEqual([undefined, 'https://10.0.0.5', undefined, undefined]);
  });

  it('comes with no password and no token of a listener to the phone that has it', async () => {
    const config = await files(
      'credentials: { "10.0.0.5": { user: u, password: hunter2 } }',
      `phones: { x: ${pinned('https://10.0.0.5', 'EE')} }`,
    ).load();
    const [phone] = resolveTargets({ to: ['https://10.0.0.5'] }, config).phones;
    expect(phone).toMatchObject({ name: 'x', tls: { fingerprint: pin('EE') } });
    await expect(config.settings(phone ?? { host: '' }, true)).rejects.toThrow('it says that x is at');
    await expect(config.checkAddress(phone ?? { host: '' }, 'the token')).rejects.toThrow('it says that');
  });
});

it("an address means the user's phone, not that of a project that was merely found", async () => {
  const theirs = 'host: "https://10.0.0.5", tls: { insecure: true }, auth: basic, path: /x.cgi';
  const box = files('phones: { lobby: "https://10.0.0.5" }', `phones: { x: { ${theirs} } }`);
  const found = async (more?: Partial<ConfigContext>) =>
    resolveTargets({ to: ['https://10.0.0.5'] }, await box.load(more)).phones;
  expect(await found()).toEqual([{ name: 'lobby', host: 'https://10.0.0.5' }]);
  expect(await found(NAMED)).toEqual([{ name: 'lobby', host: 'https://10.0.0.5' }]);
});

it("an address means the user's phone before that of a project that the user has named, whatever that replaces", async () => {
  const own = 'phones: { lobby: { host: 10.0.0.5, auth: digest } }';
  const at = async (theirs: string) =>
    resolveTargets({ to: ['10.0.0.5'] }, await files(own, theirs).load(NAMED)).phones;
  expect(await at('phones: { x: 10.0.0.5 }')).toMatchObject([{ name: 'lobby', auth: 'digest' }]);
  expect(await at('phones: { x: 10.0.0.5, lobby: 10.0.0.9 }')).toMatchObject([{ auth: 'digest' }]);
  expect(await at('phones: { lobby: 10.0.0.5 }')).toMatchObject([{ auth: 'digest' }]);
});

describe('the mac of a project file that was merely found', () => {
  const mac = (byte: string) => `mac: "00:00:00:00:00:${byte}"`;
  const OWN = `phones:
  lobby: { host: 10.0.0.5, ${mac('AA')} }
  reception: { host: 10.0.0.5, alias: true }
  bare: 10.0.0.6`;

  it("makes no phone of the user another, nor its own entry for the user's phone", async () => {
    const theirs = `phones:
  x: { host: 10.0.0.5, ${mac('EE')}, alias: true }
  y: { host: 10.0.0.6, ${mac('AA')}, alias: true }
  z: { host: 10.0.0.7, ${mac('EE')} }`;
    const box = files(OWN, theirs);
    const config = await box.load();
    const macs = (each: Config, words: readonly string[]) => words.map((word) => meant(each, word)[2]);
    expect(macs(config, ['lobby', 'reception', '10.0.0.5', 'https://10.0.0.5', '10.0.0.5:81', 'x'])).toEqual([
      'AA',
      'AA',
      'AA',
      'AA',
      undefined,
      'AA',
    ]);
    expect(macs(config, ['bare', '10.0.0.6', 'https://10.0.0.6'])).toEqual([undefined, undefined, undefined]);
    // Of what the user has not, it tells as much as ever.
    expect(macs(config, ['y', 'z', '10.0.0.7', 'https://10.0.0.7'])).toEqual(['AA', 'EE', 'EE', 'EE']);
    expect(macs(await box.load(NAMED), ['bare'])).toEqual(['AA']);
  });
});

describe('a mac that one name of a phone has', () => {
  const A = 'a: { host: "10.0.0.5:8080", mac: "00:00:00:00:00:AA" }';

  it.each([
    // The name without a MAC is the first, the last, in a profile, and in a project.
    [`phones: { ${A}, b: { host: "10.0.0.5:8080", alias: true } }`, 'phones: {}', undefined],
    [`phones: { b: { host: "10.0.0.5:8080", alias: true }, ${A} }`, 'phones: {}', undefined],
    [`phones: { ${A} }\nprofiles: { lab: { phones: { z: "10.0.0.5:8080" } } }`, 'phones: {}', 'lab'],
    [`phones: { ${A} }`, 'phones: { a: 10.0.0.6, z: "10.0.0.5:8080" }', undefined],
    ['phones: {}', `phones: { ${A}, b: { host: "10.0.0.5:8080", alias: true } }`, undefined],
  ])('is that of its host, too: %s, %s', async (user, project, profile) => {
    const config = await files(user, project).load({ profile });
    expect(meant(config, '10.0.0.5')).toEqual([undefined, '10.0.0.5', 'AA', undefined]);
  });

  it.each([', b: 10.0.0.5:8081', ', b: { host: 10.0.0.5:8081, mac: "00:00:00:00:00:BB" }'])(
    'is not that of its host where it may be another phone: %s',
    async (b) => {
      const config = await files(`phones: { ${A}${b} }`, 'phones: {}').load();
      expect(meant(config, '10.0.0.5')[2]).toBeUndefined();
    },
  );
});

describe('what is known of an address holds though', () => {
  const LOBBY = `lobby: { host: "https://10.0.0.5", auth: digest, mac: "00:00:00:00:00:AA", tls: { fingerprint: "${pin('AA')}" } }`;
  const lobby = [undefined, 'https://10.0.0.5', 'AA', 'AA'];
  const literal = [undefined, 'http://10.0.0.5', 'AA', 'AA'];

  it.each([
    ['an entry replaces its name', `phones: { ${LOBBY} }`, 'phones: { lobby: 10.0.0.9 }', undefined],
    [
      'a profile replaces it',
      `phones: { ${LOBBY} }`,
      'profiles: { lab: { phones: { x: 10.0.0.9 } } }',
      'lab',
    ],
    [
      'a profile of its own file does',
      `phones: { ${LOBBY} }\nprofiles: { lab: { phones: { x: 10.0.0.9 } } }`,
      '{}',
      'lab',
    ],
    [
      'its profile is replaced',
      `profiles: { lab: { phones: { ${LOBBY} } } }`,
      'profiles: { lab: { default: 10.0.0.9 } }\nphones: { x: 10.0.0.9 }',
      'lab',
    ],
  ])('%s', async (_, user, project, profile) => {
    const config = await files(user, project).load({ profile });
    expect(meant(config, '10.0.0.5')).toEqual(lobby);
    expect(meant(config, 'https://10.0.0.5')).toEqual(lobby);
    expect(meant(config, 'http://10.0.0.5')).toEqual(literal);
    expect(resolveTargets({ to: ['10.0.0.5'] }, config).phones).toMatchObject([{ auth: 'digest' }]);
    // Names and all that there is stay as they are.
    expect(resolveTargets({ all: true }, config).phones.map(({ host }) => host)).toEqual(['10.0.0.9']);
  });

  it('a project has another name for it, under which nothing goes over http', async () => {
    const config = await files(`phones: { ${LOBBY} }`, 'phones: { lobby: 10.0.0.9, x: 10.0.0.5 }').load();
    expect(meant(config, '10.0.0.5')).toEqual(lobby);
    expect(meant(config, 'x')).toEqual(['x', '10.0.0.5', 'AA', 'AA']);
    const same = await files(`phones: { ${LOBBY} }`, 'phones: { lobby: 10.0.0.5 }').load();
    expect(meant(same, '10.0.0.5')).toEqual(lobby);
    expect(meant(same, 'lobby')).toEqual(['lobby', '10.0.0.5', 'AA', 'AA']);
  });

  it('a profile of another has it, with the phone of the profile first', async () => {
    const own = `phones: { ${LOBBY} }\nprofiles: { lab: { phones: { x: ${pinned('https://10.0.0.5', 'BB')} } } }`;
    const config = await sandbox({ 'user/config.yaml': own }).load({ profile: 'lab' });
    expect(meant(config, '10.0.0.5')).toEqual(['x', 'https://10.0.0.5', 'AA', 'BB']);
  });

  it('what is replaced names files that are not there', async () => {
    const box = files(
      `phones: { lobby: { host: "https://10.0.0.5", auth: basic, passwordFile: no.txt, tls: { ca: no.pem, fingerprint: "${pin('AA')}" } } }`,
      'phones: { lobby: 10.0.0.9 }',
    );
    chmodSync(box.path('user/config.yaml'), 0o600);
    expect(meant(await box.load(), '10.0.0.5')).toEqual([undefined, 'https://10.0.0.5', undefined, 'AA']);
  });

  it("what a project's file says of its own phones is replaced", async () => {
    const theirs = `phones: { lobby: ${pinned('https://10.0.0.5', 'EE')} }\nprofiles: { lab: { phones: { y: 10.0.0.9 } } }`;
    const config = await files('phones: {}', theirs).load({ profile: 'lab' });
    expect(meant(config, 'https://10.0.0.5')).toEqual([undefined, 'https://10.0.0.5', undefined, undefined]);
  });

  it('the dial plan of the project is another', async () => {
    const own = 'phones: { lobby: { host: 10.0.0.5, dialPrefix: "00" } }';
    const config = await files(own, 'dialPlan: { country: "49" }\nphones: { lobby: 10.0.0.9 }').load();
    const [phone] = resolveTargets({ to: ['10.0.0.5'] }, config).phones;
    const settings = await config.settings(phone ?? { host: '' });
    expect([settings.dialPrefix, settings.dialPlan]).toEqual(['00', undefined]);
  });

  describe('its password goes there', () => {
    const DIGEST = 'phones: { lobby: { host: 10.0.0.5, auth: digest } }';
    const env = { ATCOM_USER: 'u', ATCOM_PASSWORD: 'hunter2' };
    const passwordAt = async (config: Config, word: string) => {
      const [phone] = resolveTargets({ to: [word] }, config).phones;
      return (await config.settings(phone ?? { host: '' })).password;
    };

    it.each([
      'phones: { lobby: 10.0.0.5 }',
      'phones: { lobby: 10.0.0.9, x: 10.0.0.5 }',
      'phones: { lobby: { host: 10.0.0.9, auth: digest } }\ndefault: 10.0.0.5\ngroups: { g: 10.0.0.5 }',
    ])('though a project that was merely found has its address: %s', async (theirs) => {
      const config = await files(DIGEST, theirs).load({ env });
      expect(await passwordAt(config, '10.0.0.5')).toBe('hunter2');
      const [first] = resolveTargets({ to: ['10.0.0.5'] }, config).phones;
      await config.checkAddress(first ?? { host: '' }, 'the token');
    });

    it.each([
      ['x', 'lobby: 10.0.0.9, x: { host: "https://10.0.0.5", auth: basic, tls: { insecure: true } }'],
      ['lobby', 'lobby: { host: 10.0.0.5, auth: basic, path: /x.cgi }'],
    ])('but not under the name, and with the settings, of a project: %s', async (name, theirs) => {
      const config = await files(DIGEST, `phones: { ${theirs} }`).load({ env });
      await expect(passwordAt(config, name)).rejects.toThrow(`it says that ${name} is at`);
    });

    it.each(['"@all"', 'lobby', 'lobb*', '"@own"', '"@all!lobby,lobby"', '10.0.0.5'])(
      'that of the credentials of %s, not that of the name which it had',
      async (target) => {
        const own = `${DIGEST}\ngroups: { own: lobby }\ncredentials: { ${target}: { user: u, password: mine } }\n`;
        const project = 'phones: { lobby: 10.0.0.9, x: 10.0.0.5 }';
        expect(await passwordAt(await files(own, project).load({ env }), '10.0.0.5')).toBe('mine');
        const lab = `${own}profiles: { lab: { phones: { lobby: 10.0.0.9 } } }`;
        const config = await sandbox({ 'user/config.yaml': lab }).load({ env, profile: 'lab' });
        expect(await passwordAt(config, '10.0.0.5')).toBe('mine');
      },
    );

    it.each(['passwordFile: gone', 'passwordFile: pw, tls: { ca: gone }'])(
      'and no other in place of its own that cannot be read: %s',
      async (own) => {
        const box = sandbox({
          'user/config.yaml': `phones: { "lab-[1-2]": { host: "10.0.0.[5-6]", auth: digest, ${own} } }`,
          'user/pw': 'mine',
          'project/.atcomrc': 'phones: { "lab-[1-2]": "10.0.1.[5-6]" }',
        });
        chmodSync(box.path('user/config.yaml'), 0o600);
        chmodSync(box.path('user/pw'), 0o600);
        const config = await box.load({ env });
        for (const word of ['10.0.0.5', '10.0.0.6']) {
          await expect(passwordAt(config, word)).rejects.toThrow('gone cannot be read');
          const [phone] = resolveTargets({ to: [word] }, config).phones;
          expect((await config.settings(phone ?? { host: '' }, false)).password).toBeUndefined();
        }
      },
    );

    it('only with the scheme that it has there', async () => {
      const own = 'phones: { lobby: "https://10.0.0.5" }\ndefault: 10.0.0.5';
      const config = await files(own, 'phones: { lobby: 10.0.0.9 }\ndefault: http://10.0.0.5').load({ env });
      const [phone] = resolveTargets({}, config).phones;
      await expect(config.settings(phone ?? { host: '' }, true)).rejects.toThrow('it names http://10.0.0.5');
    });

    it('not that of a name that another phone of the user has', async () => {
      const own = `phones: { lobby: { host: 10.0.0.5, auth: digest } }
credentials: { lab: { user: u, password: other }, "@all!lobby": { user: u, password: others } }
profiles: { lab: { phones: { lab: 10.0.0.9 } } }`;
      const config = await sandbox({ 'user/config.yaml': own }).load({ env, profile: 'lab' });
      expect(await passwordAt(config, '10.0.0.5')).toBe('hunter2');
    });
  });
});
