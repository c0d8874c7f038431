import type { Plugin } from 'vite';

/** For Vite, and so for tests: they always get the page of the current sources. */
export const pagesOfVite: Plugin;
