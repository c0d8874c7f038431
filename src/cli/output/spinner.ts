/**
 * A separate module, so that it is loaded only when something takes long: ora takes longer to load than most commands
 * run.
 */
export { default as ora } from 'ora';
