/**
 * The only module that imports undici. The bundle of the command line includes only undici's client and connector
 * (scripts/build.mjs), because the package's index loads everything else as well.
 */
export { buildConnector, Client, type Dispatcher } from 'undici';
