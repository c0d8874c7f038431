const READ = ['test/files/read.test.ts'];
const SECRET = ['test/files/secret.test.ts'];
const WRITE = ['test/files/write.test.ts'];
const OWNER = ['test/fleet/journal-owner.test.ts'];

/** Files that people name: nothing waits for ever, fills the memory, or lies open to others. */
export const FILES = [
  {
    file: 'src/files/plain.ts',
    guard: 'only a plain file is read where others may have chosen it',
    find: 'if (!opened.stats.isFile()) throw',
    replace: 'if (false) throw',
    tests: [...READ, 'test/config/places.test.ts'],
  },
  {
    file: 'src/files/open.ts',
    guard: 'opening a pipe that nobody writes to does not wait',
    find: 'constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)',
    replace: 'constants.O_RDONLY | (constants.O_CLOEXEC ?? 0)',
    tests: READ,
  },
  {
    file: 'src/files/open.ts',
    guard: 'an endless device does not fill the memory',
    find: 'if (size > most) throw tooLarge(path, most);\n      pieces',
    replace: 'if (size > most * 64) throw tooLarge(path, most * 64);\n      pieces',
    tests: READ,
  },
  {
    file: 'src/files/read.ts',
    guard: 'a pipe without an end does not fill the memory',
    find: 'if (size > most) throw tooLarge(path, most);',
    replace: 'if (size > most * 16) throw tooLarge(path, most * 16);',
    tests: READ,
  },
  {
    file: 'src/files/read.ts',
    guard: 'a signal ends the reading of a pipe',
    find: "signal?.addEventListener('abort', stop);",
    replace: '',
    tests: READ,
  },
  {
    file: 'src/files/secret.ts',
    guard: 'a secret that others can read is refused',
    find: '? 0o022 : 0o077;',
    replace: '? 0o022 : 0o022;',
    tests: [...SECRET, 'test/config/accounts.test.ts'],
  },
  {
    file: 'src/files/secret.ts',
    guard: 'a secret of root that others can write is refused',
    find: '? 0o022 : 0o077;',
    replace: '? 0 : 0o077;',
    tests: SECRET,
  },
  {
    file: 'src/files/secret.ts',
    guard: 'a secret of another user is refused',
    find: 'if (!friendsOf(person).includes(stats.uid)) {',
    replace: 'if (false) {',
    tests: SECRET,
  },
  {
    file: 'src/files/secret.ts',
    guard: 'only root counts the files of who called sudo as its own',
    find: 'uid === 0 && /^',
    replace: 'uid !== -1 && /^',
    tests: [...SECRET, 'test/config/trust.test.ts'],
  },
  {
    file: 'src/files/secret.ts',
    guard: 'a password file is looked at before it is read',
    find: 'const check = (stats: Stats) => checkSecret(path, stats, person);',
    replace: 'const check = () => undefined;',
    tests: SECRET,
  },
  {
    file: 'src/config/reader.ts',
    guard: 'a config with a password that others can read is refused',
    find: 'holdsSecret(settings)',
    replace: 'false && holdsSecret(settings)',
    tests: ['test/config/secrets.test.ts'],
  },
  {
    file: 'src/config/accounts.ts',
    guard: 'a file with passwords of accounts that others can read is refused',
    find: 'settings.accounts.some(({ password }) => password !== undefined)',
    replace: 'settings.accounts.length === 0',
    tests: ['test/config/accounts.test.ts'],
  },
  {
    file: 'src/config/secrets.ts',
    guard: 'a password file is read once, as a pipe gives its text once',
    find: 'read.get(path) ?? readSecret(',
    replace: 'readSecret(',
    tests: ['test/config/credentials.test.ts'],
  },
  {
    file: 'src/files/write.ts',
    guard: 'opening a pipe that nobody reads does not wait',
    find: 'constants.O_CREAT | (constants.O_NONBLOCK ?? 0)',
    replace: 'constants.O_CREAT | (constants.O_CLOEXEC ?? 0)',
    tests: WRITE,
  },
  {
    file: 'src/files/write.ts',
    guard: 'a signal ends the writing into a pipe',
    find: "signal.addEventListener('abort', stop);",
    replace: '',
    tests: WRITE,
  },
  {
    file: 'src/fleet/journal-owner.ts',
    guard: 'a journal that others could write is refused',
    find: 'if (!isShared) return;',
    replace: 'if (isShared || !isShared) return;',
    tests: OWNER,
  },
  {
    file: 'src/fleet/journal-owner.ts',
    guard: 'a journal in a file that existed is its owner’s alone',
    find: 'await handle.chmod(0o600)',
    replace: 'await handle.chmod(mode & 0o7777)',
    tests: OWNER,
  },
  {
    file: 'src/fleet/journal-owner.ts',
    guard: 'a journal of another user is refused',
    find: 'if (!friendsOf(person).includes(uid)) {',
    replace: 'if (uid < 0) {',
    tests: OWNER,
  },
];
