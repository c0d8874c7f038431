/** Kept equal to package.json by a test. */
export const VERSION = '0.1.0';

/** The release date of this version; the manual shows it. */
export const RELEASED = '2026-11-28';
