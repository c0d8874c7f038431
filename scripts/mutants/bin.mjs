const inLoader = (guard, find, replace) => ({
  file: 'bin/load.js',
  guard,
  find,
  replace,
  tests: ['test/bin/cache.test.ts'],
});

export const BIN = [
  inLoader(
    'a link behind a link is no stranger’s',
    'return [folder, ...pathsOf(next, real)];',
    'return next === real ? [folder] : [folder];',
  ),
  inLoader(
    'a cache that was removed meanwhile is not made again',
    'if (readable && !fs.existsSync(cache)) return;',
    '',
  ),
  inLoader(
    'a relative cache folder is no cache folder',
    'base && path.isAbsolute(base) ? path.join',
    'base ? path.join',
  ),
  inLoader(
    'the stamp of a cache is compared',
    'stored?.subarray(0, STAMP).equals(stampOf(code)) === true',
    'stored !== undefined',
  ),
  inLoader(
    'a cache is of a chunk of one time',
    'const { mtimeMs, size } = fs.statSync(file);',
    'const { mtimeMs, size } = { ...fs.statSync(file), mtimeMs: 0 };',
  ),
  inLoader('the folder of a cache is trusted first', 'readable ? attempt', 'cache ? attempt'),
  inLoader('a cache is not below the current folder', 'isOutsideProject(one) &&', ''),
  inLoader(
    'no link below the current folder leads to a cache',
    'isOutsideProject(one) &&',
    'isOutsideProject(real) &&',
  ),
  inLoader(
    'no link in a checkout leads to a cache',
    '!isCheckout(level)',
    '!(levelsOf(real).includes(level) && isCheckout(level))',
  ),
  inLoader(
    'a link that leads nowhere marks a checkout',
    'some((name) => fs.lstatSync(',
    'some((name) => fs.statSync(',
  ),
  inLoader('a cache is not in a checkout', ' && !isCheckout(level)', ''),
  inLoader('no piece is left where a cache cannot be kept', 'fs.rmSync(fresh, { force: true });', ''),
  inLoader(
    'it is looked at where a link leads, and one’s own may be a link',
    'fs.realpathSync.native(folder)',
    'folder',
  ),
  inLoader('no link of another user is followed to a cache', '...pathsOf(folder, real)', ''),
  inLoader('the folder of a cache is its own', 'return uid === user && !open;', 'return !open;'),
  inLoader(
    'nobody else can write to the folder of a cache',
    'return uid === user && !open;',
    'return uid === user;',
  ),
  inLoader(
    'the folders above a cache are nobody else’s',
    'return (uid === user || uid === 0) && (!open',
    'return (!open',
  ),
  inLoader('nobody else can replace the folder of a cache', '(!open || (mode & 0o1000) !== 0)', 'true'),
  inLoader('a cached file is its own', '(stats.uid === user && (stats.mode', '((stats.mode'),
  inLoader(
    'nobody else can write to a cached file',
    '(stats.uid === user && (stats.mode & 0o022) === 0)',
    'stats.uid === user',
  ),
  inLoader('no link is followed to a cached file', 'O_RDONLY | O_NOFOLLOW |', 'O_RDONLY |'),
  inLoader('nobody waits for a pipe in the place of a cache', ' | O_NONBLOCK)', ')'),
  inLoader(
    'nothing is made in the home of somebody else',
    '&& isTrusted(path.dirname(level))) fs.mkdirSync',
    ') fs.mkdirSync',
  ),
  inLoader('a cache is nobody else’s to read', "{ mode: 0o600, flag: 'wx' }", "{ mode: 0o644, flag: 'wx' }"),
];
