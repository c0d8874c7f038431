import type { Plugin } from 'vite';

/** For Vite, so for tests: they always have the page as its sources are. */
export const pagesOfVite: Plugin;
