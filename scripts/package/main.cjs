// The entry point of the single file: the same as bin/atcom.js, with the chunks among its assets.
const { getAsset, getAssetKeys, getRawAsset } = require('node:sea');
const { chunkLoader } = require('./chunks.cjs');

const cached = new Set(getAssetKeys().filter((key) => key.endsWith('.cache')));

chunkLoader(
  (name) => getAsset(`${name}.cjs`, 'utf8'),
  (name) => (cached.has(`${name}.cache`) ? Buffer.from(getRawAsset(`${name}.cache`)) : undefined),
)
  .load('cli')
  .run(process)
  .then((exitCode) => {
    process.exitCode = exitCode;
  });
