#!/usr/bin/env node
require('./load.js')
  .load('cli')
  .run(process)
  .then((exitCode) => {
    process.exitCode = exitCode;
  });
