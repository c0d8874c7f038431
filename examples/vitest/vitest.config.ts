import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Longer than any expectation waits, so that it is the expectation that tells what was missing.
  test: { include: ['*.test.ts'], testTimeout: 20_000 },
});
