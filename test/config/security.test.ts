import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newFolder } from '../support/folder.js';
import { failure, type Sandbox, sandbox } from './sandbox.ts';

/*
 * Each plant is a program where cosmiconfig would run it. A child process stands in the folder: it ends only when
 * everything it started has ended, so a program that runs late is seen as well. The control shows that plain
 * cosmiconfig does run the plant; without it, an absent mark would prove nothing.
 */

const cosmiconfig = JSON.stringify(createRequire(import.meta.url).resolve('cosmiconfig'));
let built: string;

// As CommonJS in one file, the way it is shipped.
beforeAll(() => {
  built = newFolder('built');
  buildSync({
    entryPoints: ['src/config/index.ts'],
    outfile: join(built, 'config.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['typescript'],
  });
});
afterAll(() => rmSync(built, { recursive: true, force: true }));

/** Runs a script in the sandbox's project folder; gives what it printed. */
function run(box: Sandbox, script: string, env: Readonly<Record<string, string>> = {}): string {
  return execFileSync(process.execPath, ['-e', script], {
    cwd: box.project,
    env: { HOME: box.root, XDG_CONFIG_HOME: box.path('xdg'), ...env },
    encoding: 'utf8',
    stdio: 'pipe',
  });
}

/** Loads the config and prints the phones, or the message of the error. */
function ours(box: Sandbox, env: Readonly<Record<string, string>> = {}): string {
  return run(
    box,
    `require(${JSON.stringify(join(built, 'config.cjs'))}).loadConfig({ cwd: process.cwd(), env: process.env })
      .then(({ phones }) => console.log([...phones.keys()].join()), (error) => console.log(error.code, error.message))`,
    env,
  );
}

interface Plant {
  /** Files, with `MARK` for a statement that leaves a mark. */
  readonly files: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** What cosmiconfig is asked to do in the control; its result is of no interest. */
  readonly control: string;
  readonly expected: RegExp;
}

const SEARCH = `cosmiconfig('atcom').search()`;
const GLOBAL = `cosmiconfig('atcom', { searchStrategy: 'global' }).search()`;
const ONLY_DATA = `cosmiconfig('atcom', { searchPlaces: ['.atcomrc'] }).search()`;
const CJS = 'MARK; module.exports = { phones: { evil: "10.6.6.6" } };';
const ESM = 'import { writeFileSync } from "node:fs"; MARK; export default { phones: { evil: "10.6.6.6" } };';
/** A good config beside the plant, so that the files are really read. */
const GOOD = { 'project/.atcomrc': 'phones: { good: 10.0.0.1 }' };
const good = /^good\n$/;

/** Door 1: programs in search places. With `GOOD` above, they are passed by; alone, nothing is found. */
const programs = ['.atcomrc', '.config/atcomrc', 'atcom.config'].flatMap((name) =>
  ['.js', '.cjs', '.mjs'].flatMap((ending): [string, Plant][] => {
    const files = { [`project/${name}${ending}`]: ending === '.mjs' ? ESM : CJS };
    const above = { '.atcomrc': 'phones: { good: 10.0.0.1 }' };
    return [
      [`${name}${ending}`, { files, control: SEARCH, expected: /^\n$/ }],
      [`${name}${ending} below a config`, { files: { ...files, ...above }, control: SEARCH, expected: good }],
    ];
  }),
);

/** Door 3: cosmiconfig's own config. It is read whatever the caller asks for, at the moment of the call. */
const metaConfigs = ['js', 'cjs', 'mjs'].map((ending): [string, Plant] => [
  `.config/config.${ending}`,
  {
    files: { ...GOOD, [`project/.config/config.${ending}`]: ending === 'mjs' ? ESM : CJS },
    control: ONLY_DATA,
    expected: good,
  },
]);

const plants: readonly [name: string, plant: Plant][] = [
  ...programs,
  [
    'ATCOM_CONFIG that names a program',
    {
      files: { 'project/evil.js': CJS },
      env: { ATCOM_CONFIG: 'evil.js' },
      control: `cosmiconfig('atcom').load('evil.js')`,
      expected: /^invalid-config .*evil\.js: a config is data, not a program/s,
    },
  ],
  [
    "config.js in the user's folder",
    {
      files: { ...GOOD, 'xdg/atcom/config.js': CJS, 'project/.atcomrc': '' },
      control: GLOBAL,
      expected: /^\n$/,
    },
  ],
  // Door 2: $import.
  ...['js', 'cjs', 'mjs'].map((ending): [string, Plant] => [
    `$import of a .${ending} file`,
    {
      files: {
        'project/.atcomrc.yaml': `$import: ./evil.${ending}\nphones: { good: 10.0.0.1 }\n`,
        [`project/evil.${ending}`]: ending === 'mjs' ? ESM : CJS,
      },
      control: SEARCH,
      expected:
        /^invalid-config .*\.atcomrc\.yaml has 1 problem\n\.atcomrc\.yaml:1:1: \$import is not supported/,
    },
  ]),
  [
    '$import in package.json',
    {
      files: { 'project/package.json': '{ "atcom": { "$import": ["./evil.js"] } }', 'project/evil.js': CJS },
      control: SEARCH,
      expected: /^invalid-config .*\npackage\.json:1:14: \$import is not supported/,
    },
  ],
  [
    "$import in the user's file",
    {
      files: { 'xdg/atcom/config.yaml': '$import: ../../evil.js', 'evil.js': CJS },
      control: GLOBAL,
      expected: /^invalid-config .*config\.yaml:1:1: \$import is not supported/s,
    },
  ],
  ...metaConfigs,
  [
    '.config/config.json with search places',
    {
      files: {
        ...GOOD,
        'project/.config/config.json': '{ "cosmiconfig": { "searchPlaces": ["evil.js"] } }',
        'project/evil.js': CJS,
      },
      control: ONLY_DATA,
      expected: good,
    },
  ],
  [
    'the key cosmiconfig of package.json, with $import',
    {
      files: {
        ...GOOD,
        'project/package.json': '{ "cosmiconfig": { "$import": "./evil.js" } }',
        'project/evil.js': CJS,
      },
      control: ONLY_DATA,
      expected: good,
    },
  ],
  [
    '.config/config.yaml with $import',
    {
      files: { ...GOOD, 'project/.config/config.yaml': '$import: ./evil.js', 'project/.config/evil.js': CJS },
      control: ONLY_DATA,
      expected: good,
    },
  ],
];

describe.each(plants)('%s', (_, { files, env, control, expected }) => {
  /** The files, each with the mark it leaves spelled out. */
  function plant(): { box: Sandbox; marked: () => boolean } {
    const box = sandbox();
    const mark = box.path('mark');
    const write = (ending: string | undefined) =>
      `${ending === 'mjs' ? '' : 'require("node:fs").'}writeFileSync(${JSON.stringify(mark)}, "")`;
    for (const [name, text] of Object.entries(files)) {
      box.write(name, text.replace('MARK', write(name.split('.').at(-1))));
    }
    return { box, marked: () => existsSync(mark) };
  }

  it('does not run', () => {
    const { box, marked } = plant();
    expect(ours(box, env)).toMatch(expected);
    expect(marked()).toBe(false);
  });

  it('would run with plain cosmiconfig', () => {
    const { box, marked } = plant();
    run(
      box,
      `const { cosmiconfig } = require(${cosmiconfig}); (async () => ${control})().catch(() => {})`,
      env,
    );
    expect(marked()).toBe(true);
  });
});

describe('$import', () => {
  it.each([
    ['of data', '$import: ./other.yaml'],
    ['of a list', '$import: [./other.yaml]'],
    ['of nothing', '$import:'],
    ['inside of phones', 'phones: { $import: ./other.yaml }'],
    ['inside of a phone', 'phones: { p: { host: a, $import: ./other.yaml } }'],
    ['in JSON', '{ "$import": "./other.yaml" }'],
    ['behind an escape', '{ "\\u0024import": "./other.yaml" }'],
  ])('is refused: %s', (_, text) => {
    const box = sandbox({ 'project/.atcomrc': text, 'project/other.yaml': 'default: other' });
    expect(ours(box)).toMatch(/^invalid-config .*\$import is not supported: put everything in one file\n$/s);
  });
});

it.each(['.js', '.ts', '.cjs', '.mjs'])(
  'a program is no config, even when it is asked for: %s',
  async (ending) => {
    const box = sandbox({ [`project/config${ending}`]: 'default: lobby' });
    const error = await failure(box.load({ env: { ATCOM_CONFIG: `config${ending}` } }));
    expect(error).toMatchObject({
      code: 'invalid-config',
      details: { file: box.path(`project/config${ending}`) },
    });
  },
);

// Where process.chdir() throws, so a trick with the current folder would show.
it('works in a worker thread', () => {
  const box = sandbox(GOOD);
  const script = `require(${JSON.stringify(join(built, 'config.cjs'))})
    .loadConfig({ cwd: process.cwd(), env: process.env })
    .then(({ phones }) => console.log(...phones.keys()));`;
  const start = `new (require('node:worker_threads').Worker)(${JSON.stringify(script)}, { eval: true })`;
  expect(run(box, start)).toBe('good\n');
});
