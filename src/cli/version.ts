/** Kept equal to package.json by a test. */
export const VERSION = '0.1.0';

/** The day of this version; the manual tells it. */
export const RELEASED = '2026-11-28';
