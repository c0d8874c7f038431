import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  existsSync,
  lchownSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { identityOf } from '../../src/files/identity.ts';
import { checkLinks, checkOpened, checkPlanted, holdFolder } from '../../src/files/planted.ts';
import { emptyFolder } from '../cli/run.ts';

/** Somebody else than who makes the files of these tests, and than root. */
const READER = 4711;
const OWNER = process.geteuid?.() || 1234;
const reader = { env: {}, uid: READER };

/** A folder, and in it what another user has made. */
function shared(mode = 0o1777) {
  const folder = emptyFolder();
  chmodSync(folder, mode);
  const at = (name: string) => join(folder, name);
  const link = (target: string, name: string) => {
    symlinkSync(target, at(name));
    lchownSync(at(name), OWNER, OWNER);
    return at(name);
  };
  const file = (name: string) => {
    writeFileSync(at(name), '');
    chownSync(at(name), OWNER, OWNER);
    return at(name);
  };
  return { at, link, file };
}

const refusal = (reason: string) =>
  expect.objectContaining({
    code: 'unwritable-file',
    details: { file: expect.any(String), reason, hint: 'name another file, best in a folder of your own' },
  });

describe.runIf(process.platform !== 'win32')('a link of another user', () => {
  it.each([
    ['to a file', '/etc/hosts', 'x'],
    ['to what is not there', 'nowhere', 'x'],
    ['to itself', 'x', 'x'],
  ])('%s is not followed', (_, target, name) => {
    const path = shared().link(target, name);
    expect(() => checkLinks(path, reader)).toThrowError(refusal(`it is a link of another user (${OWNER})`));
    expect(checkLinks(path, { env: {}, uid: OWNER }).flag).toBe(0);
  });

  it('is not followed on the way either, nor behind a link of one’s own', () => {
    const { at, link } = shared();
    const folder = link('/etc', 'folder');
    const reason = `${folder} is a link of another user (${OWNER})`;
    expect(() => checkLinks(join(folder, 'new', 'x'), reader)).toThrowError(refusal(reason));
    symlinkSync(join('folder', 'x'), at('own'));
    lchownSync(at('own'), READER, READER);
    expect(() => checkLinks(at('own'), reader)).toThrowError(refusal(reason));
  });

  it('is not followed in front of a `..` either, which is above where it leads', () => {
    const { at, link } = shared();
    mkdirSync(at('deep/sub'), { recursive: true });
    const folder = link(at('deep/sub'), 'folder');
    const path = `${folder}/../x`;
    expect(() => checkLinks(path, reader)).toThrowError(
      refusal(`${folder} is a link of another user (${OWNER})`),
    );
    expect(checkLinks(path, { env: {}, uid: OWNER }).flag).toBe(constants.O_NOFOLLOW);
    expect(identityOf(path)).toBe(at('deep/x'));
    writeFileSync(path, '');
    expect(identityOf(path)).toBe(identityOf(at('deep/x')));
    expect(identityOf(`${folder}/../missing/../y`)).toBe(at('deep/y'));
  });

  it('is as good as one’s own for who called sudo, and where users have no numbers', () => {
    const path = shared().link('/etc', 'x');
    expect(checkLinks(path, { env: { SUDO_UID: String(OWNER) }, uid: 0 }).flag).toBe(0);
    expect(checkLinks(path, { env: {}, uid: undefined }).flag).toBe(0);
  });

  it.each([
    [0o777, 'others can write'],
    [0o775, 'its group can write'],
  ])('can exchange one of one’s own in a folder with mode %o, which is not followed', (mode, reason) => {
    const { at } = shared(mode);
    chownSync(at(''), READER, READER + 1);
    symlinkSync('x', at('own'));
    lchownSync(at('own'), READER, READER);
    expect(() => checkLinks(at('own'), reader)).toThrowError(
      expect.objectContaining({
        message: expect.stringContaining(`it is a link that others could exchange: `),
      }),
    );
    expect(() => checkLinks(at('own'), reader)).toThrowError(reason);
    chmodSync(at(''), mode | 0o1000);
    expect(checkLinks(at('own'), reader).flag).toBe(0);
  });

  it('may be none yet: what was no link is opened without following one', () => {
    const { at, link } = shared();
    link('/etc', 'folder');
    expect(checkLinks(at('new'), reader).flag).toBe(constants.O_NOFOLLOW);
  });
});

