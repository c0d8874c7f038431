import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyFolder, run } from './run.ts';

/** The home folder of the account, where a test has one of its own. */
const account = vi.hoisted(() => ({ home: undefined as string | undefined }));
vi.mock(import('node:os'), async (original) => {
  const os = await original();
  const userInfo = () => ({ ...os.userInfo(), ...(account.home && { homedir: account.home }) });
  return { ...os, userInfo: userInfo as typeof os.userInfo };
});

const root = process.getuid?.() === 0;
/** In seconds; the times of a file can be set, those of its changes cannot. */
const LONG_AGO = 1e9;
/** Somebody else. */
const OTHER = 12_345;

/** A home with a cache that is as it should be, and a folder with a config. */
function surroundings(text = 'phones: { anna: 172.16.0.1, berta: 172.16.0.2 }\n') {
  const home = emptyFolder();
  const cache = join(home, '.cache', 'atcom');
  mkdirSync(cache, { recursive: true, mode: 0o700 });
  const cwd = emptyFolder();
  const config = join(cwd, 'atcom.config.yaml');
  writeFileSync(config, text);
  utimesSync(config, LONG_AGO, LONG_AGO);
  return { home, cache, kept: join(cache, 'names.json'), cwd, config };
}

type Surroundings = ReturnType<typeof surroundings>;

