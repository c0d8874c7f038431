// Loads the chunks of the command line with V8's compiled code from the last run, which halves the start-up time. Node's
// own cache (module.enableCompileCache) gains less, and reads whatever lies in its folder. One file, because each more
// would have to be compiled at every start.
//
// Compiled code is code: whoever can write it runs as whoever starts this program. It is used only where nobody else can
// write, and never where a project could have brought it along. Whatever goes wrong, a chunk is compiled as usual.
const fs = require('node:fs');
const path = require('node:path');

// Named once: a build that comes meanwhile has a folder of its own, so that no run ever has chunks of two builds.
const builds = path.join(__dirname, '..', 'dist', 'cli');
const chunks = path.join(builds, fs.readFileSync(path.join(builds, 'current'), 'utf8'));

/** Undefined on Windows, which closes a user's folders by other means. */
const user = process.geteuid?.();
const cache = cacheFolder();
const readable = cache !== undefined && attempt(() => isTrusted(cache)) === true;
/** The length of what a cache says of itself, in bytes. */
const STAMP = 512;
const loaded = new Map();
const unstored = [];
if (cache !== undefined)
  process.once('exit', () => {
    for (const each of unstored) attempt(each);
  });

/** Loads one chunk and, through its require, those it asks for; each once. */
exports.load = (name) => {
  const file = path.join(chunks, `${name}.cjs`);
  if (cache === undefined) return require(file);
  if (!loaded.has(name)) loaded.set(name, loadWithCache(name, file));
  return loaded.get(name);
};

function loadWithCache(name, file) {
  const { Script } = require('node:vm');
  // Faster than with 'utf8', which reads in pieces.
  const source = fs.readFileSync(file).toString();
  const { mtimeMs, size } = fs.statSync(file);
  // V8 compares only the length of the source, and crashes on damaged code. So the cache says itself what it was made
  // from, and what it is.
  const stampOf = (code) => {
    const stamp = Buffer.alloc(STAMP, ' ');
    // The path comes last, because it may be longer than that.
    stamp.write(`${mtimeMs} ${size} ${require('node:zlib').crc32(code)} ${file}`);
    return stamp;
  };
  const kept = path.join(cache, `${name}-${process.version}-${process.arch}`);
  const stored = readable ? attempt(() => readOwn(kept)) : undefined;
  const code = stored?.subarray(STAMP);
  const fits = stored?.subarray(0, STAMP).equals(stampOf(code)) === true;
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: file,
    ...(fits ? { cachedData: code } : {}),
  });
  const requireFrom = (id) =>
    /^\.\/[\w-]+\.cjs$/.test(id) ? exports.load(path.basename(id, '.cjs')) : require(id);
  const module = { exports: {} };
  script.runInThisContext()(module.exports, Object.assign(requireFrom, require), module, file, chunks);
  // At the end, when the functions this run needed are compiled too.
  if (!fits || script.cachedDataRejected) unstored.push(() => store(kept, stampOf, script));
  return module.exports;
}

/** The platform's folder for caches; undefined where the user wants none, or has no home. */
function cacheFolder() {
  const { env, platform } = process;
  if (env.NODE_DISABLE_COMPILE_CACHE) return undefined;
  const home = env.HOME ?? env.USERPROFILE;
  const base =
    platform === 'win32'
      ? env.LOCALAPPDATA
      : platform === 'darwin'
        ? home && path.join(home, 'Library', 'Caches')
        : env.XDG_CACHE_HOME || (home && path.join(home, '.cache'));
  return base && path.isAbsolute(base) ? path.join(base, 'atcom') : undefined;
}

/** Whether only this user, or root, can have put something into a folder, and no project has. */
function isTrusted(folder) {
  const real = fs.realpathSync.native(folder);
  // Also the way there: as root in the home of another user, a link of theirs may lead to a folder of root, and one of a
  // project to what was unpacked beside it.
  return [real, ...pathsOf(folder, real)].every(
    (one) =>
      isOutsideProject(one) && levelsOf(one).every((level) => isClosed(level, real) && !isCheckout(level)),
  );
}

/** A folder as it is written, and as each link on the way to where it really is makes it: each decides which one it is. */
function pathsOf(folder, real) {
  if (folder === real) return [];
  const link = levelsOf(folder).findLast((level) => fs.lstatSync(level).isSymbolicLink());
  // Struck out as the system does not, because there is a `..` behind a link.
  if (link === undefined) throw new Error('it leads elsewhere');
  const next = path.resolve(path.dirname(link), fs.readlinkSync(link), path.relative(link, folder));
  return [folder, ...pathsOf(next, real)];
}

/** The folder and those above it. */
function levelsOf(folder) {
  const above = path.dirname(folder);
  return above === folder ? [folder] : [folder, ...levelsOf(above)];
}

/** As OpenSSH looks at the folders above a file of keys. */
function isClosed(level, folder) {
  if (user === undefined) return true;
  const found = fs.lstatSync(level);
  const { uid, mode } = found;
  const open = (mode & 0o022) !== 0 && !found.isSymbolicLink();
  if (level === folder) return uid === user && !open;
  // In a sticky folder such as /tmp nobody replaces what is another's.
  return (uid === user || uid === 0) && (!open || (mode & 0o1000) !== 0);
}

/** What a project brings along is the user's own file, once it is checked out; a link that leads nowhere marks it, too. */
function isCheckout(level) {
  return ['.git', '.hg', '.svn'].some((name) => fs.lstatSync(`${level}/${name}`, { throwIfNoEntry: false }));
}

/** Not at or below the current folder, unless the account itself is at home there, or below. */
function isOutsideProject(folder) {
  const here = process.cwd();
  if (!levelsOf(folder).includes(here)) return true;
  const home = fs.realpathSync.native(require('node:os').userInfo().homedir);
  return levelsOf(home).includes(here);
}

/** A file of this user that nobody else can write; not what a link leads to, nor a pipe that never answers. */
function readOwn(file) {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants;
  const handle = fs.openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const stats = fs.fstatSync(handle);
    const closed = user === undefined || (stats.uid === user && (stats.mode & 0o022) === 0);
    if (!stats.isFile() || !closed) return undefined;
    const content = Buffer.allocUnsafeSlow(stats.size);
    return content.subarray(0, fs.readSync(handle, content));
  } finally {
    fs.closeSync(handle);
  }
}

/** Written beside and renamed, so that no other process reads half a file. */
function store(file, stampOf, script) {
  // It was removed while this ran, as by `atcom uninstall`.
  if (readable && !fs.existsSync(cache)) return;
  // Level by level: mkdir with `recursive` never returns below /proc, and nothing is made in the home of another.
  for (const level of [path.dirname(cache), cache]) {
    if (!fs.existsSync(level) && isTrusted(path.dirname(level))) fs.mkdirSync(level, { mode: 0o700 });
  }
  if (!isTrusted(cache)) return;
  // Main sets this flag on Node 20, and V8 compares it; its default is put back.
  if (Number.parseInt(process.versions.v8, 10) < 12)
    require('node:v8').setFlagsFromString('--wasm-tiering-budget=1800000');
  const code = script.createCachedData();
  const fresh = `${file}.${process.pid}`;
  try {
    fs.writeFileSync(fresh, Buffer.concat([stampOf(code), code]), { mode: 0o600, flag: 'wx' });
    fs.renameSync(fresh, file);
  } catch {
    // The disk is full, and it would take what is left.
    fs.rmSync(fresh, { force: true });
  }
}

function attempt(action) {
  try {
    return action();
  } catch {
    return undefined;
  }
}
