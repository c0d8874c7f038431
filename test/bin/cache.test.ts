import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  CACHED,
  compiled,
  folder,
  GENUINE,
  installed,
  openFolder,
  PLANTED,
  plant,
  stampOf,
} from './installed.ts';

const root = process.getuid?.() === 0;
/** Nobody in particular, and somebody else. */
const [USER, OTHER] = [65_534, 12_345];

/** A program, a home with a cache that is as it should be, and a folder to work in. */
function surroundings(uid = process.getuid?.() ?? 0) {
  const home = folder(join(openFolder(), 'home'), { mode: 0o755, uid });
  folder(join(home, '.cache'), { uid });
  const cache = folder(join(home, '.cache', 'atcom'), { uid });
  return { program: installed(), home, cache, cwd: openFolder(), env: { HOME: home } };
}

describe('the cache of compiled code', () => {
  it('is written with the first run and taken by the second', async () => {
    const { program, cache, cwd, env } = surroundings();
    expect(await program.run({ cwd, env })).toBe(GENUINE);
    const kept = readFileSync(join(cache, CACHED));
    expect(kept.subarray(0, 512).toString().trimEnd()).toBe(stampOf(program.chunk, kept.subarray(512)));
    expect(await program.run({ cwd, env })).toBe(GENUINE);
    expect(readFileSync(join(cache, CACHED)).equals(kept)).toBe(true);
  });

  it.each(['müller', `${'long'.repeat(60)}/${'long'.repeat(60)}`])(
    'is not written anew each time for a program in %s',
    async (at) => {
      const { cache, cwd, env } = surroundings();
      const program = installed(at);
      await program.run({ cwd, env });
      const first = statSync(join(cache, CACHED));
      await program.run({ cwd, env });
      expect(statSync(join(cache, CACHED)).ino).toBe(first.ino);
    },
  );

  it('takes one listener for the chunks of a first run, however many: Node warns of eleven', async () => {
    const { program, cache, cwd, env } = surroundings();
    const chunks = Array.from({ length: 12 }, (_, index) => `part-${index}`);
    for (const name of chunks) writeFileSync(join(dirname(program.chunk), `${name}.cjs`), '');
    const requires = chunks.map((name) => `require('./${name}.cjs');`).join(' ');
    writeFileSync(
      program.chunk,
      `${requires} console.log(process.listenerCount('exit')); exports.run = async () => 0;`,
    );
    expect(Number(await program.run({ cwd, env }))).toBeLessThan(3);
    expect(readdirSync(cache)).toHaveLength(13);
  });

  // What all the others rest on: what is planted does run where it is trusted.
  it('is taken for the program', async () => {
    const { program, cache, cwd, env } = surroundings();
    plant(cache, program);
    expect(await program.run({ cwd, env })).toBe(PLANTED);
    expect(await program.run({ cwd: '/', env })).toBe(PLANTED);
  });

  it('may stand behind a link of its own', async () => {
    const { program, home, cwd, env } = surroundings();
    const elsewhere = folder(join(openFolder(), 'scratch'));
    plant(folder(join(elsewhere, 'atcom')), program);
    renameSync(join(home, '.cache'), join(home, '.cache.old'));
    symlinkSync(elsewhere, join(home, '.cache'));
    expect(await program.run({ cwd, env })).toBe(PLANTED);
  });

  it('is not made again by the run that removed it', async () => {
    const { program, cache, cwd, env } = surroundings();
    writeFileSync(
      program.chunk,
      `require('node:fs').rmSync(${JSON.stringify(cache)}, { recursive: true }); exports.run = async () => 0;`,
    );
    expect(await program.run({ cwd, env })).toBe('');
    expect(existsSync(cache)).toBe(false);
  });

  it('makes its folders for this user alone', async () => {
    const home = folder(join(openFolder(), 'home'));
    expect(await installed().run({ cwd: openFolder(), env: { HOME: home } })).toBe(GENUINE);
    for (const path of ['.cache', '.cache/atcom', `.cache/atcom/${CACHED}`])
      expect(statSync(join(home, path)).mode & 0o077, path).toBe(0);
  });

  it('is not wanted where NODE_DISABLE_COMPILE_CACHE is set', async () => {
    const { program, cache, cwd, env } = surroundings();
    plant(cache, program);
    const off = { ...env, NODE_DISABLE_COMPILE_CACHE: '1' };
    expect(await program.run({ cwd, env: off })).toBe(GENUINE);
  });

  it.each<[string, (path: string) => Buffer]>([
    ['of another file', (path) => compiled(path, `${stampOf(path)}x`)],
    ['of another time', (path) => compiled(path, `9${stampOf(path)}`)],
    ['of another length', (path) => compiled(path, stampOf(path).replace(' ', ' 9'))],
    ['without a stamp', (path) => compiled(path).subarray(512)],
    ['that is empty', () => Buffer.of()],
    ['that is damaged', (path) => compiled(path).fill(0, 900, 1100)],
    ['that is broken', (path) => Buffer.concat([compiled(path).subarray(0, 512), Buffer.from('broken')])],
  ])('makes a cache anew %s', async (_, content) => {
    const { program, cache, cwd, env } = surroundings();
    writeFileSync(join(cache, CACHED), content(program.chunk), { mode: 0o600 });
    expect(await program.run({ cwd, env })).toBe(GENUINE);
    expect(await program.run({ cwd, env })).toBe(GENUINE);
    const kept = readFileSync(join(cache, CACHED));
    expect(kept.subarray(0, 512).toString().trimEnd()).toBe(stampOf(program.chunk, kept.subarray(512)));
    expect(kept.length).toBeGreaterThan(600);
  });

  it('is not that of another build, though it has the same length', async () => {
    const { program, cwd, env } = surroundings();
    await program.run({ cwd, env });
    program.rebuild('rebuilt');
    utimesSync(program.chunk, new Date(1e12), new Date(1e12));
    expect(await program.run({ cwd, env })).toBe('rebuilt\n');
  });
});

