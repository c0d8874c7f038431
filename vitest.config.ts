import { defineConfig } from 'vitest/config';
import { pagesOfVite } from './scripts/pages.mjs';

export default defineConfig({
  plugins: [pagesOfVite],
  test: {
    include: ['test/**/*.test.ts'],
    // What is installed has tests of its own: .ci/package.
    exclude: ['test/package/**', 'node_modules/**'],
    // A busy build machine is no failure.
    testTimeout: 20_000,
    coverage: {
      include: ['src/**/*.ts'],
      reporter: ['text-summary', 'html'],
      thresholds: { 'src/protocol/**': { 100: true } },
    },
  },
});
