import { defineConfig } from 'vitest/config';

/** What is installed is tested apart from the sources: it has to be made first, and takes minutes. */
export default defineConfig({
  test: {
    include: ['test/package/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 240_000,
  },
});