describe('compiled code of a project', () => {
  it.each<[string, (project: string) => { cwd: string; env: Record<string, string> }]>([
    ['in the current folder', (project) => ({ cwd: project, env: { XDG_CACHE_HOME: project } })],
    [
      'below the current folder',
      (project) => ({ cwd: project, env: { XDG_CACHE_HOME: join(project, '.cache') } }),
    ],
    ['in a home that is the current folder', (project) => ({ cwd: project, env: { HOME: project } })],
    [
      'above the current folder, in a Git checkout',
      (project) => ({
        cwd: folder(join(project, 'sub')),
        env: { HOME: folder(join(project, '.git')).slice(0, -5) },
      }),
    ],
    ...['.git', '.hg', '.svn'].map(
      (name): [string, (project: string) => { cwd: string; env: Record<string, string> }] => [
        `in a checkout elsewhere, with ${name}`,
        (project) => {
          writeFileSync(join(project, name), 'gitdir: elsewhere');
          return { cwd: openFolder(), env: { XDG_CACHE_HOME: join(project, '.cache') } };
        },
      ],
    ),
    [
      'behind a link',
      (project) => {
        const home = folder(join(openFolder(), 'home'));
        symlinkSync(join(project, '.cache'), join(home, '.cache'));
        return { cwd: project, env: { HOME: home } };
      },
    ],
  ])('does not run %s', async (_, where) => {
    const project = folder(join(openFolder(), 'project'));
    const program = installed();
    for (const cache of ['atcom', '.cache/atcom']) plant(folder(join(project, cache)), program);
    expect(await program.run(where(project))).toBe(GENUINE);
  });

  it.each<[string, boolean, (project: string, beside: string) => unknown]>([
    [
      'a link of a checkout leads',
      false,
      (project, beside) => {
        folder(join(project, '.git'));
        symlinkSync(beside, join(project, '.cache'));
      },
    ],
    [
      'a link below the current folder leads',
      true,
      (project, beside) => symlinkSync(beside, join(project, '.cache')),
    ],
    [
      'a link leads to a checkout whose .git is a link that leads nowhere',
      false,
      (project, beside) => {
        symlinkSync('nowhere', join(beside, '.git'));
        symlinkSync(beside, join(project, '.cache'));
      },
    ],
  ])('does not run where %s', async (_, inside, link) => {
    const [project, beside] = ['project', 'beside'].map((name) => folder(join(openFolder(), name)));
    if (project === undefined || beside === undefined) throw new Error('no folder');
    const program = installed();
    plant(folder(join(beside, 'atcom')), program);
    link(project, beside);
    const env = { XDG_CACHE_HOME: join(project, '.cache') };
    expect(await program.run({ cwd: inside ? project : openFolder(), env })).toBe(GENUINE);
    expect(readdirSync(join(beside, 'atcom'))).toEqual([CACHED]);
  });

  it.each(['.cache', './.cache', '../project/.cache', '../sibling'])(
    'does not run from the relative %s',
    async (relative) => {
      const project = folder(join(openFolder(), 'project'));
      const program = installed();
      plant(folder(join(project, '.cache', 'atcom')), program);
      plant(folder(join(project, '..', 'sibling', 'atcom')), program);
      const env = { HOME: folder(join(openFolder(), 'home')), XDG_CACHE_HOME: relative };
      expect(await program.run({ cwd: project, env })).toBe(GENUINE);
      const empty = folder(join(openFolder(), 'project'));
      expect(await program.run({ cwd: empty, env })).toBe(GENUINE);
      expect(readdirSync(empty)).toEqual([]);
    },
  );

  it('is not what a run leaves there', async () => {
    const project = folder(join(openFolder(), 'project'));
    expect(await installed().run({ cwd: project, env: { HOME: project } })).toBe(GENUINE);
    expect(readdirSync(project)).toEqual([]);
  });
});