/** The phones that TAB offers. */
async function offered(
  { home, cwd }: Pick<Surroundings, 'home' | 'cwd'>,
  words = ['hold', '--to', ''],
  env = {},
): Promise<readonly string[]> {
  const { exitCode, stdout, stderr } = await run(['completion', 'bash', '--', ...words], {
    cwd,
    env: { HOME: home, ...env },
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const all = stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')[0] ?? '']));
  return all.filter((name) => !name.startsWith('@') && name !== 'virtual');
}

/** Puts another name into what is kept: if it is offered, then what is kept was used. */
function plant(kept: string): void {
  writeFileSync(kept, readFileSync(kept, 'utf8').replaceAll('anna', 'eva'));
}

const GENUINE = ['anna', 'berta'];
const PLANTED = ['eva', 'berta'];

// A config that was changed just now is not kept; all here were changed ten seconds ago.
beforeEach(() => void vi.useFakeTimers({ now: Date.now() + 10_000, toFake: ['Date'] }));
afterEach(() => {
  vi.useRealTimers();
  account.home = undefined;
});

/** Makes it ten seconds later again. */
const later = () => vi.setSystemTime(Date.now() + 10_000);

describe('what completion keeps of a config', () => {
  // What all the others rest on: what is planted is offered where it is trusted.
  it('is kept by the first TAB and used by the second', async () => {
    const there = surroundings();
    expect(await offered(there)).toEqual(GENUINE);
    plant(there.kept);
    expect(await offered(there)).toEqual(PLANTED);
  });

  it('leaves no piece where it cannot be kept, as on a full disk', async () => {
    const there = surroundings();
    mkdirSync(there.kept);
    expect(await offered(there)).toEqual(['anna', 'berta']);
    expect(readdirSync(there.cache)).toEqual(['names.json']);
  });

  it('holds no password that somebody wrote into an address, nor is one shown', async () => {
    const there = surroundings(
      'phones: { anna: 172.16.0.1 }\ngroups: { g: "http://u:hunter2@h" }\ndefault: "http://u:hunter2@h"\n',
    );
    for (const words of [
      ['hold', '--to', '@'],
      ['hold', '--to', ''],
    ]) {
      const { stdout } = await run(['completion', 'fish', '--', ...words], {
        cwd: there.cwd,
        env: { HOME: there.home },
      });
      expect(stdout).not.toContain('hunter2');
    }
    expect(readFileSync(there.kept, 'utf8')).toContain('http://…@h');
    expect(readFileSync(there.kept, 'utf8')).not.toContain('hunter2');
  });

  it('answers all that the config answers', async () => {
    const there = surroundings(`
phones: { anna: { host: 172.16.0.1, model: A21 }, berta: 172.16.0.2 }
default: anna
groups: { floor1: "anna,berta" }
macros: { panic: DND_ON }
profiles: { night: { default: berta } }
simulator: { accounts: { lab-6001: { uri: 'sip:6001@127.0.0.1' } }, pbxes: { lab: [lab-6001] } }
`);
    const lines = [
      ['hold', '--to', ''],
      ['key', 'LINEKEY'],
      ['key', '--to', '@floor1', 'SOFTKEY'],
      ['macro', ''],
      ['hold', '--profile', ''],
      ['test', '--sip-pbx', ''],
    ];
    const answers = async () => {
      const all: string[] = [];
      for (const words of lines) {
        const { stdout } = await run(['completion', 'fish', '--', ...words], {
          cwd: there.cwd,
          env: { HOME: there.home },
        });
        all.push(stdout);
      }
      return all;
    };
    const read = await answers();
    expect(readdirSync(there.cache)).toEqual(['names.json']);
    expect(await answers()).toEqual(read);
    expect(read.join('')).toContain('@floor1\tanna,berta');
  });

  it('makes its folders for this user alone', async () => {
    const there = surroundings();
    rmSync(join(there.home, '.cache'), { recursive: true });
    await offered(there);
    expect(statSync(there.kept).mode & 0o777).toBe(0o600);
    for (const path of ['.cache', '.cache/atcom']) {
      expect(statSync(join(there.home, path)).mode & 0o077, path).toBe(0);
    }
  });

  it('holds no password', async () => {
    const there = surroundings();
    mkdirSync(join(there.home, '.config', 'atcom'), { recursive: true });
    const user = join(there.home, '.config', 'atcom', 'config.yaml');
    writeFileSync(
      user,
      'phones: { clara: { host: 172.16.0.3, user: admin, password: open-sesame } }\nlistener: { token: very-secret-token }\n',
    );
    chmodSync(user, 0o600);
    const env = { XDG_CONFIG_HOME: join(there.home, '.config') };
    expect(await offered(there, ['hold', '--to', ''], env)).toEqual([...GENUINE, 'clara']);
    expect(readFileSync(there.kept, 'utf8')).toContain('clara');
    expect(readFileSync(there.kept, 'utf8')).not.toMatch(/sesame|secret|admin/);
  });
});

describe('names that are no longer there are not offered', () => {
  it.each<[string, (there: Surroundings) => void]>([
    ['after an edit', ({ config }) => writeFileSync(config, 'phones: { carl: 172.16.0.3 }')],
    [
      'after an edit of the same length, with the times of before',
      ({ config }) => {
        writeFileSync(config, 'phones: { carl: 172.16.0.1, doris: 172.16.0.2 }\n');
        utimesSync(config, LONG_AGO, LONG_AGO);
      },
    ],
    [
      'after another file took the place',
      ({ config, cwd }) => {
        writeFileSync(join(cwd, 'fresh'), 'phones: { carl: 172.16.0.3 }');
        renameSync(join(cwd, 'fresh'), config);
      },
    ],
    ['after it was removed', ({ config }) => rmSync(config)],
    [
      'once a nearer file is there',
      ({ cwd }) => writeFileSync(join(cwd, '.atcomrc'), 'phones: { carl: 172.16.0.3 }'),
    ],
    ['once it is broken', ({ config }) => writeFileSync(config, 'phones: { anna: 1')],
    ['once others can write it', ({ config }) => chmodSync(config, 0o666)],
    ['once others can write its folder', ({ cwd }) => chmodSync(cwd, 0o777)],
  ])('%s', async (_, change) => {
    const there = surroundings();
    expect(await offered(there)).toEqual(GENUINE);
    change(there);
    const names = await offered(there);
    expect(names).not.toContain('anna');
    later();
    expect(await offered(there)).toEqual(names);
    expect(await offered(there)).toEqual(names);
  });

  it('for another file that is named, for another profile, and back', async () => {
    const there = surroundings(
      'phones: { anna: 172.16.0.1 }\nprofiles: { night: { phones: { nora: 172.16.0.9 } } }\n',
    );
    writeFileSync(join(there.cwd, 'other.yaml'), 'phones: { otto: 172.16.0.8 }');
    for (const [words, names] of [
      [[], ['anna']],
      [['--profile', 'night'], ['nora']],
      [['--config', 'other.yaml'], ['otto']],
      [[], ['anna']],
    ] as const) {
      expect(await offered(there, ['hold', ...words, '--to', ''])).toEqual(names);
    }
    expect(await offered(there, ['hold', '--to', ''], { ATCOM_PROFILE: 'night' })).toEqual(['nora']);
    expect(await offered(there, ['hold', '--to', ''], { ATCOM_CONFIG: 'other.yaml' })).toEqual(['otto']);
  });

  // Two changes within one tick of the clock of a file system look the same.
  it('of a config that was changed just now, nothing is kept', async () => {
    const there = surroundings();
    vi.useRealTimers();
    expect(await offered(there)).toEqual(GENUINE);
    expect(readdirSync(there.cache)).toEqual([]);
  });

  it('of a config that others can write and that is trusted as it is, nothing is kept', async () => {
    const there = surroundings();
    chmodSync(there.config, 0o666);
    const env = { HOME: there.home };
    expect((await run(['config', 'trust', there.config], { cwd: there.cwd, env })).exitCode).toBe(0);
    expect(await offered(there)).toEqual(GENUINE);
    expect(readdirSync(there.cache)).toEqual([]);
  });
});

describe('names that another user may have written are not offered', () => {
  it.each<[string, (there: Surroundings) => void]>([
    ['a file that others can read', ({ kept }) => chmodSync(kept, 0o604)],
    ['a file that others can write', ({ kept }) => chmodSync(kept, 0o660)],
    ['a folder that others can write', ({ cache }) => chmodSync(cache, 0o777)],
    [
      'what a link leads to',
      ({ kept, home }) => {
        renameSync(kept, join(home, 'elsewhere'));
        symlinkSync(join(home, 'elsewhere'), kept);
      },
    ],
    ['of another version', ({ kept }) => writeFileSync(kept, edited(kept, '"version":"', '"version":"0'))],
    ['of another config', ({ kept }) => writeFileSync(kept, edited(kept, 'project', 'system'))],
    ['what is broken', ({ kept }) => writeFileSync(kept, readFileSync(kept, 'utf8').slice(0, -10))],
    ['what holds no phones', ({ kept }) => writeFileSync(kept, edited(kept, '"phones"', '"fones"'))],
  ])('%s', async (_, change) => {
    const there = surroundings();
    await offered(there);
    plant(there.kept);
    change(there);
    expect(await offered(there)).toEqual(GENUINE);
  });

  it.runIf(root)('a file, or a folder, of another user', async () => {
    const there = surroundings();
    await offered(there);
    plant(there.kept);
    chownSync(there.kept, OTHER, OTHER);
    expect(await offered(there)).toEqual(GENUINE);
    plant(there.kept);
    chownSync(there.cache, OTHER, OTHER);
    expect(await offered(there)).toEqual(GENUINE);
  });

  it.runIf(root)('and nothing is made in the home of another user', async () => {
    const there = surroundings();
    rmSync(join(there.home, '.cache'), { recursive: true });
    chownSync(there.home, OTHER, OTHER);
    expect(await offered(there)).toEqual(GENUINE);
    expect(readdirSync(there.home)).toEqual([]);
  });

  it.runIf(root)('and nothing where a link of another user leads, also under sudo', async () => {
    const there = surroundings();
    const precious = emptyFolder();
    rmSync(join(there.home, '.cache'), { recursive: true });
    symlinkSync(precious, join(there.home, '.cache'));
    chownSync(there.home, OTHER, OTHER);
    expect(await offered(there, ['hold', '--to', ''], { SUDO_UID: String(OTHER) })).toEqual(GENUINE);
    mkdirSync(join(precious, 'atcom'), { mode: 0o700 });
    expect(await offered(there, ['hold', '--to', ''], { SUDO_UID: String(OTHER) })).toEqual(GENUINE);
    expect(readdirSync(join(precious, 'atcom'))).toEqual([]);
  });

  it('a folder that a project brought along', async () => {
    const there = surroundings();
    await offered(there);
    plant(there.kept);
    mkdirSync(join(there.cwd, 'atcom'), { mode: 0o700 });
    renameSync(there.kept, join(there.cwd, 'atcom', 'names.json'));
    const env = { XDG_CACHE_HOME: there.cwd };
    expect(await offered(there, ['hold', '--to', ''], env)).toEqual(GENUINE);
  });

  it('a folder to which a link of a project leads', async () => {
    const there = surroundings();
    await offered(there);
    plant(there.kept);
    symlinkSync(join(there.home, '.cache'), join(there.cwd, '.cache'));
    const env = { XDG_CACHE_HOME: join(there.cwd, '.cache') };
    expect(await offered(there, ['hold', '--to', ''], env)).toEqual(GENUINE);
  });
});

// People work in their home folder, too; there it is the account that counts, and not what HOME says.
it('is used in the home folder of the account', async () => {
  const there = surroundings();
  const home = { home: there.home, cwd: there.home };
  const env = { ATCOM_CONFIG: there.config };
  expect(await offered(home, ['hold', '--to', ''], env)).toEqual(GENUINE);
  expect(readdirSync(there.cache)).toEqual([]);
  account.home = there.home;
  expect(await offered(home, ['hold', '--to', ''], env)).toEqual(GENUINE);
  plant(there.kept);
  expect(await offered(home, ['hold', '--to', ''], env)).toEqual(PLANTED);
});

function edited(file: string, from: string, to: string): string {
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(from);
  return text.replace(from, to);
}
