import { describe, expect, it } from 'vitest';
import { circles, LAYERS, processUses, sources, wrongImports } from './layers.ts';

const files = sources();

describe('the layers', () => {
  it('have a line for every folder of src/', () => {
    const folders = new Set(
      [...files.keys()].filter((file) => file !== 'errors.ts').map((file) => file.split('/')[0]),
    );
    expect(Object.keys(LAYERS).toSorted()).toEqual([...folders].toSorted());
  });

  it('import only what the table allows', () => {
    expect(wrongImports(files)).toEqual([]);
  });

  it('know no error of atcom by its class, of which the program as built has several', () => {
    const found = [...files].filter(([, text]) => text.includes('instanceof AtcomError'));
    expect(found.map(([file]) => file)).toEqual([]);
  });

  it('have no circles of files, types included', () => {
    expect(circles(files)).toEqual([]);
  });

  it('export no name of a type twice', () => {
    const names = [...files].flatMap(([file, text]) =>
      [...text.matchAll(/^export (?:type|interface|class) (\w+)/gm)].map(([, name = '']) => ({ name, file })),
    );
    const twice = names.filter(
      ({ name }, index) => names.findIndex((other) => other.name === name) !== index,
    );
    expect(twice).toEqual([]);
  });

  it('leave the process to main', () => {
    expect(processUses(files)).toEqual([]);
  });
});

describe('the wall', () => {
  it.each([
    ['protocol/keys.ts', "import { Phone } from '../phone/index.ts';"],
    ['protocol/keys.ts', "import { readFile } from 'node:fs/promises';"],
    ['simulator/press.ts', "import type { YamlDocument } from '../yaml/document.ts';"],
    ['receiver/hub.ts', "import { readDocument } from '../yaml/document.ts';"],
    ['receiver/hub.ts', "export { test } from '../vitest/index.ts';"],
    ['config/load.ts', "import type { Context } from '../cli/context.ts';"],
    ['cli/program.ts', "const { request } = await import('../transport/exchange.ts');"],
    ['cli/program.ts', "import { Client } from 'undici';"],
    ['doctor/tls.ts', "import type { Context } from '../cli/context.ts';"],
    ['fleet/run.ts', "import { kill } from 'node:process';"],
    ['cli/main.ts', "import { Phonebook } from '../receiver/phonebook.ts';"],
    ['scenario/read/roles.ts', "import chalk from 'chalk';"],
    ['protocol/keys.ts', "import * as v from 'valibot';"],
    ['errors.ts', "import { KEYS } from './protocol/keys.ts';"],
  ])('refuses in %s: %s', (file, text) => {
    expect(wrongImports(new Map([[file, text]]))).toEqual([
      expect.stringMatching(`^src/${file} imports .+: .+`),
    ]);
  });

  it('sees a circle that only types make', () => {
    const three = new Map([
      ['a.ts', "import type { B } from './b.ts';"],
      ['b.ts', "export type { C } from './c.ts';"],
      ['c.ts', "let a: import('./a.ts').A;"],
    ]);
    expect(circles(three)).toEqual(['a.ts → b.ts → c.ts → a.ts']);
  });

  it.each(['process.exit(1);', 'const { env } = globalThis.process.env;', "console.log('x');"])(
    'refuses where a command runs: %s',
    (text) => {
      expect(processUses(new Map([['cli/main.ts', text]]))).toHaveLength(1);
      expect(processUses(new Map([['cli/process/run.ts', text]]))).toEqual([]);
    },
  );
});