describe('compiled code that others could have written', () => {
  it.each<[string, (home: string, program: ReturnType<typeof installed>) => void]>([
    [
      'a folder open to all',
      (home, program) => plant(folder(join(home, '.cache/atcom'), { mode: 0o777 }), program),
    ],
    [
      'a folder open to a group',
      (home, program) => plant(folder(join(home, '.cache/atcom'), { mode: 0o770 }), program),
    ],
    [
      'a sticky folder',
      (home, program) => plant(folder(join(home, '.cache/atcom'), { mode: 0o1777 }), program),
    ],
    [
      'a folder above that is open',
      (home, program) => {
        plant(folder(join(home, '.cache/atcom')), program);
        folder(join(home, '.cache'), { mode: 0o777 });
      },
    ],
    [
      'a file open to all',
      (home, program) => plant(folder(join(home, '.cache/atcom')), program, { mode: 0o666 }),
    ],
    [
      'a file open to a group',
      (home, program) => plant(folder(join(home, '.cache/atcom')), program, { mode: 0o660 }),
    ],
    [
      'a file that is a link',
      (home, program) => {
        plant(folder(join(home, 'elsewhere')), program);
        symlinkSync(join(home, 'elsewhere', CACHED), join(folder(join(home, '.cache/atcom')), CACHED));
      },
    ],
  ])('does not run from %s', async (_, prepare) => {
    const home = folder(join(openFolder(), 'home'));
    const program = installed();
    prepare(home, program);
    expect(await program.run({ cwd: openFolder(), env: { HOME: home } })).toBe(GENUINE);
  });

  it.skipIf(process.platform === 'win32')('does not wait for a pipe in its place', async () => {
    const { program, cache, cwd, env } = surroundings();
    expect(spawnSync('mkfifo', [join(cache, CACHED)]).status).toBe(0);
    expect(await program.run({ cwd, env })).toBe(GENUINE);
  });

  it('leaves no piece where it cannot be kept, as on a full disk', async () => {
    const { program, cache, cwd, env } = surroundings();
    mkdirSync(join(cache, CACHED));
    expect(await program.run({ cwd, env })).toBe(GENUINE);
    expect(readdirSync(cache)).toEqual([CACHED]);
  });

  it('is not needed: a file may stand where its folder should', async () => {
    const home = folder(join(openFolder(), 'home'));
    mkdirSync(join(home, '.cache'), { mode: 0o700 });
    writeFileSync(join(home, '.cache', 'atcom'), '');
    expect(await installed().run({ cwd: openFolder(), env: { HOME: home } })).toBe(GENUINE);
  });
});

