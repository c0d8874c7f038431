import { BIN } from './bin.mjs';
import { COMPLETION } from './completion.mjs';
import { CONFIG } from './config.mjs';
import { FILES } from './files.mjs';
import { FLEET } from './fleet.mjs';
import { LISTEN } from './listen.mjs';
import { PHONE } from './phone.mjs';
import { RECEIVER } from './receiver.mjs';
import { SETUP } from './setup.mjs';
import { SIMULATOR } from './simulator.mjs';
import { TRANSPORT } from './transport.mjs';
import { TRUSTED } from './trust.mjs';

/**
 * What may not be broken unnoticed. A row is a guard in words, the file it stands in, the text to find there (once) and
 * what to put in its place, and the test files of which one must fail then.
 */
export const ROWS = [
  ...BIN,
  ...TRANSPORT,
  ...PHONE,
  ...FILES,
  ...FLEET,
  ...RECEIVER,
  ...CONFIG,
  ...TRUSTED,
  ...COMPLETION,
  ...LISTEN,
  ...SETUP,
  ...SIMULATOR,
];
