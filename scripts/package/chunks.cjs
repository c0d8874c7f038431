// Loads the chunks of the command line, wherever their text and V8's compiled code come from: inside the single
// file from its own assets, and from dist/cli while that file is built.
const { Script } = require('node:vm');
const debug = require('node:util').debuglog('atcom');

/**
 * @param sourceOf - the text of a chunk
 * @param cacheOf - V8's compiled code for it, if any
 */
exports.chunkLoader = (sourceOf, cacheOf = () => undefined) => {
  const scripts = new Map();
  const modules = new Map();
  const load = (name) => {
    const known = modules.get(name);
    if (known !== undefined) return known.exports;
    const cachedData = cacheOf(name);
    const script = new Script(`(function (exports, require, module) {${sourceOf(name)}\n})`, {
      filename: `atcom/${name}.cjs`,
      cachedData,
    });
    debug('%s: compiled code %s', name, cachedData && !script.cachedDataRejected ? 'used' : 'not used');
    const module = { exports: {} };
    scripts.set(name, script);
    modules.set(name, module);
    script.runInThisContext()(module.exports, requireChunk, module);
    return module.exports;
  };
  const requireChunk = (id) => (/^\.\/.+\.cjs$/.test(id) ? load(id.slice(2, -4)) : require(id));
  return { load, scripts };
};
