/** The licences of the bundled packages. The build replaces this text, because only it knows the packages. */
export const NOTICES = 'Run from its sources, atcom has nothing built in.';
