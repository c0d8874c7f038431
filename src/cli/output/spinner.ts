/** Apart, so that it is loaded only when something takes long: ora costs more than most commands. */
export { default as ora } from 'ora';
