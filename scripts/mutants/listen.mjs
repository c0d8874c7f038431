export const LISTEN = [
  {
    file: 'src/cli/listen/sinks.ts',
    guard: 'no password reaches --exec',
    find: "!name.startsWith('ATCOM_') || PASSED_ON.includes(name)",
    replace: 'true',
    tests: ['test/cli/listen-secrets.test.ts'],
  },
  {
    file: 'src/cli/listen/sinks.ts',
    guard: 'no new secret reaches --exec',
    find: "!name.startsWith('ATCOM_') || PASSED_ON.includes(name)",
    replace: "!name.startsWith('ATCOM_PASSWORD') && name !== 'ATCOM_USER'",
    tests: ['test/cli/listen-secrets.test.ts'],
  },
];
