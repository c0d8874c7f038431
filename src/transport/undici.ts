/**
 * The only module that imports undici. The bundle of the command line takes only undici's client and connector
 * (scripts/build.mjs), because the index of the package loads everything else, too.
 */
export { buildConnector, Client, type Dispatcher } from 'undici';
