import { defineConfig } from 'vitest/config';
import { pagesOfVite } from './scripts/pages.mjs';

export default defineConfig({
  plugins: [pagesOfVite],
  test: {
    include: ['test/**/*.test.ts'],
    // What is installed has tests of its own: .ci/package.
    exclude: ['test/package/**', 'node_modules/**'],
    // A busy build machine is no failure.
    testTimeout: 60_000,
    // Most tests wait for sockets and processes; Vitest would leave one processor unused.
    maxWorkers: '100%',
    coverage: {
      include: ['src/**/*.ts'],
      reporter: ['text-summary', 'html'],
      thresholds: { 'src/protocol/**': { 100: true } },
    },
  },
});