describe.runIf(root)('with more than one user', () => {
  it.each([
    ['root', 0],
    ['a user', USER],
  ])('%s runs nothing from a folder of another in a place for all', async (_, uid) => {
    const shared = folder(join(openFolder(), 'shared'), { mode: 0o777 });
    const program = installed();
    plant(folder(join(shared, 'atcom'), { mode: 0o755, uid: OTHER }), program, { mode: 0o644, uid: OTHER });
    const env = { HOME: openFolder(), XDG_CACHE_HOME: shared };
    expect(await program.run({ cwd: openFolder(), env, uid })).toBe(GENUINE);
  });

  it('runs nothing from a file of another in its own folder', async () => {
    const { program, cache, cwd, env } = surroundings(USER);
    plant(cache, program, { mode: 0o644, uid: OTHER });
    expect(await program.run({ cwd, env, uid: USER })).toBe(GENUINE);
  });

  it('runs nothing from its own folder inside one of another', async () => {
    const home = folder(join(openFolder(), 'home'), { mode: 0o755, uid: OTHER });
    const program = installed();
    folder(join(home, '.cache'), { mode: 0o755, uid: OTHER });
    plant(folder(join(home, '.cache', 'atcom'), { uid: USER }), program, { uid: USER });
    expect(await program.run({ cwd: openFolder(), env: { HOME: home }, uid: USER })).toBe(GENUINE);
  });

  // sudo may keep HOME.
  it('as root with the home of a user: runs nothing from there, and leaves nothing there', async () => {
    const { program, cache, cwd, env, home } = surroundings(USER);
    plant(cache, program, { uid: USER });
    expect(await program.run({ cwd, env, uid: USER })).toBe(PLANTED);
    expect(await program.run({ cwd, env, uid: 0 })).toBe(GENUINE);
    const fresh = folder(join(openFolder(), 'home'), { mode: 0o755, uid: USER });
    expect(await program.run({ cwd, env: { HOME: fresh }, uid: 0 })).toBe(GENUINE);
    expect(readdirSync(fresh)).toEqual([]);
    expect(existsSync(home)).toBe(true);
  });

  it('as root with the home of a user: follows no link from there to a folder of root', async () => {
    const program = installed();
    const home = folder(join(openFolder(), 'home'), { mode: 0o755, uid: USER });
    const precious = folder(join(openFolder(), 'precious'), { mode: 0o755 });
    symlinkSync(precious, join(home, '.cache'));
    const words = { cwd: openFolder(), env: { HOME: home }, uid: 0 };
    expect(await program.run(words)).toBe(GENUINE);
    expect(readdirSync(precious)).toEqual([]);
    plant(folder(join(precious, 'atcom')), program);
    expect(await program.run(words)).toBe(GENUINE);
  });

  it.each<[string, string, { readonly mode: number; readonly uid: number }, number, string]>([
    ['no', 'of its own', { mode: 0o755, uid: USER }, USER, PLANTED],
    ['a', 'of another', { mode: 0o755, uid: OTHER }, OTHER, GENUINE],
    ['a', 'of its own in a folder of another', { mode: 0o755, uid: OTHER }, USER, GENUINE],
    ['a', 'of its own in a folder open to all', { mode: 0o777, uid: USER }, USER, GENUINE],
  ])('behind a link, %s link that is %s keeps it from being used', async (_, _whose, at, uid, said) => {
    const { program, home, cwd, env } = surroundings(USER);
    const elsewhere = folder(join(openFolder(), 'scratch'), { mode: 0o755, uid: USER });
    plant(folder(join(elsewhere, 'atcom'), { uid: USER }), program, { uid: USER });
    const link = join(folder(join(openFolder(), 'between'), at), 'link');
    symlinkSync(elsewhere, link);
    lchownSync(link, uid, uid);
    renameSync(join(home, '.cache'), join(home, '.cache.old'));
    symlinkSync(link, join(home, '.cache'));
    lchownSync(join(home, '.cache'), USER, USER);
    expect(await program.run({ cwd, env, uid: USER })).toBe(said);
  });

  it('installed by root, run by a user: kept in the home of that user, and taken from there', async () => {
    const home = folder(join(openFolder(), 'home'), { uid: USER });
    const [program, cwd, env] = [installed(), openFolder(), { HOME: home }];
    expect(await program.run({ cwd, env, uid: USER })).toBe(GENUINE);
    const cache = join(home, '.cache', 'atcom');
    const file = join(cache, CACHED);
    expect(statSync(file)).toMatchObject({ uid: USER, mode: 0o100600 });
    expect(statSync(cache)).toMatchObject({ uid: USER, mode: 0o040700 });
    const kept = readFileSync(file);
    expect(await program.run({ cwd, env, uid: USER })).toBe(GENUINE);
    expect(readFileSync(file).equals(kept)).toBe(true);
    plant(cache, program, { uid: USER });
    expect(await program.run({ cwd, env, uid: USER })).toBe(PLANTED);
  });
});
