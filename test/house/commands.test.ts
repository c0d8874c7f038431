import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cleanEnvironment, ROOT, run, temporaryFolder } from './run.ts';

const home = temporaryFolder();
// No phone is meant by any of this: what presses keys gets --dry-run, or a virtual phone.
const env = {
  ...cleanEnvironment(home),
  ATCOM_CONFIG: join(ROOT, 'examples/atcom.config.yaml'),
  ATCOM_TO: '172.16.0.57',
};
const atcom = (...args: string[]) => run('atcom', args, { env });
const text = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const readme = text('README.md');

/** A command line, and the lines that a text says it writes. */
interface Shown {
  readonly line: string;
  readonly output: readonly string[];
}

/** `$ command` and what follows it, in the console blocks of a text. */
function consoleLines(markdown: string): Shown[] {
  // In a list they are indented.
  const blocks = Array.from(
    markdown.matchAll(/^( *)```console\n([\s\S]*?)```/gm),
    ([, indent = '', block = '']) => block.replace(new RegExp(`^${indent}`, 'gm'), ''),
  );
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const [line = '', ...output] = part.trimEnd().split('\n');
        return { line, output };
      }),
  );
}

/** `atcom …` in running text. */
function inlineLines(markdown: string): Shown[] {
  const prose = markdown.replace(/```[\s\S]*?```/g, '');
  return Array.from(prose.matchAll(/`(atcom [^`]+)`/g), ([, line = '']) => ({ line, output: [] }));
}

/** Indented `$ atcom …` of a help text, `node bin/atcom.js …` of the demo. */
function indentedLines(output: string): Shown[] {
  const lines = output.matchAll(/^ +(?:\$ atcom|node bin\/atcom\.js) (.*)$/gm);
  return Array.from(lines, ([, words]) => ({ line: `atcom ${words}`, output: [] }));
}

const { out: help } = await atcom('--help');
const names = Array.from(
  help.split('Commands:')[1]?.matchAll(/^ {2}([a-z]+) /gm) ?? [],
  ([, name = '']) => name,
);
const helpTexts = new Map(
  await Promise.all(
    names.map(async (name): Promise<[string, string]> => [name, (await atcom(name, '--help')).out]),
  ),
);

/** Commands that go on until they are stopped: what ends them at once, and the exit code then. */
const WAITING: Readonly<Record<string, { readonly words: string; readonly code: number }>> = {
  sim: { words: '--json --port 0', code: 0 },
  listen: { words: '--host 127.0.0.1 --port 0 --for 1ms', code: 0 },
  expect: { words: '--port 0 --within 1ms', code: 6 },
};

/** Runs a command as it is shown, without pressing a key and without going on for ever. */
async function tryOut({ line, output }: Shown): Promise<void> {
  const [, name = ''] = line.split(' ');
  const waiting = WAITING[name];
  const presses = helpTexts.get(name)?.includes('--dry-run') === true;
  const words = waiting?.words ?? (presses ? '--dry-run' : '');
  // It has no dry run: whichever phone is shown, a virtual one is examined.
  const harmless = line.replace(/^atcom doctor\b[^-]*/, 'atcom doctor virtual ');
  const ended = await run('sh', ['-c', `exec ${harmless} ${words}`], {
    env,
    // What a command reads, such as night.atcom, is there.
    cwd: join(ROOT, 'examples'),
    untilFirstLine: name === 'sim',
  });
  expect(ended.code, ended.err).toBe(waiting?.code ?? 0);
  if (waiting === undefined) expect(ended.err).toBe('');
  if (output.length > 0) expect(ended.out).toBe(`${output.join('\n')}\n`);
}

describe.each([
  ['the README', [...consoleLines(readme), ...inlineLines(readme)]],
  ['the end of the demo', indentedLines(readme)],
  ['the help', [help, ...helpTexts.values()].flatMap(indentedLines)],
])('%s', (_, shown) => {
  const lines = shown.filter(({ line }) => line.startsWith('atcom '));

  it('shows commands', () => {
    expect(lines.length).toBeGreaterThan(2);
  });

  it.each(lines)('$line', tryOut, 30_000);
});

it('every command has an example, or needs none', () => {
  const bare = [...helpTexts].filter(([, page]) => !page.includes('\n  $ ')).map(([name]) => name);
  expect(bare.filter((name) => !['models', 'config', 'action-url', 'help'].includes(name))).toEqual([]);
});

describe('the README', () => {
  const rows = Array.from(readme.matchAll(/^\| .* \| (.*) \|$/gm), ([, cell = '']) => cell);
  const settings = rows.flatMap((cell) =>
    Array.from(cell.matchAll(/`(\w+: .+?)`/g), ([, setting = '']) => setting),
  );

  it('has a table of settings', () => {
    expect(settings.length).toBeGreaterThan(5);
  });

  it.each(settings)('shows a setting that a config takes: %s', async (setting) => {
    const file = join(home, `${settings.indexOf(setting)}.yaml`);
    writeFileSync(file, `phones:\n  p:\n    host: 172.16.0.57\n    ${setting}\n`);
    expect(await atcom('config', 'validate', file)).toMatchObject({ code: 0, err: '' });
  });
});

describe.each(['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'])('%s', (file) => {
  it('names scripts that exist', () => {
    const { scripts } = JSON.parse(text('package.json'));
    const named = Array.from(text(file).matchAll(/npm run ([\w:-]+)/g), ([, name]) => name);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
  });

  it('names files that exist', () => {
    const paths = Array.from(
      text(file).matchAll(/`((?:\.ci|bench|bin|examples|scripts|src|test)\/[\w./-]*)`/g),
      ([, path = '']) => path,
    );
    for (const path of paths) expect(() => readable(path), path).not.toThrow();
  });

  it('links to files that exist', () => {
    const links = Array.from(text(file).matchAll(/\]\((?!https?:|#)([^)]+)\)/g), ([, link = '']) => link);
    for (const link of links) expect(() => readable(link), link).not.toThrow();
  });
});

function readable(path: string): void {
  statSync(join(ROOT, path));
}
