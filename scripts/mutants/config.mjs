const SECURITY = ['test/config/security.test.ts'];
const CREDENTIALS = ['test/config/credentials.test.ts'];

export const CONFIG = [
  {
    file: 'src/config/listener.ts',
    guard: 'a listener of a project lets in nobody whom the user keeps out',
    find: 'all.find((one) => one.token !== undefined)?.token',
    replace: 'all[0]?.token',
    tests: ['test/config/listener.test.ts'],
  },
  {
    file: 'src/config/schema.ts',
    guard: 'the secret of a listener stands in no project file',
    find: "v.check(() => refusal === undefined, refusal ?? ''),\n        text('text'),\n        v.check((secret)",
    replace: "text('text'),\n        v.check((secret)",
    tests: ['test/config/listener.test.ts'],
  },
  {
    file: 'src/config/explorer.ts',
    guard: 'a config is no program',
    find: "      '.js': refuseCode,\n",
    replace: '',
    tests: SECURITY,
  },
  {
    file: 'src/config/reader.ts',
    guard: 'credentials stand in no project file',
    find: "kind !== 'project' ? undefined :",
    replace: 'true ? undefined :',
    tests: [...CREDENTIALS, ...SECURITY],
  },
  {
    file: 'src/config/reader.ts',
    guard: 'a project file that was found names no password of an account at a PBX',
    find: "Object.hasOwn(Object(value), 'simulator') ? strangerTo(trust(), path, user) : undefined",
    replace: 'undefined',
    tests: ['test/config/simulator.test.ts'],
  },
  {
    file: 'src/config/load.ts',
    guard: 'the nearest entry of a name counts whole',
    find: 'if (!merged.has(name)) merged.set(name, { file, written });',
    replace: 'merged.set(name, { file, written });',
    tests: [...CREDENTIALS, 'test/config/load.test.ts'],
  },
  {
    file: 'src/config/places.ts',
    guard: 'a relative folder of the environment is ignored',
    find: 'base !== undefined && isAbsolute(base) &&',
    replace: 'base !== undefined &&',
    tests: [...SECURITY, 'test/config/places.test.ts'],
  },
];