describe.runIf(process.platform !== 'win32')('a file of another user', () => {
  const check = (path: string, uid = READER) => checkPlanted(path, statSync(path), { env: {}, uid });
  const theirs = refusal(`it belongs to another user (${OWNER}), in a folder for everybody`);

  it.each([0o1777, 0o1775])('is not written in a sticky folder with mode %o', (mode) => {
    const { at, file } = shared(mode);
    expect(() => check(file('x'))).toThrowError(theirs);
    execFileSync('mkfifo', [at('pipe')]);
    chownSync(at('pipe'), OWNER, OWNER);
    expect(() => check(at('pipe'))).toThrowError(theirs);
    symlinkSync('x', at('own'));
    expect(() => check(at('own'))).toThrowError(theirs);
  });

  it.each([0o755, 0o777, 0o1755])('may be written in a folder with mode %o, if it can be', (mode) => {
    expect(() => check(shared(mode).file('x'))).not.toThrow();
  });

  it('may be a second name of a file of this user', () => {
    const { at, file } = shared();
    linkSync(file('x'), at('y'));
    expect(() => check(at('y'), OWNER)).toThrowError(
      refusal('it is also a file elsewhere, and in a folder for everybody'),
    );
  });

  it('is no matter in its own eyes, nor where users have no numbers', () => {
    const path = shared().file('x');
    expect(() => check(path, OWNER)).not.toThrow();
    expect(() => checkPlanted(path, statSync(path), { env: {}, uid: undefined })).not.toThrow();
  });

  it('is no folder, and no device', () => {
    const { at } = shared();
    mkdirSync(at('folder'));
    for (const path of [at('folder'), '/dev/null']) expect(() => check(path)).not.toThrow();
  });
});

describe.runIf(process.platform !== 'win32')(
  'a folder that another user replaces by a link meanwhile',
  () => {
    /** A file that was checked, and then opened through what is there by now. */
    function opened(replace: (folder: string, other: string) => void) {
      const { at } = shared(0o777);
      for (const folder of ['logs', 'private']) {
        mkdirSync(at(folder));
        writeFileSync(join(at(folder), 'x'), '');
      }
      const path = join(at('logs'), 'x');
      const way = checkLinks(path, reader);
      replace(at('logs'), at('private'));
      const fd = openSync(path, constants.O_WRONLY | way.flag);
      onTestFinished(() => closeSync(fd));
      return () => checkOpened(path, way, fd, reader);
    }
    const elsewhere = refusal('a folder on the way to it was replaced while it was opened');

    it('leads to no file that is written', () => {
      const byLink = opened((folder, other) => {
        renameSync(folder, `${folder}.old`);
        symlinkSync(other, folder);
      });
      expect(byLink).toThrowError(elsewhere);
    });

    it('leads to none either if it is put back at once', () => {
      const { at } = shared(0o777);
      mkdirSync(at('logs'));
      writeFileSync(at('logs/x'), '');
      writeFileSync(at('private'), '');
      const way = checkLinks(at('logs/x'), reader);
      const fd = openSync(at('private'), 'r+');
      onTestFinished(() => closeSync(fd));
      expect(() => checkOpened(at('logs/x'), way, fd, reader)).toThrowError(elsewhere);
    });

    it('is left alone once it is held', () => {
      const { at } = shared(0o777);
      for (const folder of ['logs', 'private']) mkdirSync(at(folder));
      const held = holdFolder(at('logs'), checkLinks(at('logs'), reader), reader);
      onTestFinished(held.release);
      renameSync(at('logs'), at('old'));
      symlinkSync(at('private'), at('logs'));
      writeFileSync(join(held.path, 'x'), '');
      expect(existsSync(at('private/x'))).toBe(false);
    });

    it('is not held', () => {
      const { at } = shared(0o777);
      for (const folder of ['logs', 'private']) mkdirSync(join(at(folder), 'deep'), { recursive: true });
      const way = checkLinks(at('logs/deep'), reader);
      renameSync(at('logs'), at('old'));
      symlinkSync(at('private'), at('logs'));
      expect(() => holdFolder(at('logs/deep'), way, reader)).toThrowError(elsewhere);
    });

    it('is what it was, in whatever way it is named', () => {
      const { at } = shared(0o755);
      mkdirSync(at('logs/deep'), { recursive: true });
      symlinkSync('logs/deep', at('own'));
      lchownSync(at('own'), READER, READER);
      for (const path of [at('logs/x'), `${at('own')}/../x`, at('own/y'), `/${at('logs/./x')}`]) {
        const way = checkLinks(path, reader);
        const fd = openSync(path, constants.O_WRONLY | constants.O_CREAT | way.flag);
        onTestFinished(() => closeSync(fd));
        expect(() => checkOpened(path, way, fd, reader)).not.toThrow();
      }
    });
  },
);
