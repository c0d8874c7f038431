/**
 * The one place that names undici. The command line's bundle swaps this module's source for undici's own files of
 * the client and the connector (scripts/build.ts), because the package's index brings everything else along.
 */
export { buildConnector, Client, type Dispatcher } from 'undici';
