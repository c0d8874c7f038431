import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transform } from 'esbuild';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSimulator } from '../../src/simulator/index.ts';
import { PAGES } from './pages.ts';
import { cleanEnvironment, ROOT, run, temporaryFolder } from './run.ts';
import { compile, vitest } from './tools.ts';

const folder = temporaryFolder();
const env = cleanEnvironment(folder);

/** What a reader may import, and where the build has it. */
const MODULES = {
  atcom: 'dist/index',
  'atcom/simulator': 'dist/simulator/index',
  'atcom/vitest': 'dist/vitest/index',
} as const;

interface Snippet {
  /** The file, and the number of the snippet in it. */
  readonly name: string;
  readonly code: string;
}

function snippetsIn(file: string): Snippet[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const found = file.endsWith('.md')
    ? text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)
    : text.matchAll(/^ *\* @example\n *\* ```ts\n([\s\S]*?)^ *\* ```$/gm);
  return Array.from(found, ([, block = ''], index) => ({
    name: `${file} ${index + 1}`,
    code: file.endsWith('.md') ? block : block.replace(/^ *\* ?/gm, ''),
  }));
}

// dist/ has only the library's files as modules.
const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && existsSync(join(ROOT, 'dist', path.replace(/\.ts$/, '.d.ts'))))
  .map((path) => `src/${path}`);
const SNIPPETS = [...PAGES, ...sources.sort()].flatMap(snippetsIn);

/** Vitest runs tests, Node runs the others. */
const isTest = ({ code }: Snippet) => code.includes("from 'atcom/vitest'");

/** No snippet may contact another computer; resolving a name would. */
const GUARD = `data:text/javascript,${encodeURIComponent(`
  import net from 'node:net';
  const { connect } = net.Socket.prototype;
  net.Socket.prototype.connect = function (...args) {
    const [options] = Array.isArray(args[0]) ? args[0] : args;
    if (!/^127\\.\\d+\\.\\d+\\.\\d+$/.test(options.host ?? '')) throw new Error('not this computer: ' + options.host);
    return connect.apply(this, args);
  };
`)}`;

/**
 * `expression; // 'value'`, also with the comment on the next line, becomes a comparison; of `console.log(expression)`
 * what is logged is compared.
 */
function withChecks(code: string): { readonly code: string; readonly checks: number } {
  let checks = 0;
  const checked = code.replace(
    /^( *)(?!(?:const|let|import) )(.+);(?: |\n *)\/\/ (['[{\d].*|true|false)$/gm,
    (_, indent: string, statement: string, value: string) => {
      checks += 1;
      const logged = /^(.*)console\.log\((.*)\)$/.exec(statement);
      const [, before, expression] = logged ?? ['', '', statement];
      return `${indent}${before}same(${expression}, ${value});`;
    },
  );
  return { code: checked, checks };
}

/** The built modules under the names that a reader uses. */
function withBuiltModules(code: string): string {
  return code.replace(/ from '(atcom[^']*)'/g, (whole, name: string) =>
    name in MODULES
      ? ` from '${pathToFileURL(join(ROOT, `${MODULES[name as keyof typeof MODULES]}.js`))}'`
      : whole,
  );
}

describe('snippets', () => {
  it('are found in the pages, the errors, the phone and the vocabulary', () => {
    const files = SNIPPETS.map(({ name }) => name.split(' ')[0]);
    for (const file of ['docs/library.md', 'src/errors.ts', 'src/phone/phone.ts', 'src/protocol/keys.ts']) {
      expect(files).toContain(file);
    }
  });

  it('compile against the built declarations', async () => {
    const project = join(folder, 'types');
    mkdirSync(project);
    for (const [index, { name, code }] of SNIPPETS.entries()) {
      writeFileSync(join(project, `${index}.mts`), `// ${name}\n${code}\nexport {};\n`);
    }
    const paths = Object.fromEntries(
      Object.entries(MODULES).map(([name, path]) => [name, [join(ROOT, `${path}.d.ts`)]]),
    );
    expect(await compile(project, ['*.mts'], paths)).toEqual({ code: 0, out: '', err: '' });
  }, 60_000);

  it.each(SNIPPETS.filter(isTest))(
    '$name passes',
    async ({ name, code }) => {
      const root = join(folder, `tests-${SNIPPETS.findIndex((snippet) => snippet.name === name)}`);
      mkdirSync(root);
      writeFileSync(join(root, 'snippet.test.ts'), withBuiltModules(code));
      const ended = await vitest(root, env);
      expect(ended.code, ended.out + ended.err).toBe(0);
      expect(ended.out).toMatch(/Tests .*1 passed/);
    },
    60_000,
  );

  it.each(SNIPPETS.filter((snippet) => !isTest(snippet)))(
    '$name runs, and its comments are true',
    async ({ name, code }) => {
      const simulator = await startSimulator({ phones: 2, models: ['A21'], approved: true });
      onTestFinished(() => simulator.close());
      const [first] = simulator.phones;
      const { code: checked, checks } = withChecks(code);
      const { code: script } = await transform(withBuiltModules(checked), {
        loader: 'ts',
        format: 'esm',
        target: 'node20',
      });
      const file = join(folder, `${SNIPPETS.findIndex((snippet) => snippet.name === name)}.mjs`);
      writeFileSync(
        file,
        `import { deepEqual } from 'node:assert/strict';
       let checks = 0;
       const same = (actual, expected) => { deepEqual(actual, expected); checks += 1; };
       ${script.replaceAll('127.0.0.1:7001', first?.host ?? '')}
       deepEqual(checks, ${checks});`,
      );
      const ended = await run(process.execPath, ['--import', GUARD, file], { env });
      expect(ended).toEqual({ code: 0, out: '', err: '' });
      const pressed = simulator.state('6001').log.length > 0;
      expect(pressed).toBe(code.includes('127.0.0.1:7001'));
    },
    30_000,
  );
});
