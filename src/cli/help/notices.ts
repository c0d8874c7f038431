/** The licences of what is built in. Only a build knows what that is, and puts its text in the place of this one. */
export const NOTICES = 'Run from its sources, atcom has nothing built in.';
