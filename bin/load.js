// Loads the chunks of dist/cli with V8's compiled code from the last run, which halves the start-up time.
// Node 22.1 and later do that by themselves, once told; on Node 20 it is done here. Whatever goes wrong with the
// cache, the chunk is compiled as usual.
const fs = require('node:fs');
const path = require('node:path');

const chunks = path.join(__dirname, '..', 'dist', 'cli');
const cache = cacheFolder();
const module_ = require('node:module');
if (cache !== undefined) module_.enableCompileCache?.(cache);

const loaded = new Map();

/** Loads one chunk and, through its require, those it asks for; each once. */
exports.load = (name) => {
  const file = path.join(chunks, `${name}.cjs`);
  if (cache === undefined || module_.enableCompileCache !== undefined) return require(file);
  if (!loaded.has(name)) {
    loaded.set(name, loadWithCache(file, path.join(cache, `${name}-${process.version}-${process.arch}`)));
  }
  return loaded.get(name);
};

function loadWithCache(file, cacheFile) {
  const { Script } = require('node:vm');
  const source = fs.readFileSync(file, 'utf8');
  const { mtimeMs, size } = fs.statSync(file);
  // V8 compares only the length of the source, so the cache says itself which file it was made from.
  const stamp = Buffer.from(`${file} ${mtimeMs} ${size}`.padEnd(512));
  const stored = attempt(() => fs.readFileSync(cacheFile));
  const fits = stored?.subarray(0, stamp.length).equals(stamp) === true;
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: file,
    ...(fits ? { cachedData: stored.subarray(stamp.length) } : {}),
  });
  const fromFile = module_.createRequire(file);
  const requireFrom = (id) =>
    /^\.\/[\w-]+\.cjs$/.test(id) ? exports.load(path.basename(id, '.cjs')) : fromFile(id);
  const module = { exports: {} };
  script.runInThisContext()(module.exports, Object.assign(requireFrom, fromFile), module, file, chunks);
  // At the end, when the functions this run needed are compiled too.
  if (!fits || script.cachedDataRejected)
    process.once('exit', () => attempt(() => store(cacheFile, stamp, script)));
  return module.exports;
}

/** Written beside and renamed, so that no other process reads half a file. */
function store(cacheFile, stamp, script) {
  // The flag that main sets is part of what V8 compares; its default is put back.
  require('node:v8').setFlagsFromString('--wasm-tiering-budget=1800000');
  const folder = path.dirname(cacheFile);
  // Level by level: mkdir with `recursive` never returns below /proc.
  for (const level of [path.dirname(folder), folder]) attempt(() => fs.mkdirSync(level, { mode: 0o700 }));
  const fresh = `${cacheFile}.${process.pid}`;
  fs.writeFileSync(fresh, Buffer.concat([stamp, script.createCachedData()]), { mode: 0o600 });
  fs.renameSync(fresh, cacheFile);
}

/** The platform's folder for caches; undefined where the user wants none or has no home. */
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

function attempt(action) {
  try {
    return action();
  } catch {
    return undefined;
  }
}
